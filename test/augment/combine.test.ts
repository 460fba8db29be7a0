import { describe, expect, test } from "vitest";
import { augmentationDigestText, type Clip, type ClipAugmentation } from "../../src/augment/augmentation.js";
import { beforeAndAfter } from "../../src/augment/beforeAndAfter.js";
import { chain, oneOf, sometimes } from "../../src/augment/combine.js";
import { drawItems } from "../../src/augment/drawItems.js";
import { loudness } from "../../src/augment/loudness.js";
import { noise } from "../../src/augment/noise.js";
import { pitch } from "../../src/augment/pitch.js";
import { readDraw, writeDraw } from "../../src/augment/replay.js";
import { roll } from "../../src/augment/roll.js";
import { speed } from "../../src/augment/speed.js";
import { vtlp } from "../../src/augment/vtlp.js";
import { Streams } from "../../src/random/streams.js";
import { madeUp } from "./madeUp.js";

const streams = new Streams(11);
const rng = (index = 0) => streams.stream("augment", index);
const clip = (...values: number[]): Clip => ({ samples: Float32Array.from(values), sampleRateHz: 4 });
/** Adds a number: order shows. */
const plus = (value: number): ClipAugmentation => ({
  name: `plus ${value}`,
  options: { value },
  draw: () => ({ value }),
  apply: ({ samples, sampleRateHz }) => ({ samples: samples.map((x) => x + value), sampleRateHz }),
  describe: () => `+${value}`,
});
const double = loudness({ gain: [2, 2], zone: [0, 1] });
/** Everything there is for clips. */
const all = chain(
  sometimes(0.7, noise({ snrDb: [0, 30] })),
  sometimes(0.5, noise({ form: "library" })),
  oneOf(speed(), loudness(), pitch(), vtlp({ coverage: 0.5 }), roll()),
  speed({ method: "resample" }),
  sometimes(0.5, roll()),
);

describe("a chain", () => {
  test("applies one after the other, and says so", () => {
    const both = chain(plus(1), double, sometimes(0, plus(7)));
    const drawn = both.draw(rng());
    expect(both.apply(clip(1, 2, 3), drawn).samples).toEqual(Float32Array.of(4, 6, 8));
    expect(both.describe(drawn)).toBe("+1, then loudness x 2.00");
    expect(chain(double, plus(1)).apply(clip(1), [{ gain: 2 }, {}]).samples).toEqual(Float32Array.of(3));
    expect(() => both.apply(clip(1), [{}])).toThrow("parameters for 1 augmentations, there are 3");
  });

  test("of nothing changes nothing", () => {
    const given = clip(1, 2);
    expect(chain<Clip>().apply(given, [])).toBe(given);
    expect(chain<Clip>().describe([])).toBe("unchanged");
  });
});

describe("sometimes", () => {
  test("never at 0, always at 1, at 0.3 three tenths of the time", () => {
    const share = (probability: number) => {
      const augmentation = sometimes(probability, double);
      return Array.from({ length: 4000 }, (_, i) => augmentation.draw(rng(i))).filter(Boolean).length / 4000;
    };
    expect([share(0), share(1)]).toEqual([0, 1]);
    expect(Math.abs(share(0.3) - 0.3)).toBeLessThan(0.029); // four standard deviations
    expect(sometimes(0.5, double).describe(null)).toBe("unchanged");
    expect(() => sometimes(1.2, double)).toThrow("probability must be from 0 to 1, got 1.2");
  });
});

describe("one of several", () => {
  test("each equally often", () => {
    const choice = oneOf(plus(1), plus(2), plus(3));
    const counts = new Map<string, number>();
    for (let i = 0; i < 3000; i++) {
      const { name } = choice.draw(rng(i));
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual(["plus 1", "plus 2", "plus 3"]);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(104); // four standard deviations
    expect(choice.apply(clip(0), { name: "plus 2", parameters: {} }).samples).toEqual(Float32Array.of(2));
    expect(choice.describe({ name: "plus 3", parameters: {} })).toBe("+3");
  });

  test("refused: none, two of one name, a name that is not there", () => {
    expect(() => oneOf()).toThrow("needs at least one");
    expect(() => oneOf(plus(1), plus(1))).toThrow("names must differ, got plus 1, plus 1");
    expect(() => oneOf(plus(1)).apply(clip(1), { name: "minus", parameters: {} })).toThrow(
      "there is no minus, but plus 1",
    );
  });
});

describe("what was drawn", () => {
  test("is plain JSON, and applied again after writing and reading gives the same bits", () => {
    const input = { samples: madeUp(6001), sampleRateHz: 8000 };
    for (let i = 0; i < 12; i++) {
      const drawn = all.draw(rng(i));
      const out = all.apply(input, drawn);
      const again = all.apply(input, readDraw(all, writeDraw(all, drawn)));
      expect(again).toEqual(out);
      expect(out.samples.every(Number.isFinite)).toBe(true);
      expect(all.draw(rng(i))).toEqual(drawn);
      expect(input.samples).toEqual(madeUp(6001));
    }
  });

  test("is refused by another augmentation, other options, and when it is none", () => {
    const text = writeDraw(double, { gain: 2 });
    expect(readDraw(double, text)).toEqual({ gain: 2 });
    const refusal = (message: RegExp) =>
      expect.objectContaining({ name: "UserError", message: expect.stringMatching(message) });
    expect(() => readDraw(loudness(), text)).toThrow(
      refusal(/^draw of loudness: drawn from .*\[2,2\].*, here there is/),
    );
    expect(() => readDraw(roll(), text)).toThrow(refusal(/^draw of roll: drawn from/));
    expect(() => readDraw(double, "{")).toThrow(refusal(/^draw of loudness: not JSON/));
    expect(() => readDraw(double, "[]")).toThrow(refusal(/must hold "augmentation" and "parameters"/));
  });

  test("digests tell names, options and their order apart, and nothing else", () => {
    const texts = [
      double,
      loudness(),
      sometimes(0.5, double),
      sometimes(0.4, double),
      chain(roll(), double),
      chain(double, roll()),
    ];
    expect(new Set(texts.map(augmentationDigestText)).size).toBe(texts.length);
    expect(augmentationDigestText(loudness({ zone: [0.2, 0.8], gain: [0.5, 2] }))).toBe(
      augmentationDigestText(loudness()),
    );
  });

  test("can be shown before and after", () => {
    const before = clip(1, 2);
    expect(beforeAndAfter(double, before, { gain: 2 })).toEqual({
      before,
      after: clip(2, 4),
      parameters: { gain: 2 },
      words: "loudness x 2.00",
    });
  });

  test("for each item its own, or one for the batch; any batch can be made alone", () => {
    const place = { epoch: 3, step: 2, batchSize: 5 };
    const shared = drawItems(roll(), streams, { ...place, per: "batch" });
    expect(new Set(shared.map(({ shift }) => shift)).size).toBe(1);
    const own = drawItems(roll(), streams, { ...place, per: "item" });
    expect(new Set(own.map(({ shift }) => shift)).size).toBe(5);
    expect(drawItems(roll(), new Streams(11), { ...place, per: "item" })).toEqual(own);
    expect(drawItems(roll(), streams, { ...place, step: 1, per: "item" })).not.toEqual(own);
    expect(drawItems(roll(), streams, { ...place, step: 1, per: "batch" })).not.toEqual(shared);
  });
});

describe("silence and clips of a few samples", () => {
  test("give finite values everywhere", () => {
    for (const count of [0, 1, 2, 3, 10, 700]) {
      for (let i = 0; i < 15; i++) {
        const { samples } = all.apply({ samples: new Float32Array(count), sampleRateHz: 4000 }, all.draw(rng(100 + i)));
        expect(samples.every(Number.isFinite)).toBe(true);
      }
    }
  });
});
