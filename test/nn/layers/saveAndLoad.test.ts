import { describe, expect, test } from "vitest";
import { initialiseWeights } from "../../../src/nn/init/initialise.js";
import { Conv2d } from "../../../src/nn/layers/conv2d.js";
import { Dropout } from "../../../src/nn/layers/dropout.js";
import { Linear } from "../../../src/nn/layers/linear.js";
import { readWeights, writeWeights } from "../../../src/nn/weights/modelWeights.js";
import { Streams } from "../../../src/random/streams.js";
import { type TensorFlow, tf } from "../../../src/tensorflow.js";
import { throughMemory } from "../throughMemory.js";
import { answerLayerCases, caseInput, type LayerCase, layerCases, ownLayerCases } from "./layerCases.js";

const everyCase = { ...layerCases, ...ownLayerCases, ...answerLayerCases };

function modelOf({ make, shape, features }: LayerCase): TensorFlow.LayersModel {
  const own = features || shape.length < 3 ? shape.slice(1) : [...shape.slice(2), shape[1]!];
  const inputs = tf.input({ shape: own });
  const model = tf.model({ inputs, outputs: make("part.0.layer").apply(inputs) as TensorFlow.SymbolicTensor });
  initialiseWeights(model, new Streams(3));
  return model;
}

const answer = (model: TensorFlow.LayersModel, x: TensorFlow.Tensor, training: boolean) =>
  tf.tidy(() => [...(model.apply(x, { training }) as TensorFlow.Tensor).dataSync()]);

describe("model.save and loading", () => {
  test.each(Object.entries(everyCase))("%s: the loaded model answers the same, in both modes", async (_, layerCase) => {
    const model = modelOf(layerCase);
    const loaded = await throughMemory(model);
    const x = caseInput(layerCase);
    expect(loaded.getLayer("part.0.layer").getConfig()).toEqual(model.getLayer("part.0.layer").getConfig());
    expect([...readWeights(loaded)]).toEqual([...readWeights(model)]);
    for (const training of [false, true]) expect(answer(loaded, x, training)).toEqual(answer(model, x, training));
    expect([...readWeights(loaded)]).toEqual([...readWeights(model)]);
    for (const one of [model, loaded]) one.dispose();
    x.dispose();
  });

  test("options that only matter to initialisation and training come back too", async () => {
    const inputs = tf.input({ shape: [4, 4, 2] });
    const convolution = new Conv2d({ filters: 2, kernelSize: 3, init: { normal: 0.5 }, name: "conv" });
    const outputs = new Dropout({ rate: 0.3, name: "drop" }).apply(
      convolution.apply(inputs),
    ) as TensorFlow.SymbolicTensor;
    const loaded = await throughMemory(tf.model({ inputs, outputs }));
    expect(loaded.getLayer("conv").getConfig()).toMatchObject({ filters: 2, kernelSize: 3, init: { normal: 0.5 } });
    expect(loaded.getLayer("drop").getConfig()).toMatchObject({ rate: 0.3 });
  });

  test("a topology from before an option was there loads with the meaning it had", async () => {
    // As `saveModel` wrote it when convolutions had four options and norms none.
    const layer = (className: string, config: object, from: string) => ({
      class_name: className,
      config: { trainable: true, dtype: "float32", ...config },
      name: (config as { name: string }).name,
      inbound_nodes: [[[from, 0, 0, {}]]],
    });
    const input = { name: "input", batch_input_shape: [null, 8, 8, 1], dtype: "float32", sparse: false };
    const old = {
      class_name: "Model",
      config: {
        name: "old",
        layers: [
          { class_name: "InputLayer", config: input, name: "input", inbound_nodes: [] },
          layer("AuscultConv2d", { name: "c", filters: 2, kernel_size: 3, stride: 2, padding: 1 }, "input"),
          layer("AuscultBatchNorm2d", { name: "b" }, "c"),
          layer("AuscultMaxPool2d", { name: "p", size: 3, stride: 2, padding: 1 }, "b"),
        ],
        input_layers: [["input", 0, 0]],
        output_layers: [["p", 0, 0]],
      },
    };
    const loaded = await tf.models.modelFromJSON({ modelTopology: old } as never);
    const names = ["c/kernel", "b/scale", "b/offset", "b/runningMean", "b/runningVariance"];
    expect([...readWeights(loaded).keys()]).toEqual(names);
    expect(loaded.getLayer("b").getConfig()).toMatchObject({ convention: "torch", epsilon: 1e-5, momentum: 0.1 });
    expect(loaded.outputs[0]!.shape).toEqual([null, 2, 2, 2]);
  });
});

test("model.summary() prints every layer with its shape and parameters", () => {
  const lines: string[] = [];
  for (const layerCase of Object.values(everyCase)) {
    modelOf(layerCase).summary(undefined, undefined, (line: string) => lines.push(line));
  }
  // Three input channels, four filters, 3x3, bias: 3 * 4 * 9 + 4.
  expect(lines.find((line) => line.includes("AuscultConv2d"))).toMatch(/part\.0\.layer.*\[null,7,10,4\]\s+112\s/);
  expect(lines.filter((line) => line.includes("part.0.layer")).length).toBe(Object.keys(everyCase).length);
});

test("a model within a model: its weights carry its name, start by its own place, and can be written back", () => {
  const build = () => {
    const inner = tf.input({ shape: [3] });
    const encoder = tf.model({
      inputs: inner,
      outputs: new Linear({ units: 3, name: "fc" }).apply(inner) as TensorFlow.SymbolicTensor,
      name: "encoder",
    });
    const inputs = tf.input({ shape: [3] });
    const outputs = new Linear({ units: 3, name: "fc" }).apply(encoder.apply(inputs)) as TensorFlow.SymbolicTensor;
    const model = tf.model({ inputs, outputs });
    return model;
  };
  const [first, second] = [build(), build()];
  initialiseWeights(first, new Streams(1));
  const weights = readWeights(first);
  expect([...weights.keys()]).toEqual(["encoder.fc/weight", "encoder.fc/bias", "fc/weight", "fc/bias"]);
  expect(weights.get("encoder.fc/weight")!.values).not.toEqual(weights.get("fc/weight")!.values);
  writeWeights(second, weights);
  expect([...readWeights(second)]).toEqual([...weights]);
});
