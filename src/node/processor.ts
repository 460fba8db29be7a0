import { readFileSync } from "node:fs";

/** Instructions that multiply in bfloat16, by the kernel's names. */
const BF16 = /^flags\s*:.*\b(?:avx512_bf16|amx_bf16)\b/m;

/**
 * Whether this processor multiplies in bfloat16 itself. Where it does not, TensorFlow converts back and forth and takes ten times as
 * long as in float32; the rounding is the same. Undefined where the kernel does not say (other systems than Linux).
 */
export function processorHasBf16(cpuinfo = "/proc/cpuinfo"): boolean | undefined {
  try {
    return BF16.test(readFileSync(cpuinfo, "utf8"));
  } catch {
    return undefined;
  }
}
