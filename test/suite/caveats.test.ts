import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PreparedRun, RunRequest } from "../../src/papers/paper.js";
import { caveatsOf, caveatsOfAll, caveatWords } from "../../src/suite/caveats.js";
import type { ExperimentEntry } from "../../src/suite/entry.js";
import { runDescription } from "../../src/suite/recording/runDescription.js";
import { writeRunFigures } from "../../src/suite/recording/runFigures.js";
import { findExperiment } from "../../src/suite/registry.js";
import { reportModel } from "../../src/suite/reporting/report.js";
import { renderReport, renderTable } from "../../src/suite/reporting/reportPage.js";
import { type RunRecord, readRecord, resultsFolder } from "../../src/suite/runRecord.js";
import { renderRun } from "../../src/suite/runSummary.js";
import { madeUpRecord } from "./madeUpRecord.js";

const LEAK = "2 of the 49 patients of test are also in train: 156, 218 (120 of its 2,756 cycles).";
const PART = "part of the data: 2,862 of 6,898 cycles have audio (train 1,500 of 4,142, test 1,362 of 2,756)";
const leaking = { leaks: [LEAK], partOfData: PART };

describe("caveats", () => {
  test("of a clean split there are none, and none are known of a record that was written before", () => {
    expect(caveatsOf({ name: "s", digest: "d", leaks: [] })).toEqual([]);
    expect(caveatsOf({ name: "s", digest: "d" })).toEqual([]);
    expect(caveatWords([])).toBe("");
  });

  test("say what leaks and what is absent", () => {
    const caveats = caveatsOf({ name: "s", digest: "d", ...leaking });
    expect(caveats).toEqual([
      { what: "leaking split", says: `Leaking split: ${LEAK}` },
      { what: "part of the data", says: `P${PART.slice(1)}.` },
    ]);
    expect(caveatWords(caveats)).toBe("leaking split, part of the data");
  });

  test("say that a band is empty", () => {
    const emptyBand = "spectra at 22,000 Hz are empty above half the rate";
    expect(caveatsOf({ name: "s", digest: "d", emptyBand })).toEqual([
      { what: "empty band", says: "Empty band: spectra at 22,000 Hz are empty above half the rate." },
    ]);
  });

  test("tell a leak of the choice from one of a test set", () => {
    const selection = "Selection leak: 20 of the 22 patients of select are also in train (20 of its 24 recordings).";
    expect(caveatsOf({ name: "s", digest: "d", leaks: [selection, LEAK] })).toEqual([
      { what: "leaking split", says: `Leaking split: ${LEAK}` },
      { what: "selection leak", says: selection },
    ]);
  });

  test("of several runs: said once, and that others differ in numbers", () => {
    const split = (leak?: string) => ({ name: "s", digest: "d", leaks: leak ? [leak] : [] });
    expect(caveatsOfAll([split("A."), split("A.")])).toEqual([{ what: "leaking split", says: "Leaking split: A." }]);
    expect(caveatsOfAll([split(), split("A."), split("B."), split("C.")])).toEqual([
      {
        what: "leaking split",
        says: "Leaking split: A. (So too, in other numbers, 2 more of the 4 runs.)",
      },
    ]);
  });
});

describe("a leak and a part of the data are said wherever the number stands", () => {
  let entry: ExperimentEntry;
  let folder: string;
  beforeAll(async () => {
    entry = await findExperiment("supcon-sprs/table3");
    folder = mkdtempSync(path.join(tmpdir(), "auscult-caveats-"));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const clean = madeUpRecord({ runId: "clean", request: { task: "12" }, score: 0.5 });
  const record = madeUpRecord({ runId: "leaks", split: { ...leaking, seed: 5 } });
  const model = () => reportModel(entry, [clean, record]);

  test("in the cell, which is not comparable with part of the data only", () => {
    const cells = model().cells.filter(({ ours }) => ours !== null);
    expect(cells.map(({ caveats }) => caveats.map(({ what }) => what))).toEqual([
      ["leaking split", "part of the data"],
      [],
    ]);
    expect(cells[0]).toMatchObject({ verdict: "not comparable", why: "other protocol, part of the data" });
    const published = madeUpRecord({ request: { protocol: "published" }, split: { leaks: [LEAK] } });
    const leaksOnly = reportModel(entry, [published]).cells.find(({ ours }) => ours)!;
    expect(leaksOnly.verdict).toBe("reproduced");
  });

  test("on the page: in the number's row, in the run's section, in each of its figures", () => {
    const page = renderReport(model(), { plotlyScript: "" });
    const row = page.split("<tr>").find((part) => part.includes(">0.700<"))!;
    expect(row).toContain(`Leaking split: ${LEAK}`);
    expect(row).toContain("2,862 of 6,898 cycles have audio");
    const other = page.split("<tr>").find((part) => part.includes(">0.500<"))!;
    expect(other).not.toContain("caveat");
    const [, cleanSection, section] = page.split('<section aria-labelledby="run-');
    expect(cleanSection).not.toMatch(/leaking split|part of the data/i);
    for (const part of section!.split("<tbody>")[1]!.split("</tr>").slice(0, -1))
      expect(part).toContain("leaking split, part of the data");
    for (const [svg] of section!.matchAll(/<svg .*?<\/svg>/gs)) expect(svg).toContain("leaking split");
    const [overview] = /<svg .*?<\/svg>/s.exec(page)!;
    expect(overview).toContain("Task 1-1, leaking split, part of the data");
    expect(section).toContain("<dt>split seed</dt><dd><code>5</code></dd>");
  });

  test("in the terminal: in the table's line and below it, and in the run's own table", () => {
    const table = renderTable(model());
    for (const line of table.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
    const lines = table.split("\n");
    const at = lines.findIndex((line) => line.includes("0.700"));
    const next = lines.findIndex((line) => line.includes("0.500"));
    const own = lines.slice(at, next).join(" ").replace(/\s+/g, " ");
    expect(own).toContain("leaking split");
    expect(own).toContain(LEAK);
    expect(own).toContain("2,862 of 6,898 cycles have audio");
    expect(lines.slice(next).join(" ")).not.toMatch(/leaking/i);
    const run = renderRun(record);
    for (const set of ["inter (", "intra (", "mean of"])
      expect(run.split("\n").find((line) => line.startsWith(set))).toMatch(/leaking split, part of the data$/);
    expect(run).toContain(LEAK);
    expect(renderRun(clean)).not.toMatch(/leak|caveat/i);
  });

  test("in the tracker's note: in its first line, in full, and in each line of its table", () => {
    const { data, split, result } = record;
    const request: RunRequest = { ...record.request, dataDir: "/d" };
    const prepared: PreparedRun = {
      ...{ identity: {}, data, settings: {}, reduced: undefined, execute: () => Promise.reject(new Error("not here")) },
      split: { ...split, leaks: split.leaks! },
      inputs: [],
    };
    for (const note of [
      runDescription(entry, request, prepared, result),
      runDescription(entry, request, prepared, undefined),
    ]) {
      expect(note).toContain(LEAK);
      expect(note).toContain("2,862 of 6,898 cycles have audio");
      expect(note).toContain("drawn with seed 5");
    }
    const lines = runDescription(entry, request, prepared, result).split("\n");
    expect(lines[0]).toMatch(/^\*\*Score 0\.700\*\* .*leaking split, part of the data, printed 0\.708/);
    const ours = lines.filter((line) => line.startsWith("| ours"));
    // Of the unseen patients, which is the headline, and of the known ones.
    expect(ours).toHaveLength(2);
    for (const line of ours) expect(line).toContain("(leaking split, part of the data)");
    const cleanRun = { ...prepared, split: { ...clean.split, leaks: [] } };
    expect(runDescription(entry, request, cleanRun, result)).not.toMatch(/leak|part of the data|drawn with/i);
  });

  test("in the pictures of a run's folder", () => {
    for (const { file } of writeRunFigures(folder, record)) {
      // A long note stands on several lines, each an element of its own.
      const words = readFileSync(file, "utf8")
        .replace(/<[^>]+>/g, " ")
        .replace(/\s+/g, " ");
      expect(words).toContain("leaking split, part of the data");
    }
  });
});

test("committed results of the form before leaks were told are read and shown, with no leak known", async () => {
  const folder = resultsFolder("supcon-sprs");
  const before: RunRecord[] = readdirSync(folder)
    .filter((file) => !file.endsWith(".counts.json"))
    .map((file) => readRecord(path.join(folder, file)))
    .filter(({ split }) => split.leaks === undefined);
  const bare = madeUpRecord();
  bare.split = { name: "sprsound/11/published", digest: "s1" };
  const model = reportModel(await findExperiment("supcon-sprs/table3"), [...before, bare]);
  expect(model.cells.flatMap(({ caveats }) => caveats)).toEqual([]);
  expect(renderReport(model, { plotlyScript: "" })).not.toMatch(/class="caveat"|undefined/);
  for (const record of [...before, bare]) expect(renderRun(record)).not.toContain("undefined");
});
