import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { readWeights } from "../../../src/nn/weights/modelWeights.js";
import { encodeSafetensors } from "../../../src/nn/weights/safetensors.js";
import { whilePlanning } from "../../../src/papers/loadedOnce.js";
import { paper } from "../../../src/papers/multibreath/index.js";
import { multibreathNetwork } from "../../../src/papers/multibreath/network.js";
import type { RunRequest } from "../../../src/papers/paper.js";
import { allExperiments } from "../../../src/suite/registry.js";
import { wholeIcbhi } from "../../datasets/icbhi/layoutFixture.js";

const dataDir = wholeIcbhi();
const requested = (over: Partial<RunRequest> = {}): RunRequest => ({
  ...{ experiment: "multibreath/table4", row: "mel CNN6", task: "4-class", fold: "official", seed: 0, dataDir },
  ...{ protocol: "honest", preset: "paper", profile: "full", ...over },
});
const prepared = (over: Partial<RunRequest> = {}) => paper.prepare(requested(over));

describe("a prepared run of Multi-breath", () => {
  it("is there for each row that the registry calls built", async () => {
    const entries = (await allExperiments()).filter((entry) => entry.paper === "multibreath");
    const own = entries.flatMap((entry) =>
      entry.rows
        .filter(({ state, runs }) => state === "built" && (runs?.row ?? runs?.experiment) === undefined)
        .map((row) => [entry.id, row.name] as const),
    );
    expect(own.length).toBeGreaterThan(18);
    for (const [experiment, row] of own)
      expect(() => paper.options!(requested({ experiment, row })), `${experiment} ${row}`).not.toThrow();
  });

  it("is told apart by row, fold, protocol, settings and seed", () => {
    const runs: Partial<RunRequest>[] = [
      {},
      { row: "mel CNN14" },
      { row: "EfficientLEAF CNN6" },
      { experiment: "multibreath/table2", row: "CNN6" },
      { experiment: "multibreath/table1", row: "CNN6" },
      { experiment: "multibreath/heads", row: "H = 2" },
      { experiment: "multibreath/lambda", row: "lambda = 0.5" },
      { fold: "fold1" },
      { protocol: "published" },
      { set: { labels: 4 } },
      { set: { threshold: 0.4 } },
      { set: { pooling: "panns" } },
      { set: { frames: 251 } },
      { seed: 1 },
    ];
    const identities = whilePlanning(() => runs.map((over) => JSON.stringify(prepared(over).identity)));
    expect(new Set(identities).size).toBe(runs.length);
  });

  it("has the input of its front end (papers.md 2.2, 2.3)", () => {
    const input = (over: Partial<RunRequest>) => prepared(over).work!.input;
    expect(input({})).toEqual([64, 256, 1]);
    expect(input({ set: { frames: 251 } })).toEqual([64, 251, 1]);
    expect(input({ row: "EfficientLEAF CNN6" })).toEqual([1, 128_000, 1]);
    expect(prepared().reduced).toBeUndefined();
  });

  it("takes PANNs' weights with PANNs' conventions alone", () => {
    const model = multibreathNetwork({ backbone: "CNN6", head: "plain", outputs: 2, inputShape: [64, 64, 1] });
    const own = encodeSafetensors(readWeights(model));
    const folder = mkdtempSync(path.join(tmpdir(), "panns-"));
    const write = (name: string, bytes: Uint8Array) => {
      writeFileSync(path.join(folder, name), bytes);
      return path.join(folder, name);
    };
    const theirs = new Map(readWeights(model));
    theirs.set("bn0.weight", { dtype: "F32", shape: [64], values: new Float32Array(64) });
    const panns = write("Cnn6.safetensors", encodeSafetensors(theirs));
    model.dispose();
    const row = { experiment: "multibreath/table2", row: "CNN6" };
    expect(prepared({ ...row, init: write("own.safetensors", own) }).init!.headAnew).toBe(false);
    expect(() => prepared({ ...row, init: panns })).toThrow("a file of PANNs' (it holds bn0.weight)");
    expect(prepared({ ...row, init: panns, set: { pooling: "panns" } }).init!.says).toContain("started from Cnn6");
    expect(() => prepared({ ...row, row: "MobileNetV2", init: panns })).toThrow("does not fit");
  });

  it("refuses what there is not", () => {
    expect(() => prepared({ row: "CNN6" })).toThrow('unknown row "CNN6" of multibreath/table4');
    expect(() => prepared({ task: "2-class" })).toThrow("labels are those of four classes");
    expect(() => prepared({ set: { threshold: 1 } })).toThrow("must be between 0 and 1, both excluded");
    expect(() => prepared({ set: { threshold: 0.3, labels: 4 } })).toThrow("have no threshold");
    expect(() => prepared({ set: { labels: 3 } })).toThrow("must be 2 or 4");
    expect(() => prepared({ set: { heads: 3 } })).toThrow("there are temperatures of 1, 2, 4, 6 heads");
    expect(() => prepared({ set: { frames: 255 } })).toThrow("must be 256 or 251");
    expect(() => prepared({ fold: "random-cycle-80-20" })).toThrow("published");
  });
});
