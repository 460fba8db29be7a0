import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { decodeSafetensors, type NamedTensor } from "../../src/nn/weights/safetensors.js";
import type { RunRecord } from "../../src/suite/runRecord.js";
import { json, readJson, Workplace } from "./commandLine.js";

const ROWS = ["--row", "ResNet 18 + SupCon", "--row", "ResNet 18 + SupCon + MixUp"];
const SMOKE = ["run", "supcon-sprs/table3", ...ROWS, "--task", "11", "--profile", "smoke", "--json"];

interface Made {
  folder: string;
  record: RunRecord;
  weights: Map<string, NamedTensor>;
}

let place: Workplace;
const run = async (...args: string[]): Promise<Made[]> => {
  const ended = await place.auscult([...SMOKE, ...args]);
  expect(ended.stderr + ended.stdout, `exit code ${ended.code}`).toSatisfy(() => ended.code === 0);
  return json<{ runs: { folder: string }[] }>(ended).runs.map(({ folder }) => ({
    folder,
    record: readJson<RunRecord>(path.join(folder, "result.json")),
    weights: decodeSafetensors(readFileSync(path.join(folder, "model", "weights.safetensors"))),
  }));
};
const digest = (file: string) => createHash("sha256").update(readFileSync(file)).digest("hex");
/** Names of the pretraining's weights that are others in the run's model. */
const moved = ({ folder, weights }: Made) => {
  const before = decodeSafetensors(readFileSync(path.join(folder, "pretraining", "weights.safetensors")));
  return [...before].flatMap(([name, { values }]) =>
    Buffer.compare(Buffer.from(values.buffer), Buffer.from(weights.get(name)!.values.buffer)) === 0 ? [] : [name],
  );
};

beforeAll(async () => {
  place = new Workplace();
  await place.auscult(["data", "demo", place.at("data"), "--json"]);
}, 120_000);
afterAll(() => {
  place.remove();
});

describe("rows on one pretraining, made-up sounds", { timeout: 600_000 }, () => {
  test("share it, keep it as it was, and hold its digest, history and files", async () => {
    const made = await run();
    expect(readdirSync(place.at("mlruns", "stages"))).toHaveLength(1);
    for (const one of made) {
      const { pretraining, parameters, roles } = one.record.result;
      expect(pretraining!.sha256).toBe(digest(path.join(one.folder, "pretraining", "weights.safetensors")));
      expect(pretraining!.history).toHaveLength(2);
      expect(moved(one)).toEqual([]);
      // The last layer alone is trained.
      expect(parameters).toBe(512 * 2 + 2);
      expect(roles!.train!.examples).toBe(24);
      expect(readdirSync(path.join(one.folder, "embeddings"))).toContain("select.safetensors");
    }
    const [plain, mixed] = made;
    expect(mixed!.record.result.pretraining!.sha256).toBe(plain!.record.result.pretraining!.sha256);
    expect(mixed!.record.result.history).not.toEqual(plain!.record.result.history);
  });

  test("authors: the statistics of the frozen encoder move, and nothing else of it", async () => {
    const [plain] = await run("--preset", "authors", "--protocol", "published");
    const names = moved(plain!);
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) expect(name).toMatch(/\/running(Mean|Variance)$/);
    expect(plain!.record.result.pretraining!.chosenBy).toBe("the last epoch");
  });
});
