import { expect, test } from "vitest";
import { calibrated } from "../../src/evaluation/runCalibration.js";
import { endMetrics } from "../../src/suite/recording/summaryMetrics.js";
import { findExperiment } from "../../src/suite/registry.js";
import { reportModel } from "../../src/suite/reporting/report.js";
import { runSection } from "../../src/suite/reporting/reportRunSection.js";
import { summaryOf, summaryText } from "../../src/suite/reporting/summaryLine.js";
import { renderRun } from "../../src/suite/runSummary.js";
import { madeUpLogits } from "../evaluation/madeUpLogits.js";
import { madeUpRecord } from "./madeUpRecord.js";

const { logits, truths } = madeUpLogits();
const set = {
  examples: truths.map((label, i) => ({ label, patient: `${i % 5}` })),
  logits: Float32Array.from(logits),
  labels: ["Normal", "Crackle", "Wheeze"],
};
const without = madeUpRecord({ runId: "before" });
const calibration = calibrated(set, { inter: set });
const record = { ...without, runId: "with", result: { ...without.result, calibration } };
const { before, after } = calibration.tests.inter!;

test("the terminal, the tracker and the page tell the error before and after the temperature", async () => {
  expect(renderRun(record)).toContain(
    `before and after temperature 5.78 (fitted on select): inter ${before.ece.toFixed(3)} before, ${after.ece.toFixed(3)} after.`,
  );
  expect(endMetrics(record.result)).toMatchObject({
    "summary/temperature": calibration.temperature,
    "summary/inter/ece": before.ece,
    "summary/inter/eceAtTemperature": after.ece,
    "summary/inter/lossAtTemperature": after.loss,
  });
  const { runs } = reportModel(await findExperiment("supcon-sprs/table3"), [record]);
  const page = runSection(runs[0]!, 0, false);
  expect(page).toContain("<h3>Calibration</h3>");
  // 25 items are in the surest bin.
  expect(page).toContain(">25</text>");
  for (const value of [before.ece, after.brier]) expect(page).toContain(`>${value.toFixed(3)}</td>`);
});

test("records without calibration say nothing of it", async () => {
  expect(renderRun(without)).not.toContain("emperature");
  expect(Object.keys(endMetrics(without.result)).join()).not.toContain("ece");
  const { runs } = reportModel(await findExperiment("supcon-sprs/table3"), [without]);
  expect(runSection(runs[0]!, 0, false)).not.toContain("Calibration");
});

test("the index of runs leaves the bins to the records", () => {
  expect(summaryOf(JSON.parse(summaryText(record))).result.calibration).toBeUndefined();
});
