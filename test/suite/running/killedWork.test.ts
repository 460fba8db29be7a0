import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { projectRoot } from "../../../src/node/paths.js";
import { EndedEarly, inChild } from "../../../src/suite/childProcess.js";
import { isAlive, newestAttempt } from "../../../src/suite/running/attempt.js";
import { isDone } from "../../../src/suite/running/doneMarker.js";
import { Died, type Standing, schedule, type Work } from "../../../src/suite/running/schedule.js";
import type { Counting } from "./countingChild.js";

const STEPS = 12;

function counting(folder: string): Work {
  return {
    after: [],
    look(): Standing {
      if (isDone(folder)) return { is: "done" };
      const attempt = newestAttempt(folder);
      return attempt && isAlive(folder, attempt) ? { is: "elsewhere", attempt } : { is: "free" };
    },
    start: ({ signal, onProgress }) =>
      inChild<Counting, { step: number }>({
        script: path.join(projectRoot(), "test", "suite", "running", "countingChild.ts"),
        task: { folder, steps: STEPS, stepMs: 15 },
        signal,
        onReport: ({ step }) => onProgress({ phase: "counting", fraction: step / STEPS, detail: "" }),
      }).catch((error: Error) => {
        throw error instanceof EndedEarly ? new Died(error.message) : error;
      }),
  };
}

test("two schedules share work while its processes are killed: each is done once, from where it was", async () => {
  const place = mkdtempSync(path.join(tmpdir(), "auscult-counting-"));
  const folders = ["a", "b", "c"].map((name) => path.join(place, name));
  const killed = new Set<string>();
  const mine = () => {
    const works = folders.map(counting);
    return schedule(works, {
      jobs: 1,
      signal: new AbortController().signal,
      onState(work, state) {
        const folder = folders[works.indexOf(work)]!;
        // In the middle of each of two, once.
        if (state.is !== "running" || (state.progress?.fraction ?? 0) < 0.5 || killed.has(folder) || killed.size === 2)
          return;
        killed.add(folder);
        process.kill(newestAttempt(folder)!.holder.pid, "SIGKILL");
      },
    });
  };
  await Promise.all([mine(), mine()]);
  expect(killed.size).toBe(2);
  for (const folder of folders) {
    expect(readFileSync(path.join(folder, "count"), "utf8")).toBe(String(STEPS));
    expect(readFileSync(path.join(folder, "run.log"), "utf8").split("counted").length - 1).toBe(1);
    const { attempt, ended } = newestAttempt(folder)!;
    expect(attempt).toBe(killed.has(folder) ? 2 : 1);
    expect(ended?.how).toBe("done");
    expect(readdirSync(path.join(folder, "attempts"))).toHaveLength(attempt);
    expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  }
});
