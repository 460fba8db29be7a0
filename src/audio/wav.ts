import { UserError } from "../userError.js";
import { readWavHeader, type WavHeader } from "./wavHeader.js";

export { readWavHeader, type WavHeader };

/** A decoded recording, mixed down to one channel. */
export interface DecodedWav {
  sampleRateHz: number;
  /** Channels in the file; `samples` is their mean. */
  channels: number;
  bitsPerSample: number;
  /** Length of `samples`. */
  frames: number;
  /** [frames], full scale is 1: integers are divided by 2^(bits - 1). */
  samples: Float32Array;
  /** What was wrong with the file and could be mended, one sentence each. */
  warnings: string[];
}

/**
 * Decodes a WAV file to one channel; see `readWavHeader` for what is read, mended and refused. Nothing is allocated on
 * the header's word alone: the length comes from the bytes that are there.
 *
 * @param bytes the whole file
 * @param name the file's name, for messages
 * @throws UserError naming the file and the reason; also where floating-point samples are not finite
 */
export function decodeWav(bytes: Uint8Array, name: string): DecodedWav {
  const header = readWavHeader(bytes, name);
  const { sampleRateHz, channels, bitsPerSample, frames, warnings } = header;
  const samples = mixDown(bytes, header);
  if (header.encoding === "float") {
    const bad = samples.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) throw new UserError(`${name}: sample ${bad} is ${samples[bad]}; samples must be finite numbers`);
  }
  return { sampleRateHz, channels, bitsPerSample, frames, samples, warnings };
}

/**
 * Samples as `DecodedWav` has them, of any part of a file.
 * @param bytes holds the frames
 * @param part how samples are stored, how many frames to read and where in `bytes` they start
 */
export function mixDown(
  bytes: Uint8Array,
  {
    channels,
    bitsPerSample,
    encoding,
    frames,
    dataOffset,
  }: Pick<WavHeader, "channels" | "bitsPerSample" | "encoding" | "frames" | "dataOffset">,
): Float32Array {
  const samples = new Float32Array(frames);
  if (channels === 1 && bitsPerSample === 16) {
    // The common case; shifts on bytes need neither alignment nor a particular byte order of the machine.
    for (let i = 0, at = dataOffset; i < frames; i++, at += 2) {
      samples[i] = (((bytes[at]! | (bytes[at + 1]! << 8)) << 16) >> 16) / 32768;
    }
    return samples;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = sampleReader(view, bitsPerSample, encoding);
  const sampleBytes = bitsPerSample / 8;
  for (let i = 0, at = dataOffset; i < frames; i++) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++, at += sampleBytes) sum += read(at);
    samples[i] = sum / channels;
  }
  return samples;
}

function sampleReader(view: DataView, bits: number, encoding: WavHeader["encoding"]): (at: number) => number {
  if (encoding === "float") {
    return bits === 64 ? (at) => view.getFloat64(at, true) : (at) => view.getFloat32(at, true);
  }
  switch (bits) {
    case 8:
      return (at) => (view.getUint8(at) - 128) / 128; // the only unsigned width
    case 16:
      return (at) => view.getInt16(at, true) / 32768;
    case 24:
      return (at) => (view.getUint16(at, true) + view.getInt8(at + 2) * 65536) / 8388608;
    default:
      return (at) => view.getInt32(at, true) / 2147483648;
  }
}
