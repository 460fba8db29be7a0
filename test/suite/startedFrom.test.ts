import { expect, test } from "vitest";
import { findExperiment } from "../../src/suite/registry.js";
import { reportModel } from "../../src/suite/reporting/report.js";
import { renderReport, renderTable } from "../../src/suite/reporting/reportPage.js";
import { renderRun } from "../../src/suite/runSummary.js";
import { madeUpRecord } from "./madeUpRecord.js";

test("a run that started from weights stands in a cell of its own, not comparable, and says what it started from", async () => {
  const scratch = madeUpRecord({ runId: "scratch", score: 0.7 });
  const from = (sha256: string, score: number) => ({
    ...madeUpRecord({ runId: sha256, request: { init: "resnet18.pth" }, score }),
    init: { file: "resnet18.pth", sha256, headAnew: true, says: `started from resnet18.pth (SHA-256 ${sha256})` },
  });
  const records = [scratch, from("aa", 0.5), from("bb", 0.6)];
  const model = reportModel(await findExperiment("supcon-sprs/table3"), records);
  const cells = model.cells.filter(({ ours }) => ours !== null);
  expect(cells.map(({ variant, ours, verdict, why }) => [variant, ours!.mean, ours!.n, verdict, why])).toEqual([
    ["honest, full", 0.7, 1, "not comparable", "other protocol"],
    ["honest, full, from resnet18.pth", 0.5, 1, "not comparable", "other protocol, other pretraining"],
    ["honest, full, from resnet18.pth", 0.6, 1, "not comparable", "other protocol, other pretraining"],
  ]);
  expect(renderTable(model)).toContain("from resnet18.pth");
  const [, ...sections] = renderReport(model, { plotlyScript: "" }).split('<section aria-labelledby="run-');
  expect(sections.map((section) => /started from resnet18\.pth \(SHA-256 (..)\)/.exec(section)?.[1])).toEqual([
    undefined,
    "aa",
    "bb",
  ]);
  expect(renderRun(records[1]!)).toContain("It was started from resnet18.pth (SHA-256 aa).");
  expect(renderRun(scratch)).not.toContain("started from");
});
