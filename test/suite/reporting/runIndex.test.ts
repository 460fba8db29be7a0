import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { compactPatients, expandPatients } from "../../../src/suite/reporting/compactPatients.js";
import type { RunRecord } from "../../../src/suite/runRecord.js";
import { allSummaries } from "../../../src/suite/summaries.js";
import { madeUpRecord } from "../madeUpRecord.js";

const labels = ["Normal", "Adventitious"];
const patients = [
  { patient: "P 1;é", matrix: { labels, counts: [[8, 2], [0, 0]] } }, // biome-ignore format: one line
  { patient: "P2", matrix: { labels, counts: [[0, 0], [0, 11]] } }, // biome-ignore format: one line
];

test("patients' counts as text: zeros left out, any name", () => {
  const text = compactPatients(patients);
  expect(text).toBe("P%201%3B%C3%A9 0:8 1:2;P2 3:11");
  expect(expandPatients(text, labels)).toEqual(patients);
  expect(expandPatients(compactPatients([]), labels)).toEqual([]);
});

describe("the index of finished runs", () => {
  let root: string;
  let warnings: string[];
  const file = (name: string) => path.join(root, "mlruns", "runs", name, "result.json");
  const index = () => path.join(root, "mlruns", "finishedRuns.index");
  const run = (name: string, score = 0.7): RunRecord => {
    const record = madeUpRecord({ runId: name, score });
    record.result.tests.inter!.byPatient = structuredClone(patients);
    mkdirSync(path.dirname(file(name)), { recursive: true });
    writeFileSync(file(name), JSON.stringify(record));
    writeFileSync(path.join(path.dirname(file(name)), "done.json"), "{}");
    return record;
  };
  const read = () => {
    warnings = [];
    return allSummaries((message) => warnings.push(message));
  };

  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), "auscult-index-"));
    mkdirSync(path.join(root, "experiments"));
    vi.stubEnv("AUSCULT_ROOT", root);
    vi.stubEnv("AUSCULT_MLRUNS", undefined);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(root, { recursive: true, force: true });
  });

  test("gives records without their epochs, the first time and again, and reads no record twice", () => {
    const { result, ...rest } = run("a");
    const { history: _, ...kept } = result;
    utimesSync(file("a"), 1e9, 1e9);
    const expected = { ...rest, result: kept };
    expect(JSON.parse(JSON.stringify(read()))).toEqual([expected]);
    // Of the same size and time, but no record: only who reads it again would notice.
    writeFileSync(file("a"), "x".repeat(statSync(file("a")).size));
    utimesSync(file("a"), 1e9, 1e9);
    expect(JSON.parse(JSON.stringify(read()))).toEqual([expected]);
    expect(warnings).toEqual([]);
  });

  test("follows what changes, comes and goes", () => {
    run("a", 0.5);
    run("b");
    expect(read().map(({ runId }) => runId)).toEqual(["a", "b"]);
    run("a", 0.25);
    rmSync(path.dirname(file("b")), { recursive: true });
    run("c");
    expect(read().map(({ runId, result }) => [runId, result.tests.inter!.scores.score])).toEqual([
      ["a", 0.25],
      ["c", 0.7],
    ]);
  });

  test.each([
    ["cut in its middle", (text: string) => text.slice(0, text.length / 2)],
    ["with digits changed", (text: string) => text.replaceAll("0.7", "0.9")],
    ["of noise", () => "\u0000\n\n12345678901\nnoise"],
    ["gone", () => ""],
  ])("an index %s is made good from the records", (_, damage) => {
    run("a");
    run("b");
    const before = JSON.stringify(read());
    writeFileSync(index(), damage(readFileSync(index(), "utf8")));
    expect(JSON.stringify(read())).toBe(before);
    // What another writer adds at the same time stands on lines of its own.
    appendFileSync(index(), "half a li");
    run("c");
    expect(read()).toHaveLength(3);
    expect(read()).toHaveLength(3);
    expect(warnings).toEqual([]);
  });

  test("a damaged record is told by name with what to do, and only it is left out", () => {
    run("a");
    run("b");
    writeFileSync(file("b"), '{"format": 1, "runId": "b"}');
    expect(read().map(({ runId }) => runId)).toEqual(["a"]);
    expect(warnings).toEqual([
      `${file("b")} has no request.experiment: it is no record of a run; delete its folder to run it again`,
    ]);
  });
});
