import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { syncFolder } from "../node/atomicFile.js";
import { UserError } from "../userError.js";
import { pythonScript, runPython } from "./pythonProgram.js";

/** A database in SQLite and the MLflow beside it. */
interface DatabaseState {
  tables: number;
  /** The revision of its schema, by Alembic; null when it has none. */
  revision: string | null;
  /** The revision that the installed MLflow works with. */
  head: string | null;
  /** Whether the installed MLflow knows the database's revision. */
  known: boolean;
  /** The version of the installed MLflow. */
  mlflow: string;
}

interface Counted {
  damage: string | null;
  rows: Record<string, number>;
}

const backupsKept = 5;
const backupName = /^mlflow-[\dT-]+-\w+\.db$/;
/** What no change of the schema may make fewer. */
const keptTables = ["experiments", "runs", "metrics", "params", "tags", "datasets", "inputs", "logged_models"];

/**
 * Makes a store's database ready for the installed MLflow, before its server opens it. One of an older MLflow is copied
 * to `backups/` by SQLite's own means; the copy's copy is migrated, looked through, and put in its place: a migration that
 * fails or is killed changes nothing. (MLflow's server would either migrate in place or refuse to start.)
 * Throws `UserError` for a database that is damaged, is of a newer MLflow, or cannot be migrated.
 */
export async function prepareDatabase(folder: string, say: (message: string) => void): Promise<void> {
  const file = path.join(folder, "mlflow.db");
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) === 0) return;
  const state = await ask<DatabaseState>(folder, "state", file);
  if (state.tables === 0 || state.revision === state.head) return;
  if (!state.known) throw new UserError(tooNew(folder, file, state), 1);
  say(`${file} was made by an older MLflow: it is copied, then brought up to MLflow ${state.mlflow}`);
  const backup = await backUp(folder, file, state.revision ?? "none");
  const fresh = `${file}.migrating`;
  try {
    await migrate(folder, backup.file, fresh);
    const migrated = await ask<DatabaseState>(folder, "state", fresh);
    if (migrated.revision !== state.head) throw new Error(`its schema is ${migrated.revision}, not ${state.head}`);
    const { damage, rows } = await ask<Counted>(folder, "count", fresh);
    if (damage) throw new Error(damage);
    for (const table of keptTables)
      if ((rows[table] ?? 0) < (backup.rows[table] ?? 0))
        throw new Error(`of ${backup.rows[table]} rows of "${table}" ${rows[table] ?? 0} are left`);
    for (const open of ["-wal", "-journal"])
      if (existsSync(file + open)) throw new Error(`another program has ${file} open`);
    renameSync(fresh, file);
    syncFolder(folder);
  } catch (error) {
    throw new UserError(
      [
        `MLflow ${state.mlflow} could not bring ${file} up to its schema; the file is as it was (a copy: ${backup.file}).`,
        `Either use the MLflow that made it, or put it aside (\`mv mlflow.db mlflow.db.old\` in ${folder}): what is in runs/ is then sent to a new one.`,
        (error as Error).message,
      ].join("\n"),
      1,
    );
  } finally {
    for (const rest of ["", "-wal", "-shm", "-journal"]) rmSync(fresh + rest, { force: true });
  }
  say(`done; the database as it was: ${backup.file}`);
}

/** What stands wrong with a store's database, in a sentence; undefined when nothing is seen. Reads all of it. */
export async function databaseDamage(folder: string): Promise<string | undefined> {
  const file = path.join(folder, "mlflow.db");
  if (!existsSync(file)) return undefined;
  try {
    const { damage } = await ask<Counted>(folder, "count", file);
    return damage ? damaged(file, damage) : undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

async function backUp(folder: string, file: string, revision: string): Promise<{ file: string } & Counted> {
  const backups = path.join(folder, "backups");
  mkdirSync(backups, { recursive: true });
  const time = new Date().toISOString().slice(0, 19).replaceAll(":", "-");
  const target = path.join(backups, `mlflow-${time}-${revision}.db`);
  const beside = `${target}.tmp`;
  try {
    const copied = await ask<Counted>(folder, "backup", file, beside);
    if (copied.damage) throw new UserError(damaged(file, copied.damage), 1);
    renameSync(beside, target);
    const old = readdirSync(backups).filter((name) => backupName.test(name));
    for (const name of old.sort().slice(0, -backupsKept)) rmSync(path.join(backups, name));
    return { file: target, ...copied };
  } finally {
    for (const rest of ["", "-journal"]) rmSync(beside + rest, { force: true });
  }
}

async function migrate(folder: string, from: string, to: string): Promise<void> {
  copyFileSync(from, to);
  // Relative, so that no sign in the folder's path is taken for a part of an address.
  const address = `sqlite:///${path.basename(to)}`;
  const { ok, complaint } = await runPython(["-m", "mlflow", "db", "upgrade", address], { cwd: folder });
  if (ok) return;
  const lines = complaint.trim().split("\n");
  throw new Error(lines.findLast((line) => /^[\w.]*(Error|Exception)\b/.test(line)) ?? lines.at(-1));
}

/** Asks `mlflowDatabase.py`. Throws `UserError` for what SQLite refuses. */
async function ask<T>(folder: string, command: string, file: string, ...more: string[]): Promise<T> {
  const { ok, output, complaint } = await runPython([pythonScript("mlflowDatabase.py"), command, file, ...more], {
    cwd: folder,
  });
  if (!ok) throw new UserError(`${file} could not be looked at: ${complaint.trim().split("\n").at(-1)}`, 1);
  const answer = JSON.parse(output) as T & { error?: string };
  if (answer.error === undefined) return answer;
  if (/locked/.test(answer.error)) throw new UserError(`another program keeps ${file} locked`, 1);
  if (/disk is full|No space left|disk I\/O error/.test(answer.error))
    throw new UserError(`${answer.error}: make room where ${folder} is`, 1);
  throw new UserError(damaged(file, answer.error), 1);
}

function damaged(file: string, why: string): string {
  const folder = path.dirname(file);
  return [
    `${file} is damaged (${why}).`,
    `Put it aside (\`mv mlflow.db mlflow.db.damaged\` in ${folder}): a new one is made, and everything in runs/ is sent to it anew.`,
  ].join("\n");
}

function tooNew(folder: string, file: string, state: DatabaseState): string {
  return [
    `${file} was made by a newer MLflow than ${state.mlflow}, which is installed (schema ${state.revision}).`,
    `Install that MLflow, or put the file aside (\`mv mlflow.db mlflow.db.newer\` in ${folder}): a new one is made, and everything in runs/ is sent to it anew.`,
  ].join("\n");
}
