import { describe, expect, test } from "vitest";
import { CLASSIFIER, LAST_MAP, type Vgg16Options, vgg16 } from "../../../src/nn/backbones/vgg16.js";
import { initialiseWeights } from "../../../src/nn/init/initialise.js";
import { dropoutSeed } from "../../../src/nn/layers/dropout.js";
import { readWeights, weightShapes } from "../../../src/nn/weights/modelWeights.js";
import { Streams } from "../../../src/random/streams.js";
import { type TensorFlow, tf } from "../../../src/tensorflow.js";
import { torchName, torchShape } from "../torchNames.js";
import { expectItemsAlone } from "./itemsAlone.js";

/*
 * torchvision 0.29.2:
 *
 * net = torchvision.models.vgg16_bn(num_classes=4)
 * print([name for name, part in net.features.named_children() if isinstance(part, torch.nn.Conv2d)])
 */
const convolutions = [0, 3, 7, 10, 14, 17, 20, 24, 27, 30, 34, 37, 40];
const filters = [64, 64, 128, 128, 256, 256, 256, 512, 512, 512, 512, 512, 512];

/** Names and shapes of torchvision's state, with another number of input channels, hidden units and outputs. */
function torchvisionState(channels: number, hidden: number, outputs: number): [string, number[]][] {
  const features = convolutions.flatMap((place, i): [string, number[]][] => {
    const [count, inputs] = [filters[i]!, filters[i - 1] ?? channels];
    const norm = ["weight", "bias", "running_mean", "running_var"].map((part): [string, number[]] => [
      `features.${place + 1}.${part}`,
      [count],
    ]);
    return [[`features.${place}.weight`, [count, inputs, 3, 3]], [`features.${place}.bias`, [count]], ...norm];
  });
  const sides = [512 * 7 * 7, hidden, hidden, outputs];
  const classifier = [0, 3, 6].flatMap((place, i): [string, number[]][] => [
    [`classifier.${place}.weight`, [sides[i + 1]!, sides[i]!]],
    [`classifier.${place}.bias`, [sides[i + 1]!]],
  ]);
  return [...features, ...classifier];
}

const product = (sides: readonly number[]) => sides.reduce((all, side) => all * side, 1);
const shapeOf = (model: TensorFlow.LayersModel, layer: string) =>
  (model.getLayer(layer).output as TensorFlow.SymbolicTensor).shape;

function initialised(options: Vgg16Options = {}): TensorFlow.LayersModel {
  const model = vgg16({ rows: 33, frames: 65, channels: 2 }, 4, { hidden: 8, ...options });
  initialiseWeights(model, new Streams(1));
  return model;
}

describe("VGG16", () => {
  test("has torchvision's weights, by name and shape, and its 134,284,228 parameters for one channel and 4 outputs", () => {
    const model = vgg16({ rows: 128, frames: 345, channels: 1 }, 4);
    const ours = [...weightShapes(model)].map(([name, shape]): [string, number[]] => [
      torchName(name),
      torchShape(shape),
    ]);
    const wanted = torchvisionState(1, 4096, 4);
    expect(Object.fromEntries(ours)).toEqual(Object.fromEntries(wanted));
    // torchvision's 138,365,992 for three channels and 1,000 classes, less two channels of 64 3x3 kernels and 996 classes.
    expect(model.trainableWeights.reduce((sum, { shape }) => sum + product(shape as number[]), 0)).toBe(
      138_365_992 - 2 * 64 * 9 - 996 * 4097,
    );
    model.dispose();
  });

  test("the last map is a 32nd of the input's sides, logits are one for each output", () => {
    const model = vgg16({ rows: 128, frames: 345, channels: 1 }, 3, { hidden: 2 });
    expect(shapeOf(model, LAST_MAP)).toEqual([null, 4, 10, 512]);
    expect(shapeOf(model, "avgpool")).toEqual([null, 7, 7, 512]);
    expect(model.getLayer("avgpool").input).toBe(model.getLayer(LAST_MAP).output);
    expect(model.outputs[0]).toBe(model.getLayer(CLASSIFIER).output);
    expect(model.outputs[0]!.shape).toEqual([null, 3]);
    model.dispose();
  });

  test("starts as torchvision's: He's normal by fan-out, hidden layers normal of 0.01, all biases 0", () => {
    const model = initialised({ hidden: 64 });
    const weights = readWeights(model);
    const wanted = new Map(
      convolutions.map((place, i) => [`features.${place}/kernel`, Math.sqrt(2 / (9 * filters[i]!))]),
    );
    for (const place of [0, 3]) wanted.set(`classifier.${place}/weight`, 0.01);
    for (const [name, deviation] of wanted) {
      const values = weights.get(name)!.values as Float32Array;
      const found = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
      // Off by its own deviation of 1 / sqrt(2 count), here five times that.
      expect(Math.abs(found / deviation - 1), name).toBeLessThan(5 / Math.sqrt(2 * values.length));
    }
    const biases = [...weights].filter(([name]) => name.endsWith("/bias"));
    expect(biases).toHaveLength(16);
    for (const [name, { values }] of biases)
      expect(
        values.every((value) => value === 0),
        name,
      ).toBe(true);
    model.dispose();
  });

  test("an item's logits depend neither on its batch nor on the order", () => {
    const model = initialised();
    expectItemsAlone(model, 33, 65, 2);
    model.dispose();
  });

  test("training drops by the seed, after both hidden layers", () => {
    const model = initialised();
    const answer = (seed: number) =>
      tf.tidy(() => {
        const mode = { training: true, dropoutSeed: dropoutSeed(new Streams(seed).stream("dropout", 1, 0)) };
        const x = tf.randomNormal([2, 33, 65, 2], 0, 1, "float32", 3);
        return [...(model.apply(x, mode as never) as TensorFlow.Tensor).dataSync()];
      });
    const first = answer(1);
    expect(answer(1)).toEqual(first);
    expect(answer(2)).not.toEqual(first);
    const rates = ["classifier.2", "classifier.5"].map((name) => model.getLayer(name).getConfig().rate);
    expect(rates).toEqual([0.5, 0.5]);
    model.dispose();
  });

  test("an input too small for it is refused with a layer's name", () => {
    expect(() => vgg16({ rows: 31, frames: 64, channels: 1 }, 2, { hidden: 2 })).toThrow(
      "features.43: an axis of 1 cells is shorter than the layer's window of 2",
    );
  });
});
