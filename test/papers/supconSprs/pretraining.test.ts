import { mkdirSync, mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { writeDemo } from "../../../src/datasets/demo/writeDemo.js";
import type { PreparedRun, RunRequest } from "../../../src/papers/paper.js";
import { readPretraining } from "../../../src/papers/pretrainingFiles.js";
import { paper } from "../../../src/papers/supconSprs/index.js";
import { Interrupted } from "../../../src/training/interrupted.js";

const scratch = mkdtempSync(path.join(tmpdir(), "auscult-pretraining-"));
const REQUEST: RunRequest = {
  ...{ experiment: "supcon-sprs/table3", row: "ResNet 18 + SupCon", task: "11", protocol: "honest", preset: "paper" },
  ...{ profile: "smoke", seed: 0, dataDir: path.join(scratch, "data") },
};
const prepared = (over: Partial<RunRequest> = {}): PreparedRun => paper.prepare({ ...REQUEST, ...over });

beforeAll(() => {
  vi.stubEnv("AUSCULT_CACHE", path.join(scratch, "cache"));
  writeDemo(REQUEST.dataDir);
});

/** Makes the stage in a folder; where `stopAt` is part of what it tells of its progress, it is asked to stop there. */
async function make(run: PreparedRun, name: string, stopAt?: string) {
  const folder = path.join(scratch, name);
  mkdirSync(folder, { recursive: true });
  const stop = new AbortController();
  await run.stages![0]!.execute({
    folder,
    identity: { signature: "s", settings: {}, circumstances: {} },
    signal: stop.signal,
    progress: ({ detail }) => {
      if (stopAt !== undefined && detail.includes(stopAt)) stop.abort();
    },
    warn: () => {},
    mayWrite: () => {},
  });
  return { folder, ...readPretraining(folder) };
}

describe("pretraining", () => {
  test("stopped in the middle of an epoch and gone on with leaves the same weights, and nothing else", async () => {
    const { record, folder } = await make(prepared(), "whole");
    expect(record).toMatchObject({ epochs: 2, stepsPerEpoch: 2, chosenBy: "lowest SupCon loss on the select role" });
    const losses = record.history.map(({ metrics }) => metrics["select/loss"]!);
    expect(record.chosenEpoch).toBe(losses.indexOf(Math.min(...losses)) + 1);
    expect(readdirSync(folder).sort()).toEqual(["pretraining.json", "weights.safetensors"]);

    await expect(make(prepared(), "stopped", "epoch 2 of 2, step 1")).rejects.toThrow(Interrupted);
    const resumed = await make(prepared(), "stopped");
    expect(resumed.record.weightsSha256).toBe(record.weightsSha256);
    expect(resumed.record.history.map(({ metrics }) => metrics)).toEqual(record.history.map(({ metrics }) => metrics));
  }, 240_000);

  test("is shared by the rows that need it, and by nothing else", () => {
    const identity = (over?: Partial<RunRequest>) => prepared(over).stages?.[0]?.identity;
    expect(identity({ row: "ResNet 18 + SupCon + MixUp" })).toEqual(identity());
    expect(identity({ set: { epochs: 7, mixUpAlpha: 0.5 }, row: "ResNet 18 + SupCon + MixUp" })).toEqual(identity());
    const others: Partial<RunRequest>[] = [
      { seed: 1 },
      { task: "12" },
      { protocol: "published" },
      { precision: "bf16" },
      { set: { "pretraining.temperature": 0.2 } },
      { budget: { epochs: 2 } },
    ];
    const all = [identity(), ...others.map(identity)].map((one) => JSON.stringify(one));
    expect(new Set(all).size).toBe(1 + others.length);
    for (const row of ["CNN", "CNN + MixUp", "ResNet 18"]) expect(prepared({ row }).stages).toBeUndefined();
    const ofOwnSlice = prepared({ preset: "authors", protocol: "published" });
    expect(ofOwnSlice.stages![0]!.identity.split).not.toBe(ofOwnSlice.split.digest);
    expect(prepared({ protocol: "published" }).stages![0]!.identity.split).toBe(ofOwnSlice.split.digest);
    expect(prepared({ preset: "authors" }).stages![0]!.identity.recipe).toMatchObject({ selectSlice: "shared" });
  });

  test("a budget shares its epochs between the stages as the paper's own numbers stand to each other", () => {
    const full = (budget?: number) =>
      prepared({
        profile: "full",
        ...(budget !== undefined && { budget: { epochs: budget, says: "2 h for 3 runs" } }),
      });
    const epochs = (run: PreparedRun) => [run.stages![0]!.work!.epochs, run.work!.epochs];
    expect([epochs(full()), epochs(full(100)), epochs(full(10)), epochs(full(1))]).toEqual([
      [50, 20],
      [50, 20],
      [5, 2],
      [1, 1],
    ]);
    expect(full().reduced).toBeUndefined();
    expect(full(10).reduced).toBe(
      "reduced budget: 2 of 20 epochs (2 h for 3 runs); of the pretraining: 5 of 50 epochs",
    );
  });

  test("a budget is shared the same way among stages whose epochs were set", () => {
    // Of 10 epochs 5 are the pretraining's and 2 the classifier's, unless it was asked for fewer.
    const shares = ({ stages, work }: PreparedRun) => [stages![0]!.work!.perBudgetEpoch, work!.perBudgetEpoch];
    for (const epochs of [1, 2, 15]) {
      const set = { epochs, "pretraining.epochs": 4 };
      expect(shares(prepared({ profile: "full", set }))).toEqual([0.5, 0.2]);
      const shortened = prepared({ profile: "full", set, budget: { epochs: 10 } });
      expect([shortened.stages![0]!.work!.epochs, shortened.work!.epochs]).toEqual([4, Math.min(epochs, 2)]);
    }
  });

  test("a row that there is none of is refused by those that there are", () => {
    for (const row of ["ResNet 50", "constructor"]) {
      expect(() => prepared({ row })).toThrow(`unknown row "${row}" of supcon-sprs; there are "CNN", "CNN + MixUp"`);
    }
  });

  test("steps, batches and items to choose by are each stage's, unless the pretraining has its own; fewer are a reduced budget", () => {
    const set = { stepsPerEpoch: 3, batchSize: 16, selectItems: 9 };
    const stagesOf = (run: PreparedRun) =>
      [run.stages![0]!.work!, run.work!].map((work) => [work.stepsPerEpoch, work.batchSize]);
    const run = prepared({ profile: "full", set, budget: { epochs: 50 } });
    expect(stagesOf(run)).toEqual([
      [3, 32],
      [3, 16],
    ]);
    expect(run.reduced).toMatch(
      /^reduced budget: 10 epochs of 3 steps of 16 instead of 20 of \d+ of 16; at most 9 to choose the epoch by; of the pretraining: 25 epochs of 3 steps of 16 instead of 50 of \d+ of 16; at most 9 to choose the epoch by$/,
    );
    expect(stagesOf(prepared({ profile: "full", set: { ...set, "pretraining.stepsPerEpoch": 5 } }))[0]).toEqual([
      5, 32,
    ]);
  });

  test("weights of a file cannot be started from besides", () => {
    expect(() => prepared({ init: "weights.pth" })).toThrow(
      '--init: "ResNet 18 + SupCon" starts from its own pretraining; leave one out',
    );
  });
});
