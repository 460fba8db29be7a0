import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readCams } from "../../../src/explain/camFiles.js";
import { loadModel } from "../../../src/papers/loadModel.js";
import type { RunRecord } from "../../../src/suite/runRecord.js";
import { json, readJson, Workplace } from "../../endToEnd/commandLine.js";

const recordings = process.env.AUSCULT_DATA;
let place: Workplace;
beforeAll(async () => {
  place = new Workplace();
  await place.auscult(["data", "demo", place.at("data"), "--json"]);
});
afterAll(() => place.remove());

async function run(experiment: string, rows: readonly string[], ...args: string[]) {
  const named = rows.flatMap((row) => ["--row", row]);
  const ended = await place.auscult([
    ...["run", `respirenet/${experiment}`, ...named, "--task", "4-class", "--profile", "smoke", "--json", ...args],
  ]);
  expect(ended.stderr + ended.stdout, `exit code ${ended.code}`).toSatisfy(() => ended.code === 0);
  return json<{ runs: { folder: string }[] }>(ended).runs.map(({ folder }) => ({
    ...{ folder, ...readJson<RunRecord>(path.join(folder, "result.json")) },
  }));
}

describe("RespireNet on made-up sounds", { timeout: 600_000 }, () => {
  test("a row trains, and leaves a model that answers with pictures standardised as in training", async () => {
    const data = ["--data", place.at("data")];
    const [made] = await run("table1", ["CNN"], ...data, "--fold", "official", "--protocol", "honest");
    const { result, reduced, folder } = made!;
    expect(result.parameters).toBe(21_367_364);
    expect(reduced).toContain("pictures not enlarged");
    expect(result.imageStatistics!.mean.every((mean) => mean > 0 && mean < 1)).toBe(true);
    const model = await loadModel(path.join(folder, "model"));
    const { examples, mean, items } = readCams(folder)!;
    const { test: tested } = result.tests;
    expect([items, examples.length, mean.rows]).toEqual([16, 16, 64]);
    const cells = tested!.confusion.counts.map((row, label) =>
      row.map((_, decided) => examples.filter((one) => one.label === label && one.decided === decided).length),
    );
    expect(cells).toEqual(tested!.confusion.counts);
    expect(existsSync(path.join(folder, "figures", "looked-at.svg"))).toBe(true);
    // 12 s: three windows of 7 s.
    const answers = model.classify(
      Float32Array.from({ length: 48_000 }, (_, i) => Math.sin(i / 3)),
      4000,
    );
    expect(answers).toHaveLength(3);
    for (const answer of answers) expect(answer.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
    model.dispose();
  });

  test("the first stage is trained once, for its own row and for the one that is fine-tuned by device", async () => {
    for (const protocol of ["honest", "published"]) {
      const data = ["--data", place.at("data"), "--fold", "fold4", "--protocol", protocol];
      const [first, tuned] = await run("table1", ["CNN+CBA+BRC", "CNN+CBA+BRC+FT"], ...data);
      const { fineTuning, testOpenings, tests } = tuned!.result;
      expect(fineTuning!.firstStage.tests).toEqual(first!.result.tests);
      expect(first!.result.history).toHaveLength(2);
      expect([first, tuned].map((one) => readCams(one!.folder)?.items)).toEqual([16, undefined]);
      expect(first!.result.testOpenings.every((one) => testOpenings.some((own) => own.purpose === one.purpose))).toBe(
        true,
      );
      const own = fineTuning!.devices.filter(({ without }) => !without);
      expect(fineTuning!.devices).toHaveLength(4);
      expect(own.length).toBeGreaterThan(0);
      expect(readdirSync(path.join(tuned!.folder, "devices")).sort()).toEqual(own.map(({ device }) => device).sort());
      expect(tests.test!.examples).toBe(first!.result.tests.test!.examples);
      const opened = testOpenings.filter(({ purpose }) => purpose === "models of all devices");
      expect(opened).toHaveLength(1);
      if (protocol === "honest") expect(testOpenings).toHaveLength(2);
    }
    expect(readdirSync(place.at("mlruns", "stages"))).toHaveLength(2);
  });

  test.skipIf(!recordings)("recordings: a single device, by accuracy with the authors' preset", async () => {
    const fold = "device-only:AKGC417L@fold4";
    const args = ["--data", recordings!, "--fold", fold, "--protocol", "honest", "--preset", "authors"];
    const [made] = await run("table6-single-device", ["Overall"], ...args);
    expect(made!.result.chosenBy).toBe("best select accuracy");
    expect(made!.result.tests.test!.byDevice!.length).toBeGreaterThan(1);
  });
});
