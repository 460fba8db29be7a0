import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { projectRoot } from "../../src/node/paths.js";
import type { ClusterEngine, PlacedTask } from "../../src/suite/placement/engine.js";
import { rayEngine } from "../../src/suite/placement/ray.js";
import {
  exitOf,
  keepSubmission,
  newSubmission,
  type Resources,
  type Submission,
} from "../../src/suite/placement/submission.js";
import { killIfThere, processes, RayCluster } from "./rayCluster.js";

const LIMIT_MS = 300_000;

/** Stands for `auscult placed`: tells what happens to it, works for as long as its run's name says, and ends with the code that it says. */
const PRETENDED = `
import { appendFileSync, readFileSync } from "node:fs";
const [, folder, index, option] = process.argv.slice(2);
const say = (what) => appendFileSync(folder + "/events", index + " " + what + " " + process.pid + "\\n");
const { tasks } = JSON.parse(readFileSync(folder + "/submission.json", "utf8"));
const [seconds, code] = tasks.find((one) => String(one.index) === index).runId.split(" ").map(Number);
const { AUSCULT_PLACE: place, AUSCULT_ROOT: root, AUSCULT_MLRUNS: mlruns, AUSCULT_ENGINE: engine } = process.env;
const { OMP_NUM_THREADS: omp, CUDA_VISIBLE_DEVICES: devices } = process.env;
console.log(JSON.stringify({ place, root, mlruns, engine, omp, devices, cwd: process.cwd(), option }));
const timer = setTimeout(() => {
  say("done");
  process.exit(code);
}, 1000 * seconds);
process.stdin.on("end", () => {
  clearTimeout(timer);
  say("stopping");
  setTimeout(() => {
    say("stopped");
    process.exit(130);
  }, 500);
}).resume();
say("begins");
`;

let cluster: RayCluster;
let engine: ClusterEngine;
let folder: string;

beforeAll(async () => {
  const problem = RayCluster.problem();
  if (problem) throw new Error(problem);
  folder = mkdtempSync(path.join(tmpdir(), "auscult-driver-"));
  mkdirSync(path.join(folder, "scripts"));
  writeFileSync(path.join(folder, "scripts", "setup.mjs"), "");
  writeFileSync(path.join(folder, "scripts", "auscult.mjs"), PRETENDED);
  symlinkSync(path.join(projectRoot(), "scripts", "python"), path.join(folder, "scripts", "python"));
  vi.stubEnv("AUSCULT_MLRUNS", path.join(folder, "mlruns"));
  cluster = new RayCluster();
  await cluster.startHead();
  for (const name of ["a", "b"]) await cluster.startWorker(name);
  await cluster.until(async () => (await cluster.workers()).length === 2, "two workers");
  engine = rayEngine({ address: cluster.address });
}, LIMIT_MS);
afterAll(async () => {
  await cluster?.stop();
  vi.unstubAllEnvs();
  if (folder) rmSync(folder, { recursive: true, force: true });
}, LIMIT_MS);

/** @param tasks seconds, exit code, and what comes before */
function submission(tasks: readonly [number, number, number[]?][], resources: Partial<Resources> = {}): Submission {
  const lines = tasks.map(([seconds, code, after = []], index) => ({ index, runId: `${seconds} ${code}`, after }));
  const made = newSubmission("ray", lines, { threads: 1, engine: "cpu", ...resources }, undefined);
  const placed = { ...made, project: folder };
  keepSubmission(placed);
  return placed;
}

function events({ folder }: Submission): { index: number; what: string; pid: number }[] {
  let text = "";
  try {
    text = readFileSync(path.join(folder, "events"), "utf8");
  } catch {
    // Nothing has happened.
  }
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.map((line) => {
    const [index, what, pid] = line.split(" ");
    return { index: Number(index), what: what!, pid: Number(pid) };
  });
}

const told = (made: Submission) => events(made).map(({ index, what }) => `${index} ${what}`);

async function statesOf({ id }: Submission): Promise<PlacedTask["state"][]> {
  return (await engine.tasks([id])).map(({ state }) => state);
}

const areOver = (made: Submission) => async () => (await statesOf(made)).every((state) => state === "ended");

describe("the driver on Ray", () => {
  test(
    "one at a time, what comes before first and though it fails; each with the suite's environment, exit and log",
    async () => {
      const made = submission(
        [
          [0.5, 7],
          [0, 0, [0]],
          [0, 0],
        ],
        { atOnce: 1 },
      );
      await engine.submit(made);
      await cluster.until(areOver(made), "three tasks");
      const [first, ...rest] = told(made);
      expect(first).toBe("0 begins");
      expect(rest[0]).toBe("0 done");
      expect([...rest.slice(1)].sort()).toEqual(["1 begins", "1 done", "2 begins", "2 done"]);
      expect(rest[2]).toBe(rest[1]!.replace("begins", "done"));
      expect([0, 1, 2].map((index) => exitOf(made, index)!.code)).toEqual([7, 0, 0]);
      const log = JSON.parse(readFileSync(path.join(made.folder, "logs", "1.log"), "utf8"));
      const nodes = (await cluster.workers()).map(({ node_id }) => `ray node ${node_id.slice(0, 8)}`);
      expect(nodes).toContain(log.place);
      expect(log).toEqual({
        ...{ place: log.place, root: folder, mlruns: path.join(folder, "mlruns"), engine: "cpu" },
        ...{ devices: "", cwd: folder, option: "--with-parent" },
      });
      await cluster.until(async () => (await cluster.job(made.id))?.status === "SUCCEEDED", "a driver that ends");
    },
    LIMIT_MS,
  );

  test(
    "a worker process killed, then Ray on a node: what they had stops in order, and begins again elsewhere",
    async () => {
      const made = submission([[45, 0]]);
      await engine.submit(made);
      const begun = () => events(made).filter(({ what }) => what === "begins");
      await cluster.until(() => begun().length === 1, "a task that has begun");
      const parent = (pid: number) => processes().find((one) => one.pid === pid)!.ppid;
      killIfThere(parent(parent(begun()[0]!.pid)));
      await cluster.until(() => begun().length === 2, "a second beginning");
      expect(told(made).slice(0, 3)).toEqual(["0 begins", "0 stopping", "0 stopped"]);

      await cluster.until(async () => (await statesOf(made))[0] === "running", "its state");
      const says = (await engine.tasks([made.id]))[0]!.says;
      const raylet = parent(parent(parent(begun()[1]!.pid)));
      const name = cluster.nodeOf(raylet)!;
      await cluster.killRay(name);
      await cluster.until(() => told(made).filter((one) => one === "0 stopped").length === 2, "its end in order");
      await cluster.until(() => begun().length === 3, "a third beginning", 90);
      await cluster.until(async () => (await statesOf(made))[0] === "running", "its state");
      expect((await engine.tasks([made.id]))[0]!.says).not.toBe(says);
      await cluster.startWorker(name);
      await cluster.until(areOver(made), "its end", 90);
      expect(told(made).at(-1)).toBe("0 done");
      expect(exitOf(made, 0)).toMatchObject({ code: 0 });
    },
    LIMIT_MS,
  );

  test(
    "what is taken back before it begins does not; a job without anything left ends",
    async () => {
      const made = submission([
        [8, 0],
        [8, 0],
        [0, 0],
        [0, 0],
        [0, 0, [0]],
      ]);
      await engine.submit(made);
      await cluster.until(() => events(made).length === 2, "two tasks that have begun", 90);
      const begun = new Set(events(made).map(({ index }) => index));
      const others = [0, 1, 2, 3, 4].filter((index) => !begun.has(index));
      await engine.cancel(made, others);
      await cluster.until(
        async () => (await statesOf(made)).filter((state) => state === "ended").length === 3,
        "three that were taken back",
      );
      await cluster.until(areOver(made), "the end of the others");
      expect(new Set(events(made).map(({ index }) => index))).toEqual(begun);
      expect(others.map((index) => exitOf(made, index))).toEqual([undefined, undefined, undefined]);

      const waiting = submission([[0, 0]], { threads: 3 });
      await engine.submit(waiting);
      expect(await statesOf(waiting)).toEqual(["pending"]);
      await engine.cancel(waiting, [0]);
      await cluster.until(async () => ["STOPPED", "SUCCEEDED"].includes((await cluster.job(waiting.id))!.status), "a job without tasks"); // biome-ignore format: one wait
      expect(events(waiting)).toEqual([]);
    },
    LIMIT_MS,
  );

  test(
    "a folder that the head does not see as it was written is refused at once",
    async () => {
      const made = submission([[0, 0]]);
      writeFileSync(path.join(made.folder, "token"), "of another folder\n");
      await expect(engine.submit(made)).rejects.toThrow(/the head of Ray, does not see .* is it shared with it/);
      expect(events(made)).toEqual([]);
    },
    LIMIT_MS,
  );

  test(
    "a job that is stopped leaves its tasks the time to stop in order",
    async () => {
      const made = submission([[60, 0]]);
      await engine.submit(made);
      await cluster.until(() => events(made).length === 1, "a task that has begun");
      await cluster.jobs.stop(`auscult-${made.id}`);
      await cluster.until(() => told(made).includes("0 stopped"), "its end in order");
      await cluster.until(areOver(made), "the end of the job");
    },
    LIMIT_MS,
  );
});
