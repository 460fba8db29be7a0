import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadIcbhi } from "../../../src/datasets/icbhi/load.js";
import { icbhiSplit } from "../../../src/datasets/icbhi/split.js";
import { cutPiece } from "../../../src/features/store/clipBuilder.js";
import { readWavFile } from "../../../src/node/wavFile.js";
import { evenly } from "../../../src/papers/evenly.js";
import { loadModel } from "../../../src/papers/loadModel.js";
import type { RunRecord } from "../../../src/suite/runRecord.js";
import { json, type RunOptions, readJson, Workplace } from "../../endToEnd/commandLine.js";

const recordings = process.env.AUSCULT_DATA;
let place: Workplace;
beforeAll(async () => {
  place = new Workplace();
  await place.auscult(["data", "demo", place.at("data"), "--json"]);
});
afterAll(() => place.remove());

const command = (experiment: string, row: string, ...args: string[]) => [
  ...["run", `glancegaze/${experiment}`, "--row", row, "--task", "4-class", "--profile", "smoke", "--json", ...args],
];
async function run(args: string[], options?: RunOptions) {
  const ended = await place.auscult(args, options);
  expect(ended.stderr + ended.stdout, `exit code ${ended.code}`).toSatisfy(() => ended.code === 0);
  const [{ folder }] = json<{ runs: [{ folder: string }] }>(ended).runs;
  return { folder, ...readJson<RunRecord>(path.join(folder, "result.json")) };
}
const rateOf = ({ result }: RunRecord) => result.history[0]!.metrics["train/learningRate"];

describe("Glance-and-Gaze on made-up sounds", { timeout: 900_000 }, () => {
  const honest = () => ["--data", place.at("data"), "--fold", "official", "--protocol", "honest"];
  const published = () => ["--data", place.at("data"), "--fold", "official", "--protocol", "published"];
  const tone = Float32Array.from({ length: 20_000 }, (_, i) => Math.sin(i / 3));

  test("the proposed network trains, and leaves a model that answers for the test cycles as the run's table has it", async () => {
    const { result, reduced, tuned, folder } = await run(command("table2", "Proposed", ...honest()));
    expect(result.parameters).toBe(824_884);
    expect(result.history).toHaveLength(2);
    expect(reduced).not.toContain("not searched");
    expect(tuned).toBeUndefined();
    expect(result.testOpenings).toHaveLength(1);

    const { tests, labels } = icbhiSplit(loadIcbhi(place.at("data")), "official", "honest");
    const model = await loadModel(path.join(folder, "model"));
    expect(model.preprocessing.parameters).toEqual({ frontEnd: "mel", bands: 128, seconds: 8 });
    expect(model.preprocessing.labels).toEqual(labels);
    const counts = labels.map(() => labels.map(() => 0));
    let loss = 0;
    for (const cycle of evenly(
      tests.test.open("a test", () => {}),
      16,
    )) {
      const recording = readWavFile(cycle.file);
      const [answer, ...more] = model.classify(cutPiece(recording, cycle), recording.sampleRateHz);
      expect(more).toEqual([]);
      counts[cycle.label]![answer!.indexOf(Math.max(...answer!))]!++;
      loss -= Math.log(answer![cycle.label]!) / 16;
    }
    model.dispose();
    const { confusion, loss: wanted } = result.tests.test!;
    expect(counts).toEqual(confusion.counts);
    expect(loss).toBeCloseTo(wanted!, 4);
  });

  test("a baseline says that its rate was not searched; after a search of three rates it has the best of them", async () => {
    const before = await run(command("table2", "BiGRU+ATT", ...honest()));
    expect(before.result.parameters).toBe(561_668);
    expect(before.reduced).toMatch(/; learning rate not searched$/);
    expect(rateOf(before)).toBe(0.001);

    const { runId, result, reduced } = await run(command("tune", "BiGRU+ATT", ...honest()));
    const { trials, best, valueIs } = result.search!;
    expect(trials.map(({ values }) => values.learningRate)).toEqual([0.001, 0.0003, 0.0001]);
    expect(trials.map(({ state, reports }) => [state, reports.length])).toEqual(Array(3).fill(["complete", 2]));
    expect(trials[best!]!.value).toBe(Math.max(...trials.map(({ value }) => value!)));
    expect(valueIs).toContain("held-out patients");
    expect([result.tests, result.testOpenings]).toEqual([{}, []]);
    expect(reduced).not.toContain("test");

    // Another seed: were the best rate the first one, this would otherwise be the run before.
    const after = await run(command("table2", "BiGRU+ATT", ...honest(), "--seed", "1"));
    expect(after.tuned!.run).toBe(runId);
    expect(rateOf(after)).toBe(trials[best!]!.values.learningRate);
    expect(after.reduced).toContain("; of the search: 2 epochs of 2 steps of 6 instead of 20");
    expect(after.reduced).not.toContain("not searched");
    const asked = await run(command("table2", "BiGRU+ATT", ...honest(), "--seed", "1", "--set", "learningRate=0.02"));
    expect([rateOf(asked), asked.tuned]).toEqual([0.02, undefined]);
    expect(asked.reduced).toMatch(/; learning rate not searched$/);
  });

  test("killed after an epoch and taken up again, dropout and all: the bits of a run never killed", async () => {
    const args = command("table2", "CRNN", ...published(), "--threads", "1");
    const whole = await run(args);
    expect(whole.result.parameters).toBe(5_367_160);
    const env = { AUSCULT_MLRUNS: place.at("killed") };
    const has = (file: string) =>
      place.runFolders(env.AUSCULT_MLRUNS).some((folder) => existsSync(path.join(folder, file)));
    const { signal } = await place.auscult(args, {
      env,
      whileRunning: (child) => has("checkpoints/000001-000000/state.json") && child.kill("SIGKILL"),
    });
    expect([signal, has("done.json")]).toEqual(["SIGKILL", false]);
    const again = await run(args, { env });
    const history = ({ result }: RunRecord) => result.history.map(({ metrics }) => metrics);
    expect(history(again)).toEqual(history(whole));
    expect(again.result.tests).toEqual(whole.result.tests);
    const weights = ({ folder }: { folder: string }) => readFileSync(path.join(folder, "model", "weights.safetensors"));
    expect(weights(again).equals(weights(whole))).toBe(true);
  });

  test("from stored maps, under published: the test set after each epoch, and a model of the adapter", async () => {
    await place.auscult(["data", "logmel", place.at("data", "icbhi"), "--data", place.at("data")]);
    const set = ["--set", "input=icbhi-logmel"];
    const { data, result, folder } = await run(command("table1", "w/o glance", ...published(), ...set));
    expect(data).toMatchObject({ name: "icbhi-logmel", madeUp: true });
    expect(result.testOpenings).toHaveLength(3);
    const model = await loadModel(path.join(folder, "model"));
    expect(model.preprocessing).toMatchObject({ recipe: "glancegaze-logmel", inputShape: [90, 173, 1] });
    expect(model.preprocessing.evaluatedOtherwise).toBeDefined();
    const [answer] = model.classify(tone, 10_000);
    expect(answer!.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
    model.dispose();
  });

  test.skipIf(!recordings)(
    "recordings: the random split of all cycles runs, and says who is on both sides",
    async () => {
      const args = ["--data", recordings!, "--fold", "random-cycle-70-30", "--protocol", "published"];
      const { data, split, result } = await run(command("table2", "Proposed", ...args, "--set", "input=icbhi-logmel"));
      expect(data).toMatchObject({ madeUp: false, hasPrintedTestSet: false });
      expect(split.leaks!.join()).toMatch(/of the \d+ patients of test are also in train/);
      expect(result.tests.test!.examples).toBe(16);
    },
  );
});
