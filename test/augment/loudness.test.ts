import { describe, expect, test } from "vitest";
import { loudness } from "../../src/augment/loudness.js";
import { Streams } from "../../src/random/streams.js";
import { madeUp } from "./madeUp.js";

const clip = { samples: madeUp(4801), sampleRateHz: 4000 };
const rng = () => new Streams(2).stream("augment");

describe("loudness", () => {
  test("scales the zone exactly and nothing else", () => {
    const { samples } = loudness().apply(clip, { gain: 1.5 });
    for (const [n, value] of samples.entries()) {
      const gain = n >= 960 && n < 3840 ? 1.5 : 1;
      expect(value).toBe(Math.fround(clip.samples[n]! * gain));
    }
  });

  test("is pinned by equal ends, and drawn evenly between others", () => {
    expect(loudness({ gain: [2, 2] }).draw(rng())).toEqual({ gain: 2 });
    const one = rng();
    const gains = Array.from({ length: 4000 }, () => loudness().draw(one).gain).sort((a, b) => a - b);
    // Kolmogorov-Smirnov against U(0.5, 2): scipy.stats.kstwo.ppf(0.999, 4000) = 0.0308
    const distance = Math.max(...gains.map((gain, i) => Math.abs((gain - 0.5) / 1.5 - (i + 0.5) / 4000)));
    expect(distance).toBeLessThan(0.0308);
  });

  test("refused", () => {
    expect(() => loudness({ gain: [0, 1] })).toThrow("gain must be above 0, got [0, 1]");
    expect(() => loudness({ gain: [1, Number.NaN] })).toThrow("two finite numbers in order");
    expect(() => loudness().apply(clip, { gain: -1 })).toThrow("gain must be above 0, got -1");
  });
});
