import { existsSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadModel } from "../../../src/papers/loadModel.js";
import type { RunRecord } from "../../../src/suite/runRecord.js";
import { json, readJson, Workplace } from "../../endToEnd/commandLine.js";

const recordings = process.env.AUSCULT_DATA;
const SMOKE = ["--task", "4-class", "--profile", "smoke", "--json"];

let place: Workplace;
const run = async (experiment: string, row: string, ...args: string[]) => {
  const ended = await place.auscult(["run", `cycleguardian/${experiment}`, "--row", row, ...SMOKE, ...args]);
  expect(ended.stderr + ended.stdout, `exit code ${ended.code}`).toSatisfy(() => ended.code === 0);
  const { folder } = json<{ runs: { folder: string }[] }>(ended).runs[0]!;
  return { folder, ...readJson<RunRecord>(path.join(folder, "result.json")) };
};

beforeAll(() => {
  place = new Workplace();
});
afterAll(() => {
  place.remove();
});

describe("CycleGuardian on made-up sounds", { timeout: 600_000 }, () => {
  test("trains from audio and from stored maps, under both protocols, and leaves a model that answers", async () => {
    const dataDir = place.at("data");
    await place.auscult(["data", "demo", dataDir, "--json"]);
    await place.auscult(["data", "logmel", place.at("data", "icbhi"), "--data", dataDir]);
    const audio = await run(
      "table2",
      "Ours (soft cos)",
      "--data",
      dataDir,
      "--fold",
      "official",
      "--protocol",
      "honest",
    );
    expect(audio.data).toMatchObject({ name: "icbhi", madeUp: true });
    expect(audio.result.parameters).toBe(6_725_556);
    for (const part of ["loss", "classification", "clustering", "similarity", "contrast"])
      expect(audio.result.history.map(({ metrics }) => metrics[`train/${part}`]! > 0)).toEqual([true, true]);
    expect(audio.result.fallback).toBeUndefined();
    const model = await loadModel(path.join(audio.folder, "model"));
    const tone = Float32Array.from({ length: 10_000 }, (_, i) => Math.sin(i / 3));
    const [answer] = model.classify(tone, 10_000);
    expect(answer!.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
    model.dispose();

    const set = ["--set", "input=icbhi-logmel"];
    const maps = await run(
      "table8",
      "Base DEC",
      "--data",
      dataDir,
      "--fold",
      "official",
      "--protocol",
      "published",
      ...set,
    );
    expect(maps.data).toMatchObject({ name: "icbhi-logmel", madeUp: true });
    // Deep clustering alone, and the test set looked at after each epoch.
    expect(Object.keys(maps.result.history[0]!.metrics)).not.toContain("train/contrast");
    expect(maps.result.testOpenings).toHaveLength(3);
  });

  test("a learning rate at which it diverges is caught, and the run begins anew at a tenth, which its record says", async () => {
    const dataDir = place.at("data");
    const { result, folder } = await run(
      "table8",
      "Base DEC",
      ...["--data", dataDir, "--fold", "official", "--protocol", "honest"],
      ...["--set", "input=icbhi-logmel", "--set", "learningRate=1", "--set", "epochs=3", "--set", "stepsPerEpoch=6"],
    );
    expect(result.fallback).toMatch(/at learning rate 1 .*; begun anew at 0\.1/);
    expect(existsSync(path.join(folder, "divergence.json"))).toBe(true);
    expect(result.history.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
    expect(result.history[0]!.metrics["train/learningRate"]).toBe(0.1);
  });
});

describe.skipIf(!recordings)("recordings: CycleGuardian on ICBHI", { timeout: 600_000 }, () => {
  test("the leaky split runs by its name, and the report states what of the test set was trained on", async () => {
    const { split } = await run(
      "table2",
      "Ours (cos)",
      ...["--data", recordings!, "--protocol", "published", "--set", "input=icbhi-logmel"],
      ...["--fold", "official-patient-leak"],
    );
    expect(split.leaks!.join(" ")).toMatch(/237 of 2873|156.*218/);
  });
});
