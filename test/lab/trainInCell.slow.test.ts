import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { isRunning } from "mlflow-js-client";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { isAlive, newestAttempt } from "../../src/suite/running/attempt.js";
import type { RunRecord } from "../../src/suite/runRecord.js";
import { Workplace } from "../endToEnd/commandLine.js";
import { KernelDriver, lastShown, type SentCell, shownIn } from "./kernelDriver.js";

const LIMIT_MS = 400_000;
const SMOKE = ["run", "supcon-sprs/table3", "--row", "ResNet 18", "--task", "11", "--profile", "smoke", "--json"];
const trainCell = (seed: number) =>
  `const run = await trainInCell("supcon-sprs/table3", { rows: ["ResNet 18"], tasks: ["11"], seeds: [${seed}], profile: "smoke" }); console.log(run.runId);`;

let place: Workplace;
let kernel: KernelDriver | undefined;
beforeAll(async () => {
  place = new Workplace();
  expect((await place.auscult(["data", "demo", place.at("data")])).code).toBe(0);
}, LIMIT_MS);
afterEach(() => kernel?.end());
afterAll(() => place.remove());

/** A kernel of the test's place, which keeps its runs in `mlruns` there, with training imported. */
async function start(mlruns: string): Promise<KernelDriver> {
  kernel = new KernelDriver({
    AUSCULT_DATA: place.at("data"),
    AUSCULT_CACHE: place.at("cache"),
    AUSCULT_MLRUNS: place.at(mlruns),
    // Nothing listens there.
    MLFLOW_TRACKING_URI: "http://127.0.0.1:9",
  });
  await kernel.ready();
  await imported(kernel);
  return kernel;
}
async function imported(one: KernelDriver): Promise<void> {
  expect((await one.run('import { trainAll, trainInCell } from "./src/lab/trainInCell";')).reply.content.status).toBe(
    "ok",
  );
}
/** The folder of the only run in `mlruns`. */
function folderOf(mlruns: string): string {
  const runs = place.at(mlruns, "runs");
  return path.join(runs, readdirSync(runs)[0]!);
}
const recordOf = (mlruns: string) =>
  JSON.parse(readFileSync(path.join(folderOf(mlruns), "result.json"), "utf8")) as RunRecord;
/** All that a run has measured, but for how long it took. */
const numbersOf = ({ result: { history, seconds: _, testOpenings: __, ...result } }: RunRecord) => ({
  ...result,
  history: history.map(({ epoch, metrics }) => ({ epoch, metrics })),
});
const until = async (is: () => boolean) => {
  while (!is()) await new Promise((resolve) => setTimeout(resolve, 20));
};
/** Settles when the cell has shown words of its progress; fails when it ended before. */
async function shows({ said }: SentCell, words: RegExp): Promise<void> {
  await until(
    () => shownIn(said).some((text) => words.test(text)) || said.some(({ type }) => type === "execute_reply"),
  );
  expect(shownIn(said).join("\n")).toMatch(words);
}

test("interrupted, its kernel killed, taken up by another: the command line's numbers, bit for bit", {
  timeout: LIMIT_MS,
}, async () => {
  const whole = await place.auscult(SMOKE, { env: { AUSCULT_MLRUNS: place.at("whole") } });
  expect(whole.code, whole.stderr).toBe(0);

  const first = await start("cells");
  const interrupted = await first.execute(trainCell(0));
  await shows(interrupted, /training: epoch 1 of 2, step \d of \d, loss/);
  first.order("interrupt");
  const { content } = await interrupted.ended;
  expect(content).toMatchObject({ status: "error", ename: "Interrupted" });
  expect(content.evalue).toBe("Stopped. What was done is saved; run the cell again to go on.");
  expect(lastShown(interrupted.said)).toContain("stopped; what was done is saved");
  const folder = folderOf("cells");
  expect(newestAttempt(folder)).toMatchObject({ attempt: 1, ended: { how: "interrupted" } });
  expect(existsSync(path.join(folderOf("cells"), "checkpoints"))).toBe(true);

  const killed = await first.execute(trainCell(0));
  await shows(killed, /training: .*loss/);
  const attempt = newestAttempt(folder)!;
  expect(isAlive(folder, attempt)).toBe(true);
  const trainer = attempt.holder;
  first.order("kill");
  await first.tell("restart");
  await imported(first);
  const { reply, said, text } = await first.run(trainCell(0));
  expect(reply.content.status, JSON.stringify(said.at(-2))).toBe("ok");
  expect(isRunning(trainer)).toBe(false);
  expect(text).toContain("_11_honest_smoke_seed0_");
  expect(lastShown(said)).toMatch(/2 epochs in \d+ s; epoch \d was chosen/);
  expect(recordOf("cells").result).not.toHaveProperty("changes");
  expect(numbersOf(recordOf("cells"))).toEqual(numbersOf(recordOf("whole")));
});

test("goes on when nobody listens, and is read back by a client that comes later", { timeout: LIMIT_MS }, async () => {
  const one = await start("unheard");
  const cell = await one.execute(trainCell(1));
  await shows(cell, /training: .*loss/);
  await one.tell("disconnect");
  const heard = cell.said.length;
  await until(() => existsSync(path.join(folderOf("unheard"), "done.json")));
  expect(cell.said).toHaveLength(heard);
  await one.tell("connect");
  const { reply, said } = await one.run(trainCell(1));
  expect(reply.content.status).toBe("ok");
  expect(lastShown(said)).toContain("done before, 2 epochs");
  expect(said.filter(({ content }) => content?.data?.["application/vnd.plotly.v1+json"]).length).toBeGreaterThan(1);
});

test("several runs: a table that fills, stopped and taken up, records in order; updates stay small", {
  timeout: LIMIT_MS,
}, async () => {
  const one = await start("several");
  const code = `const runs = await trainAll("supcon-sprs/table3", { rows: ["CNN"], tasks: ["11"], seeds: [0, 1], profile: "smoke" });
    console.log(runs.map(({ request }) => request.seed).join());`;
  const stopped = await one.execute(code);
  await shows(stopped, /seed 0[^\t]*\tdone\t2\t[\d.]+ .*\n.*seed 1[^\t]*\t(waiting|training)/);
  one.order("interrupt");
  expect((await stopped.ended).content.ename).toBe("Interrupted");
  const { reply, said, text } = await one.run(code);
  expect(reply.content.status, JSON.stringify(said.at(-2))).toBe("ok");
  expect(text).toBe("0,1\n");
  expect(lastShown(said)).toMatch(/seed 0.*\tdone before\t2\t.*\n.*seed 1.*\tdone\t2\t/);
  const updates = [...stopped.said, ...said].filter(({ type }) => type === "update_display_data");
  expect(updates.length).toBeGreaterThan(2);
  for (const { content } of updates) expect(JSON.stringify(content).length).toBeLessThan(50_000);
});

test("mistakes are answered in the cell", { timeout: LIMIT_MS }, async () => {
  const one = await start("mistakes");
  const refused = async (cell: string) => {
    const { reply, said } = await one.run(cell);
    expect(reply.content.status).toBe("error");
    expect(said.filter(({ type }) => type === "stream")).toEqual([]);
    return `${reply.content.ename}: ${reply.content.evalue}`;
  };
  const train = (experiment: string, options: string) => `await trainInCell("${experiment}", ${options});`;
  const smoke = `tasks: ["11"], profile: "smoke"`;
  expect(await refused(train("supcon-sprs/table4", `{ ${smoke} }`))).toMatch(
    /UserError: .*did you mean .*"supcon-sprs\/table3"/,
  );
  expect(await refused(train("supcon-sprs/table3", `{ ${smoke}, rows: ["ResNet18"] }`))).toMatch(
    /UserError: rows "ResNet18".*did you mean "ResNet 18"/,
  );
  expect(await refused(train("supcon-sprs/table3", `{ ${smoke}, rows: ["CNN", "ResNet 18"] }`))).toMatch(
    /trains one run; these options name 2/,
  );
  expect(await refused(train("supcon-sprs/table3", `{ ${smoke}, row: "CNN" }`))).toMatch(
    /TypeScript: .*'row' does not exist in type .* Did you mean to write 'rows'/s,
  );
  expect(await refused(train("supcon-sprs/table3", `{ ${smoke}, seeds: ["1"] }`))).toMatch(
    /TypeScript: .*'string' is not assignable to type 'number'/s,
  );
  expect(await refused(train("supcon-sprs/table3", `{ ${smoke}, row: "CNN" } as object`))).toMatch(
    /UserError: There is no option "row" \(did you mean "rows"/,
  );
  const missing = await refused(train("supcon-sprs/table3", `{ ${smoke}, rows: ["CNN"], dataDir: "/nowhere" }`));
  expect(missing).toMatch(/UserError: no SPRSound recordings in \/nowhere .*auscult data demo DIR/s);
});
