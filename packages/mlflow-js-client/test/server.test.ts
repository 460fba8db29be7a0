import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { creationKeyTag, MlflowClient } from "../src/client.js";
import { Sender } from "../src/sender.js";
import { readWholeSpool, Spool } from "../src/spool.js";
import { type FaultyProxy, mlflowProgram, python, startProxy, startServer, temporaryFolder } from "./support.js";

const program = mlflowProgram();
const reason = program ? "" : " (skipped: no mlflow program in AUSCULT_VENV or .venv)";

/** What MLflow's own client makes of a run. */
const readBack = `
import sys, json, mlflow
client = mlflow.MlflowClient(tracking_uri=sys.argv[1])
run = client.get_run(sys.argv[2])
mlflow.set_tracking_uri(sys.argv[1])
print(json.dumps({
  "status": run.info.status, "name": run.info.run_name, "end": run.info.end_time,
  "params": run.data.params, "tags": run.data.tags,
  "history": {k: [[m.step, repr(m.value), m.timestamp] for m in client.get_metric_history(run.info.run_id, k)] for k in run.data.metrics},
  "inputs": [[i.dataset.name, i.dataset.digest, i.dataset.source, {t.key: t.value for t in i.tags}] for i in run.inputs.dataset_inputs],
  "artifacts": [[a.path, a.is_dir, a.file_size] for a in client.list_artifacts(run.info.run_id) + client.list_artifacts(run.info.run_id, "plots")],
  "text": open(mlflow.artifacts.download_artifacts(run_id=run.info.run_id, artifact_path="plots/ä b.txt"), encoding="utf8").read(),
  "models": [[m.name, m.status.value, m.source_run_id, m.params] for m in client.search_logged_models(experiment_ids=[run.info.experiment_id])],
}))
`;

describe.skipIf(!program)(`against a real server${reason}`, () => {
  const place = temporaryFolder();
  let server: Awaited<ReturnType<typeof startServer>>;
  let proxy: FaultyProxy;
  let client: MlflowClient;

  beforeAll(async () => {
    server = await startServer(place.folder);
    proxy = await startProxy(server.uri);
    client = new MlflowClient({ uri: server.uri });
  });
  afterAll(async () => {
    await proxy?.close();
    await server?.stop();
    place.remove();
  });

  /** A run folder with a spool that names a run. */
  function newSpool(name: string): { runFolder: string; folder: string; spool: Spool } {
    const runFolder = path.join(place.folder, "runs", name);
    const folder = path.join(runFolder, "tracking");
    mkdirSync(folder, { recursive: true });
    const spool = new Spool(folder);
    spool.append({ kind: "create", time: Date.now(), key: `key-${name}`, experiment: "main", name, tags: { a: "b" } });
    return { runFolder, folder, spool };
  }

  it("MLflow's own client reads back what a spool held", async () => {
    const { runFolder, folder, spool } = newSpool("read back");
    writeFileSync(path.join(runFolder, "t.txt"), "größer");
    writeFileSync(path.join(runFolder, "weights.bin"), new Uint8Array(3_000_000).fill(7));
    spool.append({ kind: "params", values: { lr: "0.001", "opt/name": "Adam", long: "漢".repeat(6000), empty: "" } });
    spool.append({ kind: "tags", values: { "mlflow.note.content": "# Title", long: "x".repeat(8000) } });
    const values = {
      loss: 0.1,
      third: 1 / 3,
      "a b:c-d_e.f": -0,
      nan: "NaN",
      inf: "Infinity",
      neg: "-Infinity",
    } as const;
    spool.append({ kind: "metrics", time: 1_700_000_000_001, step: 1, values });
    spool.append({ kind: "metrics", time: 1_700_000_000_002, step: 2, values: { loss: 5e-324 } });
    const dataset = { name: "made-up", digest: "0123", source: "drawn by a rule", context: "train", profile: { n: 3 } };
    spool.append({ kind: "dataset", dataset });
    spool.append({ kind: "artifact", file: "t.txt", path: "plots/ä b.txt" });
    spool.append({ kind: "artifact", file: "weights.bin", path: "weights.bin" });
    const files = [{ file: "weights.bin", path: "data/weights.bin" }];
    spool.append({ kind: "model", model: { key: "m1", name: "net", params: { depth: "18" }, files } });
    spool.append({ kind: "end", time: Date.now() + 1000, status: "FINISHED" });
    const result = await new Sender({ folder, client }).send();
    expect(result).toMatchObject({ pending: 0, rejected: 0, sent: 10 });
    expect(result.problem).toBeUndefined();

    const read = python(readBack, server.uri, result.runId!) as Record<string, never>;
    expect(read).toMatchObject({
      status: "FINISHED",
      name: "read back",
      params: { lr: "0.001", "opt/name": "Adam", long: "漢".repeat(6000), empty: "" },
      tags: { a: "b", "mlflow.note.content": "# Title", long: "x".repeat(8000), [creationKeyTag]: "key-read back" },
      history: {
        loss: [
          [1, "0.1", 1_700_000_000_001],
          [2, "5e-324", 1_700_000_000_002],
        ],
        third: [[1, "0.3333333333333333", 1_700_000_000_001]],
        "a b:c-d_e.f": [[1, expect.stringMatching(/^-?0.0$/), 1_700_000_000_001]],
        nan: [[1, "nan", 1_700_000_000_001]],
        inf: [[1, "1.7976931348623157e+308", 1_700_000_000_001]],
        neg: [[1, "-1.7976931348623157e+308", 1_700_000_000_001]],
      },
      inputs: [["made-up", "0123", '{"uri":"drawn by a rule"}', { "mlflow.data.context": "train" }]],
      artifacts: [
        ["plots", true, null],
        ["weights.bin", false, 3_000_000],
        ["plots/ä b.txt", false, 8],
      ],
      text: "größer",
      models: [["net", "READY", result.runId, { depth: "18" }]],
    });

    // The same spool sent once more from its beginning: nothing is doubled.
    const again = await new Sender({ folder, client, server: "another name" }).send();
    expect(again).toMatchObject({ pending: 0, rejected: 0, runId: result.runId });
    expect(python(readBack, server.uri, result.runId!)).toEqual(read);
    const uri = (await client.getRun(result.runId!)).info.artifact_uri;
    expect(Buffer.from(await client.artifacts.download(uri, "plots/ä b.txt")).toString()).toBe("größer");
    expect(await client.metricHistory(result.runId!, "inf")).toEqual([
      { key: "inf", value: Infinity, timestamp: 1_700_000_000_001, step: 1 },
    ]);
  });

  it("goes on after drops, 500 as HTML, lost answers and 429; order and numbers stay", async () => {
    const { folder, spool } = newSpool("faults");
    for (let step = 1; step <= 3000; step++)
      spool.append({ kind: "metrics", time: step, step, values: { a: step, b: -step } });
    spool.append({ kind: "end", time: 3001, status: "FINISHED" });
    let request = 0;
    const html = { status: 500, body: "<html><h1>Internal Server Error</h1></html>" };
    const faults = ["drop", html, "loseAnswer", { status: 429, body: "", headers: { "retry-after": "0" } }] as const;
    // Three requests pass, one fails: each kind in turn.
    proxy.fault = () => (++request % 4 === 0 ? faults[(request / 4) % 4]! : "pass");
    const faulty = new MlflowClient({ uri: proxy.uri }, { attempts: 1 });
    let problems = 0;
    let sent = 0;
    for (let pass = 0; pass < 200; pass++) {
      const result = await new Sender({ folder, client: faulty }).send();
      sent += result.sent;
      if (!result.problem) break;
      problems++;
      expect(result.problem).toMatch(/UND_ERR_SOCKET|ECONNRESET|other side closed|Internal Server Error|\(429\)/);
    }
    proxy.fault = () => "pass";
    expect(problems).toBeGreaterThanOrEqual(4);
    expect(sent).toBe(3002);
    const { runId } = await new Sender({ folder, client: faulty }).send();
    for (const [key, sign] of [
      ["a", 1],
      ["b", -1],
    ] as const) {
      const points = (await client.metricHistory(runId!, key)).sort((x, y) => x.step - y.step);
      expect(points.map((point) => point.value * sign)).toEqual(Array.from({ length: 3000 }, (_, i) => i + 1));
    }
    const away = new MlflowClient({ uri: "http://127.0.0.1:9" }, { attempts: 1 });
    const result = await new Sender({ folder, client: away, server: "away" }).send();
    expect(result).toMatchObject({ sent: 0, pending: 3002 });
    expect(result.problem).toMatch(/GET http:\/\/127\.0\.0\.1:9\/.*: /);
  });

  it("a writer that is killed between points loses none that it had logged, and none arrives twice", async () => {
    const { folder, spool } = newSpool("killed");
    spool.close();
    const dist = fileURLToPath(new URL("../dist/index.js", import.meta.url));
    // Says each step only after `append` has returned; every life repeats nothing and goes on where the spool ends.
    const script = `
      import { Spool, readWholeSpool } from ${JSON.stringify(dist)};
      import { writeSync } from "node:fs";
      const folder = ${JSON.stringify(folder)};
      const spool = new Spool(folder);
      let step = readWholeSpool(spool.file).records.filter((r) => r.kind === "metrics").length;
      for (;;) { step++; spool.append({ kind: "metrics", time: step, step, values: { m: step } }); writeSync(1, step + "\\n"); }`;
    let said = 0;
    // The delays in milliseconds from the first point to the kill are fixed: 2, 11, 23, 5, 17.
    for (const delay of [2, 11, 23, 5, 17]) {
      const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      let output = "";
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        if (output === "") setTimeout(() => child.kill("SIGKILL"), delay);
        output += text;
      });
      await new Promise((resolve) => child.once("close", resolve));
      said = Number(output.slice(0, output.lastIndexOf("\n")).split("\n").at(-1));
      const inSpool = readWholeSpool(path.join(folder, "spool.jsonl")).records.length - 1;
      expect(inSpool).toBeGreaterThanOrEqual(said);
      await new Sender({ folder, client }).send();
    }
    const { runId, pending } = await new Sender({ folder, client }).send();
    expect(pending).toBe(0);
    const steps = (await client.metricHistory(runId!, "m")).map((point) => point.step).sort((a, b) => a - b);
    expect(steps.length).toBeGreaterThanOrEqual(said);
    expect(steps).toEqual(steps.map((_, i) => i + 1));
    // Its writer is dead and said no word: so the run is shown as killed.
    expect((await client.getRun(runId!)).info.status).toBe("KILLED");
  });

  it("one value that the server refuses costs no other, and is kept with its reason", async () => {
    const { folder, spool } = newSpool("refused");
    spool.append({ kind: "params", values: { p: "1", q: "1" } });
    await new Sender({ folder, client }).send();
    spool.append({ kind: "params", values: { p: "2", r: "1" } });
    spool.append({ kind: "metrics", time: 1, step: 1, values: { m: 1 } });
    spool.append({ kind: "artifact", file: "not-there.bin", path: "x.bin" });
    const { runId, rejected, pending } = await new Sender({ folder, client }).send();
    expect({ rejected, pending }).toEqual({ rejected: 2, pending: 0 });
    const { data } = await client.getRun(runId!);
    expect(Object.fromEntries(data.params!.map(({ key, value }) => [key, value]))).toEqual({ p: "1", q: "1", r: "1" });
    expect(data.metrics).toHaveLength(1);
    const reasons = readFileSync(path.join(folder, "rejected.jsonl"), "utf8");
    expect(reasons).toMatch(/Changing param values is not allowed/);
    expect(reasons).toMatch(/the file is gone/);
  });

  it("two processes at once make one parent run", async () => {
    const sends = ["child one", "child two"].map((name) => {
      const folder = path.join(place.folder, "runs", name);
      const spool = new Spool(folder);
      const parent = { key: "row", name: "the row", tags: { row: "r" } };
      spool.append({ kind: "create", time: Date.now(), key: name, experiment: "grouped", name, tags: {}, parent });
      spool.append({ kind: "end", time: Date.now(), status: name === "child one" ? "FINISHED" : "FAILED" });
      return new Sender({ folder, client, lockFolder: path.join(place.folder, "locks") }).send();
    });
    const results = await Promise.all(sends);
    expect(results.map((result) => result.problem)).toEqual([undefined, undefined]);
    const runs = await client.searchRuns({ experimentIds: [results[0]!.experimentId!], view: "ALL" });
    expect(runs.map((run) => [run.info.run_name, run.info.status]).sort()).toEqual([
      ["child one", "FINISHED"],
      ["child two", "FAILED"],
      ["the row", "FAILED"],
    ]);
    const parent = runs.find((run) => run.info.run_name === "the row")!;
    for (const run of runs.filter((run) => run !== parent))
      expect(run.data.tags).toContainEqual({ key: "mlflow.parentRunId", value: parent.info.run_id });
  });

  it("says what to do about a deleted experiment, and sends it all once that is mended", async () => {
    const { experiment_id } = await client.getOrCreateExperiment("gone");
    await client.transport.json("POST", "/api/2.0/mlflow/experiments/delete", { json: { experiment_id } });
    const folder = path.join(place.folder, "runs", "gone");
    new Spool(folder).append({ kind: "create", time: 1, key: "gone", experiment: "gone", name: "r", tags: {} });
    const blocked = await new Sender({ folder, client }).send();
    expect(blocked.problem).toMatch(/experiment "gone" was deleted and keeps its name: restore it .*-x \d+/);
    expect(blocked.pending).toBe(1);
    await client.transport.json("POST", "/api/2.0/mlflow/experiments/restore", { json: { experiment_id } });
    expect(await new Sender({ folder, client }).send()).toMatchObject({ pending: 0, sent: 1 });
  });
});
