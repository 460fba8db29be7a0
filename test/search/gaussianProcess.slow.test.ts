import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { projectRoot } from "../../src/node/paths.js";
import { search } from "../../src/search/search.js";
import { exampleSettings, exampleValue } from "./exampleSearch.js";

const reference = existsSync(path.join(projectRoot(), ".venv-reference"));

test.skipIf(!reference)(
  "reference environment: the Gaussian-process sampler tries points of the space, the same ones again, and finds good ones",
  async () => {
    const points = async () => {
      const { trials } = await search({
        ...{ ...exampleSettings, sampler: "gp" as const, trials: 12 },
        folder: mkdtempSync(path.join(tmpdir(), "gp-search-")),
        signal: new AbortController().signal,
        // Reports nothing, so that no trial is stopped early.
        objective: async (trial) => exampleValue(trial.values, exampleSettings.maxSteps),
      });
      return trials.map(({ values }) => values);
    };
    const found = await points();
    expect(found).toHaveLength(12);
    for (const { rate, width, hop } of found as { rate: number; width: number; hop: number }[]) {
      expect(rate).toBeGreaterThanOrEqual(1e-4);
      expect(rate).toBeLessThanOrEqual(1e-1);
      expect([2, 4, 6, 8]).toContain(width);
      expect((hop - 64) % 32).toBe(0);
    }
    // The start-up points are TPE's of the same seeds; those after them are chosen from what was found, and are better.
    const values = found.map((one) => exampleValue(one, exampleSettings.maxSteps));
    const [start, later] = [
      values.slice(0, exampleSettings.startupTrials),
      values.slice(exampleSettings.startupTrials),
    ];
    expect(Math.max(...later)).toBeGreaterThan(Math.max(...start));
    expect(await points()).toEqual(found);
  },
  300_000,
);
