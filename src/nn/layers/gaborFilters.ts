import { type TensorFlow, tf } from "../../tensorflow.js";

type Tensor = TensorFlow.Tensor;
type Tensor1D = TensorFlow.Tensor1D;
type Tensor2D = TensorFlow.Tensor2D;
type Tensor3D = TensorFlow.Tensor3D;
type Tensor4D = TensorFlow.Tensor4D;

/** Length of a kernel by its largest sigma (the class default of EfficientLEAF, papers.md 2.3). */
const SIGMAS_PER_KERNEL = 4.77;

/** Of the sound in one row of the matrix product: shorter rows are more of them to copy, longer ones more products with zeros. */
const BLOCK_SAMPLES = 160;

/**
 * Squared moduli of a sound through Gabor filters, exp(-t^2 / (2 sigma^2)) exp(i centre t) / (sqrt(2 pi) sigma), at every
 * `sampleStride`-th sample, zeros around the sound (EfficientLEAF's filters, papers.md 2.3).
 *
 * Kernels are cut where the original's end, by the largest of the sigmas; a captured step needs fixed shapes, so they lie in kernels
 * as long as `highestSigma` makes them, zeros beyond the cut. That is exact whatever is learned; lengths by the first sigmas would be two
 * thirds of it for the highest bands, and too short as soon as a sigma grows.
 *
 * @param x `[batch, samples, 1]`
 * @param centres `[bands]`, radians per sample
 * @param sigmas `[bands]`, samples
 * @returns `[batch, 1, samples / sampleStride, bands]`, rounded up
 */
export function gaborEnergies(
  x: Tensor3D,
  centres: Tensor1D,
  sigmas: Tensor1D,
  { sampleStride, highestSigma }: { sampleStride: number; highestSigma: number },
): Tensor4D {
  const kernel = gaborKernel(centres, sigmas, halfKernel(highestSigma));
  const parts: Tensor4D[] = tf.split(tf.square(convolve(x, kernel, sampleStride)), 2, 3);
  return tf.add(parts[0]!, parts[1]!);
}

/** Samples on each side of a kernel's middle: its length is the factor times sigma, rounded down and made odd, in float32 as the engine has it. */
function halfKernel(sigma: number): number {
  const length = Math.trunc(Math.fround(Math.fround(sigma) * Math.fround(SIGMAS_PER_KERNEL)));
  return Math.floor(length / 2);
}

/**
 * @param centres `[bands]`, radians per sample
 * @param sigmas `[bands]`, samples
 * @returns `[2 half + 1, 2 bands]`, the real parts of all bands before the imaginary ones
 */
function gaborKernel(centres: Tensor1D, sigmas: Tensor1D, half: number): Tensor2D {
  const size = 2 * half + 1;
  const t = tf.tensor2d(
    Array.from({ length: size }, (_, i) => i - half),
    [size, 1],
  );
  const gaussian = tf.exp(tf.mul(tf.square(tf.div(t, sigmas)), -0.5)); // [size, bands]
  const envelope = cut(tf.div(gaussian, tf.mul(sigmas, Math.sqrt(2 * Math.PI))) as Tensor2D, t, sigmas);
  const phase = tf.mul(t, centres);
  return tf.concat([tf.mul(envelope, tf.cos(phase)), tf.mul(envelope, tf.sin(phase))], 1) as Tensor2D;
}

/** Zeros beyond the kernel length that the largest sigma asks for. No gradient flows through the choice. */
function cut(envelope: Tensor2D, t: Tensor2D, sigmas: Tensor1D): Tensor2D {
  const operation = tf.customGrad((...args: unknown[]) => {
    const [values, widths, save] = args as [Tensor2D, Tensor1D, (tensors: Tensor[]) => void];
    const length = tf.floor(tf.mul(tf.max(widths), SIGMAS_PER_KERNEL));
    const kept = tf.cast(tf.lessEqual(tf.abs(t), tf.floor(tf.mul(length, 0.5))), "float32"); // [size, 1]
    save([kept, widths]);
    return {
      value: tf.mul(values, kept) as Tensor,
      gradFunc: (dy: Tensor, saved: Tensor[]): Tensor[] => [tf.mul(dy, saved[0]!), tf.zerosLike(saved[1]!)],
    };
  });
  return operation(envelope, sigmas) as Tensor2D;
}

/**
 * Cross-correlation along time, with half a kernel of zeros on both sides, as one matrix product: a block of places is a row, and for each
 * of its places the kernel stands one stride further down. That costs products with zeros, and with one input channel and hundreds
 * of taps TensorFlow's gradient for a convolution's kernel takes five times its forward pass.
 *
 * @param x `[batch, samples, 1]`
 * @param kernel `[taps, filters]`, taps odd
 * @returns `[batch, 1, samples / stride, filters]`, rounded up
 */
function convolve(x: Tensor3D, kernel: Tensor2D, stride: number): Tensor4D {
  const [batch, samples] = x.shape;
  const [taps, filters] = kernel.shape;
  const places = Math.ceil(samples / stride);
  const together = Math.max(1, Math.floor(BLOCK_SAMPLES / stride));
  const block = together * stride;
  const blocks = Math.ceil(places / together);
  const reach = Math.ceil((taps + block - stride) / block); // blocks that the places of one look at
  const frames = slidingBlocks(x, (taps - 1) / 2, { block, blocks, reach }); // [batch * blocks, reach * block]
  const kernels = shiftedKernels(kernel, { stride, together, length: reach * block });
  const all = tf.reshape(tf.matMul(frames, kernels), [batch, 1, blocks * together, filters]) as Tensor4D;
  return tf.slice4d(all, [0, 0, 0, 0], [batch, 1, places, filters]);
}

/** `[batch * blocks, reach * block]`: each block with those behind it, `before` zeros before the sound, and zeros after it. */
function slidingBlocks(
  x: Tensor3D,
  before: number,
  { block, blocks, reach }: { block: number; blocks: number; reach: number },
): Tensor2D {
  const [batch, samples] = x.shape;
  const cells = (blocks + reach - 1) * block;
  const used = Math.min(samples, cells - before);
  const padded = tf.pad3d(tf.slice3d(x, [0, 0, 0], [batch, used, 1]), [
    [0, 0],
    [before, cells - before - used],
    [0, 0],
  ]);
  const rows = tf.reshape(padded, [batch, blocks + reach - 1, block]) as Tensor3D;
  const parts = Array.from({ length: reach }, (_, i) => tf.slice3d(rows, [0, i, 0], [batch, blocks, block]));
  return tf.reshape(tf.concat(parts, 2), [batch * blocks, reach * block]);
}

/** `[length, together * filters]`: the kernel at the top, one stride below it, and so on, zeros around it. */
function shiftedKernels(
  kernel: Tensor2D,
  { stride, together, length }: { stride: number; together: number; length: number },
): Tensor2D {
  const [taps, filters] = kernel.shape;
  const padded = tf.pad2d(kernel, [
    [0, length + stride - taps],
    [0, 0],
  ]);
  // Copies one stride longer than `length`, one after the other: cut into pieces of `length`, each begins a stride earlier in its copy.
  const copies = tf.mul(tf.ones([together, 1, 1]), padded);
  const inRow = tf.slice2d(tf.reshape(copies, [-1, filters]), [0, 0], [together * length, filters]);
  return tf.reshape(tf.transpose(tf.reshape(inRow, [together, length, filters]), [1, 0, 2]), [length, -1]);
}
