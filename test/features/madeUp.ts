/** A chirp with a little rattle, [count] at 8 kHz. Python: see `made_up` above the constants of the tests. */
export function madeUp(count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, n) => {
    const chirp = 0.4 * Math.sin(2 * Math.PI * ((100 * n) / 8000 + 2000 * (n / 8000) ** 2));
    return chirp + 0.1 * (((n * 7919) % 1000) / 1000 - 0.5);
  });
}

/** The largest absolute difference; Infinity for different lengths, NaN where a value is NaN. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i]! - b[i]!));
  return largest;
}
