import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { writeFileAtomic, writeJsonAtomic } from "../../node/atomicFile.js";
import { mlrunsFolder, projectRoot } from "../../node/paths.js";
import { UserError } from "../../userError.js";

/** What each task gets of a node, and what the engine is told beside it. */
export interface Resources {
  /** Processors, one for each thread of an operation. */
  threads: number;
  gpus?: number;
  /** Which build of the engine nodes set up where they have none; absent: what they find best. */
  engine?: "cpu" | "gpu";
  /** Tasks at once; absent: as many as there is room for. */
  atOnce?: number;
  memoryGb?: number;
  /** Such as "4:00:00"; a task that reaches it saves, ends and is queued again. */
  time?: string;
  partition?: string;
  account?: string;
  /** Further options of `sbatch`, as they stand, such as "--qos=long". */
  sbatch?: readonly string[];
  /** Of Ray's dashboard. */
  address?: string;
}

/** A line of the manifest: a run, or a stage that several runs share. */
export interface SubmittedTask {
  index: number;
  /** The run, or any run that needs the stage: its process makes it. */
  runId: string;
  stage?: string;
  /** Indices of stages that come before. */
  after: readonly number[];
}

/** Tasks that were handed to a cluster at once: `mlruns/submissions/<id>`. */
export interface Submission {
  format: typeof FORMAT;
  id: string;
  on: "slurm" | "ray";
  at: string;
  /** What a node must find in `token`: else it does not see this folder, but another one by that name. */
  token: string;
  /** Folders, as the nodes find them too. */
  folder: string;
  project: string;
  mlruns: string;
  /** Absent: each node's own. */
  cache?: string;
  /** Absent: the local server, where all nodes are this machine. */
  tracking?: string;
  resources: Resources;
  tasks: readonly SubmittedTask[];
}

const FORMAT = 1;

/** @returns a submission that is nowhere yet */
export function newSubmission(
  on: Submission["on"],
  tasks: readonly SubmittedTask[],
  resources: Resources,
  tracking = process.env.MLFLOW_TRACKING_URI,
): Submission {
  const id = `${new Date().toISOString().slice(0, 19).replace(/[-:]/g, "").replace("T", "-")}-${randomBytes(3).toString("hex")}`;
  const cache = process.env.AUSCULT_CACHE;
  return {
    ...{ format: FORMAT, id, on, at: new Date().toISOString(), token: randomBytes(12).toString("hex") },
    ...{ folder: folderOf(id), project: projectRoot(), mlruns: mlrunsFolder(), resources, tasks },
    ...(cache && { cache: path.resolve(cache) }),
    ...(tracking && { tracking }),
  };
}

/** Writes the folder that nodes read: `submission.json`, `token`, and places for logs and for what nodes tell. */
export function keepSubmission(submission: Submission): void {
  const { folder, token } = submission;
  for (const name of ["logs", "exits", "nodes"]) mkdirSync(path.join(folder, name), { recursive: true });
  writeFileAtomic(path.join(folder, "token"), `${token}\n`);
  writeJsonAtomic(path.join(folder, "submission.json"), submission);
}

/** Throws UserError that names a folder which is not there or cannot be read. */
export function readSubmission(id: string, folder: string = folderOf(id)): Submission {
  const file = path.join(folder, "submission.json");
  try {
    const read = JSON.parse(readFileSync(file, "utf8")) as Submission;
    if (read.format !== FORMAT) throw new Error(`format ${read.format}, this version reads ${FORMAT}`);
    return read;
  } catch (error) {
    throw new UserError(`${file} cannot be read (${(error as Error).message})`, 1);
  }
}

/** How a task's process ended, as the script around it saw it; undefined while it runs, and where its node was lost. */
export function exitOf({ folder }: Submission, index: number): { code: number; node: string } | undefined {
  const file = path.join(folder, "exits", String(index));
  if (!existsSync(file)) return undefined;
  const [code, node = "?"] = readFileSync(file, "utf8").trim().split(" ");
  return { code: Number(code), node };
}

function folderOf(id: string): string {
  return path.join(mlrunsFolder(), "submissions", id);
}
