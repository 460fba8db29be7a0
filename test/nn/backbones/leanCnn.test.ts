import { describe, expect, test } from "vitest";
import { crossEntropy } from "../../../src/losses/crossEntropy.js";
import { leanCnn } from "../../../src/nn/backbones/leanCnn.js";
import { initialiseWeights } from "../../../src/nn/init/initialise.js";
import { readWeights, writeWeights } from "../../../src/nn/weights/modelWeights.js";
import { Streams } from "../../../src/random/streams.js";
import { type TensorFlow, tf } from "../../../src/tensorflow.js";
import { fromTorch, noise } from "../torchNames.js";
import { expectItemsAlone } from "./itemsAlone.js";

/*
 * Constants of torch 2.15.0, in float64; `noise` as in torchResnets.ts:
 *
 * from torch.nn import *
 * net = Sequential(Conv2d(1, 2, 3), ReLU(), MaxPool2d(2), Conv2d(2, 8, 3), ReLU(), MaxPool2d(2), Flatten(),
 *                  Linear(8 * 3 * 4, 16), ReLU(), Linear(16, 8), ReLU(), Linear(8, 3)).double()
 * with torch.no_grad():
 *     for seed, p in enumerate(net.parameters()): p.copy_((0.5 * noise(p.numel(), seed)).float().reshape(p.shape))
 * x = noise(3 * 18 * 23, 1000).float().double().reshape(3, 1, 18, 23)
 * logits = net(x); loss = torch.nn.functional.cross_entropy(logits, torch.tensor([0, 2, 1])); loss.backward()
 * print(logits.flatten().tolist(), loss.item(), [p.grad.norm().item() for p in net.parameters()])
 */
const torch = {
  logits: [
    2.3640305, 0.0604818336, -0.586179939, 2.86063746, 0.381663821, -0.850434595, 2.59680718, 0.00638146803,
    -0.42999678,
  ],
  loss: 2.220806850591349,
  gradientNorms: [
    2.6361791, 2.23766728, 4.58297059, 1.60320081, 3.60779157, 0.39235836, 4.00254655, 0.404892834, 3.51030947,
    0.678384564,
  ],
};
// Sums of up to 96 products, five in a row: each is off by about sqrt(96) half units in the last place, 6e-7.
const TOLERANCE = 5e-6;

/** fc1's columns: PyTorch flattens [channels, height, width], we [height, width, channels]. */
function fc1FromTorch(values: Float32Array, [channels, height, width]: [number, number, number]): Float32Array {
  return tf.tidy(() => {
    const units = values.length / (channels * height * width);
    const whole = tf.tensor4d(values, [units, channels, height, width]);
    return tf.transpose(whole, [2, 3, 1, 0]).dataSync() as Float32Array;
  });
}

describe("the lean CNN", () => {
  test("equals PyTorch's: logits, loss, every gradient", () => {
    const model = leanCnn({ rows: 18, frames: 23, channels: 1 }, 3, { filters: [2, 8], hidden: [16, 8] });
    const named = [...readWeights(model)];
    const weights = named.map(
      (
        [
          name,
          {
            shape,
            values: { length },
          },
        ],
        seed,
      ) => {
        const values = Float32Array.from(noise(length, seed), (value) => 0.5 * value);
        if (name !== "fc1/weight") return [name, fromTorch(values, shape)] as const;
        return [name, { dtype: "F32", shape, values: fc1FromTorch(values, [8, 3, 4]) }] as const;
      },
    );
    writeWeights(model, new Map(weights));
    const before = tf.memory().numTensors;
    const variables = model.trainableWeights.map((weight) => weight.read() as TensorFlow.Variable);
    tf.tidy(() => {
      const x = tf.tensor4d(Float32Array.from(noise(3 * 18 * 23, 1000)), [3, 18, 23, 1]);
      const y = tf.tensor2d([1, 0, 0, 0, 0, 1, 0, 1, 0], [3, 3]);
      let logits: Float32Array = new Float32Array();
      const { value, grads } = tf.variableGrads(() => {
        const out = model.apply(x, { training: true }) as TensorFlow.Tensor2D;
        logits = out.dataSync() as Float32Array;
        return crossEntropy(out, y);
      }, variables);
      torch.logits.forEach((wanted, i) => {
        expect(Math.abs(logits[i]! - wanted)).toBeLessThan(3 * TOLERANCE);
      });
      expect(Math.abs(value.dataSync()[0]! - torch.loss)).toBeLessThan(3 * TOLERANCE);
      variables.forEach(({ name }, i) => {
        const norm = tf.norm(grads[name]!).dataSync()[0]!;
        expect(Math.abs(norm / torch.gradientNorms[i]! - 1), name).toBeLessThan(TOLERANCE);
      });
    });
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
  });

  test("has the paper's 10,331,702 parameters for 2 classes at 64 x 187", () => {
    const model = leanCnn({ rows: 64, frames: 187, channels: 1 }, 2);
    expect(model.countParams()).toBe(10_331_702);
    expect((model.getLayer("flatten").output as TensorFlow.SymbolicTensor).shape).toEqual([null, 40_320]);
    model.dispose();
  });

  test("an item's logits depend neither on its batch nor on the order", () => {
    const model = leanCnn({ rows: 30, frames: 41, channels: 2 }, 4, { hidden: [32, 8], kernelSize: 4 });
    initialiseWeights(model, new Streams(1));
    expectItemsAlone(model, 30, 41, 2);
    model.dispose();
  });

  test("an input too small for it is refused with a layer's name", () => {
    expect(() => leanCnn({ rows: 64, frames: 6, channels: 1 }, 2)).toThrow("conv2: an axis of 2 cells is shorter than");
  });
});
