import { expect, test } from "vitest";
import { entrySection } from "../../../src/suite/pages/entrySection.js";
import { findExperiment } from "../../../src/suite/registry.js";
import { entryState } from "../../../src/suite/reporting/entryState.js";
import { reportModel } from "../../../src/suite/reporting/report.js";
import { renderTable } from "../../../src/suite/reporting/reportTable.js";
import { madeUpRecord } from "../madeUpRecord.js";

const request = { experiment: "supcon-sprs/tune", row: "SupCon" } as const;

test("a search that shows something is a search, not a picture; its page holds what was found", async () => {
  const entry = await findExperiment(request.experiment);
  const record = madeUpRecord({ request });
  const trial = {
    number: 0,
    values: { temperature: 0.25 },
    reports: [[1, 0.5]],
    value: 0.5,
    seconds: 1,
    state: "complete",
  };
  const settings = {
    space: { temperature: { type: "uniform", from: 0.1, to: 0.9 } },
    trials: 1,
    maxSteps: 1,
    sampler: "tpe",
  };
  const search = {
    ...{ settings: { ...settings, startupTrials: 0, seed: 0, halving: { grace: 1, reduction: 2 } }, trials: [trial] },
    ...{ valueIs: "best select Score", best: 0, importance: { why: "one trial" } },
  };
  const searched = { ...record, result: { ...record.result, tests: {}, search } } as unknown as typeof record;
  const [none, one] = [reportModel(entry, []), reportModel(entry, [searched])];
  expect([none, one].map(entryState)).toEqual(["a search, no run yet", "a search, 1 run"]);
  const page = (model: typeof one) => entrySection({ entry, model, budgetOf: () => "", seedOf: () => 0 });
  expect(page(none)).toContain("No run of ours yet.");
  expect(page(one)).toContain("Best: trial 1, 0.500 (best select Score), with temperature 0.25.");
  expect(renderTable(none)).toContain("no number of ours yet");
  expect(renderTable(one)).toMatch(/SupCon, task 11.*: Best: trial 1, 0\.500/);
  expect(page(one)).toMatch(/^\| 1 +\| 0\.500 \| complete/m);
});

test("a figure of pictures alone is a picture", async () => {
  expect(entryState(reportModel(await findExperiment("supcon-sprs/fig2"), []))).toBe("a picture, no run yet");
});
