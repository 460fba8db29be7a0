/**
 * An array that holds what `values` begins with and has room for more: the same where there is room, else a copy twice as long as needed.
 *
 * @param used of its values
 * @param needed in all
 */
export function withRoom<T extends Float32Array | Uint8Array>(values: T, used: number, needed: number): T {
  if (needed <= values.length) return values;
  const larger = new (values.constructor as new (length: number) => T)(2 * needed);
  larger.set(values.subarray(0, used));
  return larger;
}
