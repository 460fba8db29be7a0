import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { MlflowError, MlflowValidationError } from "../src/errors.js";
import { createMlflow } from "../src/mlflow.js";
import type { ActiveRun } from "../src/run/activeRun.js";
import type { MlflowOptions } from "../src/run/runOptions.js";
import { readWholeSpool } from "../src/spoolReader.js";
import { temporaryFolder } from "./support.js";

describe("what a run logs, without a server", () => {
  let place: ReturnType<typeof temporaryFolder>;
  let run: ActiveRun;
  const start = (options: MlflowOptions = {}): ActiveRun =>
    createMlflow({ sending: "none", folder: path.join(place.folder, "spools"), environment: {}, ...options }).startRun({
      name: "one",
      experiment: "e",
    });
  const records = (of = run) => readWholeSpool(path.join(of.folder, "spool.jsonl")).records;
  beforeEach(() => {
    place = temporaryFolder();
    run = start();
  });
  afterEach(() => {
    run.end();
    place.remove();
  });

  it("is on disk when the call has returned", () => {
    run.logMetric("loss", 0.5, 3);
    run.logMetrics({ a: -0, b: Number.NEGATIVE_INFINITY }, { step: 4, timestamp: 12 });
    run.logParams({ lr: 0.1 });
    run.setTags({ ok: true });
    run.setDescription("# Why");
    expect(records()).toEqual([
      expect.objectContaining({ kind: "create", experiment: "e", name: "one" }),
      { kind: "metrics", time: expect.any(Number), step: 3, values: { loss: 0.5 } },
      { kind: "metrics", time: 12, step: 4, values: { a: "-0", b: "-Infinity" } },
      { kind: "params", values: { lr: "0.1" } },
      { kind: "tags", values: { ok: "true" } },
      { kind: "tags", values: { "mlflow.note.content": "# Why" } },
    ]);
  });

  it("is refused at the caller with its name, its value and what would be right, and nothing is kept of it", () => {
    const refused: [() => void, RegExp][] = [
      [() => run.logMetric("loss", "0.5" as never), /metric "loss".*"0.5" is a string.*number/],
      [() => run.logMetric("loss", 1n as never), /metric "loss".*bigint.*number/],
      [() => run.logMetric("loss", 1, 1.5), /metric "loss".*step 1.5 must be an integer/],
      [() => run.logMetric("loss", 1, { timestamp: 1.5 }), /metric "loss".*time 1.5 must be whole milliseconds/],
      [() => run.logMetric("a//b", 1), /metric "a\/\/b".*path/],
      [() => run.logMetrics({ fine: 1, "not?": 2 }), /metric "not\?".*letters, digits/],
      [() => run.logParam("p", { a: 1 } as never), /parameter "p".*type object must be turned into text/],
      [() => run.logParam("p", undefined as never), /parameter "p".*type undefined/],
      [() => run.logParam("p", "x".repeat(6001)), /parameter "p".*6001 characters/],
      [() => run.setTag("t", null as never), /tag "t".*type null/],
      [() => run.logText(5 as never, "a.txt"), /artefact "a.txt".*no string/],
      [() => run.logText("x", "../a.txt"), /artefact path "..\/a.txt"/],
      [() => run.logJson(undefined, "a.json"), /artefact "a.json".*undefined cannot be written as JSON/],
      [() => run.logHtml("<p>", "a.txt"), /artefact "a.txt".*must end in ".html"/],
      [() => run.logArtifact("not-there.bin"), /artefact "not-there.bin".*no such file/],
      [() => run.logArtifacts("not-there"), /folder "not-there".*no such folder/],
      [() => run.logTable({ a: [1, 2], b: [1] }, "t.json"), /table: its columns have different lengths: a 2, b 1/],
      [() => run.logTable({ a: [1n] }, "t.json"), /table column "a".*bigint/],
      [() => run.logTable({ a: 1 as never }, "t.json"), /table column "a".*must be an array/],
      [() => run.logTable([1 as never], "t.json"), /table: row 0 must be an object/],
      [() => run.logTable({ a: [1] }, "t.csv"), /table "t.csv".*must end in ".json"/],
      [() => run.logTable({ a: [1] }, "t,1.json"), /table "t,1.json".*no quotes, commas/],
      [() => run.logImage(Buffer.from("BM"), "a.bmp"), /image: its bytes are neither PNG/],
      [() => run.logImage(Buffer.from("<svg></svg>"), { key: "k" }), /image key "k".*shows no svg over steps/],
      [() => run.logModel({ name: "a/b", files: {} }), /model name: "a\/b"/],
      [() => run.logModel({ name: "m", files: {}, type: "" }), /model "m" type: it must not be empty/],
      [() => run.logModel({ name: "m", files: {}, step: 1.5 }), /model "m": step 1.5 must be an integer/],
      [
        () => run.logModel({ name: "m", files: { a: Buffer.of(1), "a/b": Buffer.of(1) } }),
        /"a" is a file and the folder/,
      ],
      [() => run.logInput({ name: "d", digest: "x".repeat(37), source: "s" }), /dataset "d" digest.*37/],
      [() => run.end("DONE" as never), /run "one".*status 'DONE' is none of FINISHED, FAILED, KILLED/],
    ];
    for (const [act, message] of refused) {
      expect(act, String(message)).toThrow(MlflowValidationError);
      expect(act).toThrow(message);
    }
    expect(records()).toHaveLength(1);
  });

  it("names that objects keep for themselves are refused, not lost", () => {
    const tags = JSON.parse('{"__proto__": "three"}');
    for (const act of [
      () => run.logMetric("__proto__", 1),
      () => run.logParam("__proto__", 2),
      () => run.setTag("__proto__", "three"),
      () => createMlflow({ sending: "none", folder: place.folder, environment: {} }).startRun({ tags }),
    ])
      expect(act).toThrow(MlflowValidationError);
    expect(records()).toHaveLength(1);
  });

  it("a file among the artefacts cannot be the folder of another one", () => {
    run.logText("x", "a/b");
    expect(() => run.logText("x", "a")).toThrow(/artefact "a": it is the folder of another artefact/);
    expect(() => run.logText("x", "a/b/c")).toThrow(/artefact "a\/b\/c": "a\/b" is a file/);
    run.logText("again", "a/b");
    expect(records()).toHaveLength(3);
  });

  it("a run is ended although its error has no place among the artefacts", () => {
    run.logText("x", "error.txt/x");
    run.end("FAILED", new Error("no"));
    expect(records().at(-1)).toMatchObject({ kind: "end", status: "FAILED" });
  });

  it("the address of a connection is kept without credentials and final slash", () => {
    const other = start({ connection: { uri: "http://ann:s3cret@127.0.0.1:9/", timeoutMs: 5 } });
    expect(JSON.parse(readFileSync(path.join(other.folder, "target.json"), "utf8"))).toMatchObject({
      trackingUri: "http://127.0.0.1:9",
    });
    other.end();
  });

  it("a child of a run that is known by its id alone is made in that run's experiment", () => {
    const mlflow = createMlflow({ sending: "none", folder: path.join(place.folder, "spools"), environment: {} });
    const parent = mlflow.startRun({ runId: "abc" });
    const child = parent.child({ name: "child" });
    const grandchild = child.child({ name: "grandchild" });
    expect(records(child)[0]).toMatchObject({
      ...{ kind: "create", experiment: "", experimentOfRun: "abc", tags: { "mlflow.parentRunId": "abc" } },
    });
    expect(records(grandchild)[0]).toMatchObject({ experimentOfRun: "abc", parentRun: { experimentOfRun: "abc" } });
    expect(records(parent.child({ experiment: "own" }))[0]).not.toHaveProperty("experimentOfRun");
    for (const one of [grandchild, child, parent]) one.end();
  });

  it("a parameter that is logged twice stands once, and another value is refused", () => {
    run.logParams({ a: 1, b: 2 });
    run.logParams({ a: "1", c: 3 });
    expect(() => run.logParams({ d: 4, b: 3 })).toThrow(/parameter "b": it was logged as "2" and cannot become "3"/);
    expect(records().slice(1)).toEqual([
      { kind: "params", values: { a: "1", b: "2" } },
      { kind: "params", values: { c: "3" } },
    ]);
  });

  it("an ended run takes nothing more, and ending it again does nothing", () => {
    run.end("FAILED", "plain words");
    run.end("FINISHED");
    expect(records().at(-1)).toMatchObject({ kind: "end", status: "FAILED" });
    expect(records()).toContainEqual({ kind: "tags", values: { error: "'plain words'" } });
    for (const act of [() => run.logMetric("m", 1), () => run.logText("x", "a.txt"), () => run.child()])
      expect(act).toThrow(/run "one": it has ended \(FAILED\)/);
  });

  it("files are copied before the call returns; where that was refused they stay where they are", () => {
    const file = path.join(place.folder, "w.bin");
    writeFileSync(file, "old");
    run.logArtifact(file, "models/");
    run.logArtifact(file, "", { copy: false });
    writeFileSync(file, "new");
    const [, copied, referred] = records() as { file: string; path: string }[];
    expect([copied!.path, referred!.path]).toEqual(["models/w.bin", "w.bin"]);
    expect(readFileSync(path.join(run.folder, copied!.file), "utf8")).toBe("old");
    expect(referred!.file).toBe(file);
  });

  it("a folder's files keep their places; links to files count, links to folders do not", () => {
    const folder = path.join(place.folder, "out");
    mkdirSync(path.join(folder, "deep", "er"), { recursive: true });
    writeFileSync(path.join(folder, "deep", "er", "x.txt"), "x");
    symlinkSync("deep/er/x.txt", path.join(folder, "link.txt"));
    symlinkSync("..", path.join(folder, "deep", "up"));
    run.logArtifacts(folder, "results");
    expect(
      records()
        .slice(1)
        .map((record) => (record as { path: string }).path),
    ).toEqual(["results/deep/er/x.txt", "results/link.txt"]);
  });

  it("without a disk that takes a line, a call throws, or says so once and counts", () => {
    const messages: string[] = [];
    const patient = start({ whenDiskFails: "warn", notify: (message) => messages.push(message) });
    for (const one of [run, patient]) {
      // A file where the folder for files has to be.
      writeFileSync(path.join(one.folder, "files"), "");
    }
    expect(() => run.logText("x", "a.txt")).toThrow(MlflowError);
    expect(() => run.logText("x", "a.txt")).toThrow(/artefact "a.txt": cannot be kept/);
    patient.logText("x", "a.txt");
    patient.logText("x", "b.txt");
    patient.logMetric("m", 1);
    expect(messages).toEqual([expect.stringMatching(/^run "one": artefact "a.txt": cannot be kept: .*lost/)]);
    expect(patient.lost).toBe(2);
    expect(records(patient)).toHaveLength(2);
    patient.end();
  });

  it("without a server's name it is refused at the start, unless nothing is to be sent", () => {
    expect(() => createMlflow({ environment: {}, folder: place.folder }).startRun()).toThrow(
      /MLFLOW_TRACKING_URI: no tracking server is named; right is such as http/,
    );
    const both = { experiment: "a", experimentId: "1" };
    expect(() => createMlflow({ environment: {}, sending: "none", folder: place.folder }).startRun(both)).toThrow(
      /name "a" and id "1" are given/,
    );
    expect(readdirSync(place.folder)).toEqual(["spools"]);
  });
});
