import { crc32 } from "node:zlib";

/** A stored map, as its line in a shard's index says. */
export interface Entry {
  /** SHA-256 of what the map was made from, hexadecimal. */
  key: string;
  /** The shard that holds it, without ending. */
  shard: string;
  /** Where it begins, in bytes; a multiple of `ALIGNMENT`. */
  at: number;
  frames: number;
  /** `checkOf` key and bytes. */
  check: number;
}

/** Says that an entry was found damaged: it counts no more. */
export type Drop = Pick<Entry, "key" | "shard" | "at">;

/** Maps begin at multiples of so many bytes. */
export const ALIGNMENT = 64;

/** CRC-32 of the key and then the map's bytes: a line that points at another map is noticed too. */
export function checkOf(key: string, bytes: Uint8Array): number {
  return crc32(bytes, crc32(key));
}

/** An index's line, led by its own CRC-32. */
export function entryLine({ key, at, frames, check }: Omit<Entry, "shard">): string {
  return line(["+", key, at, frames, check]);
}

export function dropLine({ key, shard, at }: Drop): string {
  return line(["-", key, at, shard]);
}

/** @returns undefined for a line that is not as it was written */
export function parseLine(text: string, shard: string): { entry: Entry } | { drop: Drop } | undefined {
  const body = text.slice(9);
  if (text.length < 9 || text.slice(0, 8) !== hex(crc32(body))) return undefined;
  const [kind, key, at, ...rest] = JSON.parse(body) as [string, string, number, ...unknown[]];
  if (kind === "-") return { drop: { key, at, shard: rest[0] as string } };
  return { entry: { key, shard, at, frames: rest[0] as number, check: rest[1] as number } };
}

function line(values: unknown[]): string {
  const body = JSON.stringify(values);
  return `${hex(crc32(body))} ${body}\n`;
}

function hex(check: number): string {
  return check.toString(16).padStart(8, "0");
}
