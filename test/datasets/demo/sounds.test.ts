import { describe, expect, it } from "vitest";
import { filterInPlace } from "../../../src/datasets/demo/filter.js";
import { addCrackle, addNoise, addTone, type Canvas } from "../../../src/datasets/demo/sounds.js";
import { Streams } from "../../../src/random/streams.js";

const canvas = (seconds: number, sampleRateHz = 8000): Canvas => ({
  samples: new Float32Array(Math.round(seconds * sampleRateHz)),
  sampleRateHz,
});
const rms = (samples: Float32Array) => Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length);
/** Places where the sign changes, in samples. */
const crossings = (samples: Float32Array) =>
  [...samples.keys()].filter((i) => i > 0 && samples[i - 1]! < 0 !== samples[i]! < 0 && samples[i] !== 0);
/** Power at a frequency by the definition of the discrete Fourier transform. */
function powerAt({ samples, sampleRateHz }: Canvas, hz: number): number {
  let re = 0;
  let im = 0;
  samples.forEach((x, i) => {
    re += x * Math.cos((2 * Math.PI * hz * i) / sampleRateHz);
    im -= x * Math.sin((2 * Math.PI * hz * i) / sampleRateHz);
  });
  return (re * re + im * im) / samples.length ** 2;
}
const rng = () => new Streams(3).stream("test");

describe("filterInPlace", () => {
  // A Butterworth filter of second order: 1/sqrt(2) at the cutoff, 1/sqrt(1 + r^4) at r times it where r is small enough
  // for the bilinear transform not to matter.
  it.each([
    ["low-pass", 500, 500, Math.SQRT1_2],
    ["low-pass", 500, 50, 1 / Math.sqrt(1 + 0.1 ** 4)],
    ["high-pass", 500, 500, Math.SQRT1_2],
    ["high-pass", 500, 50, 0.1 ** 2 / Math.sqrt(1 + 0.1 ** 4)],
  ] as const)("%s at %d Hz passes %d Hz by %f", (kind, cutoffHz, hz, gain) => {
    const sine = new Float32Array(16000).map((_, i) => Math.sin((2 * Math.PI * hz * i) / 8000));
    const settled = filterInPlace(sine, kind, cutoffHz, 8000).subarray(8000);
    expect(rms(settled) * Math.SQRT2).toBeCloseTo(gain, gain < 0.1 ? 3 : 2);
  });
});

describe("addCrackle", () => {
  it.each([
    ["fine", 0.005, 0.14],
    ["coarse", 0.015, 0.1],
  ])("%s: two cycles within its duration, the first deflection as short as said", (_, seconds, firstShare) => {
    const fast = canvas(0.05, 1_000_000);
    addCrackle(fast, { startSeconds: 0.01, seconds, firstShare, level: 1 });
    // sin(4 pi t^a) is zero where t^a = k/4, and (1/4)^(1/a) is the share of the first deflection.
    const exponent = Math.log(0.25) / Math.log(firstShare);
    const expected = [1, 2, 3].map((k) => 1e6 * (0.01 + seconds * (k / 4) ** (1 / exponent)));
    const found = crossings(fast.samples);
    expect(found).toHaveLength(3);
    for (const [k, at] of found.entries()) expect(Math.abs(at - expected[k]!)).toBeLessThan(1.5);
    expect(expected[0]).toBeCloseTo(1e6 * (0.01 + seconds * firstShare), 3);
    expect(fast.samples.subarray(0, 10000).every((x) => x === 0)).toBe(true);
    expect(fast.samples.subarray(10001 + 1e6 * seconds).every((x) => x === 0)).toBe(true);
  });

  it("adds to what is there and stops at the end", () => {
    const short = canvas(0.01);
    short.samples.fill(0.25);
    addCrackle(short, { startSeconds: 0.008, seconds: 0.015, firstShare: 0.1, level: 1 });
    expect(short.samples.subarray(0, 64).every((x) => x === 0.25)).toBe(true);
    expect(short.samples.subarray(66).some((x) => x !== 0.25)).toBe(true);
  });
});

describe("addTone", () => {
  const tone = { startSeconds: 0.25, seconds: 1, frequencyHz: 400, driftShare: 0, rollOff: 0, level: 0.1 };

  it("has its frequency, level and bounds", () => {
    const made = canvas(1.5);
    addTone(made, rng(), tone);
    expect(Math.abs(crossings(made.samples).length / 2 - 400)).toBeLessThan(4); // vibrato of 1 %
    expect(rms(made.samples.subarray(2400, 9600))).toBeCloseTo(0.1, 3);
    expect(made.samples.subarray(0, 2000).every((x) => x === 0)).toBe(true);
    expect(made.samples.subarray(10000).every((x) => x === 0)).toBe(true);
  });

  it("drifts by the share that it was given, either way", () => {
    const made = canvas(1.5);
    addTone(made, rng(), { ...tone, driftShare: 0.2 });
    const half = (from: number) => crossings(made.samples.subarray(from, from + 2000)).length * 2;
    // A quarter second at either end: on average 7.5 % above and below.
    const [start, end] = [half(2000), half(8000)].sort((a, b) => a - b) as [number, number];
    expect(Math.abs(end / start - 1.075 / 0.925)).toBeLessThan(0.04);
  });

  it("flutters when rough", () => {
    const made = canvas(1.5);
    addTone(made, rng(), { ...tone, roughness: 0.8 });
    const levels = Array.from({ length: 700 }, (_, i) => rms(made.samples.subarray(2400 + 10 * i, 2440 + 10 * i)));
    expect(Math.min(...levels)).toBeLessThan(0.4 * Math.max(...levels));
  });
});

describe("addNoise", () => {
  it("has its level, and its power between the two edges", () => {
    const made = canvas(4);
    addNoise(made, rng(), { startSeconds: 0, seconds: 4, lowHz: 300, highHz: 600, level: 0.2, steady: true });
    expect(rms(made.samples)).toBeCloseTo(0.2, 5);
    const mean = (from: number) => {
      let sum = 0;
      for (let k = 0; k < 60; k++) sum += powerAt(made, from + k);
      return sum / 60;
    };
    expect(mean(420) / mean(50)).toBeGreaterThan(50);
    expect(mean(420) / mean(2500)).toBeGreaterThan(50);
  });

  it("rises and falls as a breath does", () => {
    const made = canvas(1);
    addNoise(made, rng(), { startSeconds: 0, seconds: 1, lowHz: 100, highHz: 1000, level: 0.2 });
    const [start, middle, end] = [0, 3600, 7200].map((from) => rms(made.samples.subarray(from, from + 800)));
    expect(middle!).toBeGreaterThan(3 * start!);
    expect(middle!).toBeGreaterThan(3 * end!);
  });
});
