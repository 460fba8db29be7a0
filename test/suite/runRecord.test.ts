import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { exportResults } from "../../src/suite/exportResults.js";
import { allRecords, finishedRecord, type RunRecord, readRecord } from "../../src/suite/runRecord.js";
import { madeUpRecord } from "./madeUpRecord.js";

describe("records of finished runs", () => {
  let root: string;
  const write = (file: string, value: unknown) => {
    const place = path.join(root, file);
    mkdirSync(path.dirname(place), { recursive: true });
    writeFileSync(place, typeof value === "string" ? value : JSON.stringify(value));
    return place;
  };
  const run = (name: string, record: unknown, done = true) => {
    write(`mlruns/runs/${name}/result.json`, record);
    if (done) write(`mlruns/runs/${name}/done.json`, {});
    return path.join(root, "mlruns/runs", name);
  };

  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), "auscult-record-"));
    mkdirSync(path.join(root, "experiments", "supcon-sprs"), { recursive: true });
    vi.stubEnv("AUSCULT_ROOT", root);
    vi.stubEnv("AUSCULT_MLRUNS", undefined);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(root, { recursive: true, force: true });
  });

  test("a run is finished when it says so, not when it has a result", () => {
    const record = madeUpRecord();
    expect(finishedRecord(run("a", record))).toEqual(record);
    expect(finishedRecord(run("b", record, false))).toBeUndefined();
    expect(finishedRecord(path.join(root, "none"))).toBeUndefined();
  });

  test.each([
    ["cut short", '{"format": 1, "run', "cannot be read"],
    ["empty", "", "cannot be read"],
    ["null", "null", "format undefined, this version reads 1"],
    ["of another format", { ...madeUpRecord(), format: 2 }, "format 2, this version reads 1"],
    ["without a format", { runId: "x" }, "format undefined, this version reads 1"],
  ])("one that is %s is refused by name", (_, content, message) => {
    const file = write("result.json", content);
    expect(() => readRecord(file)).toThrow(message);
    expect(() => readRecord(file)).toThrow(file);
  });

  test("all of them, committed and of this machine, each once; damaged ones are told and passed over", () => {
    const committed = madeUpRecord({ runId: "a", score: 0.1 });
    write("experiments/supcon-sprs/results/a.json", committed);
    write("experiments/supcon-sprs/results/b.json", madeUpRecord({ runId: "b" }));
    write("experiments/supcon-sprs/results/notes.txt", "no record");
    run("a", madeUpRecord({ runId: "a", score: 0.2 }));
    run("c", madeUpRecord({ runId: "c" }));
    run("unfinished", madeUpRecord({ runId: "d" }), false);
    const damaged = run("damaged", "{");
    const warnings: string[] = [];
    const records = allRecords((message) => warnings.push(message));
    expect(records.map(({ runId }) => runId)).toEqual(["a", "b", "c"]);
    expect(records[0]!.result.mean!.scores.score).toBe(0.2);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain(damaged);
  });

  test("export writes the runs on recordings, of the experiments asked for, and nothing of made-up sounds", () => {
    const records: RunRecord[] = [
      madeUpRecord({ runId: "real" }),
      madeUpRecord({ runId: "made-up", data: { madeUp: true } }),
      madeUpRecord({ runId: "other", request: { experiment: "other/table1" } }),
    ];
    expect(exportResults(records, ["supcon-sprs/table3"])).toEqual(["experiments/supcon-sprs/results/real.json"]);
    expect(allRecords(() => {})).toEqual([records[0]]);
    expect(exportResults(records, [])).toEqual([
      "experiments/supcon-sprs/results/real.json",
      "experiments/other/results/other.json",
    ]);
  });

  test("export without a run on recordings is refused", () => {
    const madeUp = [madeUpRecord({ data: { madeUp: true } })];
    expect(() => exportResults(madeUp, [])).toThrow("there is no finished run on recordings to export");
    expect(() => exportResults([], ["supcon-sprs/table3"])).toThrow(
      "no finished run on recordings of supcon-sprs/table3",
    );
  });
});
