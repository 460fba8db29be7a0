import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { projectRoot } from "../../src/node/paths.js";
import type { SearchOutcome } from "../../src/papers/searchResult.js";
import { Streams } from "../../src/random/streams.js";
import { comparable, optunaTrials } from "./exampleSearch.js";

/** One sitting, killed with its Optuna process after a while. */
async function sitting(folder: string, milliseconds: number): Promise<void> {
  const child = spawn(process.execPath, ["--import", "tsx", "test/search/searchChild.ts", folder], {
    cwd: projectRoot(),
    detached: true,
    stdio: ["ignore", "ignore", "inherit"],
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  await Promise.race([ended, sleep(milliseconds)]);
  try {
    process.kill(-child.pid!, "SIGKILL");
  } catch {
    // It had ended.
  }
  await ended;
}

it("a search that is killed at random moments tries Optuna's own points, and stops the same ones", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "killed-search-"));
  const rng = new Streams(1).stream("kills");
  let kills = 0;
  // Starting takes a second and more; the longer the sittings, the surer the end.
  while (!existsSync(path.join(folder, "outcome.json")) && kills < 60) {
    await sitting(folder, 1000 + 120 * kills + rng.integer(1500));
    kills++;
  }
  const { trials } = JSON.parse(readFileSync(path.join(folder, "outcome.json"), "utf8")) as SearchOutcome;
  expect(kills).toBeGreaterThan(2);
  const points = trials.map(({ values: { rate, width, hop }, state, reports }) =>
    comparable([rate, width, hop, state === "pruned" ? reports.length : 0] as [number, ...number[]]),
  );
  expect(points).toEqual(optunaTrials.map(comparable));
}, 600_000);
