import { decodePlainly, decodeSamples, frameBytes, type SampleLayout } from "./decodeSamples.js";
import { areFinite, decodeByVectors } from "./pcmVectors.js";

/** So that the channels need no memory of the length of the file. */
const BLOCK_FRAMES = 16384;

/**
 * Samples as `DecodedWav` has them, of any part of a file.
 * @param bytes holds the frames
 * @param part how samples are stored, how many frames to read and where in `bytes` they start
 * @returns [frames]; of one channel of float32 maybe a view of `bytes`
 */
export function mixDown(bytes: Uint8Array, part: SampleLayout): Float32Array {
  const { channels, frames, encoding } = part;
  const data = frameBytes(bytes, part);
  if (channels === 1 && areSamples(data, part)) return new Float32Array(data.buffer, data.byteOffset, frames);
  const samples = new Float32Array(frames);
  if (channels === 1) {
    if (!decodeByVectors(data, part, 1, samples)) decodePlainly(data, part, samples);
  } else if (channels > 2 || !decodeByVectors(data, part, 2, samples)) {
    mixChannels(bytes, part, samples);
  } else if (encoding === "float" && !areFinite(samples)) {
    // Two channels may have a mean whose sum is beyond single precision.
    mixChannels(bytes, part, samples);
  }
  return samples;
}

const LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** Whether the bytes are float32 as this machine has them in memory. */
function areSamples(data: Uint8Array, { encoding, bitsPerSample }: SampleLayout): boolean {
  return encoding === "float" && bitsPerSample === 32 && LITTLE_ENDIAN && data.byteOffset % 4 === 0;
}

function mixChannels(bytes: Uint8Array, part: SampleLayout, samples: Float32Array): void {
  const { channels, frames, dataOffset, bitsPerSample } = part;
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
}
