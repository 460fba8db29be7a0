import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { initialiseWeights } from "../../../src/nn/init/initialise.js";
import { adaptedTestPath } from "../../../src/papers/cycleguardian/adapter.js";
import { drawMixing } from "../../../src/papers/cycleguardian/drawMixing.js";
import { cycleguardianTestPath } from "../../../src/papers/cycleguardian/frontEnd.js";
import { paper } from "../../../src/papers/cycleguardian/index.js";
import { inside } from "../../../src/papers/cycleguardian/inside.js";
import { type CycleguardianNetwork, cycleguardianNetwork } from "../../../src/papers/cycleguardian/network.js";
import { cycleguardianObjective, learntParameters } from "../../../src/papers/cycleguardian/objective.js";
import { type CycleguardianRecipe, cycleguardianRecipe } from "../../../src/papers/cycleguardian/recipe.js";
import { cycleguardianRow } from "../../../src/papers/cycleguardian/rows.js";
import type { TestPath } from "../../../src/papers/testPath.js";
import { Streams } from "../../../src/random/streams.js";
import { type TensorFlow, tf } from "../../../src/tensorflow.js";
import { wholeIcbhi } from "../../datasets/icbhi/layoutFixture.js";

const RATE = 4000;
const CLIPS: Readonly<Record<string, Float32Array>> = {
  "one sample": Float32Array.of(0.5),
  "5 ms, less than a frame": Float32Array.from({ length: 20 }, (_, i) => Math.sin(i)),
  "2 s of silence": new Float32Array(2 * RATE),
  "2 s of a constant": new Float32Array(2 * RATE).fill(0.25),
};
const PATHS: Readonly<Record<string, TestPath>> = {
  paper: cycleguardianTestPath("paper"),
  authors: cycleguardianTestPath("authors"),
  "stored maps": adaptedTestPath(),
};

describe.each(Object.entries(PATHS))("inputs of %s", (_, testPath) => {
  test.each(Object.entries(CLIPS))("are finite for %s", (__, clip) => {
    const [map] = testPath.maps(clip, RATE);
    expect(map!.data.every(Number.isFinite)).toBe(true);
  });

  test("are refused for a clip of no samples", () => {
    expect(() => testPath.maps(new Float32Array(0), RATE)).toThrow(/no samples|0 samples/);
  });
});

describe("losses and gradients are finite", () => {
  const SHAPE = { rows: 84, frames: 60, channels: 3, framesPerGroup: 20, stride: 15 };
  const BATCH = 4;
  let network: CycleguardianNetwork;
  beforeAll(() => {
    network = cycleguardianNetwork(SHAPE, { classes: 4, clusters: 5 });
    initialiseWeights(network.whole, new Streams(3));
  });
  afterAll(() => network.whole.dispose());

  /** Total loss, its parts and all gradients of one step of the whole system. */
  function stepped(
    x: TensorFlow.Tensor4D,
    classes: readonly number[],
    over: Partial<CycleguardianRecipe> = {},
  ): number[] {
    return tf.tidy(() => {
      const profile = { classes: 4, preset: "paper", profile: "full" } as const;
      const row = cycleguardianRow("cycleguardian/table2", "Ours (soft cos)");
      const recipe = { ...cycleguardianRecipe(row, profile), ...over };
      const targets = tf.oneHot(tf.tensor1d([...classes], "int32"), 4, 1, 0, "float32");
      const mode = { training: true, ...drawMixing(new Streams(7).stream("mixing", 1, 0), BATCH, 3) };
      const objective = cycleguardianObjective(network, recipe);
      const parts: TensorFlow.Tensor[] = [];
      const { value, grads } = tf.variableGrads(
        () => {
          const made = objective(x, targets as TensorFlow.Tensor2D, mode);
          parts.push(...Object.values(made.parts!).map((part) => tf.keep(part!)));
          return made.value;
        },
        learntParameters(network, recipe),
      );
      const sums = Object.values(grads).map((gradient) => tf.sum(tf.abs(gradient)));
      const numbers = [value, ...parts, ...sums].map((one) => one.dataSync()[0]!);
      tf.dispose(parts);
      return numbers;
    });
  }
  const shape = [BATCH, SHAPE.rows, SHAPE.frames, SHAPE.channels] as [number, number, number, number];
  const noise = () => tf.randomNormal(shape, 0, 1, "float32", 5) as TensorFlow.Tensor4D;

  test("of a batch of silent cycles", () => {
    expect(stepped(tf.zeros(shape), [0, 1, 2, 3]).every(Number.isFinite)).toBe(true);
  });

  test("of a batch of one class, with each rule of negatives", () => {
    for (const negatives of ["all", "other labels"] as const)
      expect(stepped(noise(), [2, 2, 2, 2], { negatives }).every(Number.isFinite)).toBe(true);
  });

  test("of clusters that no group is in", () => {
    const layer = network.whole.getLayer("cluster.assignment");
    const [before] = layer.getWeights().map((weight) => weight.clone());
    const far = tf.tidy(() => tf.add(before!, tf.tensor2d([0, 1e3, 1e6, -1e9, 1e15], [5, 1]))); // [clusters, 128]
    layer.setWeights([far]);
    const x = noise();
    const { hard, clusters, logits } = inside(network, x);
    const occupied = hard.sum([0, 1]).arraySync() as number[];
    expect(occupied.filter((groups) => groups === 0)).toHaveLength(4);
    for (const tensor of [clusters, logits]) expect(tensor.dataSync().every(Number.isFinite)).toBe(true);
    expect(stepped(x, [0, 1, 2, 3]).every(Number.isFinite)).toBe(true);
    layer.setWeights([before!]);
  });
});

test("a fold list that misses a patient is refused by line, for folds", () => {
  const dataDir = wholeIcbhi();
  const list = path.join(dataDir, "icbhi", "patient_list_foldwise.txt");
  const [, ...others] = readFileSync(list, "utf8").trim().split("\n");
  writeFileSync(list, `${others.join("\n")}\n`);
  const prepare = (fold: string) =>
    paper.prepare({
      ...{ experiment: "cycleguardian/fig8", row: "Ours (cos)", task: "4-class", fold, seed: 0, dataDir },
      ...{ protocol: "honest", preset: "paper", profile: "full" },
    });
  expect(() => prepare("fold0")).toThrow("does not name patient 301, so the folds do not cover the set");
});
