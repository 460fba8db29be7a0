import { describe, expect, it } from "vitest";
import { RESAMPLE_FILTERS, type ResampleQuality, resample, resamplerName } from "../../src/audio/resample.js";
import { Streams } from "../../src/random/streams.js";
import { largestDifference, madeUp } from "../features/madeUp.js";

/** A tone with a phase that is nobody's favourite. */
function tone(hz: number, sampleRateHz: number, count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, n) => Math.sin((2 * Math.PI * hz * n) / sampleRateHz + 0.3));
}

/** Without the ends, where the tone begins and stops. */
function middle(samples: Float32Array): Float32Array {
  return samples.subarray(samples.length >> 2, samples.length - (samples.length >> 2));
}

function powerDb(samples: Float32Array): number {
  return 10 * Math.log10(samples.reduce((sum, x) => sum + x * x, 0) / samples.length / 0.5);
}

const RATES: [number, number][] = [
  [44100, 4000],
  [44100, 8000],
  [44100, 16000],
  [44100, 22050],
  [44100, 48000],
  [48000, 4000],
  [16000, 4000],
  [10000, 4000],
  [10000, 9999],
  [4000, 10000],
  [4000, 22050],
  [4000, 44100],
  [11025, 22050],
  [8000, 8001],
];
const QUALITIES = Object.keys(RESAMPLE_FILTERS) as ResampleQuality[];

describe("resample", () => {
  for (const quality of QUALITIES) {
    const { pass, attenuationDb } = RESAMPLE_FILTERS[quality];
    // Ripple is as deep as the stop band; float32 rounds at 6e-8 of the value.
    const tolerance = 4 * 10 ** (-attenuationDb / 20) + 4e-7;

    it(`${quality}: a tone of the pass band comes out as the same tone at the other rate`, () => {
      for (const [from, to] of RATES) {
        for (const share of [0.02, 0.5, 0.99]) {
          const hz = (share * pass * Math.min(from, to)) / 2;
          const out = resample(tone(hz, from, from / 2), from, to, quality);
          const expected = tone(hz, to, out.length);
          expect(largestDifference(middle(out), middle(expected)), `${from} to ${to}: ${hz} Hz`).toBeLessThan(
            tolerance,
          );
        }
      }
    });

    it(`${quality}: a tone beyond the stop band's edge leaves less than ${attenuationDb - 6} dB below`, () => {
      for (const [from, to] of RATES.filter(([a, b]) => b < a && b < 0.9 * a)) {
        for (const share of [1.01, 1.3, 1.9, 2.6, 4.4, 8.5]) {
          const hz = (share * to) / 2;
          if (hz >= from / 2) continue;
          const out = middle(resample(tone(hz, from, from / 2), from, to, quality));
          expect(powerDb(out), `${from} to ${to}: ${hz} Hz`).toBeLessThan(6 - attenuationDb);
        }
      }
    });
  }

  it("keeps images of a rising rate more than 100 dB below", () => {
    // The image of 1,800 Hz at 4 kHz is 2,200 Hz: at 22,050 Hz, a tone of that frequency must not be found.
    const out = middle(resample(tone(1800, 4000, 8000), 4000, 22050));
    let re = 0;
    let im = 0;
    out.forEach((x, n) => {
      const window = 1 - Math.cos((2 * Math.PI * n) / out.length);
      re += window * x * Math.cos((2 * Math.PI * 2200 * n) / 22050);
      im += window * x * Math.sin((2 * Math.PI * 2200 * n) / 22050);
    });
    expect(20 * Math.log10((2 * Math.hypot(re, im)) / out.length)).toBeLessThan(-100);
  });

  it("rejects the aliases of a chirp by more than 100 dB", () => {
    // From 2.05 to 20 kHz in half a second: nothing of it belongs into a clip at 4 kHz. Faded, so that it has no edges.
    const count = 22050;
    const chirp = Float32Array.from({ length: count }, (_, n) => {
      const t = n / 44100;
      const fade = Math.min(1, n / 4000, (count - n) / 4000);
      return 0.5 * (1 - Math.cos(Math.PI * fade)) * Math.sin(2 * Math.PI * (2200 * t + 17800 * t * t));
    });
    expect(powerDb(resample(chirp, 44100, 4000))).toBeLessThan(-100);
  });

  // soxr 1.1.0 (libsoxr 0.1.3), NumPy 2.4:
  //   n = np.arange(4000); k = 0.85*min(1, b/a)/16000
  //   x = ((0.5 - 0.5*np.cos(2*np.pi*n/4000))*np.sin(2*np.pi*k*n**2)).astype(np.float32)
  //   y = soxr.resample(x, a, b); y[len(y) // 2:][:6]; soxr.resample(np.pad(made_up(4000), a), a, b)[b:][:3]
  // with made_up as above the constants of test/features/mfcc.test.ts
  const soxr: [number, number, number[], number[]][] = [
    [
      44100,
      4000,
      [0.925589681, 0.583540618, -0.659355164, -0.877176702, 0.282874286, 0.995096207],
      [0.036222927, 0.307373464, 0.386767745],
    ],
    [
      44100,
      16000,
      [-0.217828304, 0.898067951, 0.636101663, -0.604522109, -0.913503826, 0.189208388],
      [0.005496125, 0.115509897, 0.175199568],
    ],
    [
      10000,
      4000,
      [-4e-9, 0.972560525, 0.451006681, -0.765235484, -0.801047385, 0.401833981],
      [-0.000588018, 0.112654425, 0.160374314],
    ],
    [
      4000,
      22050,
      [8.9e-8, -0.23985821, -0.4657318, -0.664425969, -0.824326158, -0.936080754],
      [-0.045321945, -0.033540882, -0.015060551],
    ],
    [
      4000,
      11025,
      [0.239837214, -0.239858538, -0.664426148, -0.936080575, -0.992171526, -0.819661617],
      [-0.045327283, -0.015049194, 0.033233624],
    ],
    [
      11025,
      22050,
      [2.38e-7, -0.6191594, -0.972447157, -0.907827199, -0.452799171, 0.19713527],
      [-0.045340776, 0.002194285, 0.068503588],
    ],
  ];
  for (const [from, to, inside, first] of soxr) {
    it(`high equals soxr HQ from ${from} to ${to} Hz`, () => {
      const rise = (0.85 * Math.min(1, to / from)) / 16000;
      const chirp = Float32Array.from(
        { length: 4000 },
        (_, n) => (0.5 - 0.5 * Math.cos((2 * Math.PI * n) / 4000)) * Math.sin(2 * Math.PI * rise * n * n),
      );
      const half = Math.floor(Math.round((4000 * to) / from) / 2);
      expect(largestDifference(resample(chirp, from, to).subarray(half, half + 6), inside)).toBeLessThan(2e-6);
      // A sound that begins at once has power in the transition band; soxr, which loses what its filters ring before the
      // first sample, had zeros before it.
      expect(largestDifference(resample(madeUp(4000), from, to).subarray(0, 3), first)).toBeLessThan(5e-4);
    });
  }

  it("takes zeros for what is before and after the clip", () => {
    const rng = new Streams(5).stream("noise");
    const noise = Float32Array.from({ length: 3000 }, () => rng.normal());
    for (const [from, to] of [
      [44100, 4000],
      [4000, 22050],
      [16000, 4000],
      [10000, 9999],
    ] as const) {
      const divisor = from === 10000 ? 1 : from === 16000 ? 4000 : from === 4000 ? 50 : 100;
      const period = from / divisor; // input samples after which the places of outputs repeat
      const lead = period * Math.ceil(5000 / period);
      const padded = new Float32Array(lead + noise.length + 5000);
      padded.set(noise, lead);
      const shifted = resample(padded, from, to).subarray((lead * to) / from);
      const out = resample(noise, from, to);
      expect(largestDifference(out, shifted.subarray(0, out.length)), `${from} to ${to}`).toBeLessThan(2e-6);
    }
  });

  it("gives ceil(samples * to / from) samples, also for none and one", () => {
    for (const [from, to] of RATES) {
      for (const count of [0, 1, 2, 99, 1000]) {
        const out = resample(new Float32Array(count).fill(0.5), from, to);
        expect(out.length).toBe(Math.ceil((count * to) / from));
        expect(out.every(Number.isFinite)).toBe(true);
      }
    }
    const same = Float32Array.of(1, 2, 3);
    expect(resample(same, 8000, 8000)).toEqual(same);
    expect(resample(same, 8000, 8000)).not.toBe(same);
  });

  it("goes far up and far down", () => {
    const up = resample(tone(10, 100, 400), 100, 200_000);
    expect(largestDifference(middle(up), middle(tone(10, 200_000, 800_000)))).toBeLessThan(4e-6);
    const down = resample(tone(10, 200_000, 800_000), 200_000, 100);
    expect(largestDifference(middle(down), middle(tone(10, 100, 400)))).toBeLessThan(4e-6);
  });

  it("refuses rates and qualities that are none", () => {
    const clip = new Float32Array(10);
    for (const rate of [0, -1, 8000.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => resample(clip, rate, 4000)).toThrow("fromHz must be a positive integer");
      expect(() => resample(clip, 4000, rate)).toThrow("toHz must be a positive integer");
    }
    expect(() => resample(clip, 8000, 4000, "better" as ResampleQuality)).toThrow(
      "quality must be one of fast, high, best",
    );
    expect(() => resample(clip, 4_000_001, 1)).toThrow("more than 2000 times apart");
  });

  it("has a name for each quality that says what it is", () => {
    expect(new Set(QUALITIES.map(resamplerName)).size).toBe(QUALITIES.length);
    expect(resamplerName("high")).toContain("0.913723");
  });
});
