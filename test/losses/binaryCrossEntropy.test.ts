import { describe, expect, test } from "vitest";
import { binaryCrossEntropy } from "../../src/losses/binaryCrossEntropy.js";
import type { TensorFlow } from "../../src/tensorflow.js";
import { gradientsOf } from "./gradients.js";

/*
 * torch 2.15.0:
 * x = torch.tensor([[1.0, -2.0], [0.25, 40.0], [-100.0, 0.0]], requires_grad=True)
 * t = torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 0.3]])
 * bce = torch.nn.functional.binary_cross_entropy_with_logits
 * for w in (None, torch.tensor([0.2, 0.5, 0.3])):
 *     x.grad = None
 *     loss = bce(x, t) if w is None else (bce(x, t, reduction="none").mean(1) * w).sum() / w.sum()
 *     loss.backward(); print(loss.item(), x.grad.flatten().tolist())
 */
const logits = [[1, -2], [0.25, 40], [-100, 0]]; // biome-ignore format: a matrix
const targets = [[1, 0], [0, 1], [1, 0.3]]; // biome-ignore format: a matrix
const cases = [
  {
    name: "plain",
    weights: undefined,
    loss: 16.993213653564453,
    gradient: [-0.04482356831431389, 0.019867153838276863, 0.09369608759880066, 0, -0.1666666716337204, 0.03333333134651184],
  },
  {
    name: "weighted by item",
    weights: [0.2, 0.5, 0.3],
    loss: 15.354475975036621,
    gradient: [-0.026894140988588333, 0.011920291930437088, 0.140544131398201, 0, -0.15000000596046448, 0.029999999329447746],
  },
]; // biome-ignore format: two gradients

describe("binary cross-entropy against torch.nn.functional.binary_cross_entropy_with_logits", () => {
  test.each(cases)("$name: value and gradient, eager and captured", ({ weights, loss, gradient }) => {
    for (const mode of ["eager", "captured"] as const) {
      const found = gradientsOf(
        (x, t, w) =>
          binaryCrossEntropy(x as TensorFlow.Tensor2D, t as TensorFlow.Tensor2D, w as TensorFlow.Tensor1D | undefined),
        [logits, targets, ...(weights ? [weights] : [])],
        mode,
      );
      expect(Math.abs(found.value - loss)).toBeLessThan(1e-5);
      const off = gradient.map((wanted, i) => Math.abs(found.gradients[0]![i]! - wanted));
      expect(Math.max(...off)).toBeLessThan(1e-7);
    }
  });
});
