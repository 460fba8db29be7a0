import { expect, test } from "vitest";
import { experimentNote, rowNote } from "../../../src/suite/recording/groupNotes.js";
import { findExperiment } from "../../../src/suite/registry.js";
import { madeUpRecord } from "../madeUpRecord.js";

const entry = await findExperiment("supcon-sprs/table3");
const now = new Date("2026-11-02T03:04:05Z");

test("an experiment's note has every printed number and the command that makes all of it", () => {
  const note = experimentNote(entry);
  expect(note).toContain(entry.citation);
  expect(note).toContain("| topology and technique | Task 1-1 | Task 1-2 | Task 2-1 | Task 2-2 |");
  expect(note).toContain("| ResNet 18 | 0.708 | 0.576 | 0.557 | 0.443 |");
  expect(note).toContain("npx auscult run supcon-sprs/table3 --protocol published --protocol honest");
  for (const flag of entry.flags) expect(note).toContain(flag);
});

test("a row's note has printed and ours of each task, with verdict and caveats, and no other row's", () => {
  const records = [
    madeUpRecord({ runId: "a", request: { seed: 0 }, score: 0.7 }),
    madeUpRecord({ runId: "b", request: { seed: 1 }, score: 0.6, split: { leaks: ["1 patient is in both."] } }),
    madeUpRecord({ runId: "c", request: { row: "CNN" }, score: 0.123 }),
  ];
  const note = rowNote(entry, "ResNet 18", records, now);
  expect(note.split("\n")[0]).toBe("**ResNet 18**: 1 of 4 cells have a number. Score, final test set.");
  expect(note).toMatch(
    /\| honest, full \| Task 1-1 \| 0\.708 \| 0\.650 \| 0\.630 to 0\.670 \| 2 \| .*leaking split \|/,
  );
  expect(note).toMatch(/\| honest, full \| Task 2-2 \| 0\.443 \| – \| {2}\| {2}\| not run/);
  expect(note).not.toContain("0.123");
  expect(note).toContain("2026-11-02 03:04 UTC");
  expect(note).toContain('npx auscult run supcon-sprs/table3 --row "ResNet 18" --protocol published --protocol honest');
  expect(rowNote(entry, "ResNet 18", [], now)).toContain("None of its trainings is finished.");
});
