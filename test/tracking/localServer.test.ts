import { spawn } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import path from "node:path";
import { identityOf } from "mlflow-js-client";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { python } from "../../packages/mlflow-js-client/test/support.js";
import { databaseDamage, prepareDatabase } from "../../src/tracking/database.js";
import { ensureServer, stopServer } from "../../src/tracking/localServer.js";
import { findMlflow } from "../../src/tracking/mlflowExecutable.js";
import { Patience } from "../../src/tracking/patience.js";
import { isHealthy, serverFilePath } from "../../src/tracking/serverFile.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "auscult-store-"));
  vi.stubEnv("MLFLOW_TRACKING_URI", undefined);
});
afterEach(() => vi.unstubAllEnvs());

const reason = findMlflow() ? "" : " (skipped: no mlflow program in AUSCULT_VENV or .venv)";

/**
 * A store as an older MLflow left it: its schema by MLflow's own migrations, up to a revision. 0584bdc529eb is 2.22.0's:
 *     import mlflow.store.db.utils as u; print(u._get_latest_schema_revision())
 */
const MAKE = `
import json, sys
from alembic import command
import mlflow.store.db.utils as utils
from mlflow.store.tracking.dbmodels.initial_models import Base
from sqlalchemy import text
file, revision = sys.argv[1:]
engine = utils.create_sqlalchemy_engine("sqlite:///" + file)
Base.metadata.create_all(engine)
config = utils._get_alembic_config("sqlite:///" + file)
with engine.begin() as connection:
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
with engine.begin() as connection:
    connection.execute(text("insert into experiments (experiment_id, name, artifact_location, lifecycle_stage) values (7, 'old', 'mlflow-artifacts:/7', 'active')"))
    connection.execute(text("insert into runs (run_uuid, name, status, start_time, lifecycle_stage, experiment_id, artifact_uri) values ('r1', 'kept', 'FINISHED', 1, 'active', 7, 'mlflow-artifacts:/7/r1')"))
    for step in range(100):
        connection.execute(text("insert into metrics (\`key\`, value, timestamp, run_uuid, step, is_nan) values ('loss', :v, 1, 'r1', :s, 0)"), {"v": 1 / (step + 1), "s": step})
print(json.dumps("made"))
`;
const HEAD = `
import json
import mlflow.store.db.utils as utils
print(json.dumps(utils._get_latest_schema_revision()))
`;
const LOOK = `
import json, sqlite3, sys
db = sqlite3.connect(sys.argv[1])
one = lambda text: db.execute(text).fetchone()[0]
print(json.dumps([one("select version_num from alembic_version"), one("select count(*) from metrics"), one("select sum(step) from metrics"), one("select name from runs")]))
`;
const EXECUTE = `
import json, sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.executescript(sys.argv[2])
db.commit()
print(json.dumps("done"))
`;
const old = "0584bdc529eb";
const database = () => path.join(folder, "mlflow.db");
const look = (file = database()) => python(LOOK, file);
const backups = () => readdirSync(path.join(folder, "backups"));

describe.skipIf(reason !== "")(`a store's database${reason}`, { timeout: 120_000 }, () => {
  let made: string;
  beforeAll(() => {
    made = path.join(mkdtempSync(path.join(tmpdir(), "auscult-store-")), "made.db");
    python(MAKE, made, old);
  });

  it("of an older MLflow is copied, then brought up to date with all that is in it", async () => {
    copyFileSync(made, database());
    mkdirSync(path.join(folder, "backups"));
    const earlier = ["a", "b", "c", "d", "e"].map((revision) => `mlflow-2001-01-01T00-00-00-${revision}.db`);
    for (const name of [...earlier, "mine.db"]) writeFileSync(path.join(folder, "backups", name), "");
    const said: string[] = [];
    await prepareDatabase(folder, (message) => said.push(message));
    expect(look()).toEqual([python(HEAD), 100, 4950, "kept"]);
    // Only the last few stay, and what is not one of them.
    const latest = expect.stringMatching(/^mlflow-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-0584bdc529eb\.db$/);
    expect(backups().sort()).toEqual(["mine.db", ...earlier.slice(1), latest]);
    const backup = path.join(folder, "backups", backups().sort().at(-1)!);
    expect(look(backup)).toEqual([old, 100, 4950, "kept"]);
    expect(said).toEqual([expect.stringContaining("made by an older MLflow"), expect.stringContaining(backup)]);
    expect(readdirSync(folder).sort()).toEqual(["backups", "mlflow.db"]);

    // Now it is left alone.
    await prepareDatabase(folder, (message) => said.push(message));
    expect(said).toHaveLength(2);
  });

  it("that cannot be migrated stays as it was, and the message says what can be done", async () => {
    copyFileSync(made, database());
    // What a migration is about to make is there already.
    python(
      EXECUTE,
      database(),
      "create table logged_models (a integer); insert into runs select 'r2', 'half', source_type, source_name, entry_point_name, user_id, status, start_time, end_time, deleted_time, source_version, lifecycle_stage, artifact_uri, experiment_id from runs;",
    );
    const before = readFileSync(database());
    const failing = prepareDatabase(folder, () => {});
    await expect(failing).rejects.toThrow(/could not bring .*mlflow\.db up to its schema; the file is as it was/);
    await expect(failing).rejects.toThrow(/mv mlflow\.db mlflow\.db\.old/);
    await expect(failing).rejects.toThrow(/table logged_models already exists/);
    expect(readFileSync(database()).equals(before)).toBe(true);
    expect(backups()).toHaveLength(1);
    expect(readdirSync(folder).sort()).toEqual(["backups", "mlflow.db"]);
  });

  it("of a newer MLflow, or damaged, is refused before a server opens it", async () => {
    python(
      EXECUTE,
      database(),
      "create table alembic_version (version_num text); insert into alembic_version values ('ffffffffffff'); create table runs (a integer);",
    );
    await expect(ensureServer({ mlrunsFolder: folder })).rejects.toThrow(
      /made by a newer MLflow than \d+\.\d+.*ffffffffffff.*mv mlflow\.db/s,
    );
    writeFileSync(database(), "this is no database, but it is long enough to be looked at: ".repeat(100));
    await expect(ensureServer({ mlrunsFolder: folder })).rejects.toThrow(
      /mlflow\.db is damaged \(file is not a database\).*mv mlflow\.db mlflow\.db\.damaged/s,
    );
    expect(await databaseDamage(folder)).toMatch(/is damaged/);
    expect(existsSync(serverFilePath(folder))).toBe(false);
    // One that was never written, or not yet begun, is no matter.
    writeFileSync(database(), "");
    await prepareDatabase(folder, () => {});
  });

  it("with a page torn out is found damaged when its server does not start", async () => {
    copyFileSync(made, database());
    const bytes = readFileSync(database());
    bytes.fill(0x55, 3 * 4096, 20 * 4096);
    writeFileSync(database(), bytes);
    expect(await databaseDamage(folder)).toMatch(/mlflow\.db is damaged/);
    await expect(prepareDatabase(folder, () => {})).rejects.toThrow(/is damaged/);
  });
});

describe("the local server", () => {
  it.skipIf(reason !== "")("is refused a folder whose path SQLite cannot open", async () => {
    const deep = path.join(folder, ...Array.from({ length: 5 }, () => "d".repeat(100)));
    await expect(ensureServer({ mlrunsFolder: deep })).rejects.toThrow(
      /SQLite opens no path of more than 511 bytes; set AUSCULT_MLRUNS/,
    );
  });

  it("of another machine that shares the folder is told, as long as it shows that it lives", async () => {
    const elsewhere = { ...identityOf(), host: `not-${hostname()}` };
    const known = {
      uri: "http://127.0.0.1:9",
      port: 9,
      server: "s",
      process: elsewhere,
      startedAt: "2026-01-01T00:00:00Z",
    };
    writeFileSync(serverFilePath(folder), JSON.stringify(known));
    for (const act of [ensureServer, stopServer])
      await expect(act({ mlrunsFolder: folder })).rejects.toThrow(
        new RegExp(`runs on not-${hostname()} since 2026-01-01T00:00 .*--stop`),
      );
    const longAgo = Date.now() / 1000 - 3600;
    utimesSync(serverFilePath(folder), longAgo, longAgo);
    expect(await stopServer({ mlrunsFolder: folder })).toBe(false);
  });

  it("is not taken for dead by a process that computes meanwhile", async () => {
    const program = `
      const server = require("http").createServer((_, answer) => setTimeout(() => answer.end("OK"), 300));
      server.listen(0, "127.0.0.1", () => console.log(server.address().port));`;
    const child = spawn(process.execPath, ["-e", program], { stdio: ["pipe", "pipe", "inherit"] });
    try {
      const port = await new Promise<string>((resolve) =>
        child.stdout.once("data", (text) => resolve(String(text).trim())),
      );
      const asked = isHealthy(`http://127.0.0.1:${port}`, 1_000);
      // Three steps of a training that leaves no time for answers.
      for (let step = 0; step < 3; step++) {
        for (const until = Date.now() + 1_500; Date.now() < until; );
        await new Promise((resolve) => setImmediate(resolve));
      }
      expect(await asked).toBe(true);
    } finally {
      child.kill();
    }
  });

  it("that never answers is given up, and so is one that is not there", async () => {
    const silent = spawn(process.execPath, [
      "-e",
      `const s = require("net").createServer(() => {}); s.listen(0, "127.0.0.1", () => console.log(s.address().port))`,
    ]);
    try {
      const port = await new Promise<string>((resolve) =>
        silent.stdout.once("data", (text) => resolve(String(text).trim())),
      );
      expect(await isHealthy(`http://127.0.0.1:${port}`, 300)).toBe(false);
    } finally {
      silent.kill();
    }
    expect(await isHealthy("http://127.0.0.1:9")).toBe(false);
    const patience = new Patience(50);
    await new Promise((resolve) => patience.signal.addEventListener("abort", resolve));
    expect(patience.over).toBe(true);
  });
});
