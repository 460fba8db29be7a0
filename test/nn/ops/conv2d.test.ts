import { describe, expect, test } from "vitest";
import { conv2d } from "../../../src/nn/ops/conv2d.js";
import { type TensorFlow, tf } from "../../../src/tensorflow.js";
import { noise } from "../torchNames.js";

type Grid = (y: number, x: number, c: number) => number;

/** The definition: a loop over outputs and taps, one item. */
function naiveConvolution(
  input: Grid,
  [h, w, cin]: number[],
  kernel: Float32Array,
  [k, , , cout]: number[],
  stride: number,
  p: number,
) {
  const oh = Math.floor((h! + 2 * p - k!) / stride) + 1;
  const ow = Math.floor((w! + 2 * p - k!) / stride) + 1;
  const out = new Float64Array(oh * ow * cout!);
  for (let y = 0; y < oh; y++)
    for (let x = 0; x < ow; x++)
      for (let o = 0; o < cout!; o++)
        for (let dy = 0; dy < k!; dy++)
          for (let dx = 0; dx < k!; dx++)
            for (let c = 0; c < cin!; c++)
              out[(y * ow + x) * cout! + o]! +=
                input(y * stride + dy - p, x * stride + dx - p, c) * kernel[((dy * k! + dx) * cin! + c) * cout! + o]!;
  return { shape: [1, oh, ow, cout!], out };
}

describe("conv2d", () => {
  const [h, w, cin, cout] = [7, 10, 3, 4];
  const x = Float32Array.from(noise(h * w * cin, 1));
  const at: Grid = (y, z, c) => (y < 0 || y >= h || z < 0 || z >= w ? 0 : x[(y * w + z) * cin + c]!);

  test.each([
    [3, 1, 1],
    [3, 2, 1],
    [1, 2, 0],
    [7, 2, 3],
    [5, 1, 2],
    [3, 1, 0],
  ])("kernel %i, stride %i, padding %i equals the definition", (k, stride, padding) => {
    const kernel = Float32Array.from(noise(k * k * cin * cout, 2));
    const wanted = naiveConvolution(at, [h, w, cin], kernel, [k, k, cin, cout], stride, padding);
    const got = tf.tidy(() =>
      conv2d(tf.tensor4d(x, [1, h, w, cin]), tf.tensor4d(kernel, [k, k, cin, cout]), { stride, padding }),
    );
    expect(got.shape).toEqual(wanted.shape);
    // k k cin products of numbers below 1: rounding of each sum is below their count times 2^-24.
    const tolerance = k * k * cin * 2 ** -23;
    const off = Math.max(...got.dataSync().map((value, i) => Math.abs(value - wanted.out[i]!)));
    expect(off).toBeLessThan(tolerance);
  });

  test("both gradients equal TensorFlow's own", () => {
    const kernel = tf.tensor4d(Float32Array.from(noise(3 * 3 * cin * cout, 3)), [3, 3, cin, cout]);
    const input = tf.tensor4d(x, [1, h, w, cin]);
    const weight = tf.tensor4d(Float32Array.from(noise(h * w * cout, 4)), [1, h, w, cout]);
    const gradients = (f: (a: TensorFlow.Tensor4D, b: TensorFlow.Tensor4D) => TensorFlow.Tensor4D) =>
      tf.grads((a, b) => tf.sum(tf.mul(f(a as TensorFlow.Tensor4D, b as TensorFlow.Tensor4D), weight)))([
        input,
        kernel,
      ]);
    const ours = gradients((a, b) => conv2d(a, b, { padding: 1 }));
    const theirs = gradients((a, b) => tf.conv2d(a, b, 1, "same"));
    ours.forEach((gradient, i) => {
      const off = tf.max(tf.abs(tf.sub(gradient, theirs[i]!))).dataSync()[0]!;
      expect(off).toBeLessThan(h * w * 2 ** -23);
    });
  });
});
