import { describe, expect, test } from "vitest";
import { type CompileOptions, compile } from "../../../src/engine/compile.js";
import { initialiseWeights } from "../../../src/nn/init/initialise.js";
import { Dropout } from "../../../src/nn/layers/dropout.js";
import { Streams } from "../../../src/random/streams.js";
import { type TensorFlow, tf } from "../../../src/tensorflow.js";
import { caseInput, type LayerCase, layerCases } from "./layerCases.js";

const all: Record<string, LayerCase> = {
  ...layerCases,
  dropout: { make: (name) => new Dropout({ rate: 0.5, name }), shape: [5, 6] },
};

/** Three training steps of one layer, each with its own input and seed: all outputs, gradients and running statistics. */
function threeSteps(layerCase: LayerCase, mode: CompileOptions["mode"]): Float32Array[] {
  const first = caseInput(layerCase);
  const input = tf.input({ batchShape: first.shape });
  const layer = layerCase.make("layer");
  const model = tf.model({ inputs: input, outputs: layer.apply(input) as TensorFlow.SymbolicTensor });
  initialiseWeights(model, new Streams(1));
  const variables = model.trainableWeights.map((weight) => weight.read() as TensorFlow.Variable);
  const trainingStep = (x: TensorFlow.Tensor, dropoutSeed: TensorFlow.Tensor): TensorFlow.Tensor[] =>
    tf.tidy(() => {
      const call = (z: TensorFlow.Tensor) =>
        model.apply(z, { training: true, dropoutSeed } as never) as TensorFlow.Tensor;
      const loss = (z: TensorFlow.Tensor) => tf.sum(tf.square(call(z))) as TensorFlow.Scalar;
      const forInput: TensorFlow.Tensor = tf.grad(loss)(x);
      const gradients = variables.length > 0 ? tf.variableGrads(() => loss(x), variables).grads : {};
      for (const variable of variables) {
        variable.assign(tf.sub(variable, tf.mul((gradients as TensorFlow.NamedTensorMap)[variable.name]!, 1e-3)));
      }
      return [call(x), forInput, ...Object.values<TensorFlow.Tensor>(gradients)];
    });
  const step = compile(trainingStep, { mode });
  expect(step.captured).toBe(mode === "captured");
  const results = [1, 2, 3].flatMap((k) => {
    const x = tf.mul(first, 1 / k);
    const seed = tf.tensor1d([k, 7], "int32");
    const outputs = step(x, seed);
    const values = [...outputs, ...model.weights.map((weight) => weight.read())].map((t) => t.dataSync().slice());
    tf.dispose([x, seed, outputs]);
    return values as Float32Array[];
  });
  step.dispose();
  model.dispose();
  first.dispose();
  return results;
}

describe("a captured step gives what the eager one gives, bit for bit, with every layer", () => {
  test.each(Object.entries(all))("%s", (_, layerCase) => {
    const before = tf.memory().numTensors;
    expect(threeSteps(layerCase, "captured")).toEqual(threeSteps(layerCase, "eager"));
    expect(tf.memory().numTensors).toBe(before);
  });
});
