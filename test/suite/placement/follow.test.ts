import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type ClusterEngine, type PlacedTask, Unreachable } from "../../../src/suite/placement/engine.js";
import { follow } from "../../../src/suite/placement/follow.js";
import { clockWarnings, reportNode } from "../../../src/suite/placement/nodeCheck.js";
import { onCluster } from "../../../src/suite/placement/placement.js";
import { exitOf, readSubmission, type Submission } from "../../../src/suite/placement/submission.js";
import { submit } from "../../../src/suite/placement/submit.js";
import type { PlannedRun } from "../../../src/suite/plan.js";
import { readAskedFor } from "../../../src/suite/running/askedFor.js";
import { requestCancel } from "../../../src/suite/running/cancelRequest.js";
import type { RunEnd } from "../../../src/suite/running/carryOut.js";
import { type Claim, claimWork } from "../../../src/suite/running/claim.js";
import { markDone } from "../../../src/suite/running/doneMarker.js";
import { folderStatus } from "../../../src/suite/running/folderState.js";
import { Interrupted } from "../../../src/training/interrupted.js";
import { madeUpRecord } from "../madeUpRecord.js";

let mlruns: string;
beforeEach(() => {
  mlruns = mkdtempSync(path.join(tmpdir(), "auscult-follow-"));
  vi.stubEnv("AUSCULT_MLRUNS", mlruns);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(mlruns, { recursive: true });
});

/** An engine that keeps what it was given, and of whose tasks the test says how they stand. */
class Engine implements ClusterEngine {
  readonly name = "slurm";
  readonly given: Submission[] = [];
  readonly states = new Map<number, PlacedTask["state"]>();
  trouble: Error | undefined;

  async nodes() {
    return { examples: ["n1"], count: 1, remote: false };
  }
  describe() {
    return "";
  }
  async submit(submission: Submission) {
    if (this.trouble) throw this.trouble;
    this.given.push(submission);
    for (const { index } of submission.tasks) this.states.set(index, "pending");
  }
  async tasks(ids: readonly string[]) {
    if (this.trouble) throw this.trouble;
    return this.given
      .filter(({ id }) => ids.includes(id))
      .flatMap(({ id, tasks }) => tasks.map(({ index }) => ({ id, index })))
      .filter(({ index }) => this.states.has(index))
      .map(({ id, index }) => ({ submission: id, index, state: this.states.get(index)!, says: `slurm 7_${index}` }));
  }
  async cancel() {}
}

function runNamed(runId: string, stages: readonly string[] = []): PlannedRun {
  return {
    ...{ runId, folder: path.join(mlruns, "runs", runId), threads: 2, signature: runId, settings: {} },
    request: { experiment: "supcon-sprs/table3", row: "CNN", dataDir: "/data" },
    prepared: { stages: stages.map((name) => ({ name, identity: { name } })) },
  } as unknown as PlannedRun;
}

const resources = { threads: 2 };

/** A claim as another process has it, until `gone`. */
function claimOf(run: PlannedRun): Claim {
  return claimWork(run.folder) as Claim;
}

function finish(run: PlannedRun): void {
  const claim = claimOf(run);
  writeFileSync(path.join(run.folder, "result.json"), JSON.stringify(madeUpRecord({ runId: run.runId })));
  markDone(run.folder, claim.number);
  claim.end("done");
}

function followed(runs: readonly PlannedRun[], engine: Engine) {
  const controller = new AbortController();
  const states: string[] = [];
  const said: string[] = [];
  const ends = new Map<string, RunEnd>();
  const done = follow(runs, {
    ...{ engine, signal: controller.signal, everyMs: 5, doubtMs: 50, say: (text) => said.push(text) },
    onState: ({ runId }, state) => {
      const text = `${runId} ${state.is}`;
      if (states.at(-1) !== text) states.push(text);
    },
    onEnd: ({ runId }, end) => ends.set(runId, end),
  });
  return { done, stop: () => controller.abort(), states, said, ends };
}

const sees = async (is: () => boolean) => {
  while (!is()) await new Promise((resolve) => setTimeout(resolve, 2));
};

test("runs asked for twice, and by two at once, are handed over once", async () => {
  const engine = new Engine();
  const [a, b, c] = ["a", "b", "c"].map((name) => runNamed(name));
  await Promise.all([submit([a!, b!], engine, resources), submit([b!, a!, c!], engine, resources)]);
  expect(await submit([a!, b!, c!], engine, resources)).toBeUndefined();
  expect(engine.given.flatMap(({ tasks }) => tasks.map(({ runId }) => runId)).sort()).toEqual(["a", "b", "c"]);
  for (const run of [a!, b!, c!]) {
    const { placed } = readAskedFor(run.folder)!;
    const task = readSubmission(placed!.submission).tasks[placed!.index];
    expect(task).toMatchObject({ runId: run.runId, after: [] });
    expect(folderStatus(run.folder).state).toBe("waiting");
  }
});

test("what is done, runs, or waits for a process of this machine is not handed over; what its engine gave up is", async () => {
  const engine = new Engine();
  const [done, runs, lost] = ["done", "runs", "lost"].map((name) => runNamed(name));
  await submit([lost!], engine, resources);
  engine.states.set(0, "ended");
  finish(done!);
  const claim = claimOf(runs!);
  const submission = await submit([done!, runs!, lost!], engine, resources);
  expect(submission!.tasks.map(({ runId }) => runId)).toEqual(["lost"]);
  claim.end("interrupted");
});

test("a stage that runs share comes first, once", async () => {
  const engine = new Engine();
  const runs = [runNamed("a", ["pretraining", "search"]), runNamed("b", ["pretraining"]), runNamed("c")];
  const { tasks } = (await submit(runs, engine, resources))!;
  expect(tasks).toEqual([
    { index: 0, runId: "a", stage: "pretraining", after: [] },
    { index: 1, runId: "a", stage: "search", after: [0] },
    { index: 2, runId: "a", after: [0, 1] },
    { index: 3, runId: "b", after: [0] },
    { index: 4, runId: "c", after: [] },
  ]);
});

test("runs that the engine refuses are as they were before", async () => {
  const engine = new Engine();
  engine.trouble = new Error("no such partition");
  const run = runNamed("a");
  engine.tasks = async () => [];
  await expect(submit([run], engine, resources)).rejects.toThrow("no such partition");
  expect(readdirSync(path.join(mlruns, "runs"))).toEqual([]);
  expect(readdirSync(path.join(mlruns, "submissions"))).toEqual([]);
});

test("a run is seen in the queue, at work, and done, whoever carries it out", async () => {
  const engine = new Engine();
  const run = runNamed("a");
  await submit([run], engine, resources);
  const { done, states, ends } = followed([run], engine);
  await sees(() => states.includes("a queued"));
  engine.states.set(0, "running");
  const claim = claimOf(run);
  await sees(() => states.includes("a elsewhere"));
  writeFileSync(path.join(run.folder, "result.json"), JSON.stringify(madeUpRecord({ runId: "a" })));
  markDone(run.folder, claim.number);
  claim.end("done");
  engine.states.delete(0);
  await done;
  expect(states).toEqual(["a queued", "a elsewhere", "a done"]);
  expect(ends.get("a")).toMatchObject({ state: "done", record: { runId: "a" } });
});

test("a run whose node was lost is in the queue again, not failed", async () => {
  const engine = new Engine();
  const run = runNamed("a");
  await submit([run], engine, resources);
  claimOf(run).end("interrupted");
  const { done, states, ends } = followed([run], engine);
  await sees(() => states.includes("a queued"));
  finish(run);
  await done;
  expect(ends.get("a")!.state).toBe("done");
});

test("a run that failed, one that was cancelled while it waited, one that left no word: each is said", async () => {
  const engine = new Engine();
  const runs = ["failed", "cancelled", "lost", "unset"].map((name) => runNamed(name));
  const submission = (await submit(runs, engine, resources))!;
  claimOf(runs[0]!).end("failed", "loss is not finite");
  requestCancel(runs[1]!.folder, 1);
  for (const index of [0, 1, 2, 3]) engine.states.set(index, "ended");
  engine.states.delete(2);
  mkdirSync(path.join(submission.folder, "exits"), { recursive: true });
  writeFileSync(path.join(submission.folder, "exits", "3"), "3 node9\n");
  expect(exitOf(submission, 3)).toEqual({ code: 3, node: "node9" });
  const { done, ends } = followed(runs, engine);
  await done;
  expect(ends.get("failed")).toMatchObject({ state: "failed", error: { message: "loss is not finite" } });
  expect(ends.get("cancelled")).toEqual({ state: "cancelled" });
  expect(ends.get("lost")).toMatchObject({
    error: { message: expect.stringMatching(/slurm does not know it any longer; it left no word; .* goes on with it/) },
  });
  expect(ends.get("unset")).toMatchObject({
    error: { message: expect.stringMatching(/node9 does not see the shared/) },
  });
});

test("an engine that is silent for a while is asked again, and told once", async () => {
  const engine = new Engine();
  const run = runNamed("a");
  await submit([run], engine, resources);
  engine.trouble = new Unreachable("Unable to contact slurm controller");
  const { done, said, ends } = followed([run], engine);
  await new Promise((resolve) => setTimeout(resolve, 120));
  expect(ends.size).toBe(0);
  engine.trouble = undefined;
  await sees(() => said.length === 2);
  finish(run);
  await done;
  expect(said).toEqual([
    "slurm does not answer (Unable to contact slurm controller); asking again, the runs go on",
    "slurm answers again",
  ]);
});

test("Ctrl-C ends the watching alone", async () => {
  const engine = new Engine();
  const run = runNamed("a");
  await submit([run], engine, resources);
  const { done, stop } = followed([run], engine);
  stop();
  await expect(done).rejects.toThrow(Interrupted);
  expect(folderStatus(run.folder).state).toBe("waiting");
});

test("a node whose clock is off is told, once", async () => {
  const engine = new Engine();
  const run = runNamed("a");
  const { folder } = (await submit([run], engine, resources))!;
  writeFileSync(
    path.join(folder, "nodes", "n7.json"),
    JSON.stringify({ host: "n7", clockAheadSeconds: -3600, at: "" }),
  );
  const { done, said } = followed([run], engine);
  await sees(() => said.length > 0);
  finish(run);
  await done;
  expect(said).toEqual([expect.stringMatching(/the clock of n7 is 3600 s behind that of the shared folder/)]);
});

test("handed over and left: nothing is watched", async () => {
  const engine = new Engine();
  const runs = [runNamed("a"), runNamed("b")];
  finish(runs[1]!);
  const ends: string[] = [];
  await onCluster(engine, { atOnce: 3 }, { detach: true }).carryOut(runs, {
    signal: new AbortController().signal,
    say: (text) => ends.push(text),
    warn: () => {},
    onEnd: ({ runId }, { state }) => ends.push(`${runId} ${state}`),
  });
  expect(ends).toEqual(["b done before", expect.stringMatching(/^handed to slurm: 1 run \(/), "a handed over"]);
  expect(engine.given[0]!.resources).toEqual({ threads: 2, atOnce: 3 });
});

test("a node tells how far its clock is from the shared folder's", async () => {
  const submission = (await submit([runNamed("a")], new Engine(), resources))!;
  reportNode(submission);
  expect(clockWarnings(submission)).toEqual([]);
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 3_600_000 });
  try {
    reportNode(submission);
  } finally {
    vi.useRealTimers();
  }
  expect(clockWarnings(submission)).toEqual([expect.stringMatching(/ is 3600 s ahead of that of the shared folder/)]);
});
