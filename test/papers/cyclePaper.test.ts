import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { writeDemo } from "../../src/datasets/demo/writeDemo.js";
import { Linear } from "../../src/nn/layers/linear.js";
import { BASELINE_INPUT } from "../../src/papers/baseline/frontEnd.js";
import { cyclePaper } from "../../src/papers/cyclePaper.js";
import { type CycleRecipe, cycleOptions } from "../../src/papers/cycleRecipe.js";
import { findTestPath } from "../../src/papers/findTestPath.js";
import type { RunRequest } from "../../src/papers/paper.js";
import { testPathOf } from "../../src/papers/testPaths.js";
import { type TensorFlow, tf } from "../../src/tensorflow.js";

interface Recipe extends CycleRecipe {
  scale: number;
}

const paper = cyclePaper<Recipe>({
  ...{ id: "mine", citation: "mine", version: 3 },
  recipe: {
    ...{ input: "audio", scale: 1, epochs: 30, batchSize: 32 },
    ...{ learningRate: 1e-2, finalLearningRate: 1e-4, weightDecay: 0 },
  },
  rows: { table1: { plain: {}, scaled: { scale: 2 } } },
  options: (recipe) => ({
    ...cycleOptions(recipe),
    scale: { type: "number", about: "of inputs", from: 0, to: 9, default: recipe.scale },
  }),
  input: () => ({ path: testPathOf("baseline"), shape: BASELINE_INPUT }),
  network(_, { inputShape, outputs }) {
    const inputs = tf.input({ shape: [...inputShape] });
    const flat = tf.layers.flatten({ name: "flat" }).apply(inputs) as TensorFlow.SymbolicTensor;
    return tf.model({ inputs, outputs: new Linear({ units: outputs, name: "head" }).apply(flat) as typeof inputs });
  },
});

const REQUEST: RunRequest = {
  ...{ experiment: "mine/table1", row: "plain", task: "4-class", fold: "official", protocol: "honest" },
  ...{ preset: "paper", profile: "full", seed: 0 },
  dataDir: mkdtempSync(path.join(tmpdir(), "auscult-cycle-paper-")),
};

describe("a paper that is an input, a network and settings", () => {
  beforeAll(() => {
    writeDemo(REQUEST.dataDir);
  });

  test("has the full budget's steps, its rows' settings, and what shortens it in words", () => {
    const run = paper.prepare(REQUEST);
    const cycles = Number(/(\d+) training cycles/.exec(run.data.description)![1]);
    expect(run.work).toMatchObject({ epochs: 30, batchSize: 32, stepsPerEpoch: Math.ceil(cycles / 32) });
    expect(run.reduced).toBeUndefined();
    expect(run.identity).toMatchObject({ recipeVersion: 3, paper: "mine", recipe: { scale: 1 } });
    expect(paper.prepare({ ...REQUEST, row: "scaled" }).identity.recipe).toMatchObject({ scale: 2 });
    const smoke = paper.prepare({ ...REQUEST, profile: "smoke", budget: { epochs: 1 } });
    expect(smoke.reduced).toContain("1 epochs of 2 steps of 6 instead of 30");
    expect(Object.keys(paper.options!(REQUEST))).toEqual(expect.arrayContaining(["scale", "stepsPerEpoch"]));
  });

  test("each setting is another run", () => {
    const settings: RunRequest["set"][] = [{}, { scale: 3 }, { batchSize: 8 }, { learningRate: 0.5 }];
    const identities = settings.map((set) => JSON.stringify(paper.prepare({ ...REQUEST, set }).identity));
    expect(new Set(identities).size).toBe(4);
  });

  test.each<[Partial<RunRequest>, string]>([
    [{ row: "other" }, 'unknown row "other" of mine/table1; there are "plain", "scaled"'],
    [{ init: "weights.pth" }, "--init: mine starts from scratch"],
    [{ fold: "random-cycle-70-30" }, "shares patients between training and test"],
  ])("%o is refused", (over, message) => {
    expect(() => paper.prepare({ ...REQUEST, ...over })).toThrow(message);
  });

  test("a step and an evaluated cycle can be timed", async () => {
    const { step, item } = await paper.prepare({ ...REQUEST, profile: "smoke" }).probe!(new AbortController().signal);
    expect(step).toBeGreaterThan(0);
    expect(item).toBeGreaterThan(0);
  });
});

test("a recipe's way to inputs is found by name, and one that no folder has is refused", async () => {
  expect((await findTestPath("glancegaze-logmel")).digest).toBe(testPathOf("glancegaze-logmel").digest);
  await expect(findTestPath("nobody's")).rejects.toThrow(/unknown recipe "nobody's"; there are cycleguardian/);
});
