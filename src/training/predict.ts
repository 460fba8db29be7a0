import { type FoldedFunction, foldedFunction } from "../nn/foldedFunction.js";
import { type TensorFlow, tf } from "../tensorflow.js";
import { breathe } from "./train.js";

export interface PredictorOptions {
  model: TensorFlow.LayersModel;
  /** Shape of one input, `[rows, frames, channels]`. */
  inputShape: readonly [number, number, number];
  classes: number;
  batchSize?: number;
}

/** Items to be answered. */
export interface PredictedItems {
  count: number;
  /** Writes item `index` as `[rows, frames, channels]` into `out` at `offset`. */
  writeInput(index: number, out: Float32Array, offset: number): void;
  signal: AbortSignal;
  onProgress?(done: number, total: number): void;
}

export type PredictOptions = PredictorOptions & PredictedItems;

/**
 * Answers of a model in evaluation mode, whose weights may change between calls. Items that fill a batch go through one captured function
 * with batch normalisations folded, fewer through the model as it stands: an item's answer does not depend on its batch beyond rounding.
 */
export class Predictor {
  private readonly options: PredictorOptions;
  private whole: FoldedFunction | undefined;

  constructor(options: PredictorOptions) {
    this.options = options;
  }

  /** Logits of every item, in order, row-major `[count, classes]`. Throws Interrupted when stopped. */
  async logits({ count, writeInput, signal, onProgress }: PredictedItems): Promise<Float32Array> {
    const { model, inputShape, classes, batchSize = 64 } = this.options;
    const answer = count < batchSize ? (inputs: TensorFlow.Tensor) => model.apply(inputs) : this.wholeBatches();
    const itemSize = inputShape[0] * inputShape[1] * inputShape[2];
    const logits = new Float32Array(count * classes);
    // Batches of one size, so that one function does: the last is filled up with its last item, once for each other batch at most. Where a
    // network looks at the whole batch, that changes neither the smallest nor the largest value.
    const rows = Math.ceil(count / Math.ceil(count / batchSize));
    for (let start = 0; start < count; start += rows) {
      const size = Math.min(rows, count - start);
      const values = new Float32Array(rows * itemSize);
      for (let i = 0; i < size; i++) writeInput(start + i, values, i * itemSize);
      for (let i = size; i < rows; i++) values.copyWithin(i * itemSize, (size - 1) * itemSize, size * itemSize);
      const answers = tf.tidy(() =>
        (answer(tf.tensor(values, [rows, ...inputShape])) as TensorFlow.Tensor).dataSync(),
      ) as Float32Array;
      logits.set(answers.subarray(0, size * classes), start * classes);
      onProgress?.(start + size, count);
      await breathe(signal, `evaluation, item ${start + size} of ${count}`);
    }
    return logits;
  }

  /** The model stays as it is. */
  dispose(): void {
    this.whole?.dispose();
    this.whole = undefined;
  }

  private wholeBatches(): FoldedFunction {
    if (this.whole) this.whole.refresh();
    else this.whole = foldedFunction(this.options.model, "evaluation");
    return this.whole;
  }
}

/** What a Predictor answers once. */
export async function predict(options: PredictOptions): Promise<Float32Array> {
  const predictor = new Predictor(options);
  try {
    return await predictor.logits(options);
  } finally {
    predictor.dispose();
  }
}
