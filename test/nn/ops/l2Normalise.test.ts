import { expect, test } from "vitest";
import { l2Normalise } from "../../../src/nn/ops/l2Normalise.js";
import { type TensorFlow, tf } from "../../../src/tensorflow.js";

/*
 * torch 2.15.0; rows by length: 0, half of epsilon, five times epsilon, 5e15:
 * x = torch.tensor([[0.0, 0, 0], [3e-13, -4e-13, 0], [3e-12, -4e-12, 0], [3e15, 0, -4e15]], requires_grad=True)
 * y = torch.nn.functional.normalize(x, dim=1, eps=1e-12)
 * y.backward(torch.tensor([[1.0, -2, 0.5]] * 4))
 * print(y.tolist(), x.grad.tolist())
 */
const rows = [
  { x: [0, 0, 0], y: [0, 0, 0], gradient: [1e12, -2e12, 5e11] },
  { x: [3e-13, -4e-13, 0], y: [0.3, -0.4, 0], gradient: [1e12, -2e12, 5e11] },
  { x: [3e-12, -4e-12, 0], y: [0.6, -0.8, 0], gradient: [-6.4e10, -4.8e10, 1e11] },
  { x: [3e15, 0, -4e15], y: [0.6, 0, -0.8], gradient: [1.76e-16, -4e-16, 1.32e-16] },
];

test.each(rows)("$x, with the gradient of torch.nn.functional.normalize", ({ x, y, gradient }) => {
  const [value, grad] = tf.tidy(() => {
    const dy = tf.tensor2d([[1, -2, 0.5]]);
    const { value, grad } = tf.valueAndGrad((row: TensorFlow.Tensor) => l2Normalise(row))(tf.tensor2d([x]), dy);
    return [value.dataSync(), grad.dataSync()];
  });
  const largest = Math.max(...gradient.map(Math.abs));
  for (const k of [0, 1, 2]) {
    expect(Math.abs(value[k]! - y[k]!)).toBeLessThan(2e-7);
    expect(Math.abs(grad[k]! - gradient[k]!) / largest).toBeLessThan(1e-6);
  }
});
