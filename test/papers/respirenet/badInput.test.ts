import { describe, expect, test } from "vitest";
import { EvaluatedCycles, inputOf } from "../../../src/papers/respirenet/evaluatedCycles.js";
import { reasonWithout } from "../../../src/papers/respirenet/fineTuning.js";
import { prepareClip, respirenetInputShape, respirenetTestPath } from "../../../src/papers/respirenet/frontEnd.js";
import { imageStatistics } from "../../../src/papers/respirenet/imageStatistics.js";
import { paper } from "../../../src/papers/respirenet/index.js";
import { PADDINGS, respirenetRecipe } from "../../../src/papers/respirenet/recipe.js";
import { respirenetRow } from "../../../src/papers/respirenet/rows.js";
import { type LabelledItem, trainingItemsOf } from "../../../src/papers/respirenet/trainingItems.js";
import { Streams } from "../../../src/random/streams.js";
import { wholeIcbhi } from "../../datasets/icbhi/layoutFixture.js";

const RATE = 4000;
const CLIPS: Readonly<Record<string, Float32Array>> = {
  "one sample": Float32Array.of(0.5),
  "5 ms, less than a frame": Float32Array.from({ length: 20 }, (_, i) => Math.sin(i)),
  "2 s of silence": new Float32Array(2 * RATE),
  "2 s of a constant": new Float32Array(2 * RATE).fill(0.25),
};
const recipeOf = (preset: "paper" | "authors", row = "CNN") => ({
  ...respirenetRecipe(respirenetRow("respirenet/table1", row), { preset, profile: "full" }),
  imageScale: 1 as const,
});

describe.each(["paper", "authors"] as const)("pictures with the preset %s", (preset) => {
  test.each(Object.entries(CLIPS))("are finite for %s, clipped or not", (_, clip) => {
    for (const row of ["CNN", "CNN+CBA+BRC"]) {
      const recipe = recipeOf(preset, row);
      const [map, ...more] = respirenetTestPath(inputOf(recipe)).maps(clip, RATE);
      expect([map!.rows, map!.frames, map!.channels]).toEqual(respirenetInputShape(recipe));
      expect(map!.data.every((value) => value >= 0 && value <= 1)).toBe(true);
      expect(more).toEqual([]);
    }
  });

  test("are refused for a clip of no samples", () => {
    expect(() => respirenetTestPath(inputOf(recipeOf(preset))).maps(new Float32Array(0), RATE)).toThrow(
      "a clip of 0 samples has no map",
    );
  });
});

/** The only cycle of the only recording of its patient. */
const alone: LabelledItem = { id: "a#0", recording: "a", file: "", startSeconds: 0, endSeconds: 1, label: 1 };

test("a patient's only recording of one cycle has no neighbours: the cycle is repeated", () => {
  const recipe = { ...recipeOf("paper"), smartPaddingAtTest: true };
  const sound = Float32Array.from({ length: RATE }, (_, i) => Math.sin(i / 2));
  const items = trainingItemsOf({ examples: [alone], samples: [RATE], classes: 4 }, recipe, new Streams(0));
  expect(items.map(({ parts }) => parts)).toEqual([[{ cycle: 0, start: 0, count: RATE }]]);
  const standard = { mean: [0, 0, 0], deviation: [1, 1, 1] };
  const cycles = new EvaluatedCycles([alone], () => sound, recipe, standard);
  const seen = new Float32Array(respirenetInputShape(recipe).reduce((product, side) => product * side, 1));
  cycles.write(alone, 0, seen, 0);
  const [map] = respirenetTestPath({ ...inputOf(recipe, standard), bandPass: false }).maps(prepareClip(sound, false), RATE); // biome-ignore format: one line
  expect(seen).toEqual(map!.data);
  expect(cycles.count(alone)).toBe(1);
});

test.each(PADDINGS)("blank pictures throughout are refused before training, padded by %s", async (padding) => {
  const recipe = { ...recipeOf("paper"), padding };
  const items = trainingItemsOf({ examples: [alone], samples: [RATE], classes: 4 }, recipe, new Streams(0));
  const silence = imageStatistics(items, () => new Float32Array(RATE), recipe, {
    signal: new AbortController().signal,
    progress() {},
  });
  await expect(silence).rejects.toThrow("the pictures of all 1 training items are blank");
});

describe("a device", () => {
  const cycle = (label: number) => ({ label, className: ["Normal", "Crackle"][label]! });

  test("without training cycles, of one class, or without cycles to choose by keeps the first stage's model, and why is said", () => {
    expect(reasonWithout([], 5, false)).toBe("no training cycles");
    expect(reasonWithout([cycle(1), cycle(1)], 5, false)).toBe("training cycles of one class alone, Crackle");
    expect(reasonWithout([cycle(0), cycle(1)], 0, false)).toBe("no held-out cycles to choose an epoch by");
    expect(reasonWithout([cycle(0), cycle(1)], 0, true)).toBe("no test cycles to choose an epoch by");
    expect(reasonWithout([cycle(0), cycle(1)], 1, true)).toBeUndefined();
  });

  test("that there is not is refused", () => {
    const prepare = (fold: string) =>
      paper.prepare({
        ...{ experiment: "respirenet/table6-single-device", row: "Overall", task: "4-class", fold, seed: 0 },
        ...{ dataDir: wholeIcbhi(), protocol: "published", preset: "paper", profile: "full" },
      });
    expect(() => prepare("device-only:Stethoscope@fold4")).toThrow(/Stethoscope/);
  });
});
