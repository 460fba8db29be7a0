import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { canonicalJson, type Json } from "../../features/canonicalJson.js";
import { writeJsonAtomic } from "../../node/atomicFile.js";
import { gpuModels, linkedBuild } from "../../node/engineBuild.js";
import { cacheFolder, projectRoot } from "../../node/paths.js";
import { processorType } from "../../node/processor.js";
import type { TrainingWork, UnitSeconds } from "../../papers/trainingWork.js";
import type { PlannedRun } from "../plan.js";

/** What one unit of work took on this machine. */
export interface MeasuredCost extends UnitSeconds {
  /** Of the folder of a run that was done. */
  folderBytes?: number;
}

/** Newest measurements that are kept; the middle one counts. */
const KEPT = 5;

/** What the costs of units of work depend on. */
function keyOf({ request, prepared, precision, threads }: Measurable, work: TrainingWork): Record<string, Json> {
  const { network, input, batchSize } = work;
  const paper = String(prepared.identity.paper ?? request.experiment.split("/")[0]);
  const build = linkedBuild(projectRoot());
  const engine = `${processorType()}; ${build ? `${build.kind} ${build.version}` : "no engine"}; ${gpuModels().join(", ")}`;
  return { paper, network, input: [...input], batchSize, precision, threads, engine };
}

type Measurable = Pick<PlannedRun, "request" | "prepared" | "precision" | "threads">;

/**
 * The middle of what work like this took here; undefined where none was measured. A damaged file counts as none.
 *
 * @param work the run's own, or that of one of its stages
 */
export function measuredCost(run: Measurable, work: TrainingWork): MeasuredCost | undefined {
  return middleOf(read(fileOf(keyOf(run, work))));
}

function middleOf(all: readonly MeasuredCost[]): MeasuredCost | undefined {
  if (all.length === 0) return undefined;
  const bytes = all.flatMap(({ folderBytes }) => folderBytes ?? []);
  return {
    step: middle(all.map(({ step }) => step)),
    item: middle(all.map(({ item }) => item)),
    ...(bytes.length > 0 && { folderBytes: middle(bytes) }),
  };
}

/** Measurements of one kind of work, of any machine that shares the cache folder. */
export interface KnownCost {
  paper: string;
  network: string;
  /** `[rows, frames, channels]` */
  input: readonly number[];
  batchSize: number;
  precision: string;
  /** Models of the GPUs that the steps were computed on; empty for processors. */
  gpus: readonly string[];
  measured: MeasuredCost;
}

/** All that was ever measured, newest machine or not. Files that cannot be read are left out. */
export function knownCosts(): KnownCost[] {
  let names: string[];
  try {
    names = readdirSync(path.join(cacheFolder(), "costs")).filter((name) => name.endsWith(".json"));
  } catch {
    return [];
  }
  return names.flatMap((name): KnownCost[] => {
    const file = path.join(cacheFolder(), "costs", name);
    const measured = middleOf(read(file));
    if (!measured) return [];
    const { key } = JSON.parse(readFileSync(file, "utf8")) as { key?: Record<string, unknown> };
    if (typeof key?.network !== "string" || typeof key.paper !== "string" || !Array.isArray(key.input)) return [];
    const { paper, network } = key;
    return [{ paper, network, ...about(key as Record<string, Json>), measured }];
  });
}

function about(key: Record<string, Json>): Pick<KnownCost, "input" | "batchSize" | "precision" | "gpus"> {
  // "processor; build and version; models", as `keyOf` wrote it.
  const [, build = "", models = ""] = String(key.engine).split("; ");
  return {
    ...{ input: key.input as number[], batchSize: Number(key.batchSize), precision: String(key.precision) },
    gpus: build.startsWith("gpu") ? models.split(", ").filter((model) => model !== "") : [],
  };
}

/** Adds what a run, a stage or a probe took. A cache that cannot be written costs an estimate, nothing else. */
export function keepCost(run: Measurable, work: TrainingWork, cost: MeasuredCost): void {
  const key = keyOf(run, work);
  if (!(cost.step > 0) || !(cost.item > 0)) return;
  const file = fileOf(key);
  try {
    writeJsonAtomic(file, { key, measured: [...read(file), cost].slice(-KEPT) });
  } catch {
    // Such as on a full disk.
  }
}

/** Bytes of all files of a folder, one level of folders below included. */
export function folderBytes(folder: string): number {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .reduce(
      (sum, { name, parentPath }) =>
        sum + (statSync(path.join(parentPath, name), { throwIfNoEntry: false })?.size ?? 0),
      0,
    );
}

function fileOf(key: Record<string, Json>): string {
  const digest = createHash("sha256").update(canonicalJson(key)).digest("hex").slice(0, 16);
  return path.join(cacheFolder(), "costs", `${digest}.json`);
}

function read(file: string): MeasuredCost[] {
  try {
    const { measured } = JSON.parse(readFileSync(file, "utf8")) as { measured: MeasuredCost[] };
    return measured.filter(({ step, item }) => step > 0 && item > 0);
  } catch {
    return [];
  }
}

function middle(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}
