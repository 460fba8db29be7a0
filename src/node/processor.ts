import { readFileSync } from "node:fs";
import os from "node:os";

/** Instruction sets for which TensorFlow's kernels have code of their own, each with its own order of sums. */
const DECISIVE = ["avx", "avx2", "fma", "avx_vnni", "avx512f", "avx512bw", "avx512_vnni", "avx512_bf16", "avx512_fp16"];
const MATRIX = ["amx_tile", "amx_int8", "amx_bf16", "amx_fp16"];

/** Those that multiply in bfloat16. */
const BF16 = ["avx512_bf16", "amx_bf16"];

/**
 * The processor in words, as far as the bits of a result may depend on it: "AMD EPYC, family 25 model 1, cache 512 KB, avx avx2 fma".
 * Where the system does not say more, its name alone.
 *
 * @param cpuinfo the text of Linux's /proc/cpuinfo
 */
export function processorType(cpuinfo = readIfThere("/proc/cpuinfo")): string {
  const [first = ""] = cpuinfo.split("\n\n");
  const field = (name: string) => new RegExp(`^${name}\\s*: *(.*)$`, "m").exec(first)?.[1];
  const flags = field("flags")?.split(" ");
  if (!flags) return os.cpus()[0]?.model.trim() || process.arch;
  const known = [...DECISIVE, ...MATRIX].filter((flag) => flags.includes(flag)).join(" ");
  // Products of matrices are cut into blocks by the size of the caches.
  return `${field("model name")}, family ${field("cpu family")} model ${field("model")}, cache ${field("cache size")}, ${known}`;
}

/**
 * Whether this processor multiplies in bfloat16 itself. Where it does not, TensorFlow converts back and forth and takes three to
 * ten times as long as in float32; the rounding is the same. Undefined where the system does not say.
 *
 * @param cpuinfo the text of Linux's /proc/cpuinfo
 */
export function processorHasBf16(cpuinfo = readIfThere("/proc/cpuinfo")): boolean | undefined {
  const flags = /^flags\s*: *(.*)$/m.exec(cpuinfo)?.[1]?.split(" ");
  return flags && BF16.some((flag) => flags.includes(flag));
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
