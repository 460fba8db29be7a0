import { mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import { type BudgetedWork, decidedBudget, equalEpochs, readBudget } from "../../../src/suite/planning/budget.js";
import { secondsUntilDone } from "../../../src/suite/planning/runCost.js";

afterEach(() => {
  vi.unstubAllEnvs();
});

/** An epoch of `stepsPerEpoch` seconds, and one second at the end. */
function run(stepsPerEpoch: number, epochs = 100, perBudgetEpoch?: number): BudgetedWork {
  const work = { network: "n", input: [1, 1, 1], batchSize: 1, epochs, stepsPerEpoch, itemsPerEpoch: 0, itemsAtEnd: 1 };
  return { work: { ...work, ...(perBudgetEpoch !== undefined && { perBudgetEpoch }) }, unit: { step: 1, item: 1 } };
}

/** An hour. */
const asked = (jobs: number) => ({ hours: 1, jobs, experiment: "e", runs: 2 });

describe("budget", () => {
  test.each([
    ["3", { hours: 3 }],
    ["0.5", { hours: 0.5 }],
    ["2h", { hours: 2 }],
    ["12epochs", { epochs: 12 }],
  ])("%s is read", (text, budget) => {
    expect(readBudget(text)).toEqual(budget);
  });

  test.each(["0", "-1", "many", "", "1.5epochs", "0epochs"])("%j is refused", (text) => {
    expect(() => readBudget(text)).toThrow(
      /must be hours above 0, such as 3 or 0.5, or whole epochs, such as 12epochs/,
    );
  });

  test("epochs are equal, and as many as fit: 10 s and 20 s an epoch in an hour", () => {
    // 30 e + 2 <= 3600 gives 119; of 100 epochs each all fit.
    expect(equalEpochs([run(10, 200), run(20, 200)], asked(1))).toBe(119);
    expect(equalEpochs([run(10), run(20)], asked(1))).toBeUndefined();
  });

  test("with two at once the longest decides", () => {
    // The second: 20 e + 1 <= 3600.
    expect(equalEpochs([run(10, 400), run(20, 400)], asked(2))).toBe(179);
  });

  test("a row with fewer epochs of its own keeps those", () => {
    // 50 of its own: 500 + 1 s, which leaves 20 e + 1 <= 3099.
    expect(equalEpochs([run(10, 50), run(20, 400)], asked(1))).toBe(154);
  });

  test("stages share what their run has: half and a fifth of its epochs", () => {
    // Of 60: 30 epochs of 80 s, 12 of 50 s, and 1 s after each.
    const pretraining = run(80, 50, 0.5);
    const classifier = run(50, 20, 0.2);
    expect(equalEpochs([pretraining, classifier], { ...asked(1), hours: 3002 / 3600 })).toBe(60);
    expect(equalEpochs([pretraining, classifier], { ...asked(1), hours: 2 })).toBeUndefined();
  });

  test("any number that is found fits, and one more would not", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 4 }),
        (steps, jobs) => {
          const runs = steps.map((one) => run(one, 1000));
          const naive = (epochs: number) =>
            secondsUntilDone(
              steps.map((one) => one * epochs + 1),
              jobs,
            );
          fc.pre(naive(1) <= 3600 && naive(1000) > 3600);
          const epochs = equalEpochs(runs, asked(jobs))!;
          expect(naive(epochs)).toBeLessThanOrEqual(3600);
          expect(naive(epochs + 1)).toBeGreaterThan(3600);
        },
      ),
      { numRuns: 100 },
    );
  });

  test("where not even one epoch fits, the least is said, and it is enough", () => {
    const runs = [run(4000), run(5000)];
    expect(() => equalEpochs(runs, { hours: 1, jobs: 1, experiment: "e/t", runs: 2 })).toThrow(
      "--budget 1: one epoch of each of 2 runs of e/t takes 2.5 h; the least is --budget 2.51",
    );
    expect(equalEpochs(runs, { hours: 2.51, jobs: 1, experiment: "e/t", runs: 2 })).toBe(1);
  });

  test("is decided once for the same runs and hours, whatever is measured later", () => {
    const mlruns = mkdtempSync(path.join(tmpdir(), "auscult-budget-"));
    vi.stubEnv("AUSCULT_MLRUNS", mlruns);
    const asked = { signatures: ["b", "a"], hours: 3, jobs: 1 };
    expect(decidedBudget(asked, () => 12)).toEqual({ epochs: 12, says: "3 h for 2 runs" });
    expect(decidedBudget({ ...asked, signatures: ["a", "b"] }, () => 13)).toEqual({
      epochs: 12,
      says: "3 h for 2 runs",
    });
    expect(decidedBudget({ ...asked, hours: 4 }, () => undefined)).toBeUndefined();
    expect(decidedBudget({ ...asked, hours: 4 }, () => 14)).toBeUndefined();
    const folder = path.join(mlruns, "budgets");
    for (const file of readdirSync(folder)) writeFileSync(path.join(folder, file), "{");
    expect(decidedBudget(asked, () => 13)).toEqual({ epochs: 13, says: "3 h for 2 runs" });
  });

  test("runs that begin as others end: 4, 3, 2, 1 hours, two at once, end after 5", () => {
    expect(secondsUntilDone([4, 3, 2, 1], 2)).toBe(5);
    expect(secondsUntilDone([4, 3, 2, 1], 1)).toBe(10);
    expect(secondsUntilDone([], 3)).toBe(0);
  });
});
