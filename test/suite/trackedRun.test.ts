import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { MlflowClient, parseTrackingUri } from "mlflow-js-client";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { mlflowProgram, python, startServer } from "../../packages/mlflow-js-client/test/support.js";
import type { Paper, RunRequest } from "../../src/papers/paper.js";
import { preprocessingOf } from "../../src/papers/preprocessing.js";
import { recordEpoch } from "../../src/papers/recordEpoch.js";
import { saveModel } from "../../src/papers/savedModel.js";
import { supconTestPath } from "../../src/papers/supconSprs/frontEnd.js";
import { executeRun } from "../../src/suite/execute.js";
import { planRun } from "../../src/suite/plan.js";
import { findExperiment } from "../../src/suite/registry.js";
import { fetchTrackedRecords } from "../../src/suite/reporting/trackedRecords.js";
import { allSummaries, wholeRecord } from "../../src/suite/summaries.js";
import { engineThreads, tf } from "../../src/tensorflow.js";
import { Interrupted } from "../../src/training/interrupted.js";
import { madeUpRecord } from "./madeUpRecord.js";

const labels = ["Normal", "Adventitious"];
const inputShape = [2, 3, 1];
const digits = (digit: string) => digit.repeat(32);

/** Everything of a run but training: epochs, a model, a result. Its first sitting stops behind the second epoch. */
function paperWith(sittings: { seconds: number }[]): Paper {
  const { result } = madeUpRecord();
  const patient = { patient: "41", matrix: { labels, counts: [[6, 4], [1, 4]] } }; // biome-ignore format: one line
  const inter = { ...result.tests.inter!, byPatient: [patient], auc: Number.NaN };
  const perEpoch = (epoch: number) => ({ "train/loss": 1 / epoch, "select/score": epoch / 10 });
  return {
    id: "supcon-sprs",
    citation: "",
    prepare: (request: RunRequest) => ({
      identity: { made: "up", ...request, dataDir: undefined },
      data: {
        ...{ name: "d", digest: digits("d"), madeUp: true, source: "a rule", description: "made-up sounds" },
        hasPrintedTestSet: false,
      },
      split: { name: "d/11/honest", digest: digits("5"), leaks: ["1 of the 2 patients of test is also in train."] },
      inputs: [
        { name: "d/11/honest/train", role: "train", digest: digits("a"), examples: 30, patients: 2, classes: { Normal: 20, Adventitious: 10 } },
        { name: "d/11/honest/test/inter", role: "test", set: "inter", digest: digits("c"), examples: 15 },
      ], // biome-ignore format: a table
      settings: { epochs: 3, learningRate: 0.001 },
      reduced: "reduced budget: 3 epochs",
      async execute({ recorder, runFolder }) {
        const { seconds } = sittings.shift()!;
        for (const epoch of [1, 2, 3]) {
          if (epoch === 3 && sittings.length > 0) throw new Interrupted("stopped in epoch 3");
          recordEpoch(recorder, { epoch, seconds, metrics: perEpoch(epoch) });
        }
        const model = tf.sequential({ layers: [tf.layers.flatten({ inputShape }), tf.layers.dense({ units: 2 })] });
        const path_ = supconTestPath();
        saveModel(model, path.join(runFolder, "model"), preprocessingOf(path_, { inputShape, task: "d/11", labels }));
        model.dispose();
        const history = [1, 2, 3].map((epoch) => ({ epoch, seconds, metrics: perEpoch(epoch) }));
        return { ...result, epochs: 3, chosenEpoch: 2, seconds, history, tests: { inter } };
      },
    }),
  };
}

/** What MLflow's own client has of an experiment. */
const READ = `
import json, sys, tempfile, os, csv, mlflow
from mlflow.models import Model
mlflow.set_tracking_uri(sys.argv[1])
client = mlflow.MlflowClient()
experiment = client.get_experiment_by_name("supcon-sprs/table3")
def files(run, folder=None):
    return [f for item in client.list_artifacts(run, folder) for f in (files(run, item.path) if item.is_dir else [item.path])]
def seen(run):
    id = run.info.run_id
    return {"name": run.info.run_name, "status": run.info.status, "tags": run.data.tags, "params": run.data.params, "id": id,
      "history": {key: [[m.step, m.value if m.value == m.value else None] for m in client.get_metric_history(id, key)] for key in run.data.metrics},
      "inputs": [[i.dataset.name, i.dataset.digest, json.loads(i.dataset.profile), {t.key: t.value for t in i.tags}] for i in run.inputs.dataset_inputs],
      "outputs": [[o.model_id, o.step] for o in (run.outputs.model_outputs if run.outputs else [])], "files": files(id)}
runs = [seen(run) for run in client.search_runs([experiment.experiment_id])]
child = next(run for run in runs if "mlflow.parentRunId" in run["tags"])
with tempfile.TemporaryDirectory() as folder:
    table = list(csv.reader(open(client.download_artifacts(child["id"], "tables/confusion-inter.csv", folder))))
    readme = open(client.download_artifacts(child["id"], "README.md", folder)).read()
    models = []
    for model in mlflow.search_logged_models(experiment_ids=[experiment.experiment_id], output_format="list"):
        place = mlflow.artifacts.download_artifacts(model.artifact_location, dst_path=folder)
        loaded = Model.load(place)
        models.append({"id": model.model_id, "name": model.name, "status": str(model.status), "params": model.params, "files": sorted(os.listdir(place)),
          "flavors": list(loaded.flavors), "inputs": loaded.signature.inputs.to_dict(), "outputs": loaded.signature.outputs.to_dict(),
          "preprocessing": json.load(open(os.path.join(place, "preprocessing.json"))),
          "metrics": [[m.key, m.value, m.step, m.dataset_name, m.dataset_digest] for m in model.metrics]})
print(json.dumps({"experiment": experiment.tags, "runs": runs, "models": models, "table": table, "readme": readme}))
`;

interface Seen {
  experiment: Record<string, string>;
  runs: {
    name: string;
    id: string;
    status: string;
    tags: Record<string, string>;
    params: Record<string, string>;
    history: Record<string, [number, number][]>;
    inputs: [string, string, Record<string, unknown>, Record<string, string>][];
    outputs: [string, number][];
    files: string[];
  }[];
  models: {
    id: string;
    name: string;
    status: string;
    params: Record<string, string>;
    files: string[];
    flavors: string[];
    inputs: object[];
    outputs: object[];
    preprocessing: Record<string, unknown>;
    metrics: [string, number, number, string | null, string | null][];
  }[];
  table: string[][];
  readme: string;
}

const reason = mlflowProgram() ? "" : " (skipped: no mlflow program in AUSCULT_VENV or .venv)";

describe.skipIf(reason !== "")(`what a run records, read by MLflow's own client${reason}`, { timeout: 300_000 }, () => {
  let server: Awaited<ReturnType<typeof startServer>>;
  let seen: Seen;
  const child = () => seen.runs.find(({ tags }) => tags["mlflow.parentRunId"])!;
  const parent = () => seen.runs.find(({ tags }) => !tags["mlflow.parentRunId"])!;

  beforeAll(async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "auscult-tracked-"));
    server = await startServer(folder);
    vi.stubEnv("MLFLOW_TRACKING_URI", server.uri);
    vi.stubEnv("AUSCULT_MLRUNS", path.join(folder, "mlruns"));
    const entry = await findExperiment("supcon-sprs/table3");
    const common = { experiment: entry.id, row: "ResNet 18", task: "11", preset: "paper", profile: "smoke" } as const;
    const paper = paperWith([{ seconds: 4 }, { seconds: 5 }, { seconds: 6 }]);
    const run = planRun(paper, { ...common, protocol: "honest", seed: 3, dataDir: "/d" }, engineThreads);
    const warnings: string[] = [];
    const options = {
      signal: new AbortController().signal,
      onProgress: () => {},
      warn: (message: string) => void warnings.push(message),
    };
    await expect(executeRun(entry, run, options)).rejects.toThrow("stopped in epoch 3");
    await expect(executeRun(entry, run, options)).rejects.toThrow("stopped in epoch 3");
    await executeRun(entry, run, options);
    expect(warnings).toEqual([]);
    seen = python(READ, server.uri) as Seen;
  }, 300_000);
  afterAll(async () => {
    vi.unstubAllEnvs();
    await server?.stop();
  });

  test("one run below its row, of one name, with every tag by which people look for runs", () => {
    expect(seen.runs).toHaveLength(2);
    expect(child().tags["mlflow.parentRunId"]).toBe(parent().id);
    expect([parent().name, parent().status]).toEqual(["ResNet 18", "FINISHED"]);
    expect([child().name, child().status]).toEqual([
      "ResNet 18, task 11, honest, smoke, seed 3 (made-up sounds)",
      "FINISHED",
    ]);
    expect(parent().tags).toMatchObject({ paper: "supcon-sprs", experiment: "supcon-sprs/table3", row: "ResNet 18" });
    expect(child().tags).toMatchObject({
      ...{ paper: "supcon-sprs", experiment: "supcon-sprs/table3", row: "ResNet 18", task: "11", seed: "3" },
      ...{ protocol: "honest", preset: "paper", profile: "smoke", precision: "float32", madeUpSounds: "true" },
      ...{ data: digits("d"), split: digits("5"), reduced: "reduced budget: 3 epochs" },
      leaks: "1 of the 2 patients of test is also in train.",
      engine: expect.stringContaining("TensorFlow"),
      codeDirty: expect.stringMatching(/^(true|false|unknown)$/),
      testOpenings: "1",
    });
    const { codeRevision, codeDirty } = child().tags;
    expect(codeDirty).toBe(codeRevision === "unknown" ? "unknown" : String(codeRevision!.endsWith("+changes")));
    if (codeRevision !== "unknown")
      expect(child().tags["mlflow.source.git.commit"]).toMatch(new RegExp(`^${codeRevision!.slice(0, 12)}`));
    expect(child().params).toMatchObject({ epochs: "3", learningRate: "0.001", seed: "3" });
  });

  test("descriptions of run, row and experiment: citation, command, printed and ours, each caveat", () => {
    // With the spaces that MLflow's page does not set between cells.
    const noteOf = (tags: Record<string, string>) => tags["mlflow.note.content"]!.replaceAll("&emsp;|", " |");
    const note = noteOf(child().tags);
    expect(note.split("\n")[0]).toBe(
      "**Score 0.700** (0.680 to 0.720), leaking split, printed 0.708: not comparable (made-up sounds, other test set, other protocol, reduced budget)",
    );
    for (const words of [
      "Table III",
      "--seed 3",
      "Made-up sounds",
      "Leaking split: 1 of the 2",
      "Reduced budget: 3 epochs.",
    ])
      expect(note).toContain(words);
    expect(note).toContain("| printed (test2023) | 0.708 |");
    const row = noteOf(parent().tags);
    // Computed from the counts: SE 4 of 5 and SP 6 of 10 make AS 0.7, HS 0.6857, Score 0.6929.
    expect(row).toMatch(/\| honest, smoke, made-up sounds \| Task 1-1 \| 0\.708 \| 0\.693 \| .*leaking split/);
    expect(noteOf(seen.experiment)).toContain("| ResNet 18 | 0.708 | 0.576 | 0.557 | 0.443 |");
    expect(seen.experiment["mlflow.experimentKind"]).toBe("custom_model_development");
  });

  test("a point for each epoch and metric, though epochs were done again; final numbers at the chosen epoch", () => {
    const { history } = child();
    for (const [key, points] of Object.entries(history)) {
      const steps = points.map(([step]) => step);
      expect(new Set(steps).size, key).toBe(steps.length);
    }
    expect(history["train/loss"]).toEqual([[1, 1], [2, 0.5], [3, 1 / 3]]); // biome-ignore format: one line
    // As it was measured the first time.
    expect(history["time/epochSeconds"]).toEqual([[1, 4], [2, 4], [3, 6]]); // biome-ignore format: one line
    expect(history["summary/score"]).toEqual([[2, 0.7]]);
    expect(history["summary/inter/seHigh"]).toEqual([[2, 0.72]]);
    expect(history["summary/chosenEpoch"]).toEqual([[2, 2]]);
    expect(Object.keys(history).filter((key) => key.startsWith("test"))).toEqual([]);
  });

  test("data sets by role, with digests and counts; of test sets no classes", () => {
    expect(child().inputs.sort(([a], [b]) => (a < b ? -1 : 1))).toEqual([
      [
        "d/11/honest/test/inter",
        digits("c"),
        {
          examples: 15,
          data_digest: digits("d"),
          split_digest: digits("5"),
          caveats: expect.stringMatching(/^Leaking/),
        },
        { "mlflow.data.context": "test" },
      ],
      [
        "d/11/honest/train",
        digits("a"),
        expect.objectContaining({ examples: 30, patients: 2, Normal: 20, Adventitious: 10 }),
        { "mlflow.data.context": "train" },
      ],
    ]);
  });

  test("artefacts: an index, the result, pictures, tables", () => {
    const { files } = child();
    for (const file of files.filter((name) => name !== "README.md")) expect(seen.readme).toContain(`| ${file} |`);
    expect(files).toEqual(
      expect.arrayContaining([
        ...["README.md", "result.json", "figures/confusion-inter.svg", "figures/curves-score.svg", "tables/scores.csv"],
        ...["tables/epochs.csv", "tables/examples.csv", "tables/per-class-inter.csv", "tables/per-patient-inter.csv"],
      ]),
    );
    expect(seen.readme).toContain("# ResNet 18, task 11, honest, smoke, seed 3 (made-up sounds)");
    expect(seen.table).toEqual([
      ["true class", "items", "as Normal", "as Adventitious", "share as Normal", "share as Adventitious"],
      ["Normal", "10", "6", "4", "0.6", "0.4"],
      ["Adventitious", "5", "1", "4", "0.2", "0.8"],
    ]);
  });

  test("one logged model that MLflow reads: preprocessing, signature, numbers on their data sets", () => {
    expect(seen.models).toHaveLength(1);
    const [model] = seen.models;
    expect(child().outputs).toEqual([[model!.id, 2]]);
    expect(model).toMatchObject({
      name: "ResNet 18, task 11, honest, smoke, seed 3 (made-up sounds)",
      status: expect.stringContaining("READY"),
      params: { epoch: "2", parameters: "11171266", task: "11" },
      files: ["MLmodel", "model.json", "preprocessing.json", "weights.safetensors"],
      flavors: ["auscult-tfjs-layers"],
      inputs: [{ type: "tensor", "tensor-spec": { dtype: "float32", shape: [-1, 2, 3, 1] } }],
      outputs: [{ type: "tensor", "tensor-spec": { dtype: "float32", shape: [-1, 2] } }],
    });
    expect(model!.preprocessing).toMatchObject({
      ...{ format: 1, recipe: "supcon-sprs", sampleRateHz: 8000, labels, inputShape, task: "d/11" },
      alignment: { frames: 187, longer: "centre", shorter: "zeros on both sides" },
      frontEnd: { name: "supcon-sprs/mfcc", rows: 64, channels: 1, digest: expect.stringMatching(/^[0-9a-f]{32}$/) },
    });
    const of = (key: string) => model!.metrics.filter(([name]) => name === key);
    expect(of("summary/inter/score")).toEqual([["summary/inter/score", 0.7, 2, "d/11/honest/test/inter", digits("c")]]);
    expect(of("summary/score")).toEqual([["summary/score", 0.7, 2, null, null]]);
    // What is no number is told by the run alone.
    expect(of("summary/inter/auc")).toEqual([]);
  });

  test("a machine that has nothing of it fetches its record, as it was written, and reports it", async () => {
    const own = process.env.AUSCULT_MLRUNS!;
    const { runId } = child().tags;
    const written = readFileSync(path.join(own, "runs", runId!, "result.json"), "utf8");
    vi.stubEnv("AUSCULT_MLRUNS", mkdtempSync(path.join(tmpdir(), "auscult-fetched-")));
    try {
      const warnings: string[] = [];
      const asked = {
        client: new MlflowClient(parseTrackingUri(server.uri)),
        ids: ["supcon-sprs/table3", "supcon-sprs/table1"],
        warn: (message: string) => void warnings.push(message),
      };
      expect(await fetchTrackedRecords({ ...asked, known: new Set([runId!]) })).toEqual([]);
      expect(await fetchTrackedRecords({ ...asked, known: new Set() })).toEqual([runId]);
      expect(warnings).toEqual([]);
      expect(readFileSync(path.join(process.env.AUSCULT_MLRUNS!, "fetched", `${runId}.json`), "utf8")).toBe(written);
      const summary = allSummaries(() => {}).find((one) => one.runId === runId)!;
      expect(wholeRecord(summary).result.history).toHaveLength(3);
    } finally {
      vi.stubEnv("AUSCULT_MLRUNS", own);
    }
  });

  test("nothing was refused on the way", () => {
    const folder = path.join(process.env.AUSCULT_MLRUNS!, "runs", child().tags.runId!, "tracking");
    const { servers } = JSON.parse(readFileSync(path.join(folder, "sent.json"), "utf8")) as {
      servers: Record<string, { rejected: number }>;
    };
    expect(Object.values(servers).map(({ rejected }) => rejected)).toEqual([0]);
  });
});
