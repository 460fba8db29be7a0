import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { RunRequest } from "../../../src/papers/paper.js";
import { asClustersSee, cancelPlaced } from "../../../src/suite/placement/placedRuns.js";
import { carryOutTask } from "../../../src/suite/placement/placedTask.js";
import { placeOfRuns } from "../../../src/suite/placement/placeOfRuns.js";
import { keepSubmission, newSubmission, type Submission } from "../../../src/suite/placement/submission.js";
import { askFor } from "../../../src/suite/running/askedFor.js";
import { cancelRuns } from "../../../src/suite/running/cancelRuns.js";
import { type Claim, claimWork } from "../../../src/suite/running/claim.js";
import { markDone } from "../../../src/suite/running/doneMarker.js";
import { knownRuns } from "../../../src/suite/running/knownRuns.js";
import { isResumable } from "../../../src/suite/running/resumeRuns.js";

/** Runs that were handed to Slurm as tasks 0, 1, ... of one submission. */
const NAMES = ["a", "b", "c", "d"];
let folder: string;
let submission: Submission;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "auscult-placed-"));
  vi.stubEnv("AUSCULT_MLRUNS", path.join(folder, "mlruns"));
  mkdirSync(path.join(folder, "bin"));
  vi.stubEnv("PATH", path.join(folder, "bin"));
  program("scancel", `echo "$@" >> ${folder}/taken`);
  submission = newSubmission("slurm", NAMES.map((runId, index) => ({ index, runId, after: [] })), { threads: 1, partition: "short", atOnce: 2 }); // biome-ignore format: one submission
  keepSubmission(submission);
  for (const [index, name] of NAMES.entries())
    askFor(
      { folder: runFolder(name), request: REQUEST, threads: 1 },
      { on: "slurm", submission: submission.id, index },
    );
  slurmSays();
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

const REQUEST: RunRequest = {
  ...({ experiment: "supcon-sprs/table3", row: "CNN", task: "11", protocol: "honest" } as const),
  ...({ preset: "paper", profile: "smoke", seed: 0, dataDir: "/data" } as const),
};
const runFolder = (name: string) => path.join(folder, "mlruns", "runs", name);

function program(name: string, text: string): void {
  writeFileSync(path.join(folder, "bin", name), `#!/bin/sh\n${text}\n`);
  chmodSync(path.join(folder, "bin", name), 0o755);
}

/** What `squeue` prints of the submission: its tasks' states, by index. */
function slurmSays(...tasks: string[]): void {
  const lines = tasks.map((text, index) => `auscult-${submission.id}|0|9|${index}|${text}`);
  program("squeue", `/bin/cat <<'END'\n${lines.join("\n")}\nEND`);
}

const seen = async () =>
  Object.fromEntries((await asClustersSee(knownRuns())).map(({ runId, state, message }) => [runId, [state, message]]));

test("each run stands as its folder says, and where that is silent as Slurm says", async () => {
  const claim = claimWork(runFolder("a")) as Claim;
  (claimWork(runFolder("b")) as Claim).end("interrupted");
  const done = claimWork(runFolder("d")) as Claim;
  markDone(runFolder("d"), done.number);
  done.end("done");
  slurmSays("RUNNING|n1|None", "PENDING||Resources", "PENDING||Priority", "COMPLETED|n1|None");
  expect(await seen()).toEqual({
    a: ["running", undefined],
    // It was lost, and is in the queue again.
    b: ["waiting", "slurm 9_1: pending (Resources)"],
    c: ["waiting", "slurm 9_2: pending (Priority)"],
    d: ["done", undefined],
  });
  claim.end("interrupted");
});

test("what Slurm gave up can be resumed where it was, and says why", async () => {
  (claimWork(runFolder("b")) as Claim).end("failed", "loss is not finite");
  writeFileSync(path.join(submission.folder, "exits", "2"), "137 n7\n");
  slurmSays("FAILED|n1|NonZeroExitCode", "FAILED|n1|NonZeroExitCode", "OUT_OF_MEMORY|n7|OutOfMemory");
  expect(await seen()).toEqual({
    a: ["missing", "slurm 9_0: failed on n1 (NonZeroExitCode)"],
    b: ["failed", "loss is not finite"],
    c: ["missing", "slurm 9_2: out of memory on n7 (OutOfMemory); its process ended with 137 on n7"],
    d: ["missing", "slurm does not know it any longer"],
  });
  const runs = await asClustersSee(knownRuns());
  expect(runs.every(isResumable)).toBe(true);
  expect(placeOfRuns(runs)).toEqual({ on: "slurm", resources: { threads: 1, partition: "short", atOnce: 2 } });
  askFor({ folder: runFolder("a"), request: REQUEST, threads: 1 });
  expect(() => placeOfRuns(knownRuns())).toThrow(/asked for on local and slurm: say where they go on/);
});

test("where Slurm cannot be asked, runs wait, and that is said", async () => {
  program("squeue", "echo 'Unable to contact slurm controller' >&2; exit 1");
  expect((await seen()).a).toEqual(["waiting", "slurm cannot be asked: Unable to contact slurm controller"]);
  rmSync(path.join(folder, "bin", "squeue"));
  expect((await seen()).a![0]).toBe("waiting");
});

test("cancelled while they wait: taken from the queue, and none begins that slips through", async () => {
  slurmSays("PENDING||Resources", "PENDING||Resources", "PENDING||Resources", "PENDING||Resources");
  const runs = (await asClustersSee(knownRuns())).filter(({ runId }) => runId !== "d");
  const signal = new AbortController().signal;
  const [outcome, problems] = await Promise.all([cancelRuns(runs, { patienceMs: 0, signal }), cancelPlaced(runs)]);
  expect(outcome.map(({ outcome: how }) => how)).toEqual(["stopped", "stopped", "stopped"]);
  expect(problems).toEqual([]);
  expect(readFileSync(path.join(folder, "taken"), "utf8")).toBe("9_0 9_1 9_2\n");
  expect(Object.values(await seen()).map(([state]) => state)).toEqual([
    "cancelled",
    "cancelled",
    "cancelled",
    "waiting",
  ]);
  const begun = claimWork(runFolder("a")) as Claim;
  expect(begun.signal.aborted).toBe(true);
  begun.end("cancelled");
});

test("a cluster that cannot be told is said; the folders tell what it begins", async () => {
  program("squeue", "echo 'Unable to contact slurm controller' >&2; exit 1");
  const runs = await asClustersSee(knownRuns());
  expect(await cancelPlaced(runs)).toEqual([expect.stringMatching(/slurm cannot be told .* ends at once/)]);
});

test("a task that is begun again though its run is done does nothing, without the data", async () => {
  const options = { signal: new AbortController().signal, say: () => {} };
  const claim = claimWork(runFolder("b")) as Claim;
  markDone(runFolder("b"), claim.number);
  claim.end("done");
  expect(await carryOutTask(submission.folder, 1, options)).toBe("done");
  expect(readdirSync(path.join(runFolder("b"), "attempts"))).toEqual(["000001.json"]);
  await expect(carryOutTask(submission.folder, 9, options)).rejects.toThrow(/has no task 9/);
  rmSync(runFolder("c"), { recursive: true });
  await expect(carryOutTask(submission.folder, 2, options)).rejects.toThrow(
    /its folder is gone; ask for the run again/,
  );
});
