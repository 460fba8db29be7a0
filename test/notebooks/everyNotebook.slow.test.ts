import { mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeDemo } from "../../src/datasets/demo/writeDemo.js";
import { notebookNames, readNotebook } from "../../src/lab/notebooks/notebook.js";
import { runNotebook } from "../../src/lab/notebooks/runNotebook.js";
import { stopServer } from "../../src/tracking/localServer.js";
import { withPeakMemory } from "./peakMemory.js";

/** Of a machine that others use too; the budget of 60 s is for a quiet one, and what each took is printed. */
const LIMIT_MS = 600_000;
const PEAK_BYTES = 3e9;
const NOTEBOOK_BYTES = 5e6;

const folder = mkdtempSync(path.join(tmpdir(), "auscult-notebooks-"));
const demo = path.join(folder, "data");
beforeAll(() => writeDemo(demo));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Executes a notebook at its own scale, with nothing of earlier runs about, and holds it against the budget. */
async function execute(name: string, dataDir: string, what: string): Promise<string> {
  const own = mkdtempSync(path.join(folder, `${name}-`));
  const environment = {
    ...process.env,
    AUSCULT_DATA: dataDir,
    AUSCULT_MLRUNS: path.join(own, "mlruns"),
    AUSCULT_CACHE: path.join(own, "cache"),
  };
  delete (environment as NodeJS.ProcessEnv).MLFLOW_TRACKING_URI;
  mkdirSync(environment.AUSCULT_MLRUNS);
  const out = path.join(own, `${name}.ipynb`);
  try {
    const { result: run, peakBytes } = await withPeakMemory(() => runNotebook(name, out, { environment }));
    const size = statSync(out).size;
    const marks = `${run.seconds.toFixed(0)} s, ${(peakBytes / 1e9).toFixed(2)} GB, ${(size / 1e6).toFixed(2)} MB`;
    console.log(`${name} on ${what}: ${marks}${run.seconds > 60 ? " (over 60 s)" : ""}`);
    expect(run).toMatchObject({ state: "done" });
    expect(size).toBeLessThan(NOTEBOOK_BYTES);
    expect(peakBytes).toBeLessThan(PEAK_BYTES);
    const outputs = readNotebook(out).cells.flatMap((cell) => cell.outputs ?? []);
    for (const { data } of outputs)
      if (data && "application/vnd.plotly.v1+json" in data)
        expect(Object.keys(data).some((type) => type.startsWith("image/"))).toBe(true);
    return JSON.stringify(outputs);
  } finally {
    await stopServer({ mlrunsFolder: environment.AUSCULT_MLRUNS });
    rmSync(own, { recursive: true, force: true });
  }
}

test.each(notebookNames())(
  "%s runs from a fresh kernel on made-up sounds, and says that they are",
  {
    timeout: LIMIT_MS,
  },
  async (name) => {
    expect(await execute(name, demo, "made-up sounds")).toMatch(/made-up/i);
  },
);

describe.skipIf(!process.env.AUSCULT_DATA)("recordings: every notebook", () => {
  test.each(notebookNames())("%s runs from a fresh kernel on recordings", { timeout: LIMIT_MS }, async (name) => {
    await execute(name, process.env.AUSCULT_DATA!, "recordings");
  });
});
