/** WAV files by hand, right and wrong ones. */

export interface FormatFields {
  tag?: number;
  channels?: number;
  sampleRateHz?: number;
  bytesPerSecond?: number;
  blockAlign?: number;
  bits?: number;
}

/** A chunk of the given bytes; `claimed` is the size it says it has. */
export function chunk(id: string, bytes: ArrayLike<number>, claimed = bytes.length): number[] {
  return [...ascii(id), ...u32(claimed), ...Array.from(bytes), ...(bytes.length % 2 ? [0] : [])];
}

export function format(fields: FormatFields = {}): number[] {
  const { tag = 1, channels = 1, sampleRateHz = 8000, bits = 16 } = fields;
  const { blockAlign = (channels * bits) / 8, bytesPerSecond = sampleRateHz * blockAlign } = fields;
  return chunk("fmt ", [
    ...u16(tag),
    ...u16(channels),
    ...u32(sampleRateHz),
    ...u32(bytesPerSecond),
    ...u16(blockAlign),
    ...u16(bits),
  ]);
}

export function riff(...chunks: number[][]): Uint8Array {
  const body = [...ascii("WAVE"), ...chunks.flat()];
  return Uint8Array.from([...ascii("RIFF"), ...u32(body.length), ...body]);
}

export const ascii = (text: string) => Array.from(text, (character) => character.charCodeAt(0));
export const u16 = (value: number) => [value & 255, (value >>> 8) & 255];
export const u32 = (value: number) => [...u16(value), ...u16(value >>> 16)];
