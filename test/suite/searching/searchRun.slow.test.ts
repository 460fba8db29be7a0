import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Paper, PreparedSearch, RunContext, RunRequest, TrialContext } from "../../../src/papers/paper.js";
import type { RunResult } from "../../../src/papers/runResult.js";
import { TrialFailed } from "../../../src/papers/trialFailed.js";
import { prepareRun } from "../../../src/suite/searching/searchRun.js";
import { createRecorder } from "../../../src/tracking/mlflowRecorder.js";
import { NonFiniteError } from "../../../src/training/nonFinite.js";
import type { EpochRecord } from "../../../src/training/trainingState.js";

const REQUEST = {
  ...{ experiment: "supcon-sprs/tune", row: "CNN", task: "11", protocol: "honest", preset: "paper", profile: "smoke" },
  ...{ seed: 0, dataDir: "none" },
} as RunRequest;
const EPOCHS = 4;

/** Settings whose trials have no value, as they fail in the first epoch and before it. */
const isSpoilt = (rate: number) => rate > 0.8;
const isRefused = (rate: number) => rate < 0.2;

/** A search of one setting whose trials train nothing: the Score of an epoch grows with the setting and the epoch. */
function searchOf(trained: (rate: number, epoch: number) => void): PreparedSearch {
  const search = {
    space: { rate: { type: "uniform", from: 0, to: 1 } },
    trials: 10,
    maxSteps: EPOCHS,
    seed: 4,
  } as const;
  return {
    search: { ...search, sampler: "tpe", startupTrials: 4, halving: { grace: 1, reduction: 2 } },
    ...{
      metric: "select/score",
      valueIs: "best select Score",
      reduced: undefined,
      identity: {},
      settings: {},
      inputs: [],
    },
    data: { name: "d", digest: "d", madeUp: true, source: "a rule", description: "made-up", hasPrintedTestSet: false },
    split: { name: "d/11/honest", digest: "5", leaks: [] },
    trial: (values) => ({
      settings: {},
      async execute({ runFolder, onEpoch }: TrialContext) {
        const rate = values.rate as number;
        if (isRefused(rate)) throw new TrialFailed("too small");
        const folder = path.join(runFolder, "checkpoints");
        mkdirSync(folder, { recursive: true });
        // An epoch that is done is a folder.
        const record = (epoch: number) => ({ epoch, seconds: 2, metrics: { "select/score": (rate * epoch) / EPOCHS } });
        const done = readdirSync(folder).length;
        for (let epoch = 1; epoch <= done; epoch++) await onEpoch(record(epoch));
        for (let epoch = done + 1; epoch <= EPOCHS; epoch++) {
          if (isSpoilt(rate)) throw new NonFiniteError("the loss became NaN");
          trained(rate, epoch);
          await onEpoch(record(epoch));
          mkdirSync(path.join(folder, String(epoch)));
        }
      },
    }),
  };
}

/** How a sitting may be killed: by what these throw. */
interface Kills {
  trained(rate: number, epoch: number): void;
  /** Before a trial's end is kept. */
  mayWrite(): void;
  /** When a trial is over. */
  onEpoch(record: EpochRecord): void;
}

function sit(runFolder: string, { trained, ...kills }: Kills): Promise<RunResult> {
  const paper = { search: () => searchOf(trained) } as unknown as Paper;
  const recorder = createRecorder({ runFolder, experimentName: "supcon-sprs/tune", runName: "a search" });
  const context: RunContext = {
    ...{ runFolder, recorder, progress() {}, warn() {}, stages: {}, signal: new AbortController().signal, ...kills },
    identity: { signature: "s", settings: {}, circumstances: {} },
  };
  return prepareRun(paper, REQUEST)
    .execute(context)
    .finally(() => recorder.close());
}

/** As if it was killed before the last lines of the journal were on the disk; the two that name the search stay. */
function loseLines(journal: string, count: number): void {
  const lines = readFileSync(journal, "utf8").trimEnd().split("\n");
  const kept = lines.slice(0, Math.max(2, lines.length - count));
  writeFileSync(journal, `${kept.join("\n")}\n`);
}

const newFolder = () => {
  const folder = path.join(mkdtempSync(path.join(tmpdir(), "auscult-search-")), "runs", "one");
  mkdirSync(folder, { recursive: true });
  return folder;
};

beforeEach(() => {
  vi.stubEnv("AUSCULT_MLRUNS", mkdtempSync(path.join(tmpdir(), "auscult-mlruns-")));
});

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("the run of a search", () => {
  it("leaves a folder for each trial, goes past those without a value, and is the same however often it was killed", async () => {
    const folder = newFolder();
    const whole = await sit(folder, { trained() {}, mayWrite() {}, onEpoch() {} });
    const { trials, best } = whole.search!;
    const stateOf = ({ values, state }: (typeof trials)[number]) => {
      const rate = values.rate as number;
      return isSpoilt(rate) || isRefused(rate) ? "failed" : state;
    };
    expect(trials.map(({ state }) => state)).toEqual(trials.map(stateOf));
    expect(new Set(trials.map(({ state }) => state))).toEqual(new Set(["complete", "pruned", "failed"]));
    expect(new Set(trials.map(({ message }) => message))).toEqual(
      new Set([undefined, "too small", "the loss became NaN"]),
    );
    for (const { seconds, reports } of trials) expect(seconds).toBe(2 * reports.length);
    const complete = trials.filter(({ state }) => state === "complete").map(({ values }) => values.rate as number);
    expect(trials[best!]!.value).toBe(Math.max(...complete));
    for (const name of readdirSync(path.join(folder, "trials")).filter((entry) => /^\d+$/.test(entry))) {
      expect(existsSync(path.join(folder, "trials", name, "checkpoints"))).toBe(false);
      const { complete: ran } = JSON.parse(readFileSync(path.join(folder, "trials", name, "trial.json"), "utf8"));
      expect(ran).toBe(trials[Number(name) - 1]!.state === "complete");
    }

    const again = newFolder();
    let [epochs, ends, lines] = [0, 0, 0];
    const over = new Set<number>();
    const killed = (lost: number) => {
      lines = lost;
      throw new Error("killed");
    };
    const kills: Kills = {
      trained: () => void (++epochs % 5 === 3 && killed(epochs % 4)),
      mayWrite: () => void (++ends % 3 === 2 && killed(ends % 2)),
      // What ended the trial is lost, but for the trial's own folder.
      onEpoch: ({ epoch }) => void (!over.has(epoch) && over.add(epoch) && killed(1)),
    };
    let found: RunResult | undefined;
    for (let sitting = 1; !found; sitting++) {
      expect(sitting).toBeLessThan(40);
      found = await sit(again, kills).catch((error: Error) => {
        if (error.message !== "killed") throw error;
        loseLines(path.join(again, "trials", "study.journal"), lines);
        return undefined;
      });
    }
    expect(over.size).toBe(trials.length);
    expect(found.search).toEqual(whole.search);
    expect(found.history).toEqual(whole.history);
  });
});
