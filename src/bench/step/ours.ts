import { compile } from "../../engine/compile.js";
import { crossEntropy } from "../../losses/crossEntropy.js";
import { leanCnn } from "../../nn/backbones/leanCnn.js";
import { resnet18 } from "../../nn/backbones/resnet18.js";
import { resnet34 } from "../../nn/backbones/resnet34.js";
import { initialiseWeights } from "../../nn/init/initialise.js";
import { Streams } from "../../random/streams.js";
import { type TensorFlow, tf } from "../../tensorflow.js";
import { trainableParameters } from "../../training/frozenLayers.js";
import { Adam } from "../../training/optimizers/adam.js";
import { Sgd } from "../../training/optimizers/sgd.js";
import { trainingStep } from "../../training/trainingStep.js";
import { answerRounds } from "../answerRounds.js";
import { matrixProductPeak } from "../machinePeak.js";
import { stepOperations } from "../stepCost.js";
import type { StepCase } from "./cases.js";

export interface OursOptions extends StepCase {
  mode: "captured" | "eager";
  bf16: boolean;
}

const NETWORKS = { resnet18, resnet34, "lean-cnn": leanCnn } as const;

/**
 * The contestant that is us. A step is what training does: batch into tensors,
 * one call of the compiled step, the loss read back.
 */
export async function runOurs(options: OursOptions): Promise<void> {
  const { network, batch, rows, frames, channels, classes, optimizer: kind, mode, bf16 } = options;
  const operationsPerSecond = matrixProductPeak();
  const model = NETWORKS[network]({ rows, frames, channels }, classes);
  const streams = new Streams(1);
  initialiseWeights(model, streams);
  const parameters = trainableParameters(model);
  const optimizer =
    kind === "adam"
      ? new Adam(parameters, { weightDecay: 1e-4 })
      : new Sgd(parameters, { momentum: 0.9, weightDecay: 5e-4 });
  const plain = trainingStep({ model, optimizer, loss: crossEntropy });
  const step = compile(
    (inputs: TensorFlow.Tensor4D, targets: TensorFlow.Tensor2D, numbers: TensorFlow.Tensor1D) =>
      plain(inputs, targets, numbers),
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
    const tensors: [TensorFlow.Tensor4D, TensorFlow.Tensor2D, TensorFlow.Tensor1D] = [
      tf.tensor4d(inputs, [batch, rows, frames, channels]),
      tf.tensor2d(targets, [batch, classes]),
      tf.tensor1d(optimizer.stepNumbers(1e-3)),
    ];
    const outputs = step(...tensors);
    const loss = outputs[0].dataSync()[0]!;
    tf.dispose([...tensors, ...outputs]);
    optimizer.step++;
    done++;
    return loss;
  };
  one();
  one();
  await answerRounds(
    {
      captured: step.captured,
      traceMilliseconds: step.traces[0]?.milliseconds ?? null,
      operations: stepOperations(model, batch),
      operationsPerSecond,
    },
    one,
  );
}
