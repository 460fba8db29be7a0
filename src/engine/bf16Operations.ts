import { type Bf16Rate, bf16Rate } from "../node/processor.js";

/** Names operations that TensorFlow leaves in float32 when it rewrites a function (its auto_mixed_precision_lists.h); read at each rewriting. */
const LEFT_IN_FLOAT32 = "TF_AUTO_MIXED_PRECISION_GRAPH_REWRITE_ALLOWLIST_REMOVE";

/**
 * Which operations of bf16 steps are computed in bfloat16; to be called before such a function first runs. All that TensorFlow knows of,
 * but where products in bfloat16 have half the rate of float32's the gradients of convolutions' kernels stay in float32: they lose most,
 * with 245 ms of a step of ResNet 18 instead of 135 (docs/precision.md).
 */
export function chooseBf16Operations(rate: Bf16Rate | undefined = bf16Rate()): void {
  process.env[LEFT_IN_FLOAT32] = rate === "half" ? "Conv2DBackpropFilter" : "";
}
