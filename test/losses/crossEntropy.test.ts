import { describe, expect, test } from "vitest";
import { crossEntropy } from "../../src/losses/crossEntropy.js";
import { type TensorFlow, tf } from "../../src/tensorflow.js";
import { gradientsOf } from "./gradients.js";

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

/*
 * torch 2.15.0, the same x, indices [0, 2, 1, 1]:
 * for w in ([0.1, 0.3, 0.6], [2.0, 0.5, 7.0]):
 *     x.grad = None; loss = torch.nn.functional.cross_entropy(x, torch.tensor([0, 2, 1, 1]), torch.tensor(w)); loss.backward()
 *     print(loss.item(), x.grad.flatten().tolist())
 */
const weighted = [
  {
    classWeights: [0.1, 0.3, 0.6],
    loss: 46.52401351928711,
    gradient: [-0.05740644410252571, 0.053051698952913284, 0.004354747943580151, 0.010595499537885189, 0.0004108321154490113, -0.011006355285644531, 0.23076923191547394, -0.23076923191547394, 8.407790785948902e-45, 0.07692307233810425, -0.1538461595773697, 0.07692307233810425],
  },
  {
    classWeights: [2, 0.5, 7],
    loss: 10.346134185791016,
    gradient: [-0.14925676584243774, 0.13793443143367767, 0.011322345584630966, 0.016069840639829636, 0.0006230953731574118, -0.01669297181069851, 0.05000000074505806, -0.05000000074505806, 1.401298464324817e-45, 0.01666666567325592, -0.03333333507180214, 0.01666666567325592],
  },
]; // biome-ignore format: two gradients

describe("cross-entropy with class weights", () => {
  const rows = [0, 1, 2, 3].map((row) => logits.slice(3 * row, 3 * row + 3));
  const run = (
    targets: number[],
    classWeights: number[] | undefined,
    mode: "captured" | "eager" = "eager",
  ): ReturnType<typeof gradientsOf> => {
    const lossOf = (x: TensorFlow.Tensor) => {
      const oneHot = tf.tensor2d(targets, [4, 3]);
      return crossEntropy(x as TensorFlow.Tensor2D, oneHot, classWeights && { classWeights });
    };
    return gradientsOf((x) => tf.tidy(() => lossOf(x!)), [rows], mode);
  };

  test.each(weighted.flatMap((one) => (["eager", "captured"] as const).map((mode) => ({ ...one, mode }))))(
    "torch.nn.functional.cross_entropy with $classWeights, $mode: value and gradient",
    ({ classWeights, loss, gradient, mode }) => {
      const { value, gradients } = run(cases[0]!.targets, classWeights, mode);
      expect(Math.abs(value - loss)).toBeLessThan(1e-5);
      const off = gradient.map((wanted, i) => Math.abs(gradients[0]![i]! - wanted));
      expect(Math.max(...off)).toBeLessThan(1e-7);
    },
  );

  test.each(cases)("$name: equal weights of any size are none", ({ targets, loss, gradient }) => {
    const { value, gradients } = run(targets, [3, 3, 3]);
    expect(Math.abs(value - loss)).toBeLessThan(1e-5);
    gradient.forEach((wanted, i) => {
      expect(Math.abs(gradients[0]![i]! - wanted)).toBeLessThan(1e-7);
    });
  });

  test.each([[[1, 1]], [[1]], [[1, 0, 1]], [[1, -1, 1]], [[1, Number.NaN, 1]], [[1, 1, Number.POSITIVE_INFINITY]]])(
    "%j is refused for three classes",
    (classWeights) => {
      expect(() => run(cases[0]!.targets, classWeights)).toThrow(
        /^class weights: one above 0 for each of the 3 classes is wanted, got \[/,
      );
    },
  );
});
