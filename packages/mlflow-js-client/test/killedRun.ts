import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { creationKeyTag, MlflowClient } from "../src/client.js";
import { Sender, type SendResult } from "../src/sender.js";
import { readSentState } from "../src/sentState.js";
import { countLines, readWholeSpool } from "../src/spoolReader.js";
import { type FaultyProxy, python, randomFaults, seeded, startProxy, startServer } from "./support.js";

const dist = fileURLToPath(new URL("../dist/index.js", import.meta.url));

/** Appends points from where the spool ends, and says each step only after `append` has returned. */
const writing = `
import { writeSync } from "node:fs";
import { readWholeSpool, Spool } from ${JSON.stringify(dist)};
const [folder, key, total] = [process.argv[1], process.argv[2], Number(process.argv[3])];
const spool = new Spool(folder);
const { records } = readWholeSpool(spool.file);
if (records.length === 0)
  spool.append({ kind: "create", time: Date.now(), key, experiment: "killed", name: key, tags: {} });
else spool.append({ kind: "resume", time: Date.now() });
let step = 0;
for (const record of records) if (record.kind === "metrics") step = record.step;
const sleeper = new Int32Array(new SharedArrayBuffer(4));
while (step < total) {
  step++;
  spool.append({ kind: "metrics", time: Date.now(), step, values: { m: 1 / step } });
  writeSync(1, step + "\\n");
  if (step % 3 === 0) Atomics.wait(sleeper, 0, 0, 1);
}
spool.append({ kind: "end", time: Date.now(), status: "FINISHED" });
spool.close();
`;

/** Sends the spool while it grows, until it is killed. Said first: the time that starting takes is no time to be killed in. */
const following = `
import { followSpool } from ${JSON.stringify(dist)};
process.stdout.write("follows\\n");
await followSpool({ folder: process.argv[1], intervalMs: 50, ended: new Promise(() => {}) });
`;

export interface KilledRunOptions {
  folder: string;
  seed: number;
  points: number;
  /** How often each of the two processes is killed. */
  kills: number;
  /** How often the server is stopped and comes back elsewhere. */
  restarts: number;
}

export interface KilledRunFigures {
  writerKills: number;
  followerKills: number;
  restarts: number;
  /** The last step whose `append` had returned. */
  acknowledged: number;
  /** Metric lines in the spool: at least as many. */
  spooled: number;
  /** Rows of the metrics table, and different steps among them. */
  rows: number;
  distinct: number;
  /** Runs with the key of this one, deleted ones too. */
  runs: number;
  status: string;
  /** At the proxy: answers of the server; of those with 200 points in all, different ones, and those that came more than once. */
  stored: { answers: number; points: number; distinct: number; again: number };
  /** Points that were acknowledged before the last sending, so by processes that were killed. */
  sentBefore: number;
  last: SendResult;
}

const ledgerOfDatabase = `
import json, sqlite3, sys
db = sqlite3.connect("file:" + sys.argv[1] + "?mode=ro", uri=True)
runs = [row[0] for row in db.execute("select run_uuid from tags where key = ? and value = ?", (sys.argv[2], sys.argv[3]))]
marks = ",".join("?" * len(runs))
rows, distinct, wrong = db.execute(f"select count(*), count(distinct step), coalesce(sum(abs(value * step - 1) > 1e-12), 0) from metrics where key = 'm' and run_uuid in ({marks})", runs).fetchone()
status = [row[0] for row in db.execute(f"select status from runs where run_uuid in ({marks})", runs)]
print(json.dumps({"rows": rows, "distinct": distinct, "wrong": wrong, "runs": len(runs), "status": ",".join(status)}))
`;

/**
 * A process logs points and another sends them through a proxy that fails at random; both are killed by SIGKILL at random
 * moments and started again, and the server restarts, all as the seed decides. Then what is left is sent.
 */
export async function killedRun(options: KilledRunOptions): Promise<KilledRunFigures> {
  const { folder, seed, points, kills } = options;
  const random = seeded(seed);
  const key = `killed-${seed}`;
  const spoolFolder = path.join(folder, `run-${seed}`, "tracking");
  const spoolFile = path.join(spoolFolder, "spool.jsonl");
  mkdirSync(spoolFolder, { recursive: true });
  let server = await startServer(folder);
  const proxy = await startProxy(server.uri);
  const ledger = pointLedger(proxy);
  proxy.fault = randomFaults(seed);
  const figures = { writerKills: 0, followerKills: 0, restarts: 0, acknowledged: 0 };
  const children = new Set<ChildProcess>();
  const start = (script: string, ...args: string[]): { child: ChildProcess; ended: Promise<boolean> } => {
    const child = spawn(process.execPath, ["--input-type=module", "-e", script, spoolFolder, ...args], {
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, MLFLOW_TRACKING_URI: proxy.uri, MLFLOW_HTTP_REQUEST_TIMEOUT: "4" },
    });
    children.add(child);
    return {
      child,
      ended: new Promise((resolve) => child.once("close", (_, signal) => resolve(signal === "SIGKILL"))),
    };
  };

  const writer = async (): Promise<void> => {
    const killAt = Array.from({ length: kills }, () => 1 + Math.floor(random() * 0.9 * points)).sort((a, b) => a - b);
    for (;;) {
      const { child, ended } = start(writing, key, String(points));
      let rest = "";
      child.stdout!.setEncoding("utf8").on("data", (text: string) => {
        const lines = (rest + text).split("\n");
        rest = lines.pop()!;
        if (lines.length > 0) figures.acknowledged = Number(lines.at(-1));
        const threshold = killAt[figures.writerKills];
        if (threshold !== undefined && figures.acknowledged >= threshold) child.kill("SIGKILL");
      });
      if (!(await ended)) return;
      figures.writerKills++;
    }
  };
  let writerDone = false;
  const restartAt = Array.from({ length: options.restarts }, (_, at) =>
    Math.ceil(((at + 1) * kills) / (options.restarts + 1)),
  );
  const restart = async (): Promise<void> => {
    await server.stop();
    await sleep(500);
    server = await startServer(folder);
    proxy.target = server.uri;
  };
  const follower = async (): Promise<void> => {
    let restarting = Promise.resolve();
    while (figures.followerKills < kills || !writerDone) {
      const { child, ended } = start(following);
      await Promise.race([once(child.stdout!, "data"), ended]);
      // After some answers of the server, or when there has been nothing to ask for a while, and then at any moment.
      const answers = ledger().answers + 1 + Math.floor(random() * 8);
      const hasAll = (): boolean => countLines(spoolFile, readSentState(spoolFolder, proxy.uri).offset) === 0;
      for (let idle = 0; idle < 100 && ledger().answers < answers; idle = hasAll() ? idle + 1 : 0) {
        if (child.exitCode !== null) throw new Error("the sending process ended by itself");
        await sleep(20);
      }
      await sleep(random() * 100);
      child.kill("SIGKILL");
      if (await ended) figures.followerKills++;
      if (figures.followerKills >= (restartAt[figures.restarts] ?? Number.POSITIVE_INFINITY)) {
        figures.restarts++;
        // The next one is started while the server is away.
        restarting = restarting.then(restart);
      }
    }
    await restarting;
  };
  try {
    await Promise.all([
      writer().finally(() => {
        writerDone = true;
      }),
      follower(),
    ]);
    proxy.fault = () => "pass";
    const sentBefore = figures.acknowledged - countLines(spoolFile, readSentState(spoolFolder, proxy.uri).offset);
    const last = await new Sender({ folder: spoolFolder, client: new MlflowClient({ uri: proxy.uri }) }).send();
    const database = path.join(folder, "mlflow.db");
    const counted = python(ledgerOfDatabase, database, creationKeyTag, key) as {
      rows: number;
      distinct: number;
      wrong: number;
      runs: number;
      status: string;
    };
    if (counted.wrong > 0) throw new Error(`${counted.wrong} points have another value than was logged`);
    const { records } = readWholeSpool(spoolFile);
    const spooled = records.filter((record) => record.kind === "metrics").length;
    return { ...figures, ...counted, spooled, sentBefore, stored: ledger(), last };
  } finally {
    for (const child of children) child.kill("SIGKILL");
    await proxy.close();
    await server.stop();
  }
}

/** Counts points of log-batch requests that the server answered with 200. */
function pointLedger(proxy: FaultyProxy): () => KilledRunFigures["stored"] {
  const times = new Map<string, number>();
  let points = 0;
  let answers = 0;
  let again = 0;
  proxy.onAnswered = ({ path: place, status, body }) => {
    answers++;
    if (status !== 200 || !place.endsWith("/runs/log-batch")) return;
    const { run_id, metrics } = JSON.parse(body.toString("utf8")) as { run_id: string; metrics?: object[] };
    for (const metric of metrics ?? []) {
      const point = `${run_id} ${JSON.stringify(metric)}`;
      const before = times.get(point) ?? 0;
      if (before === 1) again++;
      times.set(point, before + 1);
      points++;
    }
  };
  return () => ({ answers, points, distinct: times.size, again });
}
