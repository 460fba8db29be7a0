/**
 * A WAV file of one channel in 16-bit integer PCM, for listening and for made-up recordings. Values are rounded to the
 * nearest step of 2^-15 and clipped to [-1, 1 - 2^-15], so that what `decodeWav` read from a 16-bit file comes back exact.
 *
 * @param samples [samples], full scale is 1
 * @param sampleRateHz a positive integer
 * @throws RangeError for a rate that is no positive integer and for samples that are not finite
 */
export function encodeWav(samples: Float32Array, sampleRateHz: number): Uint8Array {
  if (!Number.isInteger(sampleRateHz) || sampleRateHz < 1 || sampleRateHz * 2 > 0xffffffff) {
    throw new RangeError(`encodeWav: sampleRateHz must be a positive integer, got ${sampleRateHz}`);
  }
  const dataBytes = samples.length * 2;
  const bytes = new Uint8Array(44 + dataBytes);
  const view = new DataView(bytes.buffer);
  writeId(bytes, 0, "RIFF");
  view.setUint32(4, 36 + dataBytes, true);
  writeId(bytes, 8, "WAVE");
  writeId(bytes, 12, "fmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true); // integer PCM
  view.setUint16(22, 1, true); // channels
  view.setUint32(24, sampleRateHz, true);
  view.setUint32(28, sampleRateHz * 2, true); // bytes a second
  view.setUint16(32, 2, true); // bytes a frame
  view.setUint16(34, 16, true); // bits a sample
  writeId(bytes, 36, "data");
  view.setUint32(40, dataBytes, true);
  for (let i = 0; i < samples.length; i++) {
    const value = samples[i]!;
    if (!Number.isFinite(value)) throw new RangeError(`encodeWav: sample ${i} is ${value}, not a finite number`);
    view.setInt16(44 + 2 * i, Math.max(-32768, Math.min(32767, Math.round(value * 32768))), true);
  }
  return bytes;
}

function writeId(bytes: Uint8Array, at: number, id: string): void {
  for (let i = 0; i < 4; i++) bytes[at + i] = id.charCodeAt(i);
}
