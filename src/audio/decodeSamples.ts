import { compile, instantiate } from "./wasm/instance.js";
import { PCM_GRAIN, type PcmKernel, pcmModule } from "./wasm/pcmKernel.js";
import type { WavHeader } from "./wavHeader.js";

/** How samples are stored, how many frames to decode and where they start in the bytes at hand. */
export type SampleLayout = Pick<WavHeader, "channels" | "bitsPerSample" | "encoding" | "frames" | "dataOffset">;

/** Samples in one round through the kernel's memory, small enough for the processor's first caches. */
const ROUND = 4096;
const INPUT = 0;
const OUTPUT = 4 * ROUND + 64;

interface Kernel {
  exports: PcmKernel;
  input: Uint8Array;
  output: Float32Array;
}

let made: { kernel: Kernel | undefined } | undefined;

/**
 * All channels of little-endian PCM, frame by frame; full scale is 1.
 *
 * @param bytes holds the frames
 * @returns [frames * channels]; 32-bit integers and float64 are rounded to float32
 */
export function decodeSamples(bytes: Uint8Array, layout: SampleLayout): Float32Array {
  const { channels, bitsPerSample, encoding, frames, dataOffset } = layout;
  const out = new Float32Array(frames * channels);
  const data = bytes.subarray(dataOffset, dataOffset + (out.length * bitsPerSample) / 8);
  if (encoding === "float") decodeFloats(data, bitsPerSample, out);
  else if (bitsPerSample === 8) decode8(data, out);
  else if (!decodeByVectors(data, bitsPerSample, out)) decodeIntegers(data, bitsPerSample, out);
  return out;
}

/** The only unsigned width. */
function decode8(data: Uint8Array, out: Float32Array): void {
  for (let i = 0; i < out.length; i++) out[i] = (data[i]! - 128) / 128;
}

/** @returns false where there are no vector instructions */
function decodeByVectors(data: Uint8Array, bits: number, out: Float32Array): boolean {
  made ??= { kernel: makeKernel() };
  if (!made.kernel) return false;
  const { exports, input, output } = made.kernel;
  const convert = bits === 16 ? exports.convert16 : bits === 24 ? exports.convert24 : exports.convert32;
  const sampleBytes = bits / 8;
  for (let start = 0; start < out.length; start += ROUND) {
    const count = Math.min(ROUND, out.length - start);
    input.set(data.subarray(start * sampleBytes, (start + count) * sampleBytes));
    convert(INPUT, OUTPUT, OUTPUT + 4 * Math.ceil(count / PCM_GRAIN) * PCM_GRAIN);
    out.set(count === ROUND ? output : output.subarray(0, count), start);
  }
  return true;
}

function makeKernel(): Kernel | undefined {
  const module = compile(pcmModule());
  if (!module) return undefined;
  const { exports, memory } = instantiate<PcmKernel>(module, OUTPUT + 4 * ROUND);
  return {
    exports,
    input: new Uint8Array(memory, INPUT, 4 * ROUND),
    output: new Float32Array(memory, OUTPUT, ROUND),
  };
}

/** Signed integers of 2 to 4 bytes, whatever the machine. */
export function decodeIntegers(data: Uint8Array, bits: number, out: Float32Array): void {
  const sampleBytes = bits / 8;
  for (let i = 0, at = 0; i < out.length; i++, at += sampleBytes) {
    // The sample in the upper bits of 32, so that its sign is where it belongs.
    let value = 0;
    for (let k = 1; k <= sampleBytes; k++) value |= data[at + sampleBytes - k]! << (32 - 8 * k);
    out[i] = value / 2147483648;
  }
}

function decodeFloats(data: Uint8Array, bits: number, out: Float32Array): void {
  if (littleEndian && data.byteOffset % (bits / 8) === 0) {
    // Several times as fast as a view, but only at places that are multiples of a sample's bytes.
    const values = bits === 64 ? Float64Array : Float32Array;
    out.set(new values(data.buffer, data.byteOffset, out.length));
    return;
  }
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  for (let i = 0; i < out.length; i++)
    out[i] = bits === 64 ? view.getFloat64(8 * i, true) : view.getFloat32(4 * i, true);
}

const littleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
