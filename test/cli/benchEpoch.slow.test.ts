import { spawnSync } from "node:child_process";
import path from "node:path";
import { expect, it } from "vitest";
import { projectRoot } from "../../src/node/paths.js";
import { temporaryFolder } from "../datasets/sprsound/layoutFixture.js";

it("auscult bench data --only epoch compares steps with batches made beside them with bare ones", () => {
  const script = path.join(projectRoot(), "scripts", "auscult.mjs");
  const data = path.join(temporaryFolder(), "demo");
  const env = { ...process.env, AUSCULT_CACHE: temporaryFolder() };
  const auscult = (...args: string[]) => spawnSync(process.execPath, [script, ...args], { encoding: "utf8", env });
  expect(auscult("data", "demo", data).status).toBe(0);
  const { status, stdout } = auscult(
    ...["bench", "data", "supcon-sprs", "--only", "epoch", "--rounds", "5", "--steps", "1", "--data", data, "--json"],
  );
  expect(status).toBe(0);
  const { madeUp, stores, epochs } = JSON.parse(stdout);
  expect([madeUp, stores, epochs]).toMatchObject([false, [], [{ name: "supcon-sprs", workers: 1 }]]);
  const [{ bareMs, makingMs, engineThreads, ratio, withoutWorkers }] = epochs;
  for (const value of [bareMs, makingMs, engineThreads]) expect(value).toBeGreaterThan(0);
  for (const one of [ratio, withoutWorkers]) {
    expect(one.rounds).toBe(5);
    expect(one.low).toBeGreaterThan(0);
    expect([one.low <= one.ratio, one.ratio <= one.high]).toEqual([true, true]);
  }
}, 600_000);
