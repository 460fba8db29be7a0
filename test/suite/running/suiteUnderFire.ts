import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import type { Rng } from "../../../src/random/streams.js";
import { isAlive, newestAttempt } from "../../../src/suite/running/attempt.js";
import type { RunRecord } from "../../../src/suite/runRecord.js";
import { type Ended, readJson, type Workplace } from "../../endToEnd/commandLine.js";

/** What is killed: the process that has the suite, a process of a run, or all of both at once. */
export type Target = "suite" | "run" | "all";

/** When `after` runs are done, and a moment later, something is killed. */
export interface Kill {
  after: number;
  delayMs: number;
  target: Target;
}

/** Kills spread over a suite of `runs`, each target in turn, at moments drawn by `rng`. */
export function drawKills(count: number, runs: number, rng: Rng): Kill[] {
  const targets: Target[] = ["suite", "run", "all"];
  const kills = Array.from({ length: count }, (_, i) => ({
    after: rng.integer(runs - 1),
    delayMs: 500 + 6000 * rng.uniform(),
    target: targets[i % 3]!,
  }));
  return kills.sort((a, b) => a.after - b.after);
}

export interface Fire {
  place: Workplace;
  mlruns: string;
  args: readonly string[];
  env?: NodeJS.ProcessEnv;
  /** Suites that work at once. */
  suites: number;
  kills: readonly Kill[];
}

/** Keeps suites at work until all of them have ended well; what is killed is started again. Answers how each process ended. */
export async function underFire({ place, mlruns, args, env, suites, kills }: Fire): Promise<Ended[]> {
  const left = [...kills];
  const ended: Ended[] = [];
  let due: number | undefined;
  const pids = new Map<number, number>();
  const shoot = () => {
    const next = left[0];
    if (!next) return;
    if (due === undefined && doneIn(mlruns) >= next.after) due = performance.now() + next.delayMs;
    const runs = runPids(mlruns);
    // A kill that nobody notices is none.
    if (due === undefined || performance.now() < due || pids.size === 0 || runs.length === 0) return;
    due = undefined;
    left.shift();
    const suite = [...pids.values()][left.length % pids.size]!;
    const hit = next.target === "suite" ? [suite] : next.target === "run" ? [runs[left.length % runs.length]!] : [suite, ...runs]; // biome-ignore format: one choice
    for (const pid of hit) killIfThere(pid);
  };
  const timer = setInterval(shoot, 20);
  const broom = setInterval(() => sweep(mlruns), 1000);
  const keepAtIt = async (index: number) => {
    for (;;) {
      const one = await place.auscult([...args], {
        env: { ...env, AUSCULT_MLRUNS: mlruns },
        whileRunning(child) {
          pids.set(index, child.pid!);
          return true;
        },
      });
      pids.delete(index);
      ended.push(one);
      if (one.signal !== "SIGKILL") return;
    }
  };
  await Promise.all(Array.from({ length: suites }, (_, index) => keepAtIt(index)));
  clearInterval(timer);
  clearInterval(broom);
  return ended;
}

function foldersOf(mlruns: string): string[] {
  const runs = path.join(mlruns, "runs");
  return existsSync(runs) ? readdirSync(runs).map((name) => path.join(runs, name)) : [];
}

/** Checkpoints of runs that are done are of no use, and take hundreds of megabytes each. */
function sweep(mlruns: string): void {
  for (const folder of foldersOf(mlruns))
    if (existsSync(path.join(folder, "done.json")))
      rmSync(path.join(folder, "checkpoints"), { recursive: true, force: true });
}

function doneIn(mlruns: string): number {
  return foldersOf(mlruns).filter((folder) => existsSync(path.join(folder, "done.json"))).length;
}

/** Of the processes that carry out runs. */
function runPids(mlruns: string): number[] {
  return foldersOf(mlruns).flatMap((folder) => {
    const attempt = existsSync(path.join(folder, "done.json")) ? undefined : newestAttempt(folder);
    return attempt && isAlive(folder, attempt) ? [attempt.holder.pid] : [];
  });
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has just ended.
  }
}

/** What a run left that may not depend on how often it was killed. */
export function leftOf(folder: string) {
  const { result } = readJson<RunRecord>(path.join(folder, "result.json"));
  const { history, seconds: _, testOpenings: __, ...numbers } = result;
  const weights = readFileSync(path.join(folder, "model", "weights.safetensors"));
  return {
    runId: path.basename(folder),
    numbers,
    history: history.map(({ epoch, metrics }) => ({ epoch, metrics })),
    weights: createHash("sha256").update(weights).digest("hex"),
  };
}

/** How the attempts at a run ended; undefined for those that were killed. */
export function attemptsOf(folder: string): (string | undefined)[] {
  const files = readdirSync(path.join(folder, "attempts")).sort();
  return files.map((name) => readJson<{ ended?: { how: string } }>(path.join(folder, "attempts", name)).ended?.how);
}
