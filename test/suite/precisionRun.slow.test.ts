import path from "node:path";
import { readWholeSpool } from "mlflow-js-client";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { RunRecord } from "../../src/suite/runRecord.js";
import { json, readJson, Workplace } from "../endToEnd/commandLine.js";

interface Run {
  runId: string;
  precision: string;
  folder: string;
}

const SMOKE = ["run", "supcon-sprs/table3", "--row", "CNN", "--task", "11", "--profile", "smoke", "--json"];

let place: Workplace;
const run = async (...args: string[]) => {
  const ended = await place.auscult([...SMOKE, ...args]);
  expect(ended.stderr + ended.stdout, `exit code ${ended.code}`).toSatisfy(() => ended.code === 0);
  return { ended, run: json<{ runs: Run[] }>(ended).runs[0]! };
};
const recordOf = ({ folder }: Run) => readJson<RunRecord>(path.join(folder, "result.json"));

beforeAll(async () => {
  place = new Workplace();
  await place.auscult(["data", "demo", place.at("data"), "--json"]);
}, 120_000);
afterAll(() => {
  place.remove();
});

test("--precision bf16 reaches the training steps, the plan, the record and the tracker", async () => {
  const { run: usual } = await run();
  const { run: rough, ended } = await run("--precision", "bf16");
  expect([usual.precision, rough.precision]).toEqual(["float32", "bf16"]);
  expect(rough.runId).not.toBe(usual.runId);
  expect(ended.stderr).toContain("bf16 is experimental");

  expect(readJson(path.join(rough.folder, "plan.json"))).toMatchObject({ precision: "bf16" });
  expect(recordOf(rough)).toMatchObject({ precision: "bf16", request: { precision: "bf16" } });
  expect(recordOf(usual)).toMatchObject({ precision: "float32" });
  expect(recordOf(usual).request).not.toHaveProperty("precision");

  const { records } = readWholeSpool(path.join(rough.folder, "tracking", "spool.jsonl"));
  expect(records.find(({ kind }) => kind === "create")).toMatchObject({
    name: expect.stringContaining(", bf16 (made-up sounds)"),
    tags: { precision: "bf16" },
  });
  expect(records.find(({ kind }) => kind === "params")).toMatchObject({ values: { precision: "bf16" } });

  // The same batches and starting weights, rounded to three digits on the way: near, and not the same.
  const lossOf = (one: Run) => recordOf(one).result.history[0]!.metrics["train/loss"]!;
  expect(lossOf(rough)).not.toBe(lossOf(usual));
  expect(Math.abs(lossOf(rough) / lossOf(usual) - 1)).toBeLessThan(0.05);
}, 300_000);

test("a word that names no precision is refused, with those there are; nothing is begun", async () => {
  const before = place.runFolders();
  const ended = await place.auscult([...SMOKE, "--precision", "fp16"]);
  expect(ended.code).toBe(2);
  expect(ended.stderr).toContain(
    "'--precision <precision>' argument 'fp16' is invalid. Allowed choices are float32, bf16.",
  );
  expect(ended.stdout).toBe("");
  expect(place.runFolders()).toEqual(before);
});
