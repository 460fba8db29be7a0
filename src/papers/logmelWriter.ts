import { MAP_BYTES } from "../datasets/icbhiLogmel/format.js";
import type { IcbhiLogmel } from "../datasets/icbhiLogmel/load.js";
import type { Item } from "../datasets/roles.js";

/** Writes a network's input of a cycle from its stored map, as `write` makes it. Throws RangeError for a cycle without a map. */
export function logmelWriter(
  maps: Pick<IcbhiLogmel, "rowOf" | "bytes">,
  write: (bytes: Uint8Array, out: Float32Array, offset: number) => void,
) {
  const bytes = new Uint8Array(MAP_BYTES);
  return ({ id }: Pick<Item, "id">, out: Float32Array, offset: number): void => {
    const row = maps.rowOf(id);
    if (row === undefined) throw new RangeError(`there is no stored map of cycle ${id}`);
    write(maps.bytes(row, bytes), out, offset);
  };
}

/** The stored maps of some cycles, one after the other, in memory that worker threads share. Throws RangeError for a cycle without a map. */
export function sharedMapBytes(
  examples: readonly Pick<Item, "id">[],
  maps: Pick<IcbhiLogmel, "rowOf" | "bytes">,
): Uint8Array {
  const bytes = new Uint8Array(new SharedArrayBuffer(examples.length * MAP_BYTES));
  for (const [i, { id }] of examples.entries()) {
    const row = maps.rowOf(id);
    if (row === undefined) throw new RangeError(`there is no stored map of cycle ${id}`);
    maps.bytes(row, bytes.subarray(i * MAP_BYTES, (i + 1) * MAP_BYTES));
  }
  return bytes;
}
