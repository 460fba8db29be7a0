import { type TensorFlow, tf } from "../tensorflow.js";
import { breathe } from "./train.js";

export interface PredictOptions {
  model: TensorFlow.LayersModel;
  count: number;
  /** Shape of one input, `[rows, frames, channels]`. */
  inputShape: readonly [number, number, number];
  classes: number;
  /** Writes item `index` as `[rows, frames, channels]` into `out` at `offset`. */
  writeInput(index: number, out: Float32Array, offset: number): void;
  batchSize?: number;
  signal: AbortSignal;
  onProgress?(done: number, total: number): void;
}

/**
 * Logits of every item, in order, in evaluation mode: an item's answer does not depend on its batch beyond rounding.
 *
 * @returns row-major `[count, classes]`
 */
export async function predict(options: PredictOptions): Promise<Float32Array> {
  const { model, count, inputShape, classes, batchSize = 64 } = options;
  const itemSize = inputShape[0] * inputShape[1] * inputShape[2];
  const logits = new Float32Array(count * classes);
  for (let start = 0; start < count; start += batchSize) {
    const size = Math.min(batchSize, count - start);
    const values = new Float32Array(size * itemSize);
    for (let i = 0; i < size; i++) options.writeInput(start + i, values, i * itemSize);
    const answer = tf.tidy(() =>
      (model.apply(tf.tensor(values, [size, ...inputShape])) as TensorFlow.Tensor).dataSync(),
    );
    logits.set(answer as Float32Array, start * classes);
    options.onProgress?.(start + size, count);
    await breathe(options.signal, `evaluation, item ${start + size} of ${count}`);
  }
  return logits;
}
