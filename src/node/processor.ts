import { readFileSync } from "node:fs";
import os from "node:os";

/** Instruction sets for which TensorFlow's kernels have code of their own, each with its own order of sums. */
const DECISIVE = ["avx", "avx2", "fma", "avx_vnni", "avx512f", "avx512bw", "avx512_vnni", "avx512_bf16", "avx512_fp16"];
const MATRIX = ["amx_tile", "amx_int8", "amx_bf16", "amx_fp16"];

/**
 * The processor in words, as far as the bits of a result may depend on it: "AMD EPYC, family 25 model 1, cache 512 KB, avx avx2 fma".
 * Where the system does not say more, its name alone.
 *
 * @param cpuinfo the text of Linux's /proc/cpuinfo
 */
export function processorType(cpuinfo = readIfThere("/proc/cpuinfo")): string {
  const field = firstProcessor(cpuinfo);
  const flags = field("flags")?.split(" ");
  if (!flags) return os.cpus()[0]?.model.trim() || process.arch;
  const known = [...DECISIVE, ...MATRIX].filter((flag) => flags.includes(flag)).join(" ");
  // Products of matrices are cut into blocks by the size of the caches.
  return `${field("model name")}, family ${field("cpu family")} model ${field("model")}, cache ${field("cache size")}, ${known}`;
}

/**
 * How fast a processor computes products in bfloat16: gains by them; has instructions for them that are half as fast as float32's
 * (Intel's AVX-512 BF16 without AMX, as where a virtual machine hides that; docs/precision.md has the measurement); has none, so that
 * TensorFlow converts back and forth and takes three to ten times as long.
 */
export type Bf16Rate = "full" | "half" | "emulated";

/**
 * This processor's; undefined where the system does not say.
 *
 * @param cpuinfo the text of Linux's /proc/cpuinfo
 */
export function bf16Rate(cpuinfo = readIfThere("/proc/cpuinfo")): Bf16Rate | undefined {
  const field = firstProcessor(cpuinfo);
  const flags = field("flags")?.split(" ");
  if (!flags) return undefined;
  if (flags.includes("amx_bf16")) return "full";
  if (!flags.includes("avx512_bf16")) return "emulated";
  return field("vendor_id") === "GenuineIntel" ? "half" : "full";
}

/** What /proc/cpuinfo says of the first processor, by the names of its lines. */
function firstProcessor(cpuinfo: string): (name: string) => string | undefined {
  const [first = ""] = cpuinfo.split("\n\n");
  return (name) => new RegExp(`^${name}\\s*: *(.*)$`, "m").exec(first)?.[1];
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
