import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
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

async function run(experiment: string, row: string, ...args: string[]) {
  const ended = await place.auscult([
    ...["run", `multibreath/${experiment}`, "--row", row, "--task", "4-class", "--profile", "smoke", "--json"],
    ...["--fold", "official", "--protocol", "honest", ...args],
  ]);
  expect(ended.stderr + ended.stdout, `exit code ${ended.code}`).toSatisfy(() => ended.code === 0);
  const [{ folder }] = json<{ runs: [{ folder: string }] }>(ended).runs;
  return { folder, ...readJson<RunRecord>(path.join(folder, "result.json")) };
}

describe("Multi-breath on made-up sounds", { timeout: 600_000 }, () => {
  const data = () => ["--data", place.at("data")];
  const tone = Float32Array.from({ length: 20_000 }, (_, i) => Math.sin(i / 3));

  test.each([
    ["table1", "MobileNetV2", [], 2_881_220],
    ["table4", "mel CNN6", [], 4_310_464],
    ["table4", "mel CNN6", ["--set", "labels=4"], 4_316_608],
    // Two input channels: 5 x 5 x 64 weights more, and the front end's 512.
    ["table4", "EfficientLEAF CNN6", [], 4_310_464 + 1600 + 512],
  ] as const)(
    "%s, %s %j trains, and leaves a model that answers with probabilities of four classes",
    async (experiment, row, set, size) => {
      const { result, folder } = await run(experiment, row, ...data(), ...set);
      expect(result.parameters).toBe(size);
      expect(result.imageStatistics === undefined).toBe(row.startsWith("EfficientLEAF"));
      const model = await loadModel(path.join(folder, "model"));
      const [answer, ...more] = model.classify(tone, 10_000);
      expect(more).toEqual([]);
      expect(answer).toHaveLength(4);
      expect(answer!.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
      model.dispose();
    },
  );

  test("a backbone that learnt SPRSound's events before is another start, which the record names", async () => {
    const { result } = await run("pretrain-source", "SPRSound", ...data());
    expect(result.pretraining).toMatchObject({ epochs: 1, chosenBy: "lowest cross-entropy on the select role" });
    expect(result.parameters).toBe(4_310_464);
  });

  test.skipIf(!recordings)("recordings: stored maps of all cycles", async () => {
    const set = ["--set", "input=icbhi-logmel", "--set", "pooling=panns"];
    const { result, folder, split } = await run("table2", "ResNet22", "--data", recordings!, ...set);
    expect(split.partOfData).toBeUndefined();
    expect(result.imageStatistics!.mean[0]).toBeLessThan(-10);
    const model = await loadModel(path.join(folder, "model"));
    expect(model.preprocessing.recipe).toBe("multibreath-logmel");
    expect(model.classify(tone, 10_000)[0]).toHaveLength(4);
    model.dispose();
  });
});
