import { UserError } from "../userError.js";
import type { SampleLayout } from "./decodeSamples.js";
import { mixDown } from "./mixDown.js";
import { areFinite } from "./pcmVectors.js";
import { readWavHeader, type WavHeader, wavHeaderParser } from "./wavHeader.js";

export { mixDown, readWavHeader, type WavHeader };

/** A decoded recording, mixed down to one channel. */
export interface DecodedWav {
  sampleRateHz: number;
  /** Channels in the file; `samples` is their mean. */
  channels: number;
  bitsPerSample: number;
  /** Length of `samples`. */
  frames: number;
  /**
   * [frames], full scale is 1: integers are divided by 2^(bits - 1). Where the file has one channel of float32, which needs no
   * decoding, this may be a view of its bytes; neither is to be written to as long as the other is in use.
   */
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
  const samples = finiteSamples(bytes, header, name, 0);
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
    return finiteSamples(bytes, { ...header, frames, dataOffset: 0 }, name, first);
  };
  return { header, read };
}

/** @param first index of the first frame, for messages */
function finiteSamples(bytes: Uint8Array, part: SampleLayout, name: string, first: number): Float32Array {
  const samples = mixDown(bytes, part);
  if (part.encoding === "integer" || areFinite(samples)) return samples;
  const bad = samples.findIndex((value) => !Number.isFinite(value));
  throw new UserError(`${name}: sample ${first + bad} is ${samples[bad]}; samples must be finite numbers`);
}
