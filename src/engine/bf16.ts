import { type TensorFlow, tf } from "../tensorflow.js";
import { UserError } from "../userError.js";
import { configProto } from "./configProto.js";
import { canCapture, nativeBackend } from "./nativeBackend.js";
import { traceStep } from "./trace.js";

/** Of the square matrices. */
const SIDE = 32;
let known: boolean | undefined;

/**
 * Whether functions really run in bfloat16 here when they are asked to. TensorFlow leaves them as they are, without a word, on processors
 * whose bfloat16 it does not trust (those without AVX-512), so this looks at a product that comes out differently.
 */
export function bf16HasEffect(): boolean {
  known ??= canCapture() && productIsRounded();
  return known;
}

/** @throws UserError where bf16 would have no effect; `who` asked for it */
export function requireBf16(who: string): void {
  if (bf16HasEffect()) return;
  throw new UserError(
    `${who}: bf16 was asked for, and on this processor TensorFlow would compute in float32 all the same: it needs AVX-512, and AVX-512 BF16 or AMX to be faster`,
  );
}

function productIsRounded(): boolean {
  // 1 + 2^-10 is 1 in bfloat16, which has eight bits. Graphs of few operations are not rewritten.
  const value = 1 + 2 ** -10;
  const step = (x: TensorFlow.Tensor) => tf.matMul(tf.relu(tf.matMul(x, x)), tf.relu(tf.matMul(x, x, true, false)));
  return tf.tidy(() => {
    const x = tf.fill([SIDE, SIDE], value);
    const traced = traceStep(step, "the trial of bfloat16", "auscult_bf16_trial", [x]);
    const backend = nativeBackend();
    const ids = backend.getInputTensorIds([x]);
    const [result] = backend.binding.functionRun(traced.name, ids, traced.outputs, configProto({ bf16: true }));
    const product = backend.createOutputTensor({ ...result!, shape: [SIDE, SIDE] });
    backend.binding.functionRemove(traced.name);
    // In float32 it is 32^3 (1 + 2^-10)^4, about 32,896.
    return product.dataSync()[0] === SIDE ** 3;
  });
}
