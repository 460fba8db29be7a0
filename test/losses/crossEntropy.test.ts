import { describe, expect, test } from "vitest";
import { crossEntropy } from "../../src/losses/crossEntropy.js";
import { type TensorFlow, tf } from "../../src/tensorflow.js";

/*
 * torch 2.15.0:
 * x = torch.tensor([[1.0, 2.0, -0.5], [0.25, -3.0, 4.0], [100.0, -100.0, 0.0], [0.0, 0.0, 0.0]], requires_grad=True)
 * for y in (torch.tensor([0, 2, 1, 1]), torch.tensor([[0.7, 0.3, 0], [0.2, 0.2, 0.6], [0, 0.5, 0.5], [1, 0, 0]])):
 *     x.grad = None; loss = torch.nn.functional.cross_entropy(x, y); loss.backward()
 *     print(loss.item(), x.grad.flatten().tolist())
 */
const logits = [1, 2, -0.5, 0.25, -3, 4, 100, -100, 0, 0, 0, 0];
const cases = [
  {
    name: "one class each",
    targets: [1, 0, 0, 0, 0, 1, 0, 1, 0, 0, 1, 0],
    loss: 50.623573303222656,
    gradient: [-0.186570942401886, 0.1724180281162262, 0.014152931980788708, 0.005739228799939156, 0.00022253405768424273, -0.005961775779724121, 0.25, -0.25, 9.80908925027372e-45, 0.0833333283662796, -0.1666666716337204, 0.0833333283662796],
  },
  {
    name: "shares of classes",
    targets: [0.7, 0.3, 0, 0.2, 0.2, 0.6, 0, 0.5, 0.5, 1, 0, 0],
    loss: 38.5860710144043,
    gradient: [-0.11157094687223434, 0.09741802513599396, 0.014152931980788708, -0.044260770082473755, -0.04977746680378914, 0.0940382182598114, 0.25, -0.125, -0.125, -0.1666666716337204, 0.0833333283662796, 0.0833333283662796],
  },
]; // biome-ignore format: two gradients

describe("cross-entropy against torch.nn.functional.cross_entropy", () => {
  test.each(cases)("$name: value and gradient", ({ targets, loss, gradient }) => {
    const [value, found] = tf.tidy(() => {
      const oneHot = tf.tensor2d(targets, [4, 3]);
      const { value, grad } = tf.valueAndGrad((x: TensorFlow.Tensor) => crossEntropy(x as TensorFlow.Tensor2D, oneHot))(
        tf.tensor2d(logits, [4, 3]),
      );
      return [value.dataSync()[0]!, grad.dataSync()];
    });
    // A float32 unit at 50 is 4e-6; gradients are below 1.
    expect(Math.abs(value - loss)).toBeLessThan(1e-5);
    const off = gradient.map((wanted, i) => Math.abs(found[i]! - wanted));
    expect(Math.max(...off)).toBeLessThan(1e-7);
  });

  test.each([2, 3, 7])("equal logits of %i classes give ln(classes), whatever the truth", (classes) => {
    const value = tf.tidy(() => {
      const oneHot = tf.oneHot(tf.tensor1d([0, classes - 1, 1], "int32"), classes) as TensorFlow.Tensor2D;
      return crossEntropy(
        tf.fill([3, classes], -7.25) as TensorFlow.Tensor2D,
        tf.cast(oneHot, "float32"),
      ).dataSync()[0]!;
    });
    expect(Math.abs(value - Math.log(classes))).toBeLessThan(1e-6);
  });
});
