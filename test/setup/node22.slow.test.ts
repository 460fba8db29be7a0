import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { root, scratch } from "./scripts.js";

/**
 * The other Node that is supported, from npm's own package of it, in a clone of the last commit. It needs a network, 2 GB on the disk of
 * the temporary folder and some minutes; the engine's library comes from the cache where it is there.
 */
describe("under Node 22", () => {
  let folder: string;
  let clone: string;
  let node22: string;
  let env: NodeJS.ProcessEnv;

  beforeAll(() => {
    folder = scratch();
    clone = path.join(folder, "auscult");
    expect(spawnSync("git", ["clone", "-q", root, clone]).status).toBe(0);
    const prefix = path.join(folder, "node22");
    mkdirSync(prefix);
    const quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
    // Its install script fetches the program, a package too.
    const install = ["install", "--prefix", prefix, ...quiet, "--ignore-scripts=false", "node@22"];
    const { status, stderr } = spawnSync("npm", install, { cwd: prefix, encoding: "utf8" });
    expect(status, `npm install node@22: ${stderr}`).toBe(0);
    const bin = path.join(prefix, "node_modules", "node", "bin");
    node22 = path.join(bin, "node");
    const kept = Object.entries(process.env).filter(([name]) => !/^(VITEST|AUSCULT_|npm_)/.test(name));
    const cache = process.env.AUSCULT_CACHE;
    env = {
      ...Object.fromEntries(kept),
      ...(cache && { AUSCULT_CACHE: cache }),
      // Programs that look for node find this one, npm among them.
      PATH: `${bin}:${process.env.PATH}`,
      AUSCULT_DATA: path.join(folder, "data"),
      MLFLOW_TRACKING_URI: "http://127.0.0.1:9", // nothing listens on the discard port
    };
  }, 600_000);

  function run(node: string, args: string[], runs = "runs"): SpawnSyncReturns<string> {
    const mlruns = path.join(folder, runs);
    return spawnSync(node, args, { cwd: clone, env: { ...env, AUSCULT_MLRUNS: mlruns }, encoding: "utf8" });
  }

  it("is version 22, for children too", () => {
    expect(run(node22, ["--version"]).stdout).toMatch(/^v22\./);
    expect(run("/bin/sh", ["-c", "node --version"]).stdout).toMatch(/^v22\./);
  });

  it("set-up does all of it, and then finds nothing to do", { timeout: 1_800_000 }, () => {
    const first = run(node22, ["scripts/setup.mjs", "--verbose"]);
    expect(first.status, first.stderr).toBe(0);
    expect(first.stderr).toContain("packages (npm ci");
    expect(run(node22, ["scripts/setup.mjs", "--verbose"]).stderr).toMatch(/^\[setup\] nothing to do/);
  });

  it("makes a data set and trains on it, with the numbers of the Node that runs this test", {
    timeout: 600_000,
  }, () => {
    const demo = run(node22, ["scripts/auscult.mjs", "data", "demo", env.AUSCULT_DATA!]);
    expect(demo.status, demo.stderr).toBe(0);
    const smoke = ["scripts/auscult.mjs", "run", "supcon-sprs/table3", "--task", "11", "--profile", "smoke", "--json"];
    const there = run(node22, smoke);
    const here = run(process.execPath, smoke, "runs-here");
    expect(there.status, there.stderr).toBe(0);
    const metrics = ({ stdout }: { stdout: string }) => JSON.parse(stdout).runs[0].metrics;
    expect(Object.keys(metrics(there)).length).toBeGreaterThan(0);
    expect(metrics(there)).toEqual(metrics(here));
  });

  it("runs the tour in the notebooks' kernel", { timeout: 600_000 }, () => {
    const tour = ["scripts/auscult.mjs", "notebook", "run", "0-tour", "--out", path.join(folder, "tour.ipynb")];
    const { status, stdout, stderr } = run(node22, tour);
    expect(status, `${stdout}${stderr}`).toBe(0);
  });

  it("passes the tests of the engine", { timeout: 1_200_000 }, () => {
    const { status, stdout, stderr } = run(node22, ["node_modules/vitest/vitest.mjs", "run", "test/engine"]);
    expect(status, `${stdout}${stderr}`.slice(-20_000)).toBe(0);
  });
});
