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
  const all = read(fileOf(keyOf(run, work)));
  if (all.length === 0) return undefined;
  const bytes = all.flatMap(({ folderBytes }) => folderBytes ?? []);
  return {
    step: middle(all.map(({ step }) => step)),
    item: middle(all.map(({ item }) => item)),
    ...(bytes.length > 0 && { folderBytes: middle(bytes) }),
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
