import { compile } from "../../engine/compile.js";
import { crossEntropy } from "../../losses/crossEntropy.js";
import { leanCnn } from "../../nn/backbones/leanCnn.js";
import { resnet18 } from "../../nn/backbones/resnet18.js";
import { resnet34 } from "../../nn/backbones/resnet34.js";
import { initialiseWeights } from "../../nn/init/initialise.js";
import { Dropout, dropoutSeed } from "../../nn/layers/dropout.js";
import { drawMixing } from "../../papers/cycleguardian/drawMixing.js";
import { groupCount, multiplyAddsPerGroup } from "../../papers/cycleguardian/geometry.js";
import { cycleguardianNetwork } from "../../papers/cycleguardian/network.js";
import { cycleguardianObjective, learntParameters, MIXING_DRAWS } from "../../papers/cycleguardian/objective.js";
import { cycleguardianRecipe } from "../../papers/cycleguardian/recipe.js";
import { cycleguardianRow } from "../../papers/cycleguardian/rows.js";
import { BASELINES, baselineNetwork } from "../../papers/glancegaze/baselines.js";
import { glancegazeNetwork } from "../../papers/glancegaze/network.js";
import type { GlancegazeKind } from "../../papers/glancegaze/rows.js";
import { multibreathLoss } from "../../papers/multibreath/loss.js";
import { multibreathNetwork } from "../../papers/multibreath/network.js";
import { multibreathRecipe } from "../../papers/multibreath/recipe.js";
import { BACKBONES, type MultibreathBackbone } from "../../papers/multibreath/rows.js";
import { type Rng, Streams } from "../../random/streams.js";
import { type TensorFlow, tf } from "../../tensorflow.js";
import { trainableParameters } from "../../training/frozenLayers.js";
import { Adam } from "../../training/optimizers/adam.js";
import { Sgd } from "../../training/optimizers/sgd.js";
import { type TrainingStepOptions, trainingStep } from "../../training/trainingStep.js";
import { answerRounds } from "../answerRounds.js";
import { matrixProductPeak } from "../machinePeak.js";
import { stepOperations } from "../stepCost.js";
import type { StepCase } from "./cases.js";

export interface OursOptions extends StepCase {
  mode: "captured" | "eager";
  bf16: boolean;
}

const NETWORKS = { resnet18, resnet34, "lean-cnn": leanCnn } as const;

/** A network in training: what a step is made of, and what one draws beside its batch. */
interface Trained {
  /** Floating-point operations of a step. */
  operations: number;
  source: TrainingStepOptions;
  draw(rng: Rng): TensorFlow.Tensor[];
}

function classifier(options: StepCase & { network: keyof typeof NETWORKS }): Trained {
  const { network, rows, frames, channels, classes } = options;
  const model = NETWORKS[network]({ rows, frames, channels }, classes);
  initialiseWeights(model, new Streams(1));
  const parameters = trainableParameters(model);
  const optimizer =
    options.optimizer === "adam"
      ? new Adam(parameters, { weightDecay: 1e-4 })
      : new Sgd(parameters, { momentum: 0.9, weightDecay: 5e-4 });
  const operations = stepOperations(model, options.batch);
  return { operations, source: { model, optimizer, loss: crossEntropy }, draw: () => [] };
}

const isMultibreath = (network: StepCase["network"]): network is MultibreathBackbone =>
  BACKBONES.some((backbone) => backbone === network);

/** With attention, and crackle and wheeze as labels; dropout off, as in the reference. */
function multibreath({ network, rows, frames, channels, batch }: StepCase & { network: MultibreathBackbone }): Trained {
  const recipe = multibreathRecipe({ backbone: network, targets: "multi-label", head: "csra" }, "full");
  const inputShape = [rows, frames, channels] as const;
  const dropout = network === "MobileNetV2" ? {} : { dropout: 0 };
  const model = multibreathNetwork({ backbone: network, head: "csra", outputs: recipe.labels, inputShape, ...dropout });
  initialiseWeights(model, new Streams(1));
  const optimizer = new Adam(trainableParameters(model), { weightDecay: recipe.weightDecay });
  const source = { model, optimizer, loss: multibreathLoss(recipe, []) };
  return { operations: stepOperations(model, batch), source, draw: () => [] };
}

const GLANCEGAZE = [...BASELINES, "Proposed"] as const;
const isGlancegaze = (network: StepCase["network"]): network is GlancegazeKind =>
  GLANCEGAZE.some((one) => one === network);

/** With dropout where the network has it. */
function glancegaze({
  network,
  rows,
  frames,
  channels,
  classes,
  batch,
}: StepCase & { network: GlancegazeKind }): Trained {
  const shape = { inputShape: [rows, frames, channels] as const, outputs: classes };
  const model = network === "Proposed" ? glancegazeNetwork(shape) : baselineNetwork({ ...shape, kind: network });
  initialiseWeights(model, new Streams(1));
  const optimizer = new Adam(trainableParameters(model), { weightDecay: 1e-4 });
  const hasDropout = model.layers.some((layer) => layer instanceof Dropout);
  const source = { model, optimizer, loss: crossEntropy, ...(hasDropout && { drawNames: ["dropoutSeed"] }) };
  const draw = (rng: Rng) => (hasDropout ? [dropoutSeed(rng)] : []);
  return { operations: stepOperations(model, batch), source, draw };
}

/** With soft cosine and group mix. */
function cycleguardian({ rows, frames, channels, classes, batch }: StepCase): Trained {
  const row = cycleguardianRow("cycleguardian/table2", "Ours (soft cos)");
  const recipe = cycleguardianRecipe(row, { classes, preset: "paper", profile: "full" });
  const { framesPerGroup, groupStride: stride, clusters } = recipe;
  const shape = { rows, frames, channels, framesPerGroup, stride };
  const network = cycleguardianNetwork(shape, { classes, clusters });
  const model = network.whole;
  initialiseWeights(model, new Streams(1));
  const optimizer = new Adam(learntParameters(network, recipe));
  const objective = cycleguardianObjective(network, recipe);
  return {
    // Forward, and backward twice as much; what follows the group encoder is little.
    operations: 3 * 2 * batch * groupCount(shape) * multiplyAddsPerGroup(shape),
    source: { model, optimizer, objective, drawNames: MIXING_DRAWS },
    draw(rng) {
      const { partner, replaced } = drawMixing(rng, batch, groupCount(shape));
      return [partner, replaced];
    },
  };
}

/**
 * The contestant that is us. A step is what training does: batch into tensors,
 * one call of the compiled step, the loss read back.
 */
export async function runOurs(options: OursOptions): Promise<void> {
  const { network, batch, rows, frames, channels, classes, mode, bf16 } = options;
  const operationsPerSecond = matrixProductPeak();
  const { operations, source, draw } =
    network === "cycleguardian"
      ? cycleguardian(options)
      : isMultibreath(network)
        ? multibreath({ ...options, network })
        : isGlancegaze(network)
          ? glancegaze({ ...options, network })
          : classifier({ ...options, network });
  const { optimizer } = source;
  const streams = new Streams(1);
  const plain = trainingStep(source);
  const step = compile(
    (
      inputs: TensorFlow.Tensor4D,
      targets: TensorFlow.Tensor2D,
      numbers: TensorFlow.Tensor1D,
      ...draws: TensorFlow.Tensor[]
    ) => plain(inputs, targets, numbers, ...draws),
    { name: "train step", mode, bf16 },
  );
  const batches = [0, 1, 2, 3].map((n) => {
    const rng = streams.stream("bench", n);
    const inputs = Float32Array.from({ length: batch * rows * frames * channels }, () => rng.normal());
    const targets = new Float32Array(batch * classes);
    for (let i = 0; i < batch; i++) targets[i * classes + rng.integer(classes)] = 1;
    return { inputs, targets };
  });

  let done = 0;
  const one = (): number => {
    const { inputs, targets } = batches[done % batches.length]!;
    const tensors: [TensorFlow.Tensor4D, TensorFlow.Tensor2D, TensorFlow.Tensor1D, ...TensorFlow.Tensor[]] = [
      tf.tensor4d(inputs, [batch, rows, frames, channels]),
      tf.tensor2d(targets, [batch, classes]),
      tf.tensor1d(optimizer.stepNumbers(1e-3)),
      ...draw(streams.stream("draws", done)),
    ];
    const [loss] = step(...tensors);
    const value = loss.dataSync()[0]!;
    tf.dispose([...tensors, loss]);
    optimizer.step++;
    done++;
    return value;
  };
  one();
  one();
  await answerRounds(
    {
      captured: step.captured,
      traceMilliseconds: step.traces[0]?.milliseconds ?? null,
      operations,
      operationsPerSecond,
    },
    one,
  );
}
