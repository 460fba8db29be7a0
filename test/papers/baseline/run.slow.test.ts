import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { paper } from "../../../src/papers/baseline/index.js";
import type { RunRecord } from "../../../src/suite/runRecord.js";
import { json, readJson, Workplace } from "../../endToEnd/commandLine.js";

const recordings = process.env.AUSCULT_DATA;
const SMOKE = ["run", "baseline/icbhi-official", "--task", "4-class", "--profile", "smoke", "--json"];

let place: Workplace;
const run = async (dataDir: string, ...args: string[]) => {
  const ended = await place.auscult([...SMOKE, "--data", dataDir, ...args]);
  expect(ended.stderr + ended.stdout, `exit code ${ended.code}`).toSatisfy(() => ended.code === 0);
  const { folder } = json<{ runs: { folder: string }[] }>(ended).runs[0]!;
  return readJson<RunRecord>(path.join(folder, "result.json"));
};

beforeAll(() => {
  place = new Workplace();
});
afterAll(() => {
  place.remove();
});

describe("the floor on maps of made-up sounds", { timeout: 300_000 }, () => {
  test("runs under both protocols, and a run that is done is read back", async () => {
    const dataDir = place.at("data");
    await place.auscult(["data", "demo", dataDir, "--json"]);
    await place.auscult(["data", "logmel", place.at("data", "icbhi"), "--data", dataDir]);
    const honest = await run(dataDir);
    expect(honest.data).toMatchObject({ name: "icbhi-logmel", madeUp: true });
    expect(honest.result.lastEpochs.role).toBe("select");
    expect(honest.result.testOpenings).toHaveLength(1);
    expect(honest.result.tests.test!.challenge).toBe("icbhi");
    expect((await run(dataDir)).result.history).toEqual(honest.result.history);
    const published = await run(dataDir, "--protocol", "published");
    expect(published.result.lastEpochs.role).toBe("test");
    // Each of the two epochs, and the chosen one.
    expect(published.result.testOpenings).toHaveLength(3);
    expect(published.result.counts.select).toEqual({ Normal: 0, Crackle: 0, Wheeze: 0, Both: 0 });
  });
});

describe.skipIf(!recordings)("recordings: the floor on ICBHI", { timeout: 300_000 }, () => {
  test("honest leaves 4,025 cycles to train on or choose by, and the test side whole", async () => {
    const { data, split, result } = await run(recordings!);
    expect(data).toMatchObject({ madeUp: false, hasPrintedTestSet: false });
    expect([split.leaks, split.partOfData]).toEqual([[], undefined]);
    expect(result.tests.test!.examples).toBe(24);
    const whole = paper.prepare({
      ...{ experiment: "baseline/icbhi-official", row: "lean CNN", task: "4-class", fold: "official", seed: 0 },
      ...{ protocol: "honest", preset: "paper", profile: "full", dataDir: recordings! },
    });
    const [train, select, test] = whole.inputs.map(({ examples }) => examples);
    expect([train! + select!, test]).toEqual([4025, 2756]);
    expect(whole.split.digest).toBe(split.digest);
  });
});
