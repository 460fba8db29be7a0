import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { writeJsonAtomic } from "../node/atomicFile.js";
import type { CamMap } from "./gradCam.js";

/** What a network looked at in one item. Maps have their lowest frequency in the first row. */
export interface CamExample {
  id: string;
  /** Indices of `labels`. */
  label: number;
  decided: number;
  /** What the network saw, `[rows, frames]`: the mean of its input's channels. */
  input: CamMap;
  /** Grad-CAM++ for the decided class; it may be coarser than the input. */
  map: CamMap;
}

/** What a network looked at in tested items. */
export interface Cams {
  /** The layer whose maps they are. */
  layer: string;
  labels: readonly string[];
  /** Seconds from one frame of `input` and `mean` to the next. */
  hopSeconds: number;
  /** How many maps the mean is over, and of how many items. */
  windows: number;
  items: number;
  mean: CamMap;
  examples: readonly CamExample[];
}

/** 256 levels from the least value to the greatest. */
interface KeptMap {
  rows: number;
  frames: number;
  least: number;
  greatest: number;
  /** base64 of `[rows, frames]` bytes */
  levels: string;
}

const FORMAT = 1;

/** A run's file of them. */
export const CAMS_FILE = "cams.json";

/** Writes `cams.json` into a run's folder. It is computed from recordings: it stays there, and results that are exported do not hold it. */
export function writeCams(runFolder: string, cams: Cams): void {
  const examples = cams.examples.map((one) => ({ ...one, input: kept(one.input), map: kept(one.map) }));
  writeJsonAtomic(path.join(runFolder, CAMS_FILE), { format: FORMAT, ...cams, mean: kept(cams.mean), examples });
}

/** Reads what `writeCams` wrote, values to one 255th of their range; undefined where there is nothing that can be read. */
export function readCams(runFolder: string): Cams | undefined {
  const file = path.join(runFolder, CAMS_FILE);
  if (!existsSync(file)) return undefined;
  try {
    const { format, ...read } = JSON.parse(readFileSync(file, "utf8"));
    if (format !== FORMAT) return undefined;
    const examples = read.examples.map((one: { input: KeptMap; map: KeptMap }) => {
      return { ...one, input: mapOf(one.input), map: mapOf(one.map) };
    });
    return { ...read, mean: mapOf(read.mean), examples };
  } catch {
    return undefined;
  }
}

function kept({ values, rows, frames }: CamMap): KeptMap {
  let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) [least, greatest] = [Math.min(least, value), Math.max(greatest, value)];
  const range = greatest - least;
  const levels = Uint8Array.from(values, (value) => (range > 0 ? Math.round((255 * (value - least)) / range) : 0));
  return { rows, frames, least, greatest, levels: Buffer.from(levels).toString("base64") };
}

function mapOf({ rows, frames, least, greatest, levels }: KeptMap): CamMap {
  const bytes = Buffer.from(levels, "base64");
  if (bytes.length !== rows * frames) throw new RangeError(`${bytes.length} levels for ${rows} x ${frames}`);
  return { rows, frames, values: Float32Array.from(bytes, (level) => least + ((greatest - least) * level) / 255) };
}
