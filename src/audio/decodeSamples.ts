import { decodeByVectors } from "./pcmVectors.js";
import type { WavHeader } from "./wavHeader.js";

/** How samples are stored, how many frames to decode and where they start in the bytes at hand. */
export type SampleLayout = Pick<WavHeader, "channels" | "bitsPerSample" | "encoding" | "frames" | "dataOffset">;

/** The bytes of the frames that are to be decoded. */
export function frameBytes(bytes: Uint8Array, layout: SampleLayout): Uint8Array {
  const { channels, bitsPerSample, frames, dataOffset } = layout;
  return bytes.subarray(dataOffset, dataOffset + (frames * channels * bitsPerSample) / 8);
}

/**
 * All channels of little-endian PCM, frame by frame; full scale is 1.
 *
 * @param bytes holds the frames
 * @returns [frames * channels]; 32-bit integers and float64 are rounded to float32
 */
export function decodeSamples(bytes: Uint8Array, layout: SampleLayout): Float32Array {
  const out = new Float32Array(layout.frames * layout.channels);
  const data = frameBytes(bytes, layout);
  if (!decodeByVectors(data, layout, 1, out)) decodePlainly(data, layout, out);
  return out;
}

/** What `decodeByVectors` does for single samples, whatever the machine. */
export function decodePlainly(
  data: Uint8Array,
  { bitsPerSample, encoding }: Pick<SampleLayout, "bitsPerSample" | "encoding">,
  out: Float32Array,
): void {
  if (encoding === "float") decodeFloats(data, bitsPerSample, out);
  else if (bitsPerSample === 8) decode8(data, out);
  else decodeIntegers(data, bitsPerSample, out);
}

/** The only unsigned width. */
function decode8(data: Uint8Array, out: Float32Array): void {
  for (let i = 0; i < out.length; i++) out[i] = (data[i]! - 128) / 128;
}

/** Signed integers of 2 to 4 bytes. */
function decodeIntegers(data: Uint8Array, bits: number, out: Float32Array): void {
  const sampleBytes = bits / 8;
  for (let i = 0, at = 0; i < out.length; i++, at += sampleBytes) {
    // The sample in the upper bits of 32, so that its sign is where it belongs.
    let value = 0;
    for (let k = 1; k <= sampleBytes; k++) value |= data[at + sampleBytes - k]! << (32 - 8 * k);
    out[i] = value / 2147483648;
  }
}

function decodeFloats(data: Uint8Array, bits: number, out: Float32Array): void {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  for (let i = 0; i < out.length; i++)
    out[i] = bits === 64 ? view.getFloat64(8 * i, true) : view.getFloat32(4 * i, true);
}
