import { describe, expect, it } from "vitest";
import { mapShape } from "../../src/features/frontEnd.js";
import { cycleguardianFrontEnd } from "../../src/papers/cycleguardian/frontEnd.js";
import { glancegazeSpectrogram } from "../../src/papers/glancegaze/frontEnd.js";
import { multibreathClipSamples, multibreathFrontEnd } from "../../src/papers/multibreath/frontEnd.js";
import { respirenetFrontEnd } from "../../src/papers/respirenet/frontEnd.js";
import { TEST_PATH_RECIPES, testPathOf } from "../../src/papers/testPaths.js";
import { madeUp } from "../features/madeUp.js";

const SHAPES: Record<string, number[]> = {
  cycleguardian: [84, 626, 3],
  "cycleguardian-authors": [84, 688, 3],
  "cycleguardian-logmel": [84, 173, 3],
  multibreath: [64, 256],
  "glancegaze-logmel": [90, 173],
  "multibreath-logmel": [90, 173],
  "supcon-sprs": [64, 187],
  glancegaze: [128, 345],
  respirenet: [192, 657, 3],
  baseline: [90, 173],
};

describe("testPathOf", () => {
  const digests = new Set<string>();
  for (const recipe of TEST_PATH_RECIPES) {
    it(`${recipe}: the model's shape and finite values for short clips, long ones, silence and one sample`, () => {
      const path = testPathOf(recipe);
      const clips = [madeUp(4000), madeUp(80_000), new Float32Array(9000), Float32Array.of(0.25), new Float32Array(1)];
      for (const clip of clips) {
        const maps = path.maps(clip, 8000);
        expect(maps.length).toBe(recipe === "respirenet" && clip.length === 80_000 ? 2 : 1);
        for (const map of maps) {
          expect(mapShape(map)).toEqual(SHAPES[recipe]);
          expect(map.data.length).toBe(SHAPES[recipe]!.reduce((a, b) => a * b));
          expect(map.data.every(Number.isFinite)).toBe(true);
        }
      }
    });

    it(`${recipe}: gives the same twice, whatever came between, and has a digest of its own`, () => {
      const path = testPathOf(recipe);
      const [first] = path.maps(madeUp(6000), 8000);
      path.maps(madeUp(20_000), 8000);
      expect(path.maps(madeUp(6000), 8000)[0]!.data).toEqual(first!.data);
      digests.add(path.digest);
      expect(digests.size).toBe(TEST_PATH_RECIPES.indexOf(recipe) + 1);
    });

    it(`${recipe}: refuses no samples and what is no number`, () => {
      const path = testPathOf(recipe);
      expect(() => path.maps(new Float32Array(0), 8000)).toThrow(/0 samples/);
      const samples = madeUp(500);
      samples[123] = Number.NaN;
      expect(() => path.maps(samples, 8000)).toThrow(/sample 123 is NaN/);
      samples[123] = Number.POSITIVE_INFINITY;
      expect(() => path.maps(samples, 8000)).toThrow(/sample 123 is Infinity/);
    });
  }

  it("tiles what is shorter than the clip: two repetitions are one", () => {
    const once = Float32Array.from({ length: 5000 }, (_, n) => Math.sin(0.1 * n));
    const twice = new Float32Array(10_000);
    twice.set(once);
    twice.set(once, 5000);
    const path = testPathOf("cycleguardian");
    expect(path.maps(twice, 10_000)[0]!.data).toEqual(path.maps(once, 10_000)[0]!.data);
  });

  it("supcon-sprs: a shorter map stands in the middle of zeros, and recordings have 937 frames", () => {
    const [map] = testPathOf("supcon-sprs").maps(madeUp(8000), 8000);
    const framesIn = 1 + Math.floor(8000 / 128);
    const before = Math.floor((187 - framesIn) / 2);
    const row = [...map!.data.subarray(187, 2 * 187)];
    expect(row.findIndex((value) => value !== 0)).toBe(before);
    expect(row.slice(before + framesIn).every((value) => value === 0)).toBe(true);
    expect(mapShape(testPathOf("supcon-sprs", "22").maps(madeUp(8000), 8000)[0]!)).toEqual([64, 937]);
  });

  it("respirenet: windows of 7 s, half overlapping, and what is left tiled", () => {
    const lengths = [28_000, 28_001, 42_000, 56_000, 70_001];
    // floor((n - 28000) / 14000) + 1 whole windows, and a rest.
    expect(lengths.map((n) => testPathOf("respirenet").maps(madeUp(n), 4000).length)).toEqual([1, 2, 3, 4, 5]);
  });

  it("refuses a recipe that is none", () => {
    expect(() => testPathOf("toString")).toThrow(
      /unknown recipe "toString"; there are cycleguardian, cycleguardian-authors/,
    );
  });
});

describe("front ends", () => {
  it("have the frames of both presets and options", () => {
    expect(cycleguardianFrontEnd("authors").frames(176_000)).toBe(688);
    expect([multibreathClipSamples(), multibreathClipSamples(251)]).toEqual([130_560, 128_000]);
    expect(multibreathFrontEnd().frames(multibreathClipSamples())).toBe(256);
    expect(respirenetFrontEnd().frames(32_000)).toBe(753);
    const small = respirenetFrontEnd({ imageScale: 1 });
    expect(mapShape(small.compute(madeUp(28_000)))).toEqual([64, 219, 3]);
    expect(mapShape(glancegazeSpectrogram().compute(madeUp(176_400)))).toEqual([256, 345]);
  });

  it("the channels of the authors' preset stand the other way round", () => {
    const { data, rows, frames } = cycleguardianFrontEnd("authors").compute(madeUp(22_000));
    expect(data.length).toBe(rows * frames * 3);
    const options = cycleguardianFrontEnd("authors").options as { channels: { name: string }[] };
    expect(options.channels.map(({ name }) => name)).toEqual(["log-cqt", "log-gammatone", "log-mel"]);
  });

  it("standardise with a training set's figures where they are given", () => {
    const clip = madeUp(16_000);
    const plain = multibreathFrontEnd().compute(clip).data;
    const scaled = multibreathFrontEnd({ mean: [-40], deviation: [8] }).compute(clip).data;
    expect(scaled[100]).toBeCloseTo((plain[100]! + 40) / 8, 5);
    const standard = { mean: [0.5, 0.2, 0.4], deviation: [0.2, 0.1, 0.05] };
    const image = respirenetFrontEnd().compute(clip).data;
    const standardised = respirenetFrontEnd({ standard }).compute(clip).data;
    for (let channel = 0; channel < 3; channel++) {
      const expected = (image[3000 + channel]! - standard.mean[channel]!) / standard.deviation[channel]!;
      expect(standardised[3000 + channel]).toBeCloseTo(expected, 4);
    }
  });

  it("write into an array that is given, of exactly the map's length", () => {
    for (const recipe of TEST_PATH_RECIPES) {
      const { frontEnd } = testPathOf(recipe);
      const clip = madeUp(30_000);
      const expected = frontEnd.compute(clip).data;
      const out = new Float32Array(expected.length).fill(9);
      expect(frontEnd.compute(clip, out).data).toBe(out);
      expect(out).toEqual(expected);
      expect(() => frontEnd.compute(clip, new Float32Array(5))).toThrow(/the array given for it has 5/);
    }
  });

  it("each row of each CycleGuardian channel has mean 0 and deviation 1", () => {
    const { data, rows, frames } = cycleguardianFrontEnd().compute(madeUp(80_000));
    for (let channel = 0; channel < 3; channel++) {
      for (const row of [0, 40, 83].filter((one) => one < rows)) {
        const values = Array.from({ length: frames }, (_, t) => data[(row * frames + t) * 3 + channel]!);
        const mean = values.reduce((a, b) => a + b) / frames;
        expect(mean).toBeCloseTo(0, 4);
        expect(values.reduce((a, b) => a + (b - mean) ** 2, 0) / (frames - 1)).toBeCloseTo(1, 3);
      }
    }
  });
});
