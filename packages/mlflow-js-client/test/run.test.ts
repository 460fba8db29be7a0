import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { MlflowClient } from "../src/client.js";
import { createMlflow, type Mlflow } from "../src/mlflow.js";
import type { MlflowOptions } from "../src/run/runOptions.js";
import { syncSpools } from "../src/sending/syncSpools.js";
import { type FaultyProxy, mlflowProgram, python, startProxy, startServer, temporaryFolder } from "./support.js";

const program = mlflowProgram();
const reason = program ? "" : " (skipped: no mlflow program in AUSCULT_VENV or .venv)";

/** A PNG of one pixel. */
const png = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

/** What MLflow's own client makes of a run: its table by `load_table`, its model by `get_logged_model`. */
const readBack = `
import sys, json, mlflow
mlflow.set_tracking_uri(sys.argv[1])
client = mlflow.MlflowClient()
run = client.get_run(sys.argv[2])
def walk(path=None):
  for a in client.list_artifacts(run.info.run_id, path):
    if a.is_dir: yield from walk(a.path)
    else: yield a.path
text = lambda p: open(mlflow.artifacts.download_artifacts(run_id=run.info.run_id, artifact_path=p), encoding="utf8").read()
table = client.load_table(run.info.experiment_id, "tables/t.json", run_ids=[run.info.run_id])
models = client.search_logged_models(experiment_ids=[run.info.experiment_id])
mine = [m for m in models if m.source_run_id == run.info.run_id]
model_dir = mlflow.artifacts.download_artifacts(artifact_uri=mine[0].artifact_location)
from mlflow.models import Model
print(json.dumps({
  "status": run.info.status, "name": run.info.run_name, "experiment": client.get_experiment(run.info.experiment_id).name,
  "params": run.data.params, "tags": run.data.tags,
  "history": {k: [[m.step, repr(m.value)] for m in client.get_metric_history(run.info.run_id, k)] for k in run.data.metrics},
  "times": [m.timestamp for m in client.get_metric_history(run.info.run_id, "timed")],
  "inputs": [[i.dataset.name, i.dataset.digest, {t.key: t.value for t in i.tags}] for i in run.inputs.dataset_inputs],
  "artifacts": sorted(walk()),
  "note": text("notes/why.md"), "json": json.loads(text("c.json")), "html": text("page.html"),
  "table": json.loads(table.to_json(orient="split", index=False)),
  "models": [[m.name, m.model_type, m.status.value, m.params, m.tags.get("kind")] for m in mine],
  "flavors": Model.load(model_dir).flavors,
  "outputs": [o.model_id == mine[0].model_id for o in run.outputs.model_outputs],
}))
`;

describe.skipIf(!program)(`runs against a real server${reason}`, () => {
  const place = temporaryFolder();
  const spools = path.join(place.folder, "spools");
  let server: Awaited<ReturnType<typeof startServer>>;
  let proxy: FaultyProxy;
  let client: MlflowClient;

  beforeAll(async () => {
    server = await startServer(place.folder);
    proxy = await startProxy(server.uri);
    client = new MlflowClient({ uri: server.uri });
  });
  afterEach(() => {
    proxy.fault = () => "pass";
  });
  afterAll(async () => {
    await proxy?.close();
    await server?.stop();
    place.remove();
  });

  const newMlflow = (options: MlflowOptions = {}): Mlflow =>
    createMlflow({ trackingUri: server.uri, folder: spools, experiment: "runs", environment: {}, ...options });

  const parentOf = async (runId: string) =>
    (await client.getRun(runId)).data.tags!.find(({ key }) => key === "mlflow.parentRunId")?.value;

  it("MLflow's own client reads back everything that a run logged", async () => {
    const folder = path.join(place.folder, "results");
    mkdirSync(path.join(folder, "deep"), { recursive: true });
    writeFileSync(path.join(folder, "a.txt"), "one");
    writeFileSync(path.join(folder, "deep", "b.bin"), new Uint8Array(200_000));
    const mlflow = newMlflow();
    const runId = await mlflow.withRun(
      { name: "all of it", experiment: "other", tags: { fold: 3, clean: true }, description: "# Why" },
      async (run) => {
        run.logParams({ lr: 1e-3, depth: 18, "opt/name": "Adam", big: 10n ** 20n, amsgrad: false });
        run.logParam("depth", "18");
        for (let step = 1; step <= 3; step++) run.logMetric("train/loss", 1 / step, step);
        run.logMetrics({ nan: Number.NaN, up: Number.POSITIVE_INFINITY }, { step: -2 });
        run.logMetric("timed", 7, { step: 5, timestamp: 1_700_000_000_123 });
        run.setTag("fold", "three");
        run.logInput({ name: "made-up", digest: "0123", source: "drawn by a rule", context: "train" });
        run.logInput({ name: "made-up", digest: "0123", source: "drawn by a rule", context: "train" });
        run.logText("größer\n", "notes/why.md");
        run.logJson({ a: [1, null] }, "c.json");
        run.logHtml("<h1>π</h1>", "page.html");
        run.logTable({ name: ["a", "b"], score: Float32Array.of(0.5, Number.NaN) }, "tables/t.json");
        run.logTable([{ name: "c", at: new Date(0) }], "tables/t.json");
        run.logImage(png, "figures/one.png");
        run.logImage(png, { key: "grad/cam", step: 4, timestamp: 5 });
        writeFileSync(path.join(place.folder, "changing.txt"), "first");
        run.logArtifact(path.join(place.folder, "changing.txt"), "kept");
        writeFileSync(path.join(place.folder, "changing.txt"), "second");
        run.logArtifacts(folder, "results");
        const files = { "model.json": Buffer.from("{}"), "weights/w.bin": path.join(folder, "deep", "b.bin") };
        const flavors = { tfjs: { format: "layers-model" } };
        run.logModel({ name: "net", type: "tfjs", files, params: { depth: 18 }, tags: { kind: "best" }, flavors });
        const result = await run.flush();
        expect(result).toMatchObject({ pending: 0, rejected: [], runId: await run.id() });
        expect(result.problem).toBeUndefined();
        // Each call that logged something, the making of the run among them; tables and stepped images are two or three.
        expect(result.arrived).toBe(1 + 1 + 3 + 1 + 1 + 1 + 1 + 3 + (1 + 1) + 1 + 1 + (2 + 1) + 1 + 2 + 1);
        return run.id();
      },
    );
    await mlflow.flush();
    const read = python(readBack, server.uri, runId) as Record<string, never> & { artifacts: string[] };
    const images = read.artifacts.filter((name) => name.startsWith("images/"));
    expect(images).toEqual([
      expect.stringMatching(/^images\/grad~cam\+step\+4\+timestamp\+5\+[0-9a-f-]{36}\+compressed\.webp$/),
      expect.stringMatching(/^images\/grad~cam\+step\+4\+timestamp\+5\+[0-9a-f-]{36}\.png$/),
    ]);
    expect({ ...read, artifacts: read.artifacts.filter((name) => !name.startsWith("images/")) }).toEqual({
      status: "FINISHED",
      name: "all of it",
      experiment: "other",
      params: { lr: "0.001", depth: "18", "opt/name": "Adam", big: "100000000000000000000", amsgrad: "false" },
      tags: expect.objectContaining({
        fold: "three",
        clean: "true",
        "mlflow.note.content": "# Why",
        "mlflow.source.type": "LOCAL",
        "mlflow.source.git.commit": expect.stringMatching(/^[0-9a-f]{40}$/),
        "mlflow.source.git.dirty": expect.stringMatching(/^(true|false)$/),
        "mlflow.loggedArtifacts": '[{"path":"tables/t.json","type":"table"}]',
        "mlflow.loggedImages": "True",
      }),
      history: {
        "train/loss": [
          [1, "1.0"],
          [2, "0.5"],
          [3, "0.3333333333333333"],
        ],
        nan: [[-2, "nan"]],
        up: [[-2, "1.7976931348623157e+308"]],
        timed: [[5, "7.0"]],
      },
      times: [1_700_000_000_123],
      inputs: [["made-up", "0123", { "mlflow.data.context": "train" }]],
      artifacts: [
        "c.json",
        "figures/one.png",
        "kept/changing.txt",
        "notes/why.md",
        "page.html",
        "results/a.txt",
        "results/deep/b.bin",
        "tables/t.json",
      ],
      note: "größer\n",
      json: { a: [1, null] },
      html: "<h1>π</h1>",
      table: {
        columns: ["name", "score", "at"],
        data: [
          ["a", 0.5, null],
          ["b", null, null],
          ["c", null, "1970-01-01T00:00:00.000Z"],
        ],
      },
      models: [["net", "tfjs", "READY", { depth: "18" }, "best"]],
      flavors: { tfjs: { format: "layers-model" } },
      outputs: [true],
    });
    const { artifact_uri } = (await client.getRun(runId)).info;
    expect(Buffer.from(await client.artifacts.download(artifact_uri, "kept/changing.txt")).toString()).toBe("first");
  });

  it("runs inside runs are their children, whoever sends first", async () => {
    const mlflow = newMlflow({ sending: "inline" });
    const ids = await mlflow.withRun({ name: "outer", experiment: "nested" }, async (outer) => {
      expect(mlflow.activeRun()).toBe(outer);
      const inner = await mlflow.withRun({ name: "inner" }, async (run) => {
        expect(mlflow.activeRun()).toBe(run);
        return mlflow.withRun({ name: "innermost" }, async (deepest) => [await run.id(), await deepest.id()]);
      });
      const alone = mlflow.startRun({ name: "alone", nested: false });
      const child = outer.child({ name: "child" });
      const two = await Promise.all([alone.id(), child.id()]);
      alone.end();
      child.end("KILLED");
      return [await outer.id(), ...inner, ...two] as [string, string, string, string, string];
    });
    expect(mlflow.activeRun()).toBeUndefined();
    await mlflow.flush();
    const [outer, inner, innermost, alone, child] = ids;
    expect(await Promise.all(ids.map(parentOf))).toEqual([undefined, outer, inner, undefined, outer]);
    const { info } = await client.getRun(child);
    expect(info.status).toBe("KILLED");
    // The children stand in their parent's experiment.
    expect(
      new Set(
        await Promise.all([outer, innermost, child].map(async (id) => (await client.getRun(id)).info.experiment_id)),
      ).size,
    ).toBe(1);
    expect(await parentOf(alone)).toBeUndefined();
  });

  it("a body that throws fails the run, and its error is thrown on", async () => {
    const mlflow = newMlflow();
    let id = "";
    const body = mlflow.withRun({ name: "fails" }, async (run) => {
      id = await run.id();
      throw new TypeError("not a number\0", { cause: new Error("the cause") });
    });
    await expect(body).rejects.toThrow(TypeError);
    await mlflow.flush();
    const { info, data } = await client.getRun(id);
    expect(info.status).toBe("FAILED");
    expect(data.tags).toContainEqual({ key: "error", value: "TypeError: not a number" });
    const text = Buffer.from(await client.artifacts.download(info.artifact_uri, "error.txt")).toString();
    expect(text).toMatch(/TypeError: not a number\n\s+at [\s\S]*the cause/);
  });

  it("flush says what arrived, what waits and why, and what was refused", async () => {
    const mlflow = newMlflow({ trackingUri: proxy.uri, sending: "inline", keep: true });
    proxy.fault = () => "drop";
    const run = mlflow.startRun({ name: "truth" });
    run.logParam("p", 1);
    const away = await run.flush({ timeoutMs: 700 });
    expect(away).toMatchObject({ arrived: 0, pending: 2, rejected: [], problem: expect.any(String) });
    expect(run.runId).toBeUndefined();
    await expect(run.id({ timeoutMs: 300 })).rejects.toThrow(/run "truth" is not on the server yet: /);
    proxy.fault = () => "pass";
    const there = await run.flush();
    const ids = { runId: run.runId, experimentId: expect.any(String) };
    expect(there).toEqual({ arrived: 2, pending: 0, damaged: 0, rejected: [], ...ids });
    // Someone else logs the parameter first: the server refuses this one's value.
    await client.logBatch(run.runId!, { params: [{ key: "clash", value: "theirs" }] });
    run.logParams({ clash: "ours", fine: "yes" });
    run.end();
    const last = await run.flush();
    expect(last).toMatchObject({ arrived: 4, pending: 0 });
    expect(last.rejected).toEqual([{ what: expect.objectContaining({}), why: expect.stringMatching(/clash/) }]);
    expect((await client.getRun(run.runId!)).data.params).toContainEqual({ key: "fine", value: "yes" });
  });

  it("goes on with a run by its folder: nothing is doubled, nothing lost", async () => {
    const mlflow = newMlflow({ sending: "none", keep: true });
    const first = mlflow.startRun({ name: "resumed" });
    first.logParam("lr", 0.1);
    for (let step = 1; step <= 5; step++) first.logMetrics({ loss: 1 / step, odd: step % 2 }, step);
    first.end("KILLED");
    await syncSpools({ folders: [first.folder], trackingUri: server.uri, environment: {} });
    const second = await mlflow.resumeRun({ folder: first.folder });
    expect([second.lastStep("loss"), second.lastStep(), second.lastStep("other")]).toEqual([5, 5, undefined]);
    second.logParam("lr", 0.1);
    expect(() => second.logParam("lr", 0.2)).toThrow(/parameter "lr": it was logged as "0.1" and cannot become "0.2"/);
    // The last two steps are done once more, as from a checkpoint, then two new ones.
    for (let step = 4; step <= 7; step++) second.logMetrics({ loss: 1 / step, odd: step % 2 }, step);
    second.end();
    expect((await second.flush()).problem).toMatch(/nothing is sent by this process/);
    const [sent] = await syncSpools({ folders: [first.folder], trackingUri: server.uri, environment: {} });
    const history = await client.metricHistory(sent!.runId!, "loss");
    expect(history.map(({ step, value }) => [step, value])).toEqual(
      [1, 2, 3, 4, 5, 6, 7].map((step) => [step, 1 / step]),
    );
    expect(await client.metricHistory(sent!.runId!, "odd")).toHaveLength(7);
    expect((await client.getRun(sent!.runId!)).info.status).toBe("FINISHED");
  });

  it("goes on with a run by its id, from another machine: the server knows how far it came", async () => {
    const mlflow = newMlflow();
    const first = mlflow.startRun({ name: "elsewhere" });
    for (let step = 1; step <= 3; step++) first.logMetric("loss", step, step);
    first.logMetric("loss", Number.NaN, 4);
    first.logTable({ a: [1] }, "t.json");
    const runId = await first.id();
    first.end("FAILED");
    await first.flush();
    const other = newMlflow({ folder: path.join(place.folder, "other machine"), sending: "inline" });
    const second = await other.resumeRun({ runId, tags: { again: 1 } });
    expect(second.runId).toBe(runId);
    expect(second.lastStep("loss")).toBe(4);
    for (let step = 3; step <= 5; step++) second.logMetric("loss", step === 4 ? Number.NaN : step, step);
    expect(() => second.logTable({ a: [2] }, "t.json")).toThrow(/would be replaced/);
    const child = second.child({ name: "late child" });
    child.end();
    const open = await second.flush();
    expect(open).toMatchObject({ pending: 0, runId });
    expect((await client.getRun(runId)).info.status).toBe("RUNNING");
    second.end();
    await child.flush();
    await second.flush();
    expect((await client.metricHistory(runId, "loss")).map(({ step }) => step)).toEqual([1, 2, 3, 4, 5]);
    expect((await client.getRun(runId)).info.status).toBe("FINISHED");
    expect(await parentOf(await child.id())).toBe(runId);
    await expect(other.resumeRun({ runId: "0".repeat(32) })).rejects.toMatchObject({ status: 404 });
  });

  it.each(["process", "inline"] as const)(
    "goes on at any moment after an end, while its folder may be removed (%s)",
    async (sending) => {
      const mlflow = newMlflow({ folder: path.join(place.folder, `moments ${sending}`), sending });
      const first = mlflow.startRun({ name: "moments" });
      first.logMetric("m", 0, 0);
      const runId = await first.id();
      first.end();
      // The sending looks each 250 to 500 ms whether all has arrived.
      for (let life = 1; life <= 8; life++) {
        await new Promise((resolve) => setTimeout(resolve, 60 * life));
        const run = await mlflow.resumeRun({ runId });
        expect(run.lastStep("m")).toBe(life - 1);
        run.logMetric("m", life, life);
        if (life % 2 === 0) expect(await run.flush()).toMatchObject({ pending: 0, runId });
        run.end();
      }
      for (const { problem } of await mlflow.flush()) expect(problem).toBeUndefined();
      const points = await client.metricHistory(runId, "m");
      expect(points.map(({ step }) => step)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
      for (const until = Date.now() + 10_000; ; await new Promise((resolve) => setTimeout(resolve, 50))) {
        if ((await client.getRun(runId)).info.status === "FINISHED" || Date.now() > until) break;
      }
      expect((await client.getRun(runId)).info.status).toBe("FINISHED");
    },
  );

  it("a child of a run that is known by its id alone is nested in it, in its experiment", async () => {
    const first = newMlflow().startRun({ name: "known by id", experiment: "of a parent" });
    const runId = await first.id();
    first.end();
    await first.flush();
    const parent = newMlflow({ folder: path.join(place.folder, "elsewhere") }).startRun({ runId });
    const child = parent.child({ name: "child" });
    const grandchild = child.child({ name: "grandchild" });
    const [childId, grandchildId] = [await child.id(), await grandchild.id()];
    expect(await Promise.all([childId, grandchildId].map(parentOf))).toEqual([runId, childId]);
    const experiments = await Promise.all(
      [runId, childId, grandchildId].map(async (id) => (await client.getRun(id)).info.experiment_id),
    );
    expect(new Set(experiments).size).toBe(1);
    for (const run of [grandchild, child, parent]) run.end();
  });

  it("MLFLOW_RUN_ID, _EXPERIMENT_NAME and _EXPERIMENT_ID count as with Python", async () => {
    const { experiment_id } = await client.getOrCreateExperiment("by name");
    const environment: Record<string, string> = { MLFLOW_TRACKING_URI: server.uri, MLFLOW_JS_SPOOL: spools };
    const start = (more: object) => createMlflow({ environment: { ...environment, ...more }, sending: "inline" });
    const experimentOf = async (mlflow: Mlflow): Promise<string | undefined> =>
      mlflow.withRun(async (run) => (await client.getRun(await run.id())).info.experiment_id);
    expect(await experimentOf(start({ MLFLOW_EXPERIMENT_NAME: "by name", MLFLOW_EXPERIMENT_ID: "0" }))).toBe(
      experiment_id,
    );
    expect(await experimentOf(start({ MLFLOW_EXPERIMENT_ID: experiment_id }))).toBe(experiment_id);
    expect(await experimentOf(start({}))).toBe("0");
    const made = await client.createRun({ experimentId: experiment_id, name: "made before" });
    const named = start({ MLFLOW_RUN_ID: made.info.run_id });
    expect(await named.withRun((run) => run.id())).toBe(made.info.run_id);
    expect(await named.withRun((run) => run.id())).not.toBe(made.info.run_id);
  });

  it("logs the use of the machine where it is asked to, and goes on counting when resumed", async () => {
    const environment = {
      MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING: "true",
      MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL: "0.05",
    };
    const mlflow = newMlflow({ environment, sending: "none", keep: true });
    const key = "system/system_memory_usage_percentage";
    const steps = async (atLeast: number, run: ReturnType<Mlflow["startRun"]>): Promise<void> => {
      while ((run.lastStep(key) ?? -1) < atLeast) await new Promise((resolve) => setTimeout(resolve, 20));
      run.end();
    };
    const first = mlflow.startRun({ name: "machine" });
    await steps(2, first);
    await steps(5, await mlflow.resumeRun({ folder: first.folder }));
    const last = first.lastStep(key)!;
    const [sent] = await syncSpools({ folders: [first.folder], trackingUri: server.uri, environment: {} });
    const points = await client.metricHistory(sent!.runId!, key);
    expect(points.map(({ step }) => step)).toEqual(Array.from(points, (_, step) => step));
    expect(points.length).toBeGreaterThan(Math.max(5, last));
    for (const { value } of points) expect(value > 0 && value < 100).toBe(true);
  });

  it("folders of runs that arrived are removed, others stay and are told", async () => {
    const folder = path.join(place.folder, "tidy");
    const mlflow = newMlflow({ folder, sending: "inline" });
    await mlflow.withRun({ name: "arrives" }, (run) => run.logMetric("m", 1));
    const [result] = await mlflow.flush();
    expect(result).toMatchObject({ arrived: 3, pending: 0 });
    // The sending sees within its interval that all is there.
    for (const until = Date.now() + 10_000; readdirSync(folder).length > 0 && Date.now() < until; )
      await new Promise((resolve) => setTimeout(resolve, 50));
    expect(readdirSync(folder)).toEqual([]);
    expect(await result!.run.flush()).toMatchObject({ arrived: 3, pending: 0, runId: result!.runId });
    const kept = newMlflow({ folder, sending: "none", keep: true }).startRun({ name: "kept" });
    const waits = newMlflow({ folder, sending: "none" }).startRun({ name: "waits" });
    waits.end();
    kept.end();
    const sent = await syncSpools({ environment: { MLFLOW_JS_SPOOL: folder, MLFLOW_TRACKING_URI: server.uri } });
    expect(sent.map(({ pending, removed }) => [pending, removed])).toEqual([
      [0, false],
      [0, true],
    ]);
    expect(existsSync(kept.folder) && !existsSync(waits.folder)).toBe(true);
    const elsewhere = { MLFLOW_JS_SPOOL: folder, MLFLOW_TRACKING_URI: "http://127.0.0.1:9" };
    expect(await syncSpools({ environment: elsewhere })).toMatchObject([
      { skipped: `it was written for ${server.uri}` },
    ]);
  });

  it("secrets of a connection are nowhere on disk", async () => {
    const folder = path.join(place.folder, "secret");
    const uri = server.uri.replace("http://", "http://ann:pa55word@");
    const mlflow = newMlflow({ folder, trackingUri: uri, keep: true });
    const run = mlflow.startRun({ name: "secret" });
    await run.id();
    run.end();
    await mlflow.flush();
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(files.length).toBeGreaterThan(2);
    for (const file of files)
      expect(readFileSync(path.join(file.parentPath, file.name), "latin1")).not.toMatch(/pa55word/);
  });
});
