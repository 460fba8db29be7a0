import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { crossEntropy } from "../../../src/losses/crossEntropy.js";
import { clusteringLoss, studentAssignment } from "../../../src/losses/deepClustering.js";
import { mixContrast } from "../../../src/losses/mixContrast.js";
import { clusterSimilarity } from "../../../src/losses/softCosine.js";
import { initialiseWeights } from "../../../src/nn/init/initialise.js";
import { readWeights } from "../../../src/nn/weights/modelWeights.js";
import { drawMixing } from "../../../src/papers/cycleguardian/drawMixing.js";
import { type CycleguardianNetwork, cycleguardianNetwork } from "../../../src/papers/cycleguardian/network.js";
import {
  cycleguardianObjective,
  learntParameters,
  lossParts,
  MIXING_DRAWS,
} from "../../../src/papers/cycleguardian/objective.js";
import { type CycleguardianRecipe, cycleguardianRecipe } from "../../../src/papers/cycleguardian/recipe.js";
import { cycleguardianRow } from "../../../src/papers/cycleguardian/rows.js";
import { Streams } from "../../../src/random/streams.js";
import { type TensorFlow, tf } from "../../../src/tensorflow.js";
import { Adam } from "../../../src/training/optimizers/adam.js";
import { compiledStep, runStep, type StepSource } from "../../../src/training/runStep.js";

const SHAPE = { rows: 12, frames: 30, channels: 3, framesPerGroup: 10, stride: 10 };
const BATCH = 4;

const recipeOf = (experiment: string, row: string, over: Partial<CycleguardianRecipe> = {}): CycleguardianRecipe => ({
  ...cycleguardianRecipe(cycleguardianRow(`cycleguardian/${experiment}`, row), {
    ...{ classes: 4, preset: "paper", profile: "full" },
  }),
  ...over,
});

describe("CycleGuardian's objective", () => {
  let network: CycleguardianNetwork;
  let inputs: TensorFlow.Tensor4D;
  let targets: TensorFlow.Tensor2D;
  beforeAll(() => {
    network = cycleguardianNetwork(SHAPE, { classes: 4, clusters: 5 });
    initialiseWeights(network.whole, new Streams(3));
    // Else the vector of a cluster without groups is zero, and similar to none.
    const [, offset] = network.whole.getLayer("groupFusion.norm2").weights;
    const values = tf.randomNormal(offset!.shape as number[], 0, 1, "float32", 9);
    offset!.write(values);
    values.dispose();
    inputs = tf.randomNormal(
      [BATCH, SHAPE.rows, SHAPE.frames, SHAPE.channels],
      0,
      1,
      "float32",
      5,
    ) as TensorFlow.Tensor4D;
    targets = tf.oneHot(tf.tensor1d([0, 1, 2, 3], "int32"), 4, 1, 0, "float32") as TensorFlow.Tensor2D;
  });
  afterAll(() => {
    tf.dispose([inputs, targets]);
    network.whole.dispose();
  });

  const mixing = () => drawMixing(new Streams(7).stream("mixing", 1, 0), BATCH, 3);

  test("is cross-entropy of the unmixed branch, and with their weights the other losses of both (papers.md 1.4)", () => {
    tf.tidy(() => {
      const recipe = recipeOf("table2", "Ours (soft cos)");
      const mode = { training: false, ...mixing() };
      const { value, parts } = cycleguardianObjective(network, recipe)(inputs, targets, mode);
      const pass = network.forward(inputs, mode, { training: false });
      const number = (scalar: TensorFlow.Tensor) => scalar.dataSync()[0]!;
      const both = (of: (branch: typeof pass.plain) => TensorFlow.Scalar) =>
        number(of(pass.plain)) + number(of(pass.mixed!));
      const wanted = {
        classification: number(crossEntropy(pass.plain.logits, targets)),
        clustering: both(({ embeddings }) => clusteringLoss(studentAssignment(embeddings, pass.centres))),
        similarity: both(({ clusters }) => clusterSimilarity(clusters, pass.similarity)),
        contrast: number(
          mixContrast({
            ...{ mixed: pass.mixed!.projected, plain: pass.plain.projected, partner: mode.partner },
            lambda: tf.scalar(1 - mode.replaced.dataSync().filter((one) => one === 1).length / 3),
          }),
        ),
      };
      for (const [name, sum] of Object.entries(wanted)) {
        expect(number(parts![name]!), name).toBeCloseTo(sum, 5);
        expect(sum, name).not.toBe(0);
      }
      const { classification, clustering, similarity, contrast } = wanted;
      expect(number(value)).toBeCloseTo(classification + 128 * clustering + 0.5 * contrast + 0.2 * similarity, 3);
    });
  });

  test.each([
    ["table8", "Base DEC", ["classification", "clustering"]],
    ["table9", "Improved DEC (IDEC)", ["classification", "clustering", "similarity"]],
    ["table9", "Group contrastive learning (GCL)", ["classification", "clustering", "contrast"]],
    ["table2", "Ours (cos)", ["classification", "clustering", "similarity", "contrast"]],
    ["table2", "Ours (soft cos)", ["classification", "clustering", "similarity", "contrast"]],
  ])("of %s, %s, has parts %j; its step moves exactly what they reach", async (experiment, row, wanted) => {
    const recipe = recipeOf(experiment, row);
    expect(lossParts(recipe)).toEqual(wanted);
    const parameters = learntParameters(network, recipe);
    const optimizer = new Adam(parameters);
    const source: StepSource = {
      ...{ model: network.whole, optimizer, objective: cycleguardianObjective(network, recipe) },
      ...{ partNames: lossParts(recipe), drawNames: MIXING_DRAWS, learningRate: () => 1e-3 },
      batch: () => ({
        ...{ inputs: inputs.clone(), targets: targets.clone() },
        ...(recipe.contrast && { draws: { ...mixing() } }),
      }),
    };
    const before = readWeights(network.whole);
    const step = compiledStep(source, "the step");
    const { loss, parts } = await runStep(source, step, 1, 0);
    expect(Number.isFinite(loss)).toBe(true);
    expect(parts).toHaveLength(wanted.length);
    const after = readWeights(network.whole);
    const still = [...before].filter(([name, { values }]) => values.every((v, i) => v === after.get(name)!.values[i]));
    const layers = new Set(still.map(([name]) => name.split("/")[0]!.split(".")[0]!));
    // A part that no loss reaches stands still, to the last bit; biases before a normalisation have no gradient beyond rounding.
    expect(layers.has("similarity")).toBe(recipe.similarity !== "soft cos");
    expect(still.some(([name]) => name.startsWith("projector.fc"))).toBe(!recipe.contrast);
    expect(still.filter(([name]) => name.startsWith("cluster.decoder"))).toHaveLength(2);
    for (const name of ["head/weight", "encoder.conv1/kernel", "cluster.assignment/centres", "groupFusion.fc/weight"])
      expect(still.map(([one]) => one)).not.toContain(name);
    step.dispose();
    optimizer.dispose();
  });

  test("leaves a projector alone that is to stay as it was drawn; its statistics still move", () => {
    const of = (projector: CycleguardianRecipe["projector"]) =>
      learntParameters(network, recipeOf("table2", "Ours (cos)", { projector }));
    const [trained, frozen] = [of("trained"), of("frozen-random")];
    const size = (list: TensorFlow.Variable[]) => list.reduce((sum, one) => sum + one.size, 0);
    expect(size(trained) - size(frozen)).toBe(33_280);
  });
});

test("a mixing takes a whole number of groups, the same for all, and a permutation of the batch", () => {
  const counts = new Set<number>();
  for (let step = 0; step < 40; step++) {
    const { partner, replaced } = drawMixing(new Streams(1).stream("mixing", 1, step), 6, 3);
    expect([...partner.dataSync()].sort()).toEqual([0, 1, 2, 3, 4, 5]);
    counts.add([...replaced.dataSync()].reduce((a, b) => a + b, 0));
    tf.dispose([partner, replaced]);
  }
  // floor(3 (1 - share)) with a share in [0, 1): 3 only at 0.
  expect([...counts].sort()).toEqual([0, 1, 2]);
});
