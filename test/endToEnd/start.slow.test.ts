import { readFileSync } from "node:fs";
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
    expect(ended.stdout).toMatch(/ResNet 18 \(honest, smoke, made-up sounds\)\s+Task 1-1 +0\.708/);
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
