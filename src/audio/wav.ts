import { UserError } from "../userError.js";
import { decodeSamples, type SampleLayout } from "./decodeSamples.js";
import { readWavHeader, type WavHeader, wavHeaderParser } from "./wavHeader.js";

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
  refuseNotFinite(samples, header, name, 0);
  return { sampleRateHz, channels, bitsPerSample, frames, samples, warnings };
}

/** A file of which stretches are read. */
export interface ByteSource {
  /** For messages. */
  name: string;
  /** Length of the file. */
  bytes: number;
  /** The bytes from `offset`, fewer than `length` only where the file ends. */
  readAt(offset: number, length: number): Promise<Uint8Array>;
}

/** A WAV file whose samples are read when they are wanted. */
export interface OpenedWav {
  header: WavHeader;
  /**
   * Samples as `DecodedWav` has them, of one stretch; no other bytes of the file are read.
   *
   * @param first frame
   * @param end the frame behind the last one; beyond the file's end is its end
   * @returns [min(end, header.frames) - first], empty where that is below 1
   * @throws RangeError unless both are integers and 0 <= first
   * @throws UserError where the file has become shorter, and where floating-point samples are not finite
   */
  read(first: number, end: number): Promise<Float32Array>;
}

/**
 * Reads the header of a WAV file and leaves its samples where they are; see `readWavHeader`.
 * @throws UserError as `readWavHeader` does
 */
export async function openWav(source: ByteSource): Promise<OpenedWav> {
  const { name } = source;
  const parser = wavHeaderParser(name, source.bytes);
  let step = parser.next();
  while (!step.done) step = parser.next(await source.readAt(step.value.offset, step.value.length));
  const header = step.value;
  const frameBytes = (header.channels * header.bitsPerSample) / 8;
  const read = async (first: number, end: number) => {
    if (!Number.isInteger(first) || !Number.isInteger(end) || first < 0) {
      throw new RangeError(`${name}: frames ${first} to ${end} are no stretch of a file`);
    }
    const frames = Math.max(0, Math.min(end, header.frames) - first);
    if (frames === 0) return new Float32Array(0);
    const bytes = await source.readAt(header.dataOffset + first * frameBytes, frames * frameBytes);
    if (bytes.length < frames * frameBytes) {
      throw new UserError(`${name}: the file has become shorter since its header was read; read it again`);
    }
    const samples = mixDown(bytes, { ...header, frames, dataOffset: 0 });
    refuseNotFinite(samples, header, name, first);
    return samples;
  };
  return { header, read };
}

function refuseNotFinite(samples: Float32Array, { encoding }: WavHeader, name: string, first: number): void {
  if (encoding !== "float") return;
  const bad = firstNotFinite(samples);
  if (bad >= 0)
    throw new UserError(`${name}: sample ${first + bad} is ${samples[bad]}; samples must be finite numbers`);
}

/** So that the channels need no memory of the length of the file. */
const BLOCK_FRAMES = 16384;

function firstNotFinite(samples: Float32Array): number {
  // x - x is 0, and NaN for what is not finite: four sums without a branch.
  let [a, b, c, d] = [0, 0, 0, 0];
  const whole = samples.length - (samples.length % 4);
  for (let i = 0; i < whole; i += 4) {
    a += samples[i]! - samples[i]!;
    b += samples[i + 1]! - samples[i + 1]!;
    c += samples[i + 2]! - samples[i + 2]!;
    d += samples[i + 3]! - samples[i + 3]!;
  }
  for (let i = whole; i < samples.length; i++) a += samples[i]! - samples[i]!;
  return a + b + c + d === 0 ? -1 : samples.findIndex((value) => !Number.isFinite(value));
}

/**
 * Samples as `DecodedWav` has them, of any part of a file.
 * @param bytes holds the frames
 * @param part how samples are stored, how many frames to read and where in `bytes` they start
 */
export function mixDown(bytes: Uint8Array, part: SampleLayout): Float32Array {
  const { channels, frames, dataOffset, bitsPerSample } = part;
  if (channels === 1) return decodeSamples(bytes, part);
  const samples = new Float32Array(frames);
  for (let start = 0; start < frames; start += BLOCK_FRAMES) {
    const count = Math.min(BLOCK_FRAMES, frames - start);
    const offset = dataOffset + (start * channels * bitsPerSample) / 8;
    const block = decodeSamples(bytes, { ...part, frames: count, dataOffset: offset });
    for (let i = 0, at = 0; i < count; i++, at += channels) {
      let sum = block[at]! + block[at + 1]!;
      for (let channel = 2; channel < channels; channel++) sum += block[at + channel]!;
      samples[start + i] = sum / channels;
    }
  }
  return samples;
}
