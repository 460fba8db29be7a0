import { compile } from "../engine/compile.js";
import { tf } from "../tensorflow.js";
import type { PredictOptions } from "../training/predict.js";
import { breathe } from "../training/train.js";
import { UserError } from "../userError.js";
import { type CamClasses, type CamMap, type CamTarget, camStep, classIndices, enlarged } from "./gradCam.js";

export interface MeanCamOptions extends CamTarget, Omit<PredictOptions, "model" | "classes"> {
  /** [count] */
  classes: CamClasses;
}

/**
 * The mean of the Grad-CAM++ maps of many items, each from 0 to 1 before (papers.md 6.14), in batches and in evaluation mode; the model
 * stays as it is. Enlarged to the input once, at the end, which is the mean of the enlarged ones.
 *
 * @throws UserError as `gradCamPlusPlus` does, and for no items; Interrupted when stopped
 */
export async function meanCam({
  classes,
  count,
  inputShape,
  batchSize = 16,
  ...options
}: MeanCamOptions): Promise<CamMap> {
  if (count < 1) throw new UserError("there are no items to take the mean of");
  const { model, writeInput, signal, onProgress } = options;
  const asked = classIndices(model, classes, count);
  // Batches of one size, so that one function does; it is worth making where there are several.
  const batches = Math.ceil(count / batchSize);
  const rows = Math.ceil(count / batches);
  const mode = batches > 1 ? "captured" : "eager";
  const step = compile(camStep(options), { name: "Grad-CAM++", fused: true, mode });
  const itemSize = inputShape.reduce((product, side) => product * side, 1);
  let sums = new Float64Array(0);
  let shape: [number, number] = [0, 0];
  try {
    for (let start = 0; start < count; start += rows) {
      const size = Math.min(rows, count - start);
      const values = new Float32Array(rows * itemSize);
      const wanted = new Int32Array(rows);
      for (let i = 0; i < size; i++) writeInput(start + i, values, i * itemSize);
      wanted.set(asked.slice(start, start + size));
      const maps = tf.tidy(() => {
        const answer = step(tf.tensor(values, [rows, ...inputShape]), tf.tensor1d(wanted, "int32"));
        shape = [answer.maps.shape[1], answer.maps.shape[2]];
        return answer.maps.dataSync() as Float32Array;
      });
      const cells = shape[0] * shape[1];
      if (start === 0) sums = new Float64Array(cells);
      for (let at = 0; at < size * cells; at++) sums[at % cells]! += maps[at]!;
      onProgress?.(start + size, count);
      await breathe(signal, `Grad-CAM++, item ${start + size} of ${count}`);
    }
  } finally {
    step.dispose();
  }
  const mean = Float32Array.from(sums, (sum) => sum / count);
  const values = tf.tidy(() => enlarged(tf.tensor3d(mean, [1, ...shape]), [1, ...inputShape]).dataSync());
  return { values: values as Float32Array, rows: inputShape[0], frames: inputShape[1] };
}
