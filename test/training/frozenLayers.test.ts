import { describe, expect, test } from "vitest";
import { crossEntropy } from "../../src/losses/crossEntropy.js";
import { initialiseWeights } from "../../src/nn/init/initialise.js";
import { BatchNorm2d } from "../../src/nn/layers/batchNorm2d.js";
import { Conv2d } from "../../src/nn/layers/conv2d.js";
import { Dropout, dropoutSeed } from "../../src/nn/layers/dropout.js";
import { Linear } from "../../src/nn/layers/linear.js";
import { readWeights } from "../../src/nn/weights/modelWeights.js";
import { Streams } from "../../src/random/streams.js";
import { type TensorFlow, tf } from "../../src/tensorflow.js";
import { freezeLayers, trainableParameters } from "../../src/training/frozenLayers.js";
import { Adam } from "../../src/training/optimizers/adam.js";
import { trainingStep } from "../../src/training/trainingStep.js";

type Symbolic = TensorFlow.SymbolicTensor;

function encoderAndClassifier(): TensorFlow.LayersModel {
  const input = tf.input({ shape: [4, 4, 1] });
  let x = new Conv2d({ filters: 3, kernelSize: 3, padding: 1, name: "encoder.conv" }).apply(input) as Symbolic;
  x = new BatchNorm2d({ name: "encoder.norm" }).apply(x) as Symbolic;
  x = new Dropout({ rate: 0.5, name: "encoder.dropout" }).apply(x) as Symbolic;
  x = tf.layers.globalAveragePooling2d({ name: "pool" }).apply(x) as Symbolic;
  const model = tf.model({ inputs: input, outputs: new Linear({ units: 2, name: "classifier" }).apply(x) as Symbolic });
  initialiseWeights(model, new Streams(1));
  return model;
}

const isEncoder = (name: string) => name.startsWith("encoder.");

describe("a frozen encoder", () => {
  test("keeps its weights and running statistics to the last bit, decay or not, and drops nothing", () => {
    const model = encoderAndClassifier();
    freezeLayers(model, isEncoder);
    const parameters = trainableParameters(model);
    const adam = new Adam(parameters, { weightDecay: 0.1 });
    expect(parameters.map(({ shape }) => shape)).toEqual([[3, 2], [2]]);
    expect([...adam.tensors().keys()]).toEqual(["0/first", "0/second", "1/first", "1/second"]);

    const before = readWeights(model);
    const step = trainingStep({ model, optimizer: adam, loss: crossEntropy });
    const inputs = tf.randomNormal([6, 4, 4, 1], 0, 1, "float32", 3) as TensorFlow.Tensor4D;
    const targets = tf.tensor2d([1, 0, 1, 0, 1, 0, 0, 1, 0, 1, 0, 1], [6, 2]);
    const evaluated = (
      crossEntropy(model.apply(inputs) as TensorFlow.Tensor2D, targets) as TensorFlow.Scalar
    ).dataSync();
    // No seed is needed: dropout is off. The loss is that of evaluation mode.
    const [loss] = step(inputs, targets, tf.tensor1d(adam.stepNumbers(0.1)));
    expect(loss.dataSync()[0]).toBe(evaluated[0]);
    for (let t = 0; t < 3; t++) step(inputs, targets, tf.tensor1d(adam.stepNumbers(0.1)));
    const after = readWeights(model);
    for (const [name, tensor] of before) {
      if (isEncoder(name)) expect(after.get(name)).toEqual(tensor);
      else expect(after.get(name)).not.toEqual(tensor);
    }
  });

  test("without it the same step moves all of them", () => {
    const model = encoderAndClassifier();
    const adam = new Adam(trainableParameters(model));
    const before = readWeights(model);
    const inputs = tf.randomNormal([6, 4, 4, 1], 0, 1, "float32", 3) as TensorFlow.Tensor4D;
    const targets = tf.tensor2d([1, 0, 1, 0, 1, 0, 0, 1, 0, 1, 0, 1], [6, 2]);
    const seed = dropoutSeed(new Streams(1).stream("dropout", 1, 0));
    trainingStep({ model, optimizer: adam, loss: crossEntropy })(
      inputs,
      targets,
      tf.tensor1d(adam.stepNumbers(0.1)),
      seed,
    );
    for (const [name, tensor] of readWeights(model)) expect(tensor, name).not.toEqual(before.get(name));
  });

  test("that is nobody, or everybody, is refused", () => {
    const refusal = (message: string) =>
      expect.objectContaining({ name: "UserError", message: expect.stringContaining(message) });
    expect(() => freezeLayers(encoderAndClassifier(), (name) => name === "pool")).toThrow(
      refusal("nothing to freeze: the layers with weights are encoder.conv, encoder.norm, classifier"),
    );
    expect(() => freezeLayers(encoderAndClassifier(), () => true)).toThrow(refusal("nothing is left to train"));
  });
});

test("a parameter that the loss does not reach is told by name", () => {
  const model = encoderAndClassifier();
  const other = tf.variable(tf.zeros([2]), true, "stranger");
  const adam = new Adam([...trainableParameters(model), other]);
  const seed = dropoutSeed(new Streams(1).stream("dropout", 1, 0));
  const step = trainingStep({ model, optimizer: adam, loss: crossEntropy });
  const run = () =>
    step(tf.ones([2, 4, 4, 1]), tf.tensor2d([1, 0, 0, 1], [2, 2]), tf.tensor1d(adam.stepNumbers(0.1)), seed);
  expect(run).toThrow("stranger has no gradient: the loss does not depend on it, or it is frozen");
});
