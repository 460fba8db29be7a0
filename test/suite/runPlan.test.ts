import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import os, { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { begunOtherwise, keepPlan, readPlan, usualThreads } from "../../src/suite/runPlan.js";

const plan = (over: object = {}) => ({
  signature: "aa11",
  threads: 3,
  precision: "float32" as const,
  settings: { preset: "paper", recipe: { epochs: 100 }, data: "d1", split: "s1" },
  ...over,
});

let runs: string;
const runFolder = (name: string) => path.join(runs, name);
beforeEach(() => {
  runs = mkdtempSync(path.join(tmpdir(), "auscult-plans-"));
  mkdirSync(runFolder("x_11_seed0_aa11"));
});
afterEach(() => {
  vi.unstubAllEnvs();
});

test("the plan of a run that begins is kept; one that goes on finds it", () => {
  const folder = runFolder("x_11_seed0_aa11");
  expect(readPlan(folder)).toBeUndefined();
  expect(keepPlan(folder, plan())).toBe("begins");
  const text = readFileSync(path.join(folder, "plan.json"), "utf8");
  expect(readPlan(folder)).toMatchObject(plan());
  expect(keepPlan(folder, plan({ threads: 8 }))).toBe("goes on");
  expect(readFileSync(path.join(folder, "plan.json"), "utf8")).toBe(text);
  expect(readdirSync(folder)).toEqual(["plan.json"]);
});

test.each<[object, string]>([
  [{ settings: { ...plan().settings, preset: "authors" } }, "preset was paper, is authors"],
  [{ settings: { ...plan().settings, recipe: { epochs: 4 } } }, "recipe.epochs was 100, is 4"],
  [{ settings: { ...plan().settings, data: "d2", split: "s2" } }, "data was d1, is d2; split was s1, is s2"],
  [{ precision: "bf16" }, "precision was float32, is bf16"],
  [{ signature: "bb22" }, "signature was aa11, is bb22"],
])("another run's folder is refused, and what differs is said: %j", (over, words) => {
  const folder = runFolder("x_11_seed0_aa11");
  keepPlan(folder, plan());
  expect(() => keepPlan(folder, plan(over))).toThrow(`belongs to another run: ${words}. Ask for what it was`);
});

test("a damaged plan is named", () => {
  const folder = runFolder("x_11_seed0_aa11");
  writeFileSync(path.join(folder, "plan.json"), '{"format": 1, "thre');
  expect(() => readPlan(folder)).toThrow(/plan\.json cannot be read .* delete its folder/);
  writeFileSync(path.join(folder, "plan.json"), '{"format": 7}');
  expect(() => readPlan(folder)).toThrow("format 7, this version reads 1");
});

test("runs that were begun otherwise are told, those that are done or of another seed are not", () => {
  const settings = { ...plan().settings, data: "d2" };
  for (const name of ["x_11_seed0_aa11", "x_11_seed0_cc33", "x_11_seed1_dd44", "x_11_seed0_ee55"]) {
    mkdirSync(runFolder(name), { recursive: true });
    if (name !== "x_11_seed0_ee55") keepPlan(runFolder(name), plan());
  }
  writeFileSync(path.join(runFolder("x_11_seed0_cc33"), "done.json"), "{}");
  expect(begunOtherwise(runFolder("x_11_seed0_ff66"), { settings, precision: "float32" })).toEqual([
    "this is a new run; it does not go on with x_11_seed0_aa11, which was begun and differs: data was d1, is d2",
  ]);
  expect(begunOtherwise(runFolder("x_11_seed0_ff66"), { settings: plan().settings, precision: "bf16" })).toEqual([
    "this is a new run; it does not go on with x_11_seed0_aa11, which was begun and differs: precision was float32, is bf16",
  ]);
});

test("threads: TensorFlow's own variable, else the machine's processors", () => {
  vi.stubEnv("TF_NUM_INTRAOP_THREADS", "5");
  expect(usualThreads()).toBe(5);
  vi.stubEnv("TF_NUM_INTRAOP_THREADS", undefined);
  expect(usualThreads()).toBe(os.availableParallelism());
});
