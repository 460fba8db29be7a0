import { existsSync, mkdtempSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import path from "node:path";
import { expect, test, vi } from "vitest";
import { type Attempt, attemptFile, isAlive, LEASE_MS, newestAttempt } from "../../../src/suite/running/attempt.js";
import { attemptAt, HeldElsewhere } from "../../../src/suite/running/attemptAt.js";
import { requestCancel } from "../../../src/suite/running/cancelRequest.js";
import { Claim, claimWork } from "../../../src/suite/running/claim.js";
import { markDone } from "../../../src/suite/running/doneMarker.js";
import { thisHolder } from "../../../src/suite/running/holder.js";
import { Checkpoints } from "../../../src/training/checkpoint.js";
import { Interrupted } from "../../../src/training/interrupted.js";

const folderFor = () => mkdtempSync(path.join(tmpdir(), "auscult-claim-"));

function claimed(folder: string): Claim {
  const claim = claimWork(folder);
  if (!(claim instanceof Claim)) throw new Error("held");
  return claim;
}

/** Makes an attempt look as if another process had made it. */
function heldBy(folder: string, number: number, change: Partial<Attempt["holder"]>, renewedMs = Date.now()): void {
  const file = attemptFile(folder, number);
  const attempt = JSON.parse(readFileSync(file, "utf8")) as Attempt;
  writeFileSync(file, JSON.stringify({ ...attempt, holder: { ...attempt.holder, ...change } }));
  utimesSync(file, renewedMs / 1000, renewedMs / 1000);
}

const until = async (is: () => boolean) => {
  while (!is()) await new Promise((resolve) => setTimeout(resolve, 20));
};

test("who has the work keeps others out; who comes after gets the next number", () => {
  const folder = folderFor();
  const first = claimed(folder);
  expect(claimWork(folder)).toMatchObject({ heldBy: { attempt: 1, holder: { pid: process.pid, host: hostname() } } });
  first.end("interrupted");
  const second = claimed(folder);
  expect([first.number, second.number]).toEqual([1, 2]);
  expect(() => second.mayWrite()).not.toThrow();
  expect(() => first.mayWrite()).toThrow(/attempt 1 at .* was taken over by attempt 2/);
  second.end("done");
  expect(readdirSync(path.join(folder, "attempts"))).toEqual(["000001.json", "000002.json"]);
});

test.each([
  { who: "a process of this machine that has gone", change: { pid: 2 ** 22 + 1 }, oldMs: 0, alive: false },
  { who: "a number that another process has now", change: { started: "1" }, oldMs: 0, alive: false },
  { who: "another machine, renewed a minute ago", change: { host: "elsewhere" }, oldMs: 60_000, alive: true },
  { who: "another machine, not renewed", change: { host: "elsewhere" }, oldMs: LEASE_MS + 1000, alive: false },
  { who: "this machine before it was started anew, lately", change: { machine: "b" }, oldMs: 0, alive: true },
])("$who: alive is $alive", ({ change, oldMs, alive }) => {
  const folder = folderFor();
  claimed(folder).end("interrupted");
  const file = attemptFile(folder, 1);
  const { ended: _, ...attempt } = JSON.parse(readFileSync(file, "utf8")) as Attempt;
  writeFileSync(file, JSON.stringify(attempt));
  heldBy(folder, 1, change, Date.now() - oldMs);
  expect(isAlive(folder, newestAttempt(folder)!)).toBe(alive);
  const next = claimWork(folder);
  expect(next instanceof Claim).toBe(!alive);
  if (next instanceof Claim) next.end("done");
});

test("a process that was taken over stops, and changes nothing that others rely on", async () => {
  const folder = folderFor();
  const late = claimed(folder);
  const identity = { signature: "s", settings: {}, circumstances: {} };
  const checkpoints = new Checkpoints<object>(path.join(folder, "checkpoints"), identity, late.mayWrite);
  const weight = { dtype: "F32" as const, shape: [1], values: new Float32Array([1]) };
  checkpoints.save({ epoch: 1, step: 0 }, new Map([["w", weight]]), {});
  // As if it had slept, and its lease had run out meanwhile.
  heldBy(folder, 1, { host: "elsewhere" }, Date.now() - LEASE_MS - 1000);
  const newer = claimed(folder);
  expect(() => checkpoints.save({ epoch: 2, step: 0 }, new Map([["w", weight]]), {})).toThrow(Interrupted);
  expect(readdirSync(checkpoints.folder)).toEqual(["000001-000000"]);
  await until(() => late.signal.aborted);
  expect(late.wasLost).toBe(true);
  expect(newer.signal.aborted).toBe(false);
  newer.end("done");
});

test("one of many done markers counts", () => {
  const folder = folderFor();
  expect([1, 2, 3].map((attempt) => markDone(folder, attempt))).toEqual([true, false, false]);
  expect(JSON.parse(readFileSync(path.join(folder, "done.json"), "utf8"))).toMatchObject({ attempt: 1 });
  expect(readdirSync(folder)).toEqual(["done.json"]);
  expect(claimWork(folder)).toBe("done");
});

test("an attempt keeps how it ended: done, failed with its message, cancelled from outside; later ones are not cancelled", async () => {
  const folder = folderFor();
  const attempt = (work: (signal: AbortSignal) => Promise<string>) =>
    attemptAt({ folder, name: "x", signal: new AbortController().signal }, (_, signal) => work(signal));
  await expect(attempt(async () => Promise.reject(new Error("no memory")))).rejects.toThrow("no memory");
  expect(newestAttempt(folder)).toMatchObject({ attempt: 1, ended: { how: "failed", message: "no memory" } });
  const waiting = attempt(async (signal) => {
    await expect(attempt(async () => "never")).rejects.toThrow(HeldElsewhere);
    requestCancel(folder, 2);
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    throw signal.reason;
  });
  await expect(waiting).rejects.toThrow(Interrupted);
  expect(newestAttempt(folder)).toMatchObject({ attempt: 2, ended: { how: "cancelled" } });
  expect(await attempt(async () => "made")).toBe("made");
  expect(newestAttempt(folder)).toMatchObject({ attempt: 3, ended: { how: "done" } });
  const log = readFileSync(path.join(folder, "run.log"), "utf8");
  expect(log).toMatch(/attempt 1: x.*attempt 1: failed: Error: no memory\n.*attempt 2: cancelled.*attempt 3: done\n$/s);
});

test("a damaged attempt is named, with what to do", () => {
  const folder = folderFor();
  claimed(folder).end("interrupted");
  const file = attemptFile(folder, 1);
  for (const [text, why] of [
    ["{", /JSON/],
    ['{"format": 9}', /format 9, this version reads 1/],
    ['{"format": 1, "attempt": 7}', /says that it is attempt 7/],
    ['{"format": 1, "attempt": 1}', /names no process/],
  ] as const) {
    writeFileSync(file, text);
    expect(() => claimWork(folder)).toThrow(why);
    expect(() => claimWork(folder)).toThrow(`${file} cannot be read`);
  }
  expect(thisHolder().machine).toBe(thisHolder().machine);
  expect(existsSync(attemptFile(folder, 2))).toBe(false);
});

test.each([-86_400_000, -3_600_000, 3_600_000, 86_400_000])(
  "a machine whose clock is %i ms off takes nothing that another has, and what another has lost",
  (offMs) => {
    const [has, lost] = [folderFor(), folderFor()].map((folder) => {
      claimed(folder).end("interrupted");
      const file = attemptFile(folder, 1);
      const { ended: _, ...attempt } = JSON.parse(readFileSync(file, "utf8")) as Attempt;
      writeFileSync(file, JSON.stringify(attempt));
      return folder;
    });
    heldBy(has!, 1, { host: "elsewhere" });
    heldBy(lost!, 1, { host: "elsewhere" }, Date.now() - LEASE_MS - 1000);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + offMs });
    try {
      expect(claimWork(has!)).toMatchObject({ heldBy: { attempt: 1 } });
      claimed(lost!).end("interrupted");
    } finally {
      vi.useRealTimers();
    }
  },
);
