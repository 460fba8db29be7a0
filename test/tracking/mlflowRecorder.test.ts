import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { readWholeSpool, type SpoolRecord } from "mlflow-js-client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createRecorder } from "../../src/tracking/mlflowRecorder.js";
import { trackingFolder } from "../../src/tracking/trackedRun.js";

describe("createRecorder", () => {
  let runFolder: string;
  beforeEach(() => {
    runFolder = mkdtempSync(path.join(tmpdir(), "auscult-recorder-"));
  });
  afterEach(() => rmSync(runFolder, { recursive: true, force: true }));

  const open = () => createRecorder({ runFolder, experimentName: "made-up/test", runName: "seed 1" });
  const records = (kind: SpoolRecord["kind"]) =>
    readWholeSpool(path.join(trackingFolder(runFolder), "spool.jsonl")).records.filter((r) => r.kind === kind);

  it("writes each report as it is made, before any server is there", () => {
    const recorder = open();
    recorder.parameters({ lr: 0.001, balanced: true, optimiser: "adam" });
    recorder.metrics({ "train/loss": 0.5, "select/score": Number.NaN }, 1);
    recorder.dataset({ name: "made-up/train", digest: "ab12", source: "drawn by a rule", role: "train" });
    mkdirSync(path.join(runFolder, "evaluation"));
    writeFileSync(path.join(runFolder, "evaluation", "matrix.json"), "[]");
    recorder.artifact(path.join(runFolder, "evaluation", "matrix.json"), "confusion");
    expect(records("params")).toEqual([
      { kind: "params", values: { lr: "0.001", balanced: "true", optimiser: "adam" } },
    ]);
    expect(records("metrics")).toMatchObject([{ step: 1, values: { "train/loss": 0.5, "select/score": "NaN" } }]);
    expect(records("dataset")).toMatchObject([{ dataset: { name: "made-up/train", context: "train" } }]);
    expect(records("artifact")).toEqual([
      { kind: "artifact", file: "evaluation/matrix.json", path: "confusion/matrix.json" },
    ]);
    recorder.end("FAILED", "Error: out of memory");
    expect(records("tags")).toEqual([{ kind: "tags", values: { error: "Error: out of memory" } }]);
    expect(records("end")).toMatchObject([{ status: "FAILED" }]);
  });

  it("goes on with the same run after a restart, and repeats nothing", () => {
    const first = open();
    first.parameters({ lr: 0.1, threads: 2 });
    first.metrics({ loss: 1, nan: Number.NaN }, 1);
    first.metrics({ loss: 0.5 }, 2);
    first.dataset({ name: "d", digest: "1", source: "s", role: "train" });
    first.end("FAILED", "the disk was full");
    const second = open();
    expect([first.resumed, second.resumed]).toEqual([false, true]);
    expect(second.runKey).toBe(first.runKey);
    second.parameters({ lr: 0.1, threads: 4 });
    second.dataset({ name: "d", digest: "1", source: "s", role: "train" });
    second.metrics({ loss: 1, nan: Number.NaN }, 1);
    second.metrics({ loss: 0.5, score: 3 }, 2);
    second.metrics({ loss: 0.25 }, 3);
    second.end("FINISHED");
    expect(records("create")).toHaveLength(1);
    expect(records("resume")).toHaveLength(1);
    expect(records("dataset")).toHaveLength(1);
    expect(records("params")).toHaveLength(1);
    expect(records("metrics").map((record) => record.kind === "metrics" && [record.step, record.values])).toEqual([
      [1, { loss: 1, nan: "NaN" }],
      [2, { loss: 0.5 }],
      [2, { score: 3 }],
      [3, { loss: 0.25 }],
    ]);
    // MLflow's parameters cannot change: the new value is told beside the old, and the old error is not the run's any more.
    expect(records("tags").slice(1)).toEqual([
      { kind: "tags", values: { error: "", earlierError: "the disk was full" } },
      { kind: "tags", values: { "resumedWith.threads": "4" } },
    ]);
  });

  it("refuses by name what the tracker would store wrongly", () => {
    const recorder = open();
    recorder.parameters({ lr: 1 });
    writeFileSync(path.join(runFolder, "here.txt"), "");
    const refused: [() => void, RegExp][] = [
      [() => recorder.parameters({ lr: 2 }), /parameter "lr": it was recorded as "1" and cannot become "2"/],
      [() => recorder.parameters({ long: "x".repeat(6001) }), /parameter "long".* 6001 characters/],
      [() => recorder.metrics({ loss: "0.5" as never }, 1), /metric "loss".*"0\.5" is a string/],
      [() => recorder.metrics({ loss: 1 }, 0.5), /metric "loss": step 0.5 must be an integer/],
      [() => recorder.metrics({ "loss (a)": 1 }, 1), /metric "loss \(a\)": a name may hold letters/],
      [() => recorder.dataset({ name: "d", digest: "x".repeat(64), source: "s", role: "train" }), /at most 36/],
      [() => recorder.dataset({ name: "d", digest: "1", source: "", role: "train" }), /dataset "d" source/],
      [() => recorder.artifact("missing.txt"), /artefact "missing.txt": there is no such file/],
      [() => recorder.artifact("../outside.txt"), /must be a file below the run's folder/],
      [() => recorder.artifact("here.txt", "/root"), /must be a relative path/],
      [() => recorder.model({ name: "a/b", files: [] }), /model name "a\/b": it must hold none of/],
      [() => createRecorder({ runFolder, experimentName: " ", runName: "r" }), /experiment name.* blank/],
    ];
    for (const [act, message] of refused) expect(act).toThrow(message);
    // Nothing of what was refused is on its way.
    expect(records("metrics").length + records("dataset").length + records("artifact").length).toBe(0);
    expect(records("params")).toHaveLength(1);
  });

  it("a time that is taken again stays as it was; a model again is the same; its numbers are the run's, at one time", () => {
    writeFileSync(path.join(runFolder, "weights"), "");
    const model = {
      ...{ name: "net", step: 2, files: [{ file: "weights", path: "weights" }] },
      metrics: [{ values: { score: 0.5, auc: Number.NaN }, step: 2, dataset: { name: "d", digest: "1" } }],
    };
    const first = open();
    first.metrics({ "time/epochSeconds": 4, loss: 1 }, 1);
    first.model(model);
    first.close();
    const second = open();
    second.metrics({ "time/epochSeconds": 5, loss: 2 }, 1);
    second.model(model);
    second.parentTags({ note: "one" });
    const points = records("metrics").map((record) => record.kind === "metrics" && [record.step, record.values]);
    // A loss that differs is another loss: it stands beside the first, and is the later.
    expect(points).toEqual([
      [1, { "time/epochSeconds": 4, loss: 1 }],
      [2, { score: 0.5, auc: "NaN" }],
      [1, { loss: 2 }],
    ]);
    const models = records("model").map((record) => record.kind === "model" && record.model);
    expect(models[1]).toEqual(models[0]);
    const [, measured] = records("metrics");
    const time = measured?.kind === "metrics" && measured.time;
    expect(models[0]).toMatchObject({
      ...{ key: `${first.runKey}/net`, step: 2 },
      metrics: [{ key: "score", value: 0.5, step: 2, time, dataset: { name: "d", digest: "1" } }],
    });
    expect(records("parentTags")).toEqual([{ kind: "parentTags", values: { note: "one" } }]);
    expect(() => second.parentTags({ "": "x" })).toThrow(/must not be empty/);
  });

  it("samples the machine until it is closed; a resumed run's samples go on counting", async () => {
    vi.stubEnv("MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL", "0.02");
    const steps = () => records("metrics").map((record) => record.kind === "metrics" && record.step);
    for (const least of [3, 6]) {
      const recorder = open();
      recorder.watchSystem();
      await vi.waitFor(() => expect(steps().length).toBeGreaterThanOrEqual(least));
      recorder.close();
    }
    vi.unstubAllEnvs();
    expect(steps()).toEqual(steps().map((_, index) => index));
    expect(records("metrics")[0]).toMatchObject({
      values: { "system/system_memory_usage_percentage": expect.any(Number) },
    });
  });

  it("cuts a description to what the tracker keeps", () => {
    const recorder = open();
    recorder.description("é".repeat(9000));
    const [record] = records("tags");
    expect(record?.kind === "tags" && record.values["mlflow.note.content"]).toBe(`${"é".repeat(7996)} ...`);
    // Never in the middle of a character of two units.
    recorder.description("\u{1fac1}".repeat(5000).slice(1).replace(/^./, "a"));
    const cut = records("tags")[1];
    expect(cut?.kind === "tags" && cut.values["mlflow.note.content"]).toMatch(/^a(\u{1fac1})+ \.\.\.$/u);
  });
});
