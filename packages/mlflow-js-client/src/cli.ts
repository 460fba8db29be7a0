import { existsSync, rmSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { parseTrackingUri } from "./environment.js";
import { followSpool } from "./follow.js";
import { tryLock } from "./processLock.js";
import type { SendResult } from "./sender.js";
import { type FollowAnswer, followCommands } from "./sending/followCommands.js";
import { spoolFoldersBelow, spoolRoot, summarizeSpool } from "./sending/spoolFolders.js";
import { type SyncedSpool, syncSpools } from "./sending/syncSpools.js";

const usage = `mlflow-js-client: sends what runs have logged to an MLflow tracking server

mlflow-js-client list [FOLDER...]     what waits: run, server, records sent and to be sent
mlflow-js-client sync [FOLDER...]     sends it, and removes what has arrived whole
mlflow-js-client discard FOLDER...    removes it unsent
mlflow-js-client follow FOLDER        sends a spool while it grows, until standard input is closed

  --to URI          sync: the server (MLFLOW_TRACKING_URI, else the one that a run was logged for)
                    list: the server to compare with (the one that a run was logged for)
  --keep            sync: removes nothing
  --moved           sync: the folders come from another machine or container: runs that were open there are KILLED
  --timeout-ms N    sync: how long one run may take
  --json            one JSON document on standard output; follow always does
  --files DIR       what paths of artefacts are relative to, for spools that another program keeps
  --locks DIR       where processes lock the making of parent runs
  --address-file F  follow: a JSON file {uri, server} that says where the server is now
  --drain-ms N      follow: how long the last sending may take (10000)

Without FOLDER: the folders below MLFLOW_JS_SPOOL, else below ${spoolRoot({ ...process.env, MLFLOW_JS_SPOOL: "" })}.
Exit code: 0 all arrived, 1 something did not, 2 wrong usage.
Example: MLFLOW_TRACKING_URI=http://127.0.0.1:5000 mlflow-js-client sync`;

const { values, positionals } = (() => {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        to: { type: "string" },
        keep: { type: "boolean" },
        moved: { type: "boolean" },
        json: { type: "boolean" },
        "timeout-ms": { type: "string" },
        files: { type: "string" },
        locks: { type: "string" },
        "address-file": { type: "string" },
        "drain-ms": { type: "string" },
        commands: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (error) {
    console.error((error as Error).message);
    process.exit(2);
  }
})();

function milliseconds(name: "timeout-ms" | "drain-ms"): number | undefined {
  const text = values[name];
  if (text === undefined || Number(text) > 0) return text === undefined ? undefined : Number(text);
  console.error(`--${name} ${text}: it must be a number of milliseconds above 0`);
  process.exit(2);
}

function list(folders: readonly string[]): number {
  const server = values.to === undefined ? undefined : parseTrackingUri(values.to).uri;
  const spools = folders.flatMap((folder) => spoolFoldersBelow(folder)).map((folder) => summarizeSpool(folder, server));
  if (values.json) console.log(JSON.stringify({ spools }));
  else if (spools.length === 0) console.log("nothing waits");
  else
    for (const {
      folder,
      name,
      experiment,
      trackingUri,
      ended,
      writing,
      records,
      pending,
      rejected,
      damaged,
    } of spools) {
      const state = ended ?? (writing ? "RUNNING" : "its process has died");
      const refused = rejected > 0 ? `, ${rejected} refused` : "";
      const spoiled = damaged > 0 ? `, ${damaged} damaged` : "";
      console.log(
        `${experiment || "?"} / ${name ?? "?"}: ${state}, ${pending} of ${records} records to be sent${refused}${spoiled}`,
      );
      console.log(`  to ${trackingUri ?? "no server"}, in ${folder}`);
    }
  return 0;
}

async function sync(folders: readonly string[] | undefined): Promise<number> {
  const { to, files, locks, keep, moved } = values;
  const onProgress = (folder: string, sent: number, total: number): void => {
    if (process.stderr.isTTY) process.stderr.write(`\r${path.basename(folder)}: ${sent} of ${total} bytes `);
  };
  const options = { folders, trackingUri: to, filesFolder: files, lockFolder: locks, keep, moved, onProgress };
  const spools = await syncSpools({ ...options, timeoutMs: milliseconds("timeout-ms") });
  if (process.stderr.isTTY && spools.length > 0) process.stderr.write("\r\x1b[K");
  if (values.json) console.log(JSON.stringify({ spools }));
  else if (spools.length === 0) console.log("nothing waits");
  else for (const spool of spools) console.log(described(spool));
  return spools.every(isWhole) ? 0 : 1;
}

/** Whether all of what was to be sent has arrived. */
function isWhole({ problem, rejected, damaged }: SendResult): boolean {
  return problem === undefined && rejected === 0 && damaged === 0;
}

function described(spool: SyncedSpool): string {
  const { folder, skipped, sent, pending, rejected, damaged, problem, open, removed, runId } = spool;
  if (skipped !== undefined) return `${folder}: passed over, ${skipped}`;
  const parts = [`${sent} records sent${runId === undefined ? "" : ` to run ${runId}`}`];
  if (problem !== undefined) parts.push(pending < 0 ? problem : `${pending} wait (${problem})`);
  if (rejected > 0) parts.push(`${rejected} values refused, see ${path.join(folder, "rejected.jsonl")}`);
  if (damaged > 0) parts.push(`${damaged} damaged lines were not sent`);
  if (open) parts.push("the run is still open");
  if (removed) parts.push("folder removed");
  return `${folder}: ${parts.join("; ")}`;
}

function discard(folders: readonly string[]): number {
  for (const folder of folders) {
    if (!existsSync(path.join(folder, "spool.jsonl"))) {
      console.error(`${folder}: it holds no spool`);
      return 1;
    }
    const { pending, name } = summarizeSpool(folder);
    const release = tryLock(path.join(folder, "writing.lock"));
    if (!release) {
      console.error(`${folder}: a process is writing it`);
      return 1;
    }
    rmSync(folder, { recursive: true });
    release();
    console.log(`${folder}: run "${name ?? "?"}" removed, ${pending} records were not sent`);
  }
  return 0;
}

/** One spool, until standard input is closed; any byte before says that its writer ends in order. */
async function followOne(folder: string): Promise<number> {
  const drainMs = milliseconds("drain-ms") ?? 10_000;
  const ended = new Promise<void>((resolve) => {
    let orderly = false;
    process.stdin.on("data", () => {
      orderly = true;
    });
    // A killed writer closes its pipe before it is seen to be dead.
    process.stdin.once("close", () => setTimeout(resolve, orderly ? 0 : 500));
  });
  exitAfterInput(() => drainMs + 5_000);
  const { files: filesFolder, locks: lockFolder, "address-file": addressFile } = values;
  const result = await followSpool({ folder, filesFolder, lockFolder, addressFile, drainMs, ended });
  console.log(JSON.stringify(result));
  return isWhole(result) ? 0 : 1;
}

async function followMany(): Promise<number> {
  let longestDrainMs = milliseconds("drain-ms") ?? 10_000;
  let whole = true;
  exitAfterInput(() => longestDrainMs + 15_000);
  const answer = (line: FollowAnswer): void => {
    whole &&= isWhole(line.result);
    console.log(JSON.stringify(line));
  };
  await followCommands(process.stdin, answer, ({ drainMs = 0 }) => {
    longestDrainMs = Math.max(longestDrainMs, drainMs);
  });
  return whole ? 0 : 1;
}

function exitAfterInput(ms: () => number): void {
  // Ctrl-C is meant for the writer, whose end, whatever its cause, closes the standard input of this process.
  process.on("SIGINT", () => {});
  // Nobody may be listening any more.
  process.stdout.on("error", () => {});
  // A request that hangs must not keep this process.
  process.stdin.once("close", () => setTimeout(() => process.exit(1), ms()).unref());
}

async function main(): Promise<number> {
  const [command, ...folders] = positionals;
  const named = folders.length > 0 ? folders : undefined;
  if (values.help) {
    console.log(usage);
    return 0;
  }
  if (command === "list") return list(named ?? [spoolRoot()]);
  if (command === "sync") return sync(named);
  if (command === "discard" && named) return discard(named);
  if (command === "follow" && folders.length === 1) return followOne(folders[0]!);
  if (command === "follow" && values.commands && !named) return followMany();
  console.error(usage);
  return 2;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: Error) => {
    console.error(error.message);
    process.exitCode = error.name === "MlflowValidationError" ? 2 : 1;
  },
);
