import { describe, expect, test } from "vitest";
import { type TensorFlow, tf } from "../../src/tensorflow.js";
import {
  clipByGlobalNorm,
  clipByValue,
  nonFiniteGradients,
  normOf,
  requireClip,
  sumsOfSquares,
} from "../../src/training/gradients.js";

const gradients = () => [tf.tensor1d([3, -4]), tf.tensor2d([[12], [0.5]])];
const values = (tensors: readonly TensorFlow.Tensor[]) => tensors.map((tensor) => [...tensor.dataSync()]);

describe("clipping", () => {
  /*
   * torch 2.15.0:
   * g = [torch.tensor([3.0, -4.0]), torch.tensor([[12.0], [0.5]])]
   * for m in (5.0, 13.0, 100.0):
   *     ps = [torch.nn.Parameter(torch.zeros_like(x)) for x in g]
   *     for p, x in zip(ps, g): p.grad = x.clone()
   *     n = torch.nn.utils.clip_grad_norm_(ps, m); print(m, n.item(), [p.grad.flatten().tolist() for p in ps])
   * for p, x in zip(ps, g): p.grad = x.clone()
   * torch.nn.utils.clip_grad_value_(ps, 3.5); print([p.grad.flatten().tolist() for p in ps])
   */
  const norm = 13.009612083435059;
  // biome-ignore format: as printed
  const byNorm: [number, number[][]][] = [
    [5, [[1.1529935598373413, -1.5373247861862183], [4.611974239349365, 0.19216559827327728]]],
    [13, [[2.9977834224700928, -3.997044563293457], [11.991133689880371, 0.49963057041168213]]],
    [100, [[3, -4], [12, 0.5]]],
  ];

  test.each(byNorm)("by a global norm of %s", (maximum, wanted) => {
    const clipped = values(clipByGlobalNorm(gradients(), sumsOfSquares(gradients()), maximum));
    // The sum, the root, the quotient and the product: four roundings of 2^-24 on each side.
    wanted.flat().forEach((value, i) => {
      expect(Math.abs(clipped.flat()[i]! / value - 1)).toBeLessThan(8 * 2 ** -24);
    });
  });

  test("the norm that is told is the one before clipping", () => {
    const squares = sumsOfSquares(gradients()).dataSync();
    expect([...squares]).toEqual([25, 144.25]);
    expect(normOf(squares)).toBeCloseTo(norm, 6);
  });

  test("by value", () => {
    expect(values(clipByValue(gradients(), 3.5))).toEqual([
      [3, -3.5],
      [3.5, 0.5],
    ]);
  });

  test("gradients of zero stay so", () => {
    const zero = [tf.zeros([3])];
    expect(values(clipByGlobalNorm(zero, sumsOfSquares(zero), 1))).toEqual([[0, 0, 0]]);
  });

  test("nothing is left behind within a tidy", () => {
    const given = gradients();
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      clipByGlobalNorm(given, sumsOfSquares(given), 1);
      clipByValue(given, 1);
    });
    expect(tf.memory().numTensors).toBe(before);
  });

  test.each([0, -1, Number.NaN])("a bound of %s is refused", (bound) => {
    const wanted = (name: string) =>
      expect.objectContaining({
        name: "UserError",
        message: `gradient clipping, ${name} ${bound}: must be a positive number`,
      });
    expect(() => requireClip({ globalNorm: bound })).toThrow(wanted("globalNorm"));
    expect(() => requireClip({ value: bound })).toThrow(wanted("value"));
  });
});

describe("gradients that are not finite", () => {
  const parameters = ["a", "b", "c", "d", "e"].map((name) => ({ name }));
  const sums = (...odd: number[]) => {
    const tensors = parameters.map((_, i) => tf.tensor1d([1, odd.includes(i) ? Number.NaN : 2]));
    return sumsOfSquares(tensors).dataSync();
  };

  test("are told by name", () => {
    expect(nonFiniteGradients(sums(), parameters)).toBeUndefined();
    expect(nonFiniteGradients(sums(1), parameters)).toBe("b");
    expect(nonFiniteGradients(sums(0, 3), parameters)).toBe("a, d");
    expect(nonFiniteGradients(sums(0, 1, 2, 3, 4), parameters)).toBe("a, b, c and 2 others");
  });

  test.each([Infinity, -Infinity, Number.NaN])("%s is found", (value) => {
    const squares = sumsOfSquares([tf.tensor1d([0, value])]).dataSync();
    expect(nonFiniteGradients(squares, [{ name: "w" }])).toBe("w");
  });
});
