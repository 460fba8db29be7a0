import { createHash } from "node:crypto";
import path from "node:path";
import type { Protocol } from "../datasets/split.js";
import { canonicalJson, type Json } from "../features/canonicalJson.js";
import { mlrunsFolder } from "../node/paths.js";
import type { Paper, PreparedRun, Preset, Profile, RunRequest } from "../papers/paper.js";
import type { Precision } from "../training/runIdentity.js";
import { UserError } from "../userError.js";
import type { ExperimentEntry } from "./entry.js";
import { nearest } from "./nearest.js";
import { precisionNamed } from "./precision.js";
import { readPlan, usualThreads } from "./runPlan.js";

/** What `run` was asked for; what is not said takes its default. */
export interface PlanOptions {
  rows?: string[];
  tasks?: string[];
  seeds?: number[];
  protocols?: Protocol[];
  preset?: Preset;
  profile?: Profile;
  /** Of one operation, for runs that begin; one that was begun keeps its own. Default: the machine's. */
  threads?: number;
  dataDir: string;
  /** A file of weights that every run starts from. */
  init?: string;
  /** Of training steps. Default: float32. */
  precision?: Precision;
}

/** A run with its name, place and signature. */
export interface PlannedRun {
  request: RunRequest;
  prepared: PreparedRun;
  /** Digest of all that decides the result. */
  signature: string;
  /** What the signature is a digest of. */
  settings: Record<string, unknown>;
  precision: Precision;
  /** Fixed when the run was begun. */
  threads: number;
  runId: string;
  folder: string;
}

/** Expands an entry into runs: rows x tasks x protocols x seeds. Throws UserError for what the entry does not have. */
export function planRuns(entry: ExperimentEntry, paper: Paper, options: PlanOptions): PlannedRun[] {
  const built = entry.rows.filter((row) => row.state === "built").map((row) => row.name);
  const rows = options.rows ?? built;
  for (const row of rows) {
    const found = entry.rows.find((one) => one.name === row);
    const names = entry.rows.map((one) => one.name);
    if (!found)
      throw new UserError(
        `--row "${row}": ${entry.id} has no such row${nearest(row, names)}; it has ${names.map((name) => `"${name}"`).join(", ")}`,
      );
    if (found.state !== "built")
      throw new UserError(
        `--row "${row}" of ${entry.id} is not built yet; built: ${built.map((name) => `"${name}"`).join(", ")}`,
      );
  }
  const tasks = options.tasks ?? entry.tasks;
  for (const task of tasks) {
    if (!entry.tasks.includes(task))
      throw new UserError(`--task ${task}: ${entry.id} has no such task; it has ${entry.tasks.join(", ")}`);
  }
  const runs: PlannedRun[] = [];
  for (const row of rows) {
    for (const task of tasks) {
      for (const protocol of options.protocols ?? (["honest"] as const)) {
        for (const seed of options.seeds ?? [0]) {
          const { preset = "paper", profile = "full", dataDir, init, precision = "float32" } = options;
          const common = { experiment: entry.id, row, task, protocol, preset, profile, seed, dataDir };
          const request: RunRequest = {
            ...common,
            ...(init !== undefined && { init }),
            ...(precision !== "float32" && { precision }),
          };
          runs.push(planRun(paper, request, options.threads));
        }
      }
    }
  }
  return runs;
}

/** One run. @param threads for a run that begins */
export function planRun(paper: Paper, request: RunRequest, threads?: number): PlannedRun {
  const precision = precisionNamed(request.precision ?? "float32");
  const prepared = paper.prepare(request);
  if (request.init !== undefined && !prepared.init)
    throw new UserError(
      `--init ${request.init}: "${request.row}" of ${request.experiment} does not start from weights`,
    );
  if (precision !== (prepared.precision ?? "float32"))
    throw new UserError(
      `--precision ${precision}: "${request.row}" of ${request.experiment} is trained in ${prepared.precision ?? "float32"} alone`,
    );
  // Through JSON, which drops options that are undefined: an option not given is no part of what was asked.
  // float32 is not named, so that a run keeps the signature from before there was a choice.
  const identity = { ...prepared.identity, ...(precision !== "float32" && { precision }) };
  const settings = JSON.parse(JSON.stringify(identity)) as Record<string, Json>;
  const signature = createHash("sha256").update(canonicalJson(settings)).digest("hex").slice(0, 16);
  const { experiment, row, task, protocol, profile, seed } = request;
  const words = [experiment, row, task, protocol, profile, `seed${seed}`].map(slug);
  const runId = `${words.join("_")}_${signature.slice(0, 8)}`;
  const folder = path.join(mlrunsFolder(), "runs", runId);
  const kept = readPlan(folder)?.threads ?? threads ?? usualThreads();
  return { request, prepared, signature, settings, precision, threads: kept, runId, folder };
}

function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
}
