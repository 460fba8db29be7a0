import { describe, expect, it } from "vitest";
import { type BandPassOptions, butterworthBandPass } from "../../src/audio/butterworth.js";
import { sosFilter, sosFilterBothWays } from "../../src/audio/sosFilter.js";
import { Streams } from "../../src/random/streams.js";
import { largestDifference } from "../features/madeUp.js";

/** SciPy 1.17.1:
 *    n = np.arange(200); x = (np.sin(0.3*n) + np.cos(0.011*n*n)).astype(np.float32).astype(float)
 *    sos = butter(order, [low, high], "bandpass", fs=rate, output="sos")
 *    sosfilt(sos, x)[[0, 1, 2, 50, 199]]; sosfiltfilt(sos, x)[[0, 1, 100, 198, 199]]
 */
const scipy: [BandPassOptions, number[], number[]][] = [
  [
    { order: 5, lowHz: 200, highHz: 1800, sampleRateHz: 4000 },
    [0.354164181, 0.458805441, -0.163235405, -0.725397886, -0.213263334],
    [-0.017964194, 0.099905639, -1.408033521, -0.155490941, -0.005419622],
  ],
  [
    { order: 4, lowHz: 50, highHz: 2000, sampleRateHz: 16000 },
    [0.009386475, 0.068193692, 0.237310985, 0.716866424, 0.724033764],
    [0.440638817, 0.746013683, -1.120998101, 0.551502625, 0.037668451],
  ],
  [
    { order: 1, lowHz: 100, highHz: 3000, sampleRateHz: 8000 },
    [0.684459739, 1.243793854, 1.287248881, -0.094759644, -0.94613774],
    [0.338433606, 0.643435853, -1.554031785, 0.928774258, 0.682130867],
  ],
  [
    { order: 3, lowHz: 200, highHz: 250, sampleRateHz: 4000 },
    [5.607e-5, 0.00038024, 0.001283373, -0.566473902, 0.008162281],
    [-0.1867731, -0.001866653, -0.120025173, -0.014847334, -0.009132848],
  ],
  [
    { order: 2, lowHz: 10, highHz: 3990, sampleRateHz: 8000 },
    [0.988954248, 1.28115042, 1.524434574, -0.178904747, -0.660839366],
    [-0.621075693, -0.373047167, -2.628907281, -0.532589419, -0.820188419],
  ],
];
const clip = Float32Array.from({ length: 200 }, (_, n) => Math.sin(0.3 * n) + Math.cos(0.011 * n * n));
/** Float32 rounds the result at 6e-8 of its value. */
const ROUNDING = 3e-7;

function noise(count: number, seed = 1): Float32Array {
  const rng = new Streams(seed).stream("noise");
  return Float32Array.from({ length: count }, () => rng.normal());
}

/** |H| at one frequency, from the sections themselves. */
function gain(options: BandPassOptions, hz: number): number {
  const angle = (2 * Math.PI * hz) / options.sampleRateHz;
  const size = (c0: number, c1: number, c2: number) =>
    Math.hypot(c0 + c1 * Math.cos(angle) + c2 * Math.cos(2 * angle), -c1 * Math.sin(angle) - c2 * Math.sin(2 * angle));
  return butterworthBandPass(options).reduce(
    (product, { b0, b1, b2, a1, a2 }) => (product * size(b0, b1, b2)) / size(1, a1, a2),
    1,
  );
}

describe("butterworthBandPass", () => {
  for (const [options, causal, bothWays] of scipy) {
    it(`equals SciPy, causal and both ways: ${JSON.stringify(options)}`, () => {
      const sections = butterworthBandPass(options);
      expect(sections.length).toBe(options.order);
      const once = sosFilter(sections, clip);
      expect(
        largestDifference(
          [0, 1, 2, 50, 199].map((i) => once[i]!),
          causal,
        ),
      ).toBeLessThan(ROUNDING);
      const twice = sosFilterBothWays(sections, clip);
      expect(
        largestDifference(
          [0, 1, 100, 198, 199].map((i) => twice[i]!),
          bothWays,
        ),
      ).toBeLessThan(ROUNDING);
    });
  }

  it("has -3 dB at its corners, 1 at the middle, and falls to both sides", () => {
    for (const [options] of scipy) {
      const { lowHz, highHz, sampleRateHz } = options;
      for (const corner of [lowHz, highHz]) expect(gain(options, corner)).toBeCloseTo(Math.SQRT1_2, 9);
      // The bilinear transform bends frequencies, so the middle is that of the tangents.
      const bent = (hz: number) => Math.tan((Math.PI * hz) / sampleRateHz);
      const middle = (Math.atan(Math.sqrt(bent(lowHz) * bent(highHz))) * sampleRateHz) / Math.PI;
      expect(gain(options, middle)).toBeCloseTo(1, 9);
      expect(gain(options, lowHz / 4)).toBeLessThan(0.3);
      expect(gain(options, 0)).toBeLessThan(1e-12);
      expect(gain(options, sampleRateHz / 2)).toBeLessThan(1e-9);
    }
  });

  it("keeps its poles inside the unit circle up to order 20", () => {
    for (let order = 1; order <= 20; order++) {
      for (const [lowHz, highHz] of [
        [200, 1800],
        [1, 1999],
        [900, 950],
      ] as const) {
        for (const { a1, a2 } of butterworthBandPass({ order, lowHz, highHz, sampleRateHz: 4000 })) {
          expect(a2).toBeLessThan(1); // the triangle of stable sections
          expect(Math.abs(a1)).toBeLessThan(1 + a2);
        }
      }
    }
  });

  it("is linear, and silence stays silence", () => {
    const sections = butterworthBandPass(scipy[0]![0]);
    const [a, b] = [noise(3000, 1), noise(3000, 2)];
    const sum = a.map((value, i) => value + 2 * b[i]!);
    for (const filter of [sosFilter, sosFilterBothWays]) {
      const [fa, fb] = [filter(sections, a), filter(sections, b)];
      // float32 rounds three times here, at values up to 10.
      expect(
        largestDifference(
          filter(sections, sum),
          fa.map((value, i) => value + 2 * fb[i]!),
        ),
      ).toBeLessThan(5e-6);
      expect(filter(sections, new Float32Array(100)).every((value) => value === 0)).toBe(true);
      expect(filter(sections, new Float32Array(0)).length).toBe(0);
    }
  });

  it("both ways does not move a sound: a clip backwards comes out backwards", () => {
    const sections = butterworthBandPass(scipy[0]![0]);
    const clip = noise(20_000);
    const out = sosFilterBothWays(sections, clip).reverse();
    const back = sosFilterBothWays(sections, clip.slice().reverse());
    // Only the ends differ, where the first pass has rung into the padding and been cut.
    expect(largestDifference(out.subarray(2000, 18_000), back.subarray(2000, 18_000))).toBeLessThan(1e-6);
  });

  it("takes clips shorter than its padding, down to one sample", () => {
    const sections = butterworthBandPass(scipy[0]![0]);
    for (const count of [1, 2, 10, 33, 34, 35]) {
      const out = sosFilterBothWays(sections, noise(count));
      expect(out.length).toBe(count);
      expect(out.every(Number.isFinite)).toBe(true);
    }
  });

  it("refuses corners and orders that make no filter", () => {
    const good = { order: 5, lowHz: 200, highHz: 1800, sampleRateHz: 4000 };
    for (const wrong of [{ lowHz: 0 }, { lowHz: 1800 }, { highHz: 2000 }, { highHz: Number.NaN }, { lowHz: -1 }]) {
      expect(() => butterworthBandPass({ ...good, ...wrong })).toThrow("corners must lie between 0 and 2000 Hz");
    }
    for (const order of [0, 21, 2.5, Number.NaN]) {
      expect(() => butterworthBandPass({ ...good, order })).toThrow("order must be an integer from 1 to 20");
    }
  });
});
