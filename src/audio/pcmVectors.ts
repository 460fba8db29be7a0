import { compile, instantiate, Layout } from "./wasm/instance.js";
import { PCM_GRAIN, type PcmKernel, pcmModule } from "./wasm/pcmKernel.js";
import type { WavHeader } from "./wavHeader.js";

/** Samples in one round through the kernel's memory, small enough for the processor's first caches. */
const ROUND = 4096;
const LARGEST_SAMPLE_BYTES = 8;
/** What the kernel may read behind the last sample. */
const SLACK = 64;

interface Kernel {
  exports: PcmKernel;
  memory: ArrayBuffer;
  input: Uint8Array;
  /** Of a check. */
  sums: Float32Array;
  /** Addresses. */
  at: { input: number; decoded: number; means: number; sums: number };
}

let made: { kernel: Kernel | undefined } | undefined;

function pcmKernel(): Kernel | undefined {
  made ??= { kernel: makeKernel() };
  return made.kernel;
}

function makeKernel(): Kernel | undefined {
  const module = compile(pcmModule());
  if (!module) return undefined;
  const layout = new Layout();
  // Large arrays begin at the beginning of a page. Processors take loads for dependent on stores at the same place of another
  // page: a copy from there to an array would take several times as long.
  const at = {
    input: layout.place(LARGEST_SAMPLE_BYTES * ROUND + SLACK, 2048),
    decoded: layout.place(4 * ROUND, 1024),
    means: layout.place(2 * ROUND, 3072),
    sums: layout.place(64),
  };
  const { exports, memory } = instantiate<PcmKernel>(module, layout.bytes);
  const input = new Uint8Array(memory, at.input, LARGEST_SAMPLE_BYTES * ROUND);
  return { exports, memory, input, sums: new Float32Array(memory, at.sums, 16), at };
}

/**
 * Little-endian PCM to float32 by vector instructions.
 *
 * @param data the frames' bytes
 * @param layout how a sample is stored
 * @param merged so many neighbouring samples become their mean
 * @param out [samples / merged], receives the result
 * @returns false, with `out` as it was, where there are no vectors
 */
export function decodeByVectors(
  data: Uint8Array,
  { bitsPerSample, encoding }: Pick<WavHeader, "bitsPerSample" | "encoding">,
  merged: 1 | 2,
  out: Float32Array,
): boolean {
  const kernel = pcmKernel();
  if (!kernel) return false;
  const { exports, memory, input, at } = kernel;
  const convert = encoding === "float" && bitsPerSample === 32 ? undefined : exports[`${encoding}${bitsPerSample}`]!;
  const decoded = convert ? at.decoded : at.input;
  const result = merged === 1 ? decoded : at.means;
  const values = new Float32Array(memory, result, ROUND / merged);
  const valueBytes = (merged * bitsPerSample) / 8;
  for (let start = 0; start < out.length; start += values.length) {
    const count = Math.min(values.length, out.length - start);
    input.set(data.subarray(start * valueBytes, (start + count) * valueBytes));
    const samples = Math.ceil((count * merged) / PCM_GRAIN) * PCM_GRAIN;
    convert?.(at.input, decoded, decoded + 4 * samples);
    if (merged === 2) exports.means(decoded, result, result + 2 * samples);
    out.set(count === values.length ? values : values.subarray(0, count), start);
  }
  return true;
}

/** Whether all values are finite numbers. */
export function areFinite(values: Float32Array): boolean {
  const kernel = pcmKernel();
  if (!kernel) return values.every(Number.isFinite);
  const { exports, memory, sums, at } = kernel;
  const round = new Float32Array(memory, at.input, ROUND);
  sums.fill(0);
  for (let start = 0; start < values.length; start += ROUND) {
    const count = Math.min(ROUND, values.length - start);
    round.set(count === values.length ? values : values.subarray(start, start + count));
    // What an earlier round left there must not be found.
    const padded = Math.ceil(count / PCM_GRAIN) * PCM_GRAIN;
    round.fill(0, count, padded);
    exports.check(at.input, at.input + 4 * padded, at.sums);
  }
  return sums.every((sum) => sum === 0);
}
