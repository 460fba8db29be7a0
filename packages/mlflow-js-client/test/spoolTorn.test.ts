import type * as FileSystem from "node:fs";
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, it, vi } from "vitest";
import { readWholeSpool, Spool } from "../src/spool.js";
import type { SpoolRecord } from "../src/spoolRecords.js";
import { temporaryFolder } from "./support.js";

/** A disk that takes so many bytes of a write and then no more, and cannot cut a file either. */
const disk = vi.hoisted(() => ({ room: Number.POSITIVE_INFINITY, cuts: true }));

vi.mock("node:fs", async (original) => {
  const real = await original<typeof FileSystem>();
  return {
    ...real,
    writeSync(handle: number, buffer: Buffer, at: number, length: number): number {
      if (disk.room === 0) throw new Error("ENOSPC: no space left on device, write");
      const taken = real.writeSync(handle, buffer, at, Math.min(length, disk.room));
      disk.room -= taken;
      return taken;
    },
    ftruncateSync(handle: number, size: number): void {
      if (!disk.cuts) throw new Error("EIO: i/o error, ftruncate");
      real.ftruncateSync(handle, size);
    },
  };
});

it("a torn line that cannot be taken back costs no line behind it", () => {
  const { folder, remove } = temporaryFolder();
  const file = path.join(folder, "spool.jsonl");
  const tag = (text: string): SpoolRecord => ({ kind: "tags", values: { text } });
  const spool = new Spool(folder);
  spool.append(tag("1"));
  Object.assign(disk, { room: 20, cuts: false });
  expect(() => spool.append(tag("lost"))).toThrow(/cannot write: ENOSPC/);
  expect(() => spool.append(tag("lost, nothing written"))).toThrow(/cannot write: ENOSPC/);
  disk.room = 5;
  expect(() => spool.append(tag("lost too"))).toThrow(/cannot write: ENOSPC/);
  disk.room = Number.POSITIVE_INFINITY;
  spool.append(tag("2"));
  spool.append(tag("3"));
  disk.room = 20;
  expect(() => spool.append(tag("taken back"))).toThrow(/cannot write: ENOSPC/);
  Object.assign(disk, { room: 3, cuts: true });
  expect(() => spool.append(tag("taken back too"))).toThrow(/cannot write: ENOSPC/);
  disk.room = Number.POSITIVE_INFINITY;
  spool.append(tag("4"));
  spool.close();
  const { records, damaged, end } = readWholeSpool(file);
  expect(records).toEqual(["1", "2", "3", "4"].map(tag));
  // The two that were torn one after the other are two damaged lines; what could be taken back is not there.
  expect(damaged).toBe(2);
  expect(end).toBe(readFileSync(file).length);
  remove();
});
