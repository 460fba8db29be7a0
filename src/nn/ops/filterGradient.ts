import { type TensorFlow, tf } from "../../tensorflow.js";
import { padConstant } from "./padding.js";

type Tensor2D = TensorFlow.Tensor2D;
type Tensor4D = TensorFlow.Tensor4D;
type Shape4D = Tensor4D["shape"];

/** Below this many input channels a row of the matrix products is shorter than the processor's vectors like. */
const FEWEST_CHANNELS = 16;
/** From this share of cells that are padding, the products with them cost more than a copy of the input for each tap. */
const MOST_WASTE = 1.4;

/**
 * The gradient for the kernel of a convolution at stride 1 that keeps its size, as matrix products. TensorFlow's
 * Conv2DBackpropFilter takes two to three times as long as its forward convolution, and on small maps with many channels longer
 * still: it sums over copies of the large kernel there.
 *
 * @param x `[batch, height, width, in]`
 * @param dy `[batch, height, width, out]`
 * @param filterShape `[kh, kw, in, out]`, kh and kw odd
 */
export function filterGradient(x: Tensor4D, dy: Tensor4D, filterShape: Shape4D): Tensor4D {
  const [kh, kw, channels] = filterShape;
  const [, height, width] = x.shape;
  if (channels < FEWEST_CHANNELS) {
    const attributes = { strides: [1, 1], pad: "same", dataFormat: "NHWC", dimRoundingMode: null, filterShape };
    return tf.engine().runKernel("Conv2DBackpropFilter", { x, dy }, attributes as never);
  }
  const grid = (height + kh - 1) * (width + kw - 1);
  return grid > MOST_WASTE * height * width ? lowered(x, dy, filterShape) : shifted(x, dy, filterShape);
}

/** One product with the input lowered (im2col): a column for each tap and channel. For small maps. */
function lowered(x: Tensor4D, dy: Tensor4D, shape: Shape4D): Tensor4D {
  const [kh, kw, channels, out] = shape;
  const padded = padConstant(x, [(kh - 1) / 2, (kw - 1) / 2]);
  const columns = Array.from({ length: kh * kw }, (_, tap) =>
    tf.slice4d(padded, [0, Math.floor(tap / kw), tap % kw, 0], x.shape),
  );
  const all = tf.reshape(tf.concat(columns, 3), [-1, kh * kw * channels]);
  return tf.reshape(tf.matMul(all, tf.reshape(dy, [-1, out]), true, false), shape);
}

/**
 * One product for each tap, without a copy for each: with input and gradient padded to the same grid and laid out as rows of cells,
 * a tap sees the input's rows from a later one on, which is a view. Where a row of the grid ends, zeros of the gradient meet the
 * next row's cells.
 */
function shifted(x: Tensor4D, dy: Tensor4D, shape: Shape4D): Tensor4D {
  const [kh, kw, channels, out] = shape;
  const [batch, height, width] = x.shape;
  const gridWidth = width + kw - 1;
  const cells = batch * (height + kh - 1) * gridWidth - ((kh - 1) * gridWidth + kw - 1);
  const inputs: Tensor2D = tf.reshape(padConstant(x, [(kh - 1) / 2, (kw - 1) / 2]), [-1, channels]);
  const atEnd: [number, number][] = [
    [0, 0],
    [0, kh - 1],
    [0, kw - 1],
    [0, 0],
  ];
  const gradients = tf.slice2d(tf.reshape(tf.pad(dy, atEnd), [-1, out]), [0, 0], [cells, out]);
  const taps = Array.from({ length: kh * kw }, (_, tap) => {
    const shift = Math.floor(tap / kw) * gridWidth + (tap % kw);
    return tf.matMul(tf.slice2d(inputs, [shift, 0], [cells, channels]), gradients, true, false);
  });
  return tf.reshape(tf.stack(taps), shape);
}
