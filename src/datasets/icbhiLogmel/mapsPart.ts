import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import path from "node:path";
import { writeJsonAtomic } from "../../node/atomicFile.js";
import { npyHeader } from "../../node/npy.js";
import { UserError } from "../../userError.js";
import { BANDS, FRAMES, MAP_BYTES, MAPS_FILE } from "./format.js";

/**
 * The file of maps while it is being made: `logmel.npy.part`, maps one after the other, and `logmel.npy.part.json` with the
 * digest of what they are made from. After a kill the maps that are whole are kept.
 */
export class MapsPart {
  /** Maps that are in the file. */
  count = 0;
  private readonly file: string;
  private readonly header: Uint8Array;
  private readonly handle: number;

  /**
   * Opens what an earlier sitting left, or begins anew where that was made from something else.
   * @param folder is made
   * @param digest of recipe and recordings
   * @param total maps that the whole file will hold
   */
  constructor(folder: string, digest: string, total: number) {
    this.file = path.join(folder, `${MAPS_FILE}.part`);
    this.header = npyHeader("uint8", [total, BANDS, FRAMES]);
    mkdirSync(folder, { recursive: true });
    const goesOn = existsSync(this.file) && digestIn(noteOf(this.file)) === digest;
    if (!goesOn) {
      // Removed, not emptied: another process may still be writing to it, and then notices.
      rmSync(this.file, { force: true });
      writeJsonAtomic(noteOf(this.file), { digest });
    }
    this.handle = openSync(this.file, goesOn ? "r+" : "wx+");
    writeAt(this.handle, this.header, 0);
    if (goesOn) {
      const whole = Math.floor((fstatSync(this.handle).size - this.header.length) / MAP_BYTES);
      this.count = Math.min(Math.max(whole, 0), total);
    }
  }

  /** Forgets maps after the first `count`. */
  keep(count: number): void {
    this.count = Math.min(this.count, count);
    ftruncateSync(this.handle, this.header.length + this.count * MAP_BYTES);
  }

  /** Adds maps and brings them to the disk. Another process that makes the same writes the same bytes to the same places. */
  add(maps: readonly Uint8Array[]): void {
    for (const map of maps) {
      writeAt(this.handle, map, this.header.length + this.count * MAP_BYTES);
      this.count++;
    }
    fsyncSync(this.handle);
  }

  /**
   * Gives the file its name.
   * @throws UserError (exit code 1) where another process has put another file in its place
   */
  finish(): void {
    const there = statSync(this.file, { throwIfNoEntry: false });
    const ours = fstatSync(this.handle);
    if (!there || there.ino !== ours.ino || ours.size !== this.header.length + this.count * MAP_BYTES) {
      throw new UserError(`${this.file} was changed by another process; let one at a time make maps in this folder`, 1);
    }
    renameSync(this.file, this.file.slice(0, -".part".length));
    rmSync(noteOf(this.file), { force: true });
  }

  close(): void {
    closeSync(this.handle);
  }
}

const noteOf = (file: string) => `${file}.json`;

function digestIn(note: string): unknown {
  try {
    return (JSON.parse(readFileSync(note, "utf8")) as { digest?: unknown })?.digest;
  } catch {
    return undefined;
  }
}

function writeAt(handle: number, bytes: Uint8Array, position: number): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(handle, bytes, at, bytes.length - at, position + at);
}
