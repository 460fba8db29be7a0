import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { UserError } from "../../userError.js";
import { MADE_UP_MARKER } from "../sprsound/layout.js";
import { type DemoCounts, type DemoSize, writeSprSoundDemo } from "./sprsound.js";

export interface DemoOptions {
  /** The same seed and size give the same bytes. Default 1. */
  seed?: number;
  /** Recordings by set. Default 120, 30 and 30. */
  size?: DemoSize;
}

export interface WrittenDemo {
  folder: string;
  seed: number;
  madeUp: true;
  sprsound: DemoCounts;
}

/**
 * Writes a made-up data set into `dir/sprsound`, in SPRSound's layout, with a file that says that it is made up. A made-up
 * set that is there is replaced; anything else is left alone.
 *
 * @throws UserError when `dir/sprsound` holds something that is not made up, or the size is too small
 */
export function writeDemo(dir: string, { seed = 1, size }: DemoOptions = {}): WrittenDemo {
  const folder = path.resolve(dir);
  const target = path.join(folder, "sprsound");
  const there = existsSync(target) && readdirSync(target).length > 0;
  if (there && !existsSync(path.join(target, MADE_UP_MARKER))) {
    throw new UserError(`${target} holds something that is not a made-up data set; name another folder`);
  }
  mkdirSync(folder, { recursive: true });
  const beside = path.join(folder, `.sprsound.${process.pid}.${randomBytes(4).toString("hex")}`);
  try {
    const sprsound = writeSprSoundDemo(beside, { seed, ...(size ? { size } : {}) });
    rmSync(target, { recursive: true, force: true });
    renameSync(beside, target);
    return { folder, seed, madeUp: true, sprsound };
  } catch (error) {
    rmSync(beside, { recursive: true, force: true });
    throw error;
  }
}
