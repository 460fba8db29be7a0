/** Types of floating point numbers in files of weights, by their names in safetensors; widths in bytes. */
export const floatWidths = { F64: 8, F32: 4, F16: 2, BF16: 2 } as const;
export type FloatType = keyof typeof floatWidths;

/**
 * Numbers of a file as float32. `F16` (IEEE 754 binary16) and `BF16` (the upper half of a float32) are kept exactly, `F64` is rounded.
 *
 * @param bytes a whole number of values, little endian unless said; a copy is made
 */
export function toFloat32(bytes: Uint8Array, type: FloatType, bigEndian = false): Float32Array {
  const copy = new Uint8Array(bytes);
  if (bigEndian) swapEnds(copy, floatWidths[type]);
  const { buffer } = copy;
  switch (type) {
    case "F32":
      return new Float32Array(buffer);
    case "F64":
      return Float32Array.from(new Float64Array(buffer));
    case "F16":
      return fromHalves(new Uint16Array(buffer), halfToBits);
    case "BF16":
      return fromHalves(new Uint16Array(buffer), (half) => half << 16);
  }
}

function fromHalves(halves: Uint16Array, toBits: (half: number) => number): Float32Array {
  const bits = new Uint32Array(halves.length);
  for (let i = 0; i < halves.length; i++) bits[i] = toBits(halves[i]!);
  return new Float32Array(bits.buffer);
}

/** The float32 pattern of a binary16 pattern: sign, 5 bits of exponent biased by 15, 10 bits of fraction. */
function halfToBits(half: number): number {
  const sign = (half & 0x8000) << 16;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0x1f) return sign | 0x7f800000 | (fraction << 13);
  if (exponent > 0) return sign | ((exponent + 112) << 23) | (fraction << 13);
  if (fraction === 0) return sign;
  // Below the smallest normal number: fraction x 2^-24, whose leading bit becomes the exponent.
  const shift = Math.clz32(fraction) - 21;
  return sign | ((113 - shift) << 23) | ((fraction << (13 + shift)) & 0x7fffff);
}

function swapEnds(bytes: Uint8Array, width: number): void {
  for (let at = 0; at + width <= bytes.length; at += width) bytes.subarray(at, at + width).reverse();
}
