/**
 * A WAV file of one channel in integer PCM, for listening and for made-up recordings. Values are rounded to the nearest
 * step of 2^(1 - bits) and clipped to [-1, 1 - 2^(1 - bits)], so that what `decodeWav` read from such a file comes back exact.
 *
 * @param samples [samples], full scale is 1
 * @param sampleRateHz a positive integer
 * @param bitsPerSample default 16
 * @throws RangeError for a rate that is no positive integer and for samples that are not finite
 */
export function encodeWav(samples: Float32Array, sampleRateHz: number, bitsPerSample: 16 | 24 = 16): Uint8Array {
  const frameBytes = bitsPerSample / 8;
  if (!Number.isInteger(sampleRateHz) || sampleRateHz < 1 || sampleRateHz * frameBytes > 0xffffffff) {
    throw new RangeError(`encodeWav: sampleRateHz must be a positive integer, got ${sampleRateHz}`);
  }
  const dataBytes = samples.length * frameBytes;
  const padding = dataBytes % 2; // chunks of a RIFF file begin at even places
  const bytes = new Uint8Array(44 + dataBytes + padding);
  const view = new DataView(bytes.buffer);
  writeId(bytes, 0, "RIFF");
  view.setUint32(4, 36 + dataBytes + padding, true);
  writeId(bytes, 8, "WAVE");
  writeId(bytes, 12, "fmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true); // integer PCM
  view.setUint16(22, 1, true); // channels
  view.setUint32(24, sampleRateHz, true);
  view.setUint32(28, sampleRateHz * frameBytes, true); // bytes a second
  view.setUint16(32, frameBytes, true); // bytes a frame
  view.setUint16(34, bitsPerSample, true); // bits a sample
  writeId(bytes, 36, "data");
  view.setUint32(40, dataBytes, true);
  const scale = 2 ** (bitsPerSample - 1);
  for (let i = 0; i < samples.length; i++) {
    const value = samples[i]!;
    if (!Number.isFinite(value)) throw new RangeError(`encodeWav: sample ${i} is ${value}, not a finite number`);
    const step = Math.max(-scale, Math.min(scale - 1, Math.round(value * scale)));
    if (bitsPerSample === 16) view.setInt16(44 + 2 * i, step, true);
    else {
      view.setUint8(44 + 3 * i, step & 0xff);
      view.setInt16(45 + 3 * i, step >> 8, true);
    }
  }
  return bytes;
}

function writeId(bytes: Uint8Array, at: number, id: string): void {
  for (let i = 0; i < 4; i++) bytes[at + i] = id.charCodeAt(i);
}
