import { describe, expect, test } from "vitest";
import type { FeatureSet } from "../../../src/features/store/featureSet.js";
import type { BatchItems } from "../../../src/node/batches/batchItems.js";
import { EvaluatedCycles, inputOf } from "../../../src/papers/respirenet/evaluatedCycles.js";
import { prepareClip, respirenetInputShape, respirenetTestPath } from "../../../src/papers/respirenet/frontEnd.js";
import { imageStatistics } from "../../../src/papers/respirenet/imageStatistics.js";
import { type RespirenetItemsOptions, respirenetItems } from "../../../src/papers/respirenet/inputs.js";
import { respirenetRecipe } from "../../../src/papers/respirenet/recipe.js";
import { respirenetRow } from "../../../src/papers/respirenet/rows.js";
import { type LabelledItem, trainingItemsOf } from "../../../src/papers/respirenet/trainingItems.js";
import { testPathOf } from "../../../src/papers/testPaths.js";
import { Streams } from "../../../src/random/streams.js";

const rng = new Streams(4).stream("sounds");
/** Cycles of 1 to 5 s at 4 kHz: a tone in noise. */
const sounds = [4000, 9000, 12_000, 20_000].map((count, i) =>
  prepareClip(
    Float32Array.from({ length: count }, (_, n) => Math.sin(n * (0.4 + 0.2 * i)) + 0.3 * rng.normal()),
    true,
  ),
);
const examples: LabelledItem[] = sounds.map((_, i) => ({
  ...{ id: `r${i}#0`, recording: `r${i}`, file: "", startSeconds: 0, endSeconds: sounds[i]!.length / 4000, label: i },
}));
const standard = { mean: [0.5, 0.2, 0.4], deviation: [0.2, 0.1, 0.1] };
const recipe = {
  ...respirenetRecipe(respirenetRow("respirenet/table1", "CNN"), { preset: "paper", profile: "full" }),
  ...{ imageScale: 1 as const, seconds: 3, padding: "zero" as const },
};
const of = { examples, samples: sounds.map(({ length }) => length), classes: 4 };

function options(over: Partial<RespirenetItemsOptions> = {}): RespirenetItemsOptions {
  return {
    ...{ preset: "paper", seconds: 3, padding: "zero", imageScale: 1, clipBlank: false, augmentation: false },
    ...{ balanced: true, batchSize: 6, classes: 4, stepsPerEpoch: 4, seed: 3, purpose: "", standard },
    cycles: { map: (i: number) => sounds[i]! } as FeatureSet,
    places: Int32Array.of(0, 1, 2, 3),
    items: trainingItemsOf(of, { ...recipe, cba: "none" }, new Streams(3)),
    ...over,
  };
}
const size = respirenetInputShape(recipe).reduce((product, side) => product * side, 1);

const itemsOf = (made: RespirenetItemsOptions) => respirenetItems.make(made) as BatchItems;

function written(over: Partial<RespirenetItemsOptions>, epoch: number, step: number, index: number) {
  const items = itemsOf(options(over));
  const [input, target] = [new Float32Array(size), new Float32Array(4)];
  items.write(epoch, step, index, input, target);
  return { name: items.nameOf(epoch, step, index), input, target };
}

describe("training inputs", () => {
  test("of which nothing is changed are the windows' pictures of the test path", () => {
    const path = respirenetTestPath({ ...inputOf(recipe, standard), bandPass: false, clipBlank: false });
    for (let index = 0; index < 6; index++) {
      const { name, input, target } = written({}, 1, 0, index);
      const cycle = examples.findIndex(({ id }) => name.startsWith(id));
      expect([...target]).toEqual([0, 1, 2, 3].map((label) => Number(label === cycle)));
      const [, window = "0"] = /window (\d)/.exec(name) ?? [];
      // Full scale already, and filtered when it was stored.
      expect(input).toEqual(path.maps(sounds[cycle]!, 4000)[Number(window)]!.data);
    }
  });

  test("are a function of seed, epoch and step, and others with each", () => {
    const changed = { augmentation: true };
    const first = written(changed, 1, 2, 3);
    expect(written(changed, 1, 2, 3)).toEqual(first);
    const inputs = [[2, 2, 3], [1, 3, 3], [1, 2, 4]].map(([e, s, i]) => written(changed, e!, s!, i!).input); // biome-ignore format: one line
    for (const input of [...inputs, written({ ...changed, seed: 4 }, 1, 2, 3).input, written({ ...changed, purpose: "Meditron " }, 1, 2, 3).input]) // biome-ignore format: one line
      expect(input).not.toEqual(first.input);
  });

  test("are class-balanced draws, or passes over all of them", () => {
    const items = itemsOf(options({ stepsPerEpoch: 400, batchSize: 10 }));
    const names = Array.from({ length: 4000 }, (_, i) => items.nameOf(1, Math.floor(i / 10), i % 10));
    for (const { id } of examples) {
      const share = names.filter((name) => name.startsWith(id)).length / names.length;
      // Three standard deviations of a quarter among 4,000 draws are 0.021.
      expect(Math.abs(share - 0.25)).toBeLessThan(0.021);
    }
    const passes = itemsOf(options({ balanced: false, stepsPerEpoch: 1, batchSize: 6 }));
    const once = Array.from({ length: 6 }, (_, i) => passes.nameOf(1, 0, i));
    expect(new Set(once)).toEqual(new Set(options().items.map(({ name }) => name)));
  });

  test("are mixed where asked for", () => {
    const { target } = written({ mixUpAlpha: 0.5 }, 1, 0, 0);
    expect(target.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 6);
  });
});

describe("evaluated cycles", () => {
  const looked = (over: Partial<typeof recipe>) =>
    new EvaluatedCycles(examples, (item) => sounds[examples.findIndex(({ id }) => id === item.id)]!, { ...recipe, ...over }, standard); // biome-ignore format: one line

  test("are the test path's pictures, a long one in windows", () => {
    const cycles = looked({ clipBlank: true });
    const path = respirenetTestPath({ ...inputOf({ ...recipe, clipBlank: true }, standard), bandPass: false });
    expect(examples.map((example) => cycles.count(example))).toEqual([1, 1, 1, 3]);
    for (const [i, example] of examples.entries()) {
      for (const [window, { data }] of path.maps(sounds[i]!, 4000).entries()) {
        const out = new Float32Array(size + 5);
        cycles.write(example, window, out, 5);
        expect(out.subarray(5)).toEqual(data);
      }
    }
    expect(() => cycles.count({ id: "x#0" })).toThrow("there are no samples of x#0");
  });

  test("smart padding reads no labels unless asked to", () => {
    expect(inputOf({ ...recipe, padding: "smart" }).padding).toBe("tile");
    const together = examples.map((example, i) => ({
      ...example,
      id: `r#${i}`,
      recording: "r",
      startSeconds: i,
      label: 0,
    }));
    const samplesOf = ({ id }: { id: string }) => sounds[Number(id.slice(2))]!;
    const pictureOf = (smartPaddingAtTest: boolean) => {
      const smart = { ...recipe, padding: "smart" as const, smartPaddingAtTest };
      const out = new Float32Array(size);
      new EvaluatedCycles(together, samplesOf, smart, standard).write(together[0]!, 0, out, 0);
      return out;
    };
    const alone = respirenetTestPath({ ...inputOf({ ...recipe, padding: "smart" }, standard), bandPass: false });
    expect(pictureOf(false)).toEqual(alone.maps(sounds[0]!, 4000)[0]!.data);
    expect(pictureOf(true)).not.toEqual(pictureOf(false));
  });
});

test("image statistics are means over images of their means and deviations", async () => {
  const items = trainingItemsOf(of, { ...recipe, cba: "none" }, new Streams(0));
  const told = { signal: new AbortController().signal, progress: () => {} };
  const { mean, deviation } = await imageStatistics(items, (cycle) => sounds[cycle]!, recipe, told);
  const path = respirenetTestPath({ ...inputOf(recipe), bandPass: false });
  const images = sounds.flatMap((sound) => path.maps(sound, 4000).map(({ data }) => data));
  for (let channel = 0; channel < 3; channel++) {
    const moments = images.map((image) => {
      const own = [...image].filter((_, i) => i % 3 === channel);
      const average = own.reduce((sum, value) => sum + value, 0) / own.length;
      return { average, spread: Math.sqrt(own.reduce((sum, v) => sum + (v - average) ** 2, 0) / (own.length - 1)) };
    });
    const over = (key: "average" | "spread") => moments.reduce((sum, one) => sum + one[key], 0) / moments.length;
    expect(mean[channel]).toBeCloseTo(over("average"), 9);
    expect(deviation[channel]).toBeCloseTo(over("spread"), 9);
  }
  await expect(imageStatistics([], () => sounds[0]!, recipe, told)).rejects.toThrow("there are no training items");
});

test("a saved model's parameters give back its path", () => {
  const path = respirenetTestPath(inputOf(recipe, standard));
  const again = testPathOf("respirenet", "11", JSON.parse(JSON.stringify(path.parameters)));
  expect(again.digest).toBe(path.digest);
  expect(again.digest).not.toBe(testPathOf("respirenet").digest);
});
