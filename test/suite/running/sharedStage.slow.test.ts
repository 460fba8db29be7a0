import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { projectRoot } from "../../../src/node/paths.js";
import { Workplace } from "../../endToEnd/commandLine.js";
import { madeUpRecord } from "../madeUpRecord.js";

/** A project beside ours, with one experiment of one paper, whose runs share a stage; row "broken" needs one that fails. */
function projectWithStages(): string {
  const root = mkdtempSync(path.join(tmpdir(), "auscult-stages-"));
  const src = path.join(projectRoot(), "src");
  for (const name of ["node_modules", "package.json", "tsconfig.json"])
    symlinkSync(path.join(projectRoot(), name), path.join(root, name));
  mkdirSync(path.join(root, "src", "papers", "staged"), { recursive: true });
  for (const name of readdirSync(src).filter((one) => one !== "papers"))
    symlinkSync(path.join(src, name), path.join(root, "src", name));
  mkdirSync(path.join(root, "experiments", "staged"), { recursive: true });
  writeFileSync(path.join(root, "experiments", "staged", "table.ts"), ENTRY);
  writeFileSync(path.join(root, "src", "papers", "staged", "index.ts"), paperText(src));
  return root;
}

/** The command line, of that project. */
function launch(
  root: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<{ code: number; stdout: string; stderr: string }> {
  const program = `await (await import("${projectRoot()}/src/cli/main.ts")).main(process.argv.slice(1))`;
  const command = ["--import", "tsx", "--input-type=module", "-e", program, "--", ...args];
  return new Promise((resolve) => {
    const child = execFile(process.execPath, command, { cwd: root, env }, (_, stdout, stderr) =>
      resolve({ code: child.exitCode!, stdout, stderr }),
    );
  });
}

const ENTRY = `export const entry = {
  id: "staged/table", paper: "staged", kind: "ablation", title: "Stages", citation: "none", vary: "nothing", metric: "Score", testSet: "none",
  tasks: ["11"], protocols: ["honest"], presets: ["paper"], columns: [{ key: "11", title: "Task 1-1", unit: "share", task: "11" }],
  rows: [{ name: "good", printed: { "11": 0.5 }, state: "built" }, { name: "broken", printed: { "11": 0.5 }, state: "built" }],
  flags: [], ambiguities: [], fullRun: { steps: 1, hours: 0.001 }, cost: { smoke: "", quick: "", full: "" }, command: "npx auscult run staged/table" };
`;

function paperText(src: string): string {
  const { result, split, data } = madeUpRecord();
  return `
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { preprocessingOf } from "${src}/papers/preprocessing.js";
import { saveModel } from "${src}/papers/savedModel.js";
import { supconTestPath } from "${src}/papers/supconSprs/frontEnd.js";
import { tf } from "${src}/tensorflow.js";
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
export const paper = { id: "staged", citation: "none", prepare: ({ dataDir, ...request }) => ({
  identity: request, data: ${JSON.stringify({ ...data, madeUp: true })}, split: ${JSON.stringify(split)}, inputs: [], settings: {}, reduced: undefined,
  stages: [{ name: "pretraining", identity: { broken: request.row === "broken" }, async execute({ folder, progress }) {
    progress({ phase: "training", fraction: 0.5, detail: "half" });
    appendFileSync(process.env.STAGED_LOG, "stage " + request.row + "\\n");
    await sleep(500);
    if (request.row === "broken") throw new Error("no pretraining today");
    writeFileSync(folder + "/weights.txt", "made once");
  } }],
  async execute({ runFolder, stages }) {
    appendFileSync(process.env.STAGED_LOG, "run with " + readFileSync(stages.pretraining + "/weights.txt", "utf8") + "\\n");
    const inputShape = [2, 3, 1];
    const model = tf.sequential({ layers: [tf.layers.flatten({ inputShape }), tf.layers.dense({ units: 2 })] });
    saveModel(model, runFolder + "/model", preprocessingOf(supconTestPath(), { inputShape, task: "d/11", labels: ["Normal", "Adventitious"] }));
    return ${JSON.stringify(result)};
  } }) };
`;
}

test("a stage that runs share is made once, by whichever of two suites; its failure is that of the runs that need it", async () => {
  const root = projectWithStages();
  const place = new Workplace();
  const log = place.at("staged.log");
  const args = ["run", "staged/table", "--seed", "0", "--seed", "1", "--threads", "1", "--jobs", "2", "--json"];
  const env = { ...place.env, AUSCULT_ROOT: root, STAGED_LOG: log };
  const suites = await Promise.all([launch(root, args, env), launch(root, args, env)]);
  for (const suite of suites) {
    expect(suite.code, suite.stderr).toBe(1);
    const { runs } = JSON.parse(suite.stdout) as { runs: { row: string; state: string; error?: string }[] };
    expect(runs.map(({ row, state }) => `${row} ${state.replace(" before", "")}`)).toEqual([
      ...["good done", "good done"],
      ...["broken failed", "broken failed"],
    ]);
    for (const { error } of runs.slice(2)) expect(error).toContain("no pretraining today");
  }
  const said = readFileSync(log, "utf8").trim().split("\n");
  expect(said.filter((line) => line === "stage good")).toHaveLength(1);
  expect(said.filter((line) => line === "run with made once")).toHaveLength(2);
  expect(said.filter((line) => line === "stage broken").length).toBeLessThanOrEqual(2);
  const stages = readdirSync(place.at("mlruns", "stages"));
  expect(stages).toHaveLength(2);
  place.remove();
}, 300_000);
