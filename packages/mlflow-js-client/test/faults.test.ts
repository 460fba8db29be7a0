import { copyFileSync, mkdirSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { MlflowClient } from "../src/client.js";
import { followSpool } from "../src/follow.js";
import { Sender, type SendResult } from "../src/sender.js";
import { readRejections } from "../src/sentState.js";
import { Spool } from "../src/spool.js";
import {
  type Fault,
  type FaultyProxy,
  mlflowProgram,
  python,
  randomFaults,
  startProxy,
  startServer,
  temporaryFolder,
} from "./support.js";

const program = mlflowProgram();
const reason = program ? "" : " (skipped: no mlflow program in AUSCULT_VENV or .venv)";

/** How often each run's points stand in the database, by the name of the run. */
const countPoints = `
import json, sqlite3, sys
db = sqlite3.connect("file:" + sys.argv[1] + "?mode=ro", uri=True)
print(json.dumps(db.execute("select count(*), count(distinct step) from metrics join runs using (run_uuid) where runs.name = ?", (sys.argv[2],)).fetchone()))
`;

/** How many runs there are for each key, deleted ones too. */
const countRuns = `
import json, sqlite3, sys
db = sqlite3.connect("file:" + sys.argv[1] + "?mode=ro", uri=True)
print(json.dumps(dict(db.execute("select value, count(*) from tags where key = 'mlflow.jsClient.key' and value like ? group by value", (sys.argv[2] + "%",)).fetchall())))
`;

describe.skipIf(!program)(`a server that fails${reason}`, () => {
  const place = temporaryFolder();
  const database = (): string => path.join(place.folder, "mlflow.db");
  let server: Awaited<ReturnType<typeof startServer>>;
  let proxy: FaultyProxy;
  let client: MlflowClient;
  /** Behind the proxy, with one attempt for each request. */
  let once: MlflowClient;
  /** The same with little patience. */
  let hasty: MlflowClient;

  beforeAll(async () => {
    server = await startServer(place.folder);
    proxy = await startProxy(server.uri);
    client = new MlflowClient({ uri: server.uri });
    once = new MlflowClient({ uri: proxy.uri, timeoutMs: 30_000 }, { attempts: 1 });
    hasty = new MlflowClient({ uri: proxy.uri, timeoutMs: 2_000 }, { attempts: 1 });
  });
  beforeEach(() => {
    proxy.fault = () => "pass";
    proxy.seen = [];
  });
  afterAll(async () => {
    await proxy?.close();
    await server?.stop();
    place.remove();
  });

  /** A spool that names a run and holds points with the steps from 1 on. */
  function newSpool(name: string, points = 0): { folder: string; spool: Spool; file: string } {
    const folder = path.join(place.folder, "runs", name, "tracking");
    mkdirSync(folder, { recursive: true });
    const spool = new Spool(folder);
    spool.append({ kind: "create", time: Date.now(), key: `key-${name}`, experiment: "faults", name, tags: {} });
    addPoints(spool, 1, points);
    return { folder, spool, file: path.join(folder, "spool.jsonl") };
  }
  function addPoints(spool: Spool, from: number, to: number): void {
    for (let step = from; step <= to; step++) spool.append({ kind: "metrics", time: step, step, values: { m: step } });
  }
  const send = (folder: string, through = once): Promise<SendResult> =>
    new Sender({ folder, client: through, server: "s" }).send();
  const rowsOf = (name: string): unknown => python(countPoints, database(), name);

  const html = (status: number): Fault => ({ status, body: "<html><h1>Sorry</h1></html>" });
  it.each<[string, Fault, RegExp, boolean]>([
    ["a dropped connection", "drop", /ECONNRESET|socket|closed/i, true],
    ["a request cut in the middle", "cutRequest", /ECONNRESET|socket|closed/i, true],
    ["silence before it acts", "stall", /no answer within/, true],
    ["silence after it acted", "stallAnswer", /no answer within/, true],
    ["a lost answer", "loseAnswer", /ECONNRESET|socket|closed/i, true],
    ["an answer cut in the middle", "cutAnswer", /ECONNRESET|ended|terminated|closed/i, true],
    ["half an answer as if it were all", "truncate", /not a JSON object/, true],
    ["200 with a page", html(200), /not a JSON object: Sorry/, true],
    ["429", { status: 429, body: "" }, /\(429\)/, true],
    ["500 with a page", html(500), /Sorry \(500\)/, true],
    ["503", { status: 503, body: "" }, /\(503\)/, true],
    ["400 with a page, which no MLflow wrote", html(400), /Sorry \(400\)/, false],
    ["404 with a page", html(404), /Sorry \(404\)/, false],
    ["401", html(401), /\(401\)/, false],
  ])("%s: told, nothing lost, refused or doubled", async (name, fault, words, transient) => {
    const { folder } = newSpool(name, 20);
    // The run is made; then the batch meets the fault, and the look whether the run is there does too.
    let batches = 0;
    proxy.fault = (where) => {
      if (where.endsWith("/log-batch")) batches++;
      return batches > 0 ? fault : "pass";
    };
    const through = words.source.startsWith("no answer") ? hasty : once;
    const first = await send(folder, through);
    expect(first).toMatchObject({
      sent: 1,
      pending: 20,
      rejected: 0,
      problem: expect.stringMatching(words),
      transient,
    });
    // Only the batch meets it: what the server says of the run must not make its points count as refused.
    proxy.fault = (where) => (where.endsWith("/log-batch") ? fault : "pass");
    expect(await send(folder, through)).toMatchObject({ sent: 0, pending: 20, rejected: 0 });
    proxy.fault = () => "pass";
    expect(await send(folder)).toMatchObject({ sent: 20, pending: 0, rejected: 0, runId: first.runId });
    expect(rowsOf(name)).toEqual([20, 20]);
    expect(readRejections(folder)).toEqual([]);
  });

  it("a slow server is waited for", async () => {
    const { folder } = newSpool("slow", 20);
    proxy.fault = () => ({ slowMs: 200 });
    const result = await send(folder);
    expect(result).toMatchObject({ sent: 21, pending: 0 });
    expect(result.problem).toBeUndefined();
  });

  it("a server that is too slow for a full request is sent smaller ones", async () => {
    const { folder } = newSpool("smaller", 1500);
    const bytesOf: number[] = [];
    proxy.fault = (where, _, bytes) => {
      if (!where.endsWith("/log-batch")) return "pass";
      bytesOf.push(bytes);
      return bytes > 20_000 ? "stall" : "pass";
    };
    const sender = new Sender({ folder, client: hasty, server: "s" });
    let passes = 0;
    while ((await sender.send()).pending > 0 && passes < 20) passes++;
    expect(await sender.send()).toMatchObject({ pending: 0, rejected: 0 });
    expect(Math.max(...bytesOf)).toBeGreaterThan(50_000);
    expect(rowsOf("smaller")).toEqual([1500, 1500]);
  });

  it("Retry-After is honoured by a process that follows a spool", async () => {
    const { folder, spool } = newSpool("patience", 5);
    spool.close();
    let end = (): void => {};
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const asked: number[] = [];
    process.env.MLFLOW_TRACKING_URI = proxy.uri;
    proxy.fault = () => {
      asked.push(performance.now());
      return asked.length === 1 ? { status: 429, body: "", headers: { "retry-after": "1" } } : "pass";
    };
    const following = followSpool({ folder, intervalMs: 10, ended });
    while (asked.length < 4) await new Promise((resolve) => setTimeout(resolve, 20));
    end();
    expect(await following).toMatchObject({ sent: 6, pending: 0, rejected: 0 });
    delete process.env.MLFLOW_TRACKING_URI;
    expect(asked[1]! - asked[0]!).toBeGreaterThanOrEqual(990);
  });

  it("runs/create whose answers are lost at random makes one run for each of 30 keys (seed 4)", async () => {
    const keys = Array.from({ length: 30 }, (_, index) => `ghost-${index}`);
    const faults = randomFaults(4, 0.6);
    let lost = 0;
    proxy.fault = (where) => {
      if (!where.endsWith("/runs/create")) return "pass";
      const fault = faults();
      if (["loseAnswer", "cutAnswer", "truncate", "stallAnswer"].includes(fault as string)) lost++;
      return fault;
    };
    const experimentId = (await client.getOrCreateExperiment("faults")).experiment_id;
    const ids = new Map<string, string>();
    for (const key of keys)
      while (!ids.has(key))
        await hasty.createRun({ experimentId, name: key, key }).then(
          (run) => ids.set(key, run.info.run_id),
          () => undefined,
        );
    expect(lost).toBeGreaterThanOrEqual(5);
    expect(python(countRuns, database(), "ghost-")).toEqual(Object.fromEntries(keys.map((key) => [key, 1])));
  });

  it("a run that is made after all when its request was given up does not stay beside the other", async () => {
    const { folder, spool } = newSpool("late", 3);
    let creations = 0;
    proxy.fault = (where) => (where.endsWith("/runs/create") && ++creations === 1 ? "late" : "pass");
    let answers = 0;
    const arrived = new Promise<void>((resolve) => {
      proxy.onAnswered = ({ path: where }) => {
        if (where.endsWith("/runs/create") && ++answers === 2) resolve();
      };
    });
    const twice = new MlflowClient({ uri: proxy.uri, timeoutMs: 2_000 }, { attempts: 2 });
    expect((await send(folder, twice)).problem).toBeUndefined();
    await arrived;
    proxy.onAnswered = () => {};
    spool.append({ kind: "end", time: Date.now(), status: "FINISHED" });
    const { runId, experimentId, problem } = await send(folder);
    expect(problem).toBeUndefined();
    const runs = await client.searchRuns({ experimentIds: [experimentId!], filter: "run_name = 'late'" });
    expect(runs.map(({ info }) => [info.run_id, info.status])).toEqual([[runId, "FINISHED"]]);
    expect(python(countRuns, database(), "key-late")).toEqual({ "key-late": 2 });
    expect(rowsOf("late")).toEqual([3, 3]);
  });

  it("a kill between the server's answer and sent.json doubles nothing, whatever the records are", async () => {
    const { folder, spool } = newSpool("between", 0);
    const files = path.dirname(folder);
    writeFileSync(path.join(files, "a.txt"), "text");
    addPoints(spool, 1, 10);
    spool.append({ kind: "params", values: { lr: "0.1" } });
    spool.append({ kind: "tags", values: { t: "1" } });
    spool.append({ kind: "dataset", dataset: { name: "d", digest: "1", source: "s" } });
    spool.append({ kind: "artifact", file: "a.txt", path: "a.txt" });
    const model = { key: "model-between", name: "net", params: {}, files: [{ file: "a.txt", path: "a.txt" }] };
    spool.append({ kind: "model", model });
    spool.append({ kind: "end", time: Date.now(), status: "FINISHED" });
    spool.close();
    // Each state that the sending passes is put back once, as a kill before the next one was written would leave it.
    const states: string[] = [];
    const sent = path.join(folder, "sent.json");
    const onProgress = (): void => {
      copyFileSync(sent, path.join(folder, `state-${states.length}`));
      states.push(path.join(folder, `state-${states.length}`));
    };
    const { runId, experimentId } = await new Sender({ folder, client, server: "s", onProgress }).send();
    expect(states.length).toBeGreaterThanOrEqual(6);
    for (const state of states) {
      copyFileSync(state, sent);
      const again = await send(folder);
      expect(again).toMatchObject({ pending: 0, rejected: 0, runId });
      expect(again.problem).toBeUndefined();
    }
    expect(rowsOf("between")).toEqual([10, 10]);
    expect(python(countRuns, database(), "key-between")).toEqual({ "key-between": 1 });
    const run = await client.getRun(runId!);
    expect(run.info.status).toBe("FINISHED");
    expect(run.inputs?.dataset_inputs).toHaveLength(1);
    expect(run.outputs?.model_outputs).toHaveLength(1);
    const models = await client.transport.json<{ models: { info: { name: string; source_run_id: string } }[] }>(
      "POST",
      "/api/2.0/mlflow/logged-models/search",
      { json: { experiment_ids: [experimentId] } },
    );
    expect(models.models.filter(({ info }) => info.source_run_id === runId)).toHaveLength(1);
  });

  it("a spool that a power cut shortened after it was sent is noticed when it has grown again", async () => {
    const { folder, spool, file } = newSpool("power cut", 40);
    spool.close();
    await send(folder);
    truncateSync(file, statSync(file).size - 100);
    const again = new Spool(folder);
    // Other points than before, in more bytes than were lost.
    for (let step = 101; step <= 160; step++) again.append({ kind: "metrics", time: step, step, values: { m: step } });
    again.close();
    const result = await send(folder);
    expect(result).toMatchObject({ pending: 0, rejected: 0 });
    expect(result.problem).toBeUndefined();
    expect(rowsOf("power cut")).toEqual([100, 100]);
  });

  it("damaged lines are counted once, over all sendings, and cost no other line", async () => {
    const { folder, spool, file } = newSpool("damaged", 30);
    const broken = readFileSync(file, "utf8").replace('"step":7,', '"step":8,').replace('"step":20,', '"step":2');
    writeFileSync(file, broken);
    expect(await send(folder)).toMatchObject({ sent: 29, pending: 0, damaged: 2 });
    addPoints(spool, 31, 35);
    expect(await send(folder)).toMatchObject({ sent: 5, pending: 0, damaged: 2 });
    expect(rowsOf("damaged")).toEqual([33, 33]);
  });

  it("of a partly refused batch the rest arrives, and a parameter that clashes is kept with its reason, once", async () => {
    const { folder, spool } = newSpool("clash", 3);
    spool.append({ kind: "params", values: { p: "1", q: "1" } });
    spool.append({ kind: "params", values: { p: "2", r: "1" } });
    expect(await send(folder)).toMatchObject({ pending: 0, rejected: 1 });
    spool.append({ kind: "params", values: { q: "2", s: "1" } });
    spool.append({ kind: "metrics", time: 4, step: 4, values: { m: 4 } });
    const before = readFileSync(path.join(folder, "sent.json"));
    expect(await send(folder)).toMatchObject({ pending: 0, rejected: 2 });
    writeFileSync(path.join(folder, "sent.json"), before);
    expect(await send(folder)).toMatchObject({ pending: 0, rejected: 2 });
    expect(readRejections(folder, "s").map(({ what }) => what)).toEqual([
      { param: { key: "p", value: "2" } },
      { param: { key: "q", value: "2" } },
    ]);
    const { runId } = await send(folder);
    const { params } = (await client.getRun(runId!)).data;
    expect(Object.fromEntries(params!.map(({ key, value }) => [key, value]))).toEqual({
      p: "1",
      q: "1",
      r: "1",
      s: "1",
    });
    expect(rowsOf("clash")).toEqual([4, 4]);
  });

  it("a name that was refused is told, and nothing is thrown", async () => {
    const folder = path.join(place.folder, "runs", "nameless", "tracking");
    new Spool(folder).append({ kind: "create", time: 1, key: "k", experiment: " ", name: "n", tags: {} });
    expect(await send(folder)).toMatchObject({
      sent: 0,
      pending: 1,
      problem: expect.stringMatching(/experiment name/),
    });
  });

  it("records of a kind that a later version wrote are left for it", async () => {
    const { folder, spool } = newSpool("later version", 2);
    spool.append({ kind: "hologram", time: 1 } as never);
    addPoints(spool, 3, 4);
    expect(await send(folder)).toMatchObject({
      sent: 3,
      pending: 3,
      problem: expect.stringMatching(/"hologram".*newer/),
    });
  });

  it("two senders at once send everything once", async () => {
    const { folder } = newSpool("two senders", 2500);
    const [one, two] = await Promise.all([send(folder, client), send(folder, client)]);
    expect(one.sent + two.sent).toBe(2501);
    expect(rowsOf("two senders")).toEqual([2500, 2500]);
  });

  it("a run that was deleted waits until it is restored, and so does one of a deleted experiment", async () => {
    const { folder, spool } = newSpool("deleted", 2);
    const { runId } = await send(folder);
    await client.deleteRun(runId!);
    addPoints(spool, 3, 4);
    expect(await send(folder)).toMatchObject({ pending: 2, problem: expect.stringMatching(/was deleted.*restore it/) });
    await client.restoreRun(runId!);
    expect(await send(folder)).toMatchObject({ pending: 0, sent: 2, runId });

    const other = path.join(place.folder, "runs", "orphan", "tracking");
    const orphan = new Spool(other);
    orphan.append({ kind: "create", time: 1, key: "orphan", experiment: "to delete", name: "orphan", tags: {} });
    const { experimentId } = await send(other);
    const ofExperiment = { json: { experiment_id: experimentId } };
    await client.transport.json("POST", "/api/2.0/mlflow/experiments/delete", ofExperiment);
    addPoints(orphan, 1, 2);
    expect(await send(other)).toMatchObject({ pending: 2, rejected: 0, problem: expect.stringMatching(/was deleted/) });
    await client.transport.json("POST", "/api/2.0/mlflow/experiments/restore", ofExperiment);
    expect(await send(other)).toMatchObject({ pending: 0, sent: 2 });
  });

  it("a spool that came from another machine is sent; its run is closed only when that is asked for", async () => {
    const { folder, spool } = newSpool("moved", 3);
    spool.close();
    writeFileSync(path.join(folder, "writer.json"), JSON.stringify({ pid: 1, host: "elsewhere", started: "1" }));
    const { runId } = await send(folder);
    expect((await client.getRun(runId!)).info.status).toBe("RUNNING");
    expect(await new Sender({ folder, client, server: "s", moved: true }).send()).toMatchObject({ pending: 0 });
    expect((await client.getRun(runId!)).info.status).toBe("KILLED");
  });

  it("a clock that was set back gives no run that ends before it began", async () => {
    const { folder, spool } = newSpool("clock", 1);
    spool.append({ kind: "end", time: Date.now() - 3_600_000, status: "FINISHED" });
    const { runId } = await send(folder);
    const { info } = await client.getRun(runId!);
    expect(info.end_time).toBe(info.start_time);
  });

  it("a server that is found at another address goes on; one with another database gets everything", async () => {
    const { folder, spool } = newSpool("moving server", 10);
    const first = await send(folder);
    addPoints(spool, 11, 20);
    // The proxy's address and the server's own are two addresses of one server.
    expect(await send(folder, client)).toMatchObject({ pending: 0, sent: 10, runId: first.runId });
    expect(rowsOf("moving server")).toEqual([20, 20]);

    await server.stop();
    addPoints(spool, 21, 25);
    expect(await send(folder)).toMatchObject({ pending: 5, transient: true });
    const elsewhere = path.join(place.folder, "elsewhere");
    mkdirSync(elsewhere);
    server = await startServer(elsewhere);
    const anew = await send(folder, new MlflowClient({ uri: server.uri }));
    expect(anew).toMatchObject({ pending: 0, sent: 26, rejected: 0 });
    expect(anew.runId).not.toBe(first.runId);
    expect(python(countPoints, path.join(elsewhere, "mlflow.db"), "moving server")).toEqual([25, 25]);
  }, 180_000);
});
