import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { copyProject } from "../setup/projectCopy.js";
import { root, scratch } from "../setup/scripts.js";

/** The page's files: a path in code at the beginning of a paragraph, and the next block of TypeScript. */
function filesOf(page: string): [file: string, code: string][] {
  return [...page.matchAll(/^`((?:src|experiments)\/[^`]+\.ts)`[\s\S]*?```ts\n([\s\S]*?)```/gm)].map(
    ([, file, code]) => [file!, code!],
  );
}

test("docs/adding-a-paper.md: its files make a paper that checks, runs, goes on, is reported and answers", {
  timeout: 900_000,
}, async () => {
  const page = readFileSync(path.join(root, "docs", "adding-a-paper.md"), "utf8");
  const files = filesOf(page);
  expect(files.map(([file]) => file)).toEqual([
    "src/papers/bandMeans/testPaths.ts",
    "src/papers/bandMeans/index.ts",
    "experiments/band-means/table1.ts",
  ]);
  const project = path.join(scratch(), "project");
  copyProject(project);
  for (const [file, code] of files) {
    mkdirSync(path.dirname(path.join(project, file)), { recursive: true });
    writeFileSync(path.join(project, file), code);
  }
  const data = path.join(project, "made-up");
  const env = {
    ...process.env,
    AUSCULT_ROOT: project,
    AUSCULT_DATA: data,
    AUSCULT_MLRUNS: path.join(project, "mlruns"),
    MLFLOW_TRACKING_URI: "http://127.0.0.1:9",
  };
  const node = async (...args: string[]) =>
    (await promisify(execFile)(process.execPath, args, { cwd: project, env, maxBuffer: 2 ** 26 })).stdout;
  const auscult = (...args: string[]) => node("scripts/auscult.mjs", ...args);

  await node("node_modules/typescript/bin/tsc", "-p", ".");
  await auscult("data", "demo", data, "--json");
  await auscult("data", "logmel", path.join(data, "icbhi"), "--data", data);
  expect(await auscult("list")).toContain("band-means/table1");
  const run = [
    "run",
    "band-means/table1",
    "--fold",
    "official",
    "--protocol",
    "honest",
    "--profile",
    "smoke",
    "--json",
  ];
  interface Ran {
    runs: { row: string; folder: string; metrics: Record<string, number> }[];
  }
  const first = JSON.parse(await auscult(...run)) as Ran;
  expect(first.runs.map(({ row }) => row)).toEqual(["linear", "one hidden layer"]);
  const again = first.runs.map((one) => ({ ...one, state: "done before" }));
  expect((JSON.parse(await auscult(...run)) as Ran).runs).toEqual(again);
  const { cells } = JSON.parse(await auscult("report", "band-means/table1", "--json")) as {
    cells: { row: string; column: string; ours: { mean: number } | null }[];
  };
  for (const { row, metrics } of first.runs) {
    const cell = cells.find((one) => one.row === row && one.column === "Score" && one.ours)!;
    expect(cell.ours!.mean).toBeCloseTo(100 * metrics["test/score"]!, 6);
  }
  const model = path.join(first.runs[0]!.folder, "model");
  const answers = path.join(project, "answers.json");
  await auscult("predict", "--model", model, path.join(data, "icbhi", "ICBHI_final_database"), answers);
  const answered = Object.values(JSON.parse(readFileSync(answers, "utf8")) as Record<string, string>);
  expect(answered.length).toBeGreaterThan(10);
  for (const label of answered) expect(["Normal", "Crackle", "Wheeze", "Both"]).toContain(label);
});
