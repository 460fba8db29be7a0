import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { writeDemo } from "../../../src/datasets/demo/writeDemo.js";
import type { RunRequest } from "../../../src/papers/paper.js";
import { paper } from "../../../src/papers/supconSprs/index.js";
import { tunedSettings } from "../../../src/suite/planning/tunedSettings.js";
import type { RunSummary } from "../../../src/suite/reporting/summaryLine.js";

const REQUEST: RunRequest = {
  ...{ experiment: "supcon-sprs/table3", row: "ResNet 18 + SupCon + MixUp + Tune", task: "11", protocol: "honest" },
  ...{ preset: "paper", profile: "smoke", seed: 0 },
  dataDir: mkdtempSync(path.join(tmpdir(), "auscult-tuned-")),
};
const TUNED_BY = {
  ...{ experiment: "supcon-sprs/tune", row: "SupCon" },
  settings: { temperature: "pretraining.temperature", learningRate: "pretraining.learningRate" },
};

/** A finished search of two trials, the second the better one. */
function searched(runId: string, over: Partial<RunRequest> = {}, epochs = 2, data = "d"): RunSummary {
  const { dataDir: _, ...request } = { ...REQUEST, experiment: "supcon-sprs/tune", row: "SupCon", ...over };
  const trial = (number: number, temperature: number) => ({
    ...{ number, state: "complete", value: 0.5 + 0.1 * number, seconds: 1 },
    values: { temperature, learningRate: 0.01 },
    reports: Array.from({ length: epochs }, (__, i) => [i + 1, 0.5] as const),
  });
  const result = { search: { best: 1, trials: [trial(0, 0.9), trial(1, 0.3)] } };
  return { runId, request, data: { digest: data }, reduced: "reduced budget: 2 trials instead of 10", result } as never;
}

describe("settings of a tuned row", () => {
  test("are those of the best trial, by the row's names; of its own profile first, then of the search that tried most", () => {
    const found = tunedSettings(REQUEST, TUNED_BY, [
      searched("small"),
      searched("large", {}, 5),
      searched("quick", { profile: "quick" }, 9),
      ...[searched("of another task", { task: "12" }), searched("published", { protocol: "published" })],
      ...[searched("authors", { preset: "authors" }), searched("cnn", { row: "CNN" })],
    ]);
    expect(found.map(({ run }) => run)).toEqual(["large", "small", "quick"]);
    expect(found[0]).toEqual({
      ...{ run: "large", data: "d", reduced: "reduced budget: 2 trials instead of 10" },
      set: { "pretraining.temperature": 0.3, "pretraining.learningRate": 0.01 },
    });
  });

  test("are of the same split and the same settings, but for those that shorten a run or are searched", () => {
    const set = { stepsPerEpoch: 5, "pretraining.temperature": 0.5, batchSize: 8 };
    const found = tunedSettings({ ...REQUEST, fold: "official", set }, TUNED_BY, [
      searched("other split", { fold: "fold0", set: { batchSize: 8 } }),
      searched("other settings", { fold: "official", set: { batchSize: 16 } }),
      searched("no settings", { fold: "official" }),
      searched("same", { fold: "official", set: { batchSize: 8, stepsPerEpoch: 9, epochs: 3 } }),
    ]);
    expect(found.map(({ run }) => run)).toEqual(["same"]);
  });

  describe("in a run", () => {
    beforeAll(() => {
      writeDemo(REQUEST.dataDir);
    });
    const untuned = () => paper.prepare({ ...REQUEST, row: "ResNet 18 + SupCon + MixUp" });

    test("stand in its recipe, are told, and make its budget a reduced one where the search's was", () => {
      const { digest } = untuned().data;
      const tuned = tunedSettings(REQUEST, TUNED_BY, [searched("other data"), searched("mine", {}, 1, digest)]);
      const run = paper.prepare({ ...REQUEST, profile: "full", tuned });
      expect(run.tuned!.run).toBe("mine");
      expect(run.stages![0]!.identity.recipe).toMatchObject({ temperature: 0.3, learningRate: 0.01 });
      expect(run.settings).toMatchObject({ tunedBy: "mine", mixUpAlpha: 1 });
      expect(run.reduced).toBe("reduced budget; of the search: 2 trials instead of 10");
      expect(run.stages![0]!.identity).not.toEqual(untuned().stages![0]!.identity);
    });

    test("without a search the command is said that makes one", () => {
      expect(() =>
        paper.prepare({ ...REQUEST, tuned: tunedSettings(REQUEST, TUNED_BY, [searched("other data")]) }),
      ).toThrow("npx auscult run supcon-sprs/tune --row SupCon --task 11 --protocol honest --profile smoke");
    });
  });
});
