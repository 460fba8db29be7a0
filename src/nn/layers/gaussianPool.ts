import { type TensorFlow, tf } from "../../tensorflow.js";
import { conv2d } from "../ops/conv2d.js";

/** A low-pass window over energies that are themselves only taken at every `sampleStride`-th sample. */
export interface GaussianPoolGeometry {
  /** Samples from one energy to the next. */
  sampleStride: number;
  /** Samples that the window spans, odd. */
  windowSamples: number;
  /** Samples from one frame to the next, a multiple of `sampleStride`. */
  hopSamples: number;
}

/** Energies under the window: as many as its samples hold, made odd. */
export function pooledEnergies({ windowSamples, sampleStride }: GaussianPoolGeometry): number {
  const whole = Math.trunc(windowSamples / sampleStride + 0.5);
  return whole + 1 - (whole % 2);
}

/**
 * Energies under a Gaussian window of a width for each band, zeros around them: exp(-t^2 / (2 w^2)), t from -1 to 1 over the window, not
 * divided by its sum (EfficientLEAF's pooling). Widths are told for windows of `windowSamples` and mean the same time at each stride.
 *
 * @param energies `[batch, 1, places, bands]`
 * @param widths `[bands]`, as a share of half the window
 * @returns `[batch, 1, frames, bands]`, a frame for each hop that begins within the energies
 */
export function gaussianPool(
  energies: TensorFlow.Tensor4D,
  widths: TensorFlow.Tensor1D,
  geometry: GaussianPoolGeometry,
): TensorFlow.Tensor4D {
  const { sampleStride, windowSamples, hopSamples } = geometry;
  const size = pooledEnergies(geometry);
  const half = (size - 1) / 2;
  // A window of one energy has no width: its only place is the middle.
  const places = Float32Array.from({ length: size }, (_, i) => (i - half) / Math.max(half, 1));
  const sigmas = tf.mul(widths, windowSamples / (sampleStride * size));
  const windows = tf.exp(tf.mul(tf.square(tf.div(tf.tensor2d(places, [size, 1]), sigmas)), -0.5)); // [size, bands]
  const bands = widths.size;
  const hop = hopSamples / sampleStride;
  return conv2d(energies, tf.reshape(windows, [1, size, 1, bands]), {
    stride: hop,
    padding: [0, half],
    groups: bands,
  });
}
