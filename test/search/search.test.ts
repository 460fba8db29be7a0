import { appendFileSync, mkdirSync, mkdtempSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { SearchedTrial, SearchOutcome } from "../../src/papers/searchResult.js";
import { TrialFailed } from "../../src/papers/trialFailed.js";
import { type OpenTrial, type SearchOptions, search } from "../../src/search/search.js";
import { pythonProgram } from "../../src/tracking/pythonProgram.js";
import { comparable, exampleSettings, exampleValue, optunaImportance, optunaTrials } from "./exampleSearch.js";

const newFolder = () => mkdtempSync(path.join(tmpdir(), "search-"));

async function exampleObjective({ values, report }: OpenTrial): Promise<number> {
  for (let step = 1; step <= exampleSettings.maxSteps; step++) await report(step, exampleValue(values, step));
  return exampleValue(values, exampleSettings.maxSteps);
}

const options = (folder: string, others: Partial<SearchOptions> = {}): SearchOptions => ({
  ...exampleSettings,
  folder,
  signal: new AbortController().signal,
  objective: exampleObjective,
  ...others,
});

function expectOptunas({ trials, importance }: SearchOutcome): void {
  const points = trials.map(({ values: { rate, width, hop }, state, reports }) => {
    return comparable([rate, width, hop, state === "pruned" ? reports.at(-1)![0] : 0] as [number, ...number[]]);
  });
  expect(points).toEqual(optunaTrials.map(comparable));
  for (const [name, share] of Object.entries(optunaImportance))
    expect((importance as Record<string, number>)[name]).toBeCloseTo(share, 9);
}

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("a search", () => {
  it("tries the points of Optuna itself, and stops the same ones after the same steps", async () => {
    const told: SearchedTrial[] = [];
    const outcome = await search(options(newFolder(), { onTrial: (trial) => told.push(trial) }));
    expectOptunas(outcome);
    expect(told).toEqual(outcome.trials);
    const values = outcome.trials.map((trial) => (trial.state === "complete" ? trial.value! : -Infinity));
    expect(outcome.best).toBe(values.indexOf(Math.max(...values)));
  });

  it("goes on after a stop in the midst of a trial, and where half a line and a lock were left behind", async () => {
    const folder = newFolder();
    for (const [trial, step] of [
      [1, 1],
      [1, 1],
      [3, 3],
      [4, 2],
    ]) {
      const stops = async (open: OpenTrial) => {
        const report: OpenTrial["report"] = async (at, value) => {
          // As if killed once the answer is known, and before anybody heard of it.
          if (open.number === trial && at === step) {
            await open.report(at, value).catch(() => {});
            throw new Error("gone");
          }
          return open.report(at, value);
        };
        return exampleObjective({ ...open, report });
      };
      await expect(search(options(folder, { objective: stops }))).rejects.toThrow("gone");
      appendFileSync(path.join(folder, "study.journal"), '{"op_code":7,"worker_');
      symlinkSync("study.journal", path.join(folder, "study.journal.lock"));
    }
    const told: number[] = [];
    expectOptunas(await search(options(folder, { onTrial: ({ number }) => told.push(number) })));
    expect(told).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it("by grid tries each point once, in order, whatever the seed, and after a stop too", async () => {
    const space = { rate: { type: "choice", of: [0.1, 0.2] }, width: { type: "choice", of: [4, 8] } } as const;
    const folder = newFolder();
    const grid = { space, sampler: "grid", trials: 4, startupTrials: 0, seed: 5 } as const;
    const tried: SearchedTrial["values"][] = [];
    const objective = async ({ number, values }: OpenTrial) => {
      if (number === 2 && tried.length === 2) {
        tried.push({});
        throw new Error("gone");
      }
      tried.push(values);
      return -number;
    };
    await expect(search(options(folder, { ...grid, objective }))).rejects.toThrow("gone");
    const { trials, best } = await search(options(folder, { ...grid, objective }));
    expect(trials.map(({ values }) => values)).toEqual([
      { rate: 0.1, width: 4 },
      { rate: 0.1, width: 8 },
      { rate: 0.2, width: 4 },
      { rate: 0.2, width: 8 },
    ]);
    expect(best).toBe(0);
    await expect(search(options(newFolder(), { ...grid, trials: 5, objective }))).rejects.toThrow(
      "a grid of 4 points cannot be tried in 5 trials",
    );
  });

  it("leaves failed trials behind, and has no best where all failed", async () => {
    const fails = async () => {
      throw new TrialFailed("the loss became NaN");
    };
    const outcome = await search(options(newFolder(), { objective: fails, trials: 2 }));
    expect(outcome.trials.map(({ state }) => state)).toEqual(["failed", "failed"]);
    expect(outcome.best).toBeUndefined();
    expect(outcome.importance).toEqual({ why: "fewer than two trials ran to their end" });
  });

  it("refuses values that are no numbers, and another search's folder", async () => {
    const folder = newFolder();
    const spoils = ({ report }: OpenTrial) => report(1, Number.NaN).then(() => 0);
    await expect(search(options(folder, { objective: spoils }))).rejects.toThrow(/reported NaN at step 1/);
    await expect(search(options(folder, { seed: 8 }))).rejects.toThrow(/holds another search: seed differ/);
    await expect(search(options(folder, { trials: 0 }))).rejects.toThrow(/trials is 0/);
    const bound = { a: { type: "uniform", from: 2, to: 1 } } as const;
    await expect(search(options(folder, { space: bound }))).rejects.toThrow(/a, 2 to 1/);
  });

  it("says what to do where Python, Optuna or PyTorch is missing", async () => {
    const folder = newFolder();
    vi.stubEnv("AUSCULT_REFERENCE_PYTHON", pythonProgram());
    await expect(search(options(folder, { sampler: "gp" }))).rejects.toThrow(/has no PyTorch.*npm run setup:reference/);
    vi.stubEnv("AUSCULT_REFERENCE_PYTHON", path.join(folder, "nowhere"));
    await expect(search(options(folder, { sampler: "gp" }))).rejects.toThrow(/no .*nowhere.*npm run setup:reference/);
    vi.stubEnv("AUSCULT_VENV", folder);
    await expect(search(options(folder))).rejects.toThrow(/needs Optuna, which `npm run setup` installs/);
    mkdirSync(path.join(folder, "bin"));
    symlinkSync("/usr/bin/false", path.join(folder, "bin", "python"));
    await expect(search(options(folder))).rejects.toThrow(/Optuna's process ended \(exit code 1\)/);
  });
});
