import { describe, expect, test } from "vitest";
import { butterworthBandPass } from "../../src/audio/butterworth.js";
import { sosFilter } from "../../src/audio/sosFilter.js";
import { BandLevels } from "../../src/inference/bandLevels.js";
import { EnergySegmenter, type SegmenterOptions, type Stretch } from "../../src/inference/energySegmenter.js";
import { Streams } from "../../src/random/streams.js";
import { breaths } from "./breaths.js";

/** All cycles of a sound that comes in parts, in seconds. */
function cut(
  samples: Float32Array,
  rateHz: number,
  partSamples = Math.ceil(rateHz / 10),
  options: SegmenterOptions = {},
): [number, number][] {
  // biome-ignore format: one line
  const segmenter = new EnergySegmenter(rateHz, options);
  const found: Stretch[] = [];
  for (let start = 0; start < samples.length; start += partSamples) {
    const part = samples.subarray(start, start + partSamples);
    const cycles = segmenter.push(part);
    // The ring of a stream holds them still.
    for (const cycle of cycles) expect(start + part.length - cycle.start).toBeLessThanOrEqual(segmenter.reach);
    found.push(...cycles);
  }
  found.push(...segmenter.end());
  return found.map(({ start, end }) => [start / rateHz, end / rateHz]);
}

const DURATIONS = [3.1, 2.7, 3.4, 2.2, 4.1, 3, 2.5, 5, 3.3, 2.8];

describe("made-up breathing with known borders", () => {
  test.each([4000, 10_000, 44_100])("at %i Hz: every cycle within a fifth of a second", (rateHz) => {
    const { samples, cycles } = breaths(DURATIONS, rateHz);
    const found = cut(samples, rateHz);
    expect(found).toHaveLength(cycles.length);
    for (const [i, { startSeconds, endSeconds }] of cycles.entries()) {
      expect(Math.abs(found[i]![0] - startSeconds)).toBeLessThan(0.2);
      expect(Math.abs(found[i]![1] - endSeconds)).toBeLessThan(0.2);
    }
  });

  test("the length of the parts does not matter", () => {
    const { samples } = breaths(DURATIONS, 4000);
    const found = cut(samples, 4000, 400);
    for (const part of [1, 37, 4000]) expect(cut(samples, 4000, part)).toEqual(found);
  });

  test("a hum of the mains and a beating heart below the band change little", () => {
    const { samples, cycles } = breaths(DURATIONS, 4000);
    const heart = (t: number) => Math.sin(2 * Math.PI * 25 * t) * Math.max(0, Math.sin(2 * Math.PI * 1.2 * t)) ** 8;
    const noisy = samples.map((value, n) => value + 0.02 * Math.sin((2 * Math.PI * 50 * n) / 4000) + 0.05 * heart(n / 4000)); // biome-ignore format: one line
    const found = cut(noisy, 4000);
    expect(found).toHaveLength(cycles.length);
    for (const [i, { startSeconds }] of cycles.entries()) expect(Math.abs(found[i]![0] - startSeconds)).toBeLessThan(0.2); // biome-ignore format: one line
  });

  test("with a long pause between in and out, each half is a cycle: it is approximate", () => {
    const { samples } = breaths([5, 5, 5, 5, 5], 4000, 0.7, 0.9);
    expect(cut(samples, 4000)).toHaveLength(10);
  });

  test("a breath held for long ends its cycle at the longest, and the quiet is in none", () => {
    const { samples } = breaths([3, 3, 3], 4000);
    const quiet = new Float32Array(25 * 4000);
    const again = breaths([3, 3], 4000).samples;
    const found = cut(Float32Array.from([...samples, ...quiet, ...again]), 4000, 400, { longestSeconds: 6 });
    const lengths = found.map(([start, end]) => end - start);
    expect(Math.max(...lengths)).toBeCloseTo(6, 6);
    const held = 0.7 + 9 + 4;
    expect(found.filter(([start]) => start > held && start < held + 20)).toEqual([]);
    expect(found.filter(([start]) => start > held + 20)).toHaveLength(2);
  });
});

test.each([
  ["silence", () => 0],
  ["a constant", () => 0.3],
  ["steady noise", (n: number) => 0.1 * NOISE[n]!],
  ["a tone", (n: number) => 0.5 * Math.sin(0.3 * n)],
])("%s holds no cycles", (_, sound) => {
  expect(
    cut(
      Float32Array.from({ length: 20 * 4000 }, (__, n) => sound(n)),
      4000,
    ),
  ).toEqual([]);
});
const rng = new Streams(1).stream("noise");
const NOISE = Float32Array.from({ length: 20 * 4000 }, () => rng.normal());

test("levels are those of the whole sound, filtered and averaged by the formula", () => {
  const rateHz = 4000;
  const samples = breaths([2, 2], rateHz).samples;
  const band = sosFilter(butterworthBandPass({ order: 2, lowHz: 100, highHz: 1000, sampleRateHz: rateHz }), samples);
  const levels = new BandLevels(rateHz);
  const found = [...levels.push(samples.subarray(0, 777)), ...levels.push(samples.subarray(777))];
  const steps = Math.floor(samples.length / 80);
  expect(found).toHaveLength(steps - 5);
  for (const [step, level] of found.entries()) {
    const first = 80 * Math.max(0, step - 5);
    const about = band.subarray(first, 80 * (step + 6));
    const power = about.reduce((sum, value) => sum + value * value, 0) / about.length;
    expect(level).toBeCloseTo(10 * Math.log10(power), 3);
  }
});

test("durations that cannot be are refused", () => {
  expect(() => new EnergySegmenter(4000, { shortestSeconds: 3, longestSeconds: 2 })).toThrow("cycles from 3 to 2 s");
  expect(() => new EnergySegmenter(4000, { longestSeconds: 61 })).toThrow("longest <= 60 s");
});
