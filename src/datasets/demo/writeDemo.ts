import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { UserError } from "../../userError.js";
import { MADE_UP_MARKER } from "../madeUp.js";
import { type IcbhiDemoCounts, writeIcbhiDemo } from "./icbhi.js";
import { type DemoCounts, type DemoSize, writeSprSoundDemo } from "./sprsound.js";

/** Folders that `writeDemo` makes. */
export const MADE_UP_SETS = ["sprsound", "icbhi"] as const;

export interface DemoOptions {
  /** The same seed and size give the same bytes. Default 1. */
  seed?: number;
  /** Recordings of SPRSound's layout by set. Default 120, 30 and 30. */
  size?: DemoSize;
}

export interface WrittenDemo {
  folder: string;
  seed: number;
  madeUp: true;
  sprsound: DemoCounts;
  icbhi: IcbhiDemoCounts;
}

/**
 * Writes made-up data sets into `dir/sprsound` and `dir/icbhi`, each in its publisher's layout, with a file that says that it
 * is made up. Made-up sets that are there are replaced; anything else is left alone, and then nothing is written.
 *
 * @throws UserError when one of the two folders holds something that is not made up, or the size is too small
 */
export function writeDemo(dir: string, { seed = 1, size }: DemoOptions = {}): WrittenDemo {
  const folder = path.resolve(dir);
  for (const name of MADE_UP_SETS) refuseReal(path.join(folder, name));
  mkdirSync(folder, { recursive: true });
  const sprsound = replaceFolder(folder, "sprsound", (root) =>
    writeSprSoundDemo(root, { seed, ...(size ? { size } : {}) }),
  );
  const icbhi = replaceFolder(folder, "icbhi", (root) => writeIcbhiDemo(root, { seed }));
  return { folder, seed, madeUp: true, sprsound, icbhi };
}

function refuseReal(target: string): void {
  const there = existsSync(target) && readdirSync(target).length > 0;
  if (there && !existsSync(path.join(target, MADE_UP_MARKER))) {
    throw new UserError(`${target} holds something that is not a made-up data set; name another folder`);
  }
}

/** Writes beside the place and then renames, so that no half set is ever there. */
function replaceFolder<T>(folder: string, name: (typeof MADE_UP_SETS)[number], write: (root: string) => T): T {
  const target = path.join(folder, name);
  const beside = path.join(folder, `.${name}.${process.pid}.${randomBytes(4).toString("hex")}`);
  try {
    const written = write(beside);
    rmSync(target, { recursive: true, force: true });
    renameSync(beside, target);
    return written;
  } catch (error) {
    rmSync(beside, { recursive: true, force: true });
    throw error;
  }
}
