import { describe, expect, test } from "vitest";
import { loudness } from "../../src/augment/loudness.js";
import { placeAt } from "../../src/augment/range.js";
import { roll, rollFrames } from "../../src/augment/roll.js";
import { speed } from "../../src/augment/speed.js";
import { partOfZone } from "../../src/augment/zone.js";
import { Streams } from "../../src/random/streams.js";
import { farthest, madeUp, pick, strongest, tone } from "./madeUp.js";

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

describe("speed", () => {
  test("stretches the zone as nlpaug does", () => {
    // y = nlpaug.model.audio.Speed().manipulate(x, int(len(x) * 0.2), int(len(x) * 0.8), 1.3), x = made_up(4801); pick(y)
    const nlpaug = [
      -0.05270889, -0.139994, 0.06716511, 0.1272637, -0.3552789, -0.1163279, 0.1825012, 0.1496844, 0.1334854,
      0.001573053, -0.1942389, 0.1759447,
    ];
    const { samples } = speed().apply(clip, { factor: 1.3 });
    expect(samples).toHaveLength(4136);
    expect(farthest(pick(samples), nlpaug)).toBeLessThan(1e-7);
  });

  test("by resampling moves pitch with it: length and frequency", () => {
    const augmentation = speed({ factor: [1.25, 1.25], zone: [0, 1], method: "resample" });
    const drawn = augmentation.draw(rng());
    expect(drawn).toEqual({ factor: 1.25 });
    const { samples } = augmentation.apply({ samples: tone(8000, 400, 4000), sampleRateHz: 4000 }, drawn);
    expect(samples).toHaveLength(6400);
    expect(strongest(samples.slice(200, -200), 4000, 300, 700).hz).toBe(500);
    expect(augmentation.describe(drawn)).toBe("speed x 1.25");
  });

  test("refused", () => {
    expect(() => speed({ factor: [2, 0.5] })).toThrow("factor must be [lowest, highest]");
    expect(() => speed({ method: "tape" as "resample" })).toThrow('"vocoder" or "resample", got "tape"');
  });
});

describe("roll", () => {
  test("is numpy.roll by a share of the length", () => {
    // np.roll([1, 2, 3, 4, 5], 2)
    const five = { samples: Float32Array.of(1, 2, 3, 4, 5), sampleRateHz: 4 };
    expect(roll().apply(five, { shift: 0.4 }).samples).toEqual(Float32Array.of(4, 5, 1, 2, 3));
    expect(roll().apply(five, { shift: 0 }).samples).toEqual(five.samples);
    expect(roll().apply({ samples: new Float32Array(0), sampleRateHz: 4 }, { shift: 0.5 }).samples).toHaveLength(0);
    expect(roll().describe({ shift: 0.4 })).toBe("rolled by 40 %");
  });

  test("of a map's frames takes the channels along", () => {
    const map = { data: Float32Array.of(1, 10, 2, 20, 3, 30, 4, 40, 5, 50, 6, 60), rows: 2, frames: 3, channels: 2 };
    expect(rollFrames().apply(map, { shift: 0.34 }).data).toEqual(
      Float32Array.of(3, 30, 1, 10, 2, 20, 6, 60, 4, 40, 5, 50),
    );
  });
});

describe("places", () => {
  test("are all reached, and none beyond", () => {
    expect([0, 0.32, 0.34, 0.99, 1].map((share) => placeAt(share, 3))).toEqual([0, 0, 1, 2, 2]);
    for (const places of [1, 3, 5, 7, 1023, 80_000]) expect(placeAt(1 - 2 ** -53, places)).toBe(places - 1);
    expect(() => placeAt(1.01, 3)).toThrow("place must be from 0 to 1, got 1.01");
  });

  test("a part of a zone lies within it", () => {
    expect(partOfZone([0.2, 0.8], 1, 0.7, 1000)).toEqual([200, 800]);
    expect(partOfZone([0.2, 0.8], 0.5, 0, 1000)).toEqual([200, 500]);
    expect(partOfZone([0.2, 0.8], 0.5, 1, 1000)).toEqual([500, 800]);
    expect(partOfZone([0, 1], 0.1, 0.5, 0)).toEqual([0, 0]);
  });
});
