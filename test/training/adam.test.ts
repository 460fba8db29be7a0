import { expect, test } from "vitest";
import { type TensorFlow, tf } from "../../src/tensorflow.js";
import { Adam } from "../../src/training/adam.js";

/*
 * torch 2.15.0:
 * for wd in (0.0, 0.01):
 *     p = torch.nn.Parameter(torch.tensor([1.0, -2.0, 0.5])); opt = torch.optim.Adam([p], lr=0.1, weight_decay=wd)
 *     for t in range(20):
 *         opt.zero_grad(); (p * torch.tensor([1.0, 2.0, 3.0]) * (t + 1)).sin().sum().backward(); opt.step()
 *         if t in (0, 1, 19): print(wd, t, p.tolist())
 */
const torch = new Map([
  [0, [[0.8999999761581421, -1.899999976158142, 0.4000000059604645], [0.8966399431228638, -1.8922573328018188, 0.4711197316646576], [0.9681372046470642, -1.896141767501831, 0.5318675637245178]]],
  [0.01, [[0.8999999761581421, -1.899999976158142, 0.4000000059604645], [0.8947567939758301, -1.8906126022338867, 0.4710371196269989], [0.964963436126709, -1.8962723016738892, 0.5548287034034729]]],
]); // biome-ignore format: three trajectories each

const factors = [1, 2, 3];

function gradientAt(values: ArrayLike<number>, step: number): TensorFlow.Tensor {
  return tf.tensor1d(factors.map((factor, i) => Math.cos(values[i]! * factor * (step + 1)) * factor * (step + 1)));
}

test.each([...torch])("trajectory with weight decay %s equals torch.optim.Adam's", (weightDecay, wanted) => {
  const parameter = tf.variable(tf.tensor1d([1, -2, 0.5]));
  const adam = new Adam([parameter], { learningRate: 0.1, weightDecay });
  const seen: number[][] = [];
  for (let step = 0; step < 20; step++) {
    const gradient = gradientAt(parameter.dataSync(), step);
    adam.apply([gradient]);
    gradient.dispose();
    if ([0, 1, 19].includes(step)) seen.push([...parameter.dataSync()]);
  }
  // The gradient's phase is (step + 1) p, so a rounding error of 6e-8 grows up to sixtyfold in a step; 1e-4 after twenty.
  wanted.forEach((values, i) => {
    const off = Math.max(...values.map((value, k) => Math.abs(seen[i]![k]! - value)));
    expect(off).toBeLessThan(i < 2 ? 1e-6 : 1e-4);
  });
});

test("restored moments and step go on as if never interrupted", () => {
  const run = (interruptAt: number | undefined) => {
    const parameter = tf.variable(tf.tensor1d([1, -2, 0.5]));
    let adam = new Adam([parameter], { learningRate: 0.1, weightDecay: 0.01 });
    for (let step = 0; step < 10; step++) {
      if (step === interruptAt) {
        const kept = { step: adam.step, tensors: adam.tensors() };
        adam = new Adam([parameter], { learningRate: 0.1, weightDecay: 0.01 });
        adam.restore(kept.step, kept.tensors);
      }
      adam.apply([gradientAt(parameter.dataSync(), step)]);
    }
    return [...parameter.dataSync()];
  };
  expect(run(5)).toEqual(run(undefined));
});

test.each([0, -1, Number.NaN, Infinity])("learning rate %s is refused", (learningRate) => {
  expect(() => new Adam([], { learningRate })).toThrow("learningRate must be a positive number");
});
