import { describe, expect, it } from "vitest";
import { Stft } from "../../src/features/stft.js";
import { periodicHann } from "../../src/features/window.js";
import { largestDifference, madeUp } from "./madeUp.js";

function powers(stft: Stft, samples: Float32Array, bins: number[]): number[][] {
  return Array.from({ length: stft.open(samples) }, (_, frame) => {
    const out = stft.power(frame);
    return bins.map((bin) => out[bin]!);
  });
}

describe("Stft", () => {
  // librosa 0.10.2, NumPy 2.4:
  //   def made_up(count):
  //       n = np.arange(count)
  //       return (0.4*np.sin(2*np.pi*(100*n/8000 + 2000*(n/8000)**2)) + 0.1*((n*7919 % 1000)/1000 - 0.5)).astype(np.float32)
  //   r = librosa.stft(made_up(40).astype(np.float64), n_fft=32, win_length=20, hop_length=8, pad_mode="reflect")
  //   (np.abs(r)**2)[[0, 1, 5, 16]].T
  it("equals librosa with a short window and reflected ends", () => {
    const stft = new Stft({ fftSize: 32, windowSize: 20, hop: 8, padding: "reflect" });
    const expected = [
      [1.15904985, 0.485113494, 0.0209114955, 0.0125228724],
      [5.09530344, 3.22152636, 0.00557655843, 0.00156514375],
      [13.7608977, 8.81171231, 0.00731795271, 0.00150425595],
      [11.9873866, 7.42510455, 0.0154661037, 0.00248437293],
      [2.35613967, 1.95426482, 0.00667586308, 0.000425963164],
      [0.0154429724, 0.030986574, 0.011355371, 0.0131736441],
    ];
    // Single precision: 1e-7 of powers up to 14, in sums of a few.
    expect(largestDifference(powers(stft, madeUp(40), [0, 1, 5, 16]).flat(), expected.flat())).toBeLessThan(5e-6);
  });

  // q = np.pad(made_up(5).astype(np.float64), 16, mode="reflect")
  // (np.abs(np.fft.rfft(q[:32] * scipy.signal.get_window("hann", 32)))**2)[[0, 1, 5, 16]]
  it("reflects a clip shorter than half a window as often as needed", () => {
    const stft = new Stft({ fftSize: 32, windowSize: 32, hop: 8, padding: "reflect" });
    const [first] = powers(stft, madeUp(5), [0, 1, 5, 16]);
    expect(largestDifference(first!, [1.80646483, 0.451616207, 0.0665772265, 0.0403890014])).toBeLessThan(1e-6);
    expect(powers(stft, madeUp(1), [0, 1]).flat().every(Number.isFinite)).toBe(true);
  });

  it("sees only zeros beyond the ends with zeros padding", () => {
    const samples = madeUp(40);
    const padded = new Float32Array(32 + 40 + 32);
    padded.set(samples, 32);
    const stft = new Stft({ fftSize: 32, windowSize: 32, hop: 8, padding: "zeros" });
    const bins = [0, 1, 2, 7, 16];
    expect(powers(stft, samples, bins)).toEqual(powers(stft, padded, bins).slice(4, 10));
  });

  it("counts frames as 1 + floor(samples / hop)", () => {
    const stft = new Stft({ fftSize: 512, windowSize: 512, hop: 128, padding: "zeros" });
    expect([1, 127, 128, 24000, 120000].map((count) => stft.frames(count))).toEqual([1, 1, 2, 188, 938]);
  });

  it("refuses options that do not fit", () => {
    const good = { fftSize: 32, windowSize: 32, hop: 8, padding: "zeros" as const };
    expect(() => new Stft({ ...good, fftSize: 26, windowSize: 26 })).toThrow(/26/);
    expect(() => new Stft({ ...good, windowSize: 33 })).toThrow(/windowSize.*33/);
    expect(() => new Stft({ ...good, hop: 0 })).toThrow(/hop.*0/);
    expect(() => new Stft({ ...good, padding: "edge" as never })).toThrow(/padding.*edge/);
    expect(() => new Stft(good).open(new Float32Array(0))).toThrow(/0 samples/);
  });
});

describe("periodicHann", () => {
  it("adds up to a constant at a hop of a quarter", () => {
    const window = periodicHann(512);
    for (let n = 0; n < 128; n++) {
      expect(window[n]! + window[n + 128]! + window[n + 256]! + window[n + 384]!).toBeCloseTo(2, 12);
    }
    expect(window[0]).toBe(0);
    expect(window[256]).toBe(1);
  });
});
