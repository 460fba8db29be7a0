/** The first `length` samples; a shorter clip is repeated until it has them. */
export function firstOrTiled(samples: Float32Array, length: number): Float32Array {
  const out = new Float32Array(length);
  for (let at = 0; at < length; at += samples.length) out.set(samples.subarray(0, length - at), at);
  return out;
}

/**
 * A clip that is longer than `length` in pieces of that length, each half a piece after the one before, and what is left tiled;
 * a shorter one tiled.
 */
export function splitOrTiled(samples: Float32Array, length: number): Float32Array[] {
  if (samples.length <= length) return [firstOrTiled(samples, length)];
  const hop = Math.floor(length / 2);
  const pieces: Float32Array[] = [];
  let start = 0;
  for (; start + length <= samples.length; start += hop) pieces.push(samples.slice(start, start + length));
  pieces.push(firstOrTiled(samples.subarray(start), length));
  return pieces;
}
