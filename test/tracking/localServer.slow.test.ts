import { spawn, spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { MlflowClient } from "mlflow-js-client";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { projectRoot } from "../../src/node/paths.js";
import { ensureServer, stopServer, type TrackingServer } from "../../src/tracking/localServer.js";
import { findMlflow } from "../../src/tracking/mlflowExecutable.js";
import { createRecorder } from "../../src/tracking/mlflowRecorder.js";
import { isHealthy, readServerFile } from "../../src/tracking/serverFile.js";
import { syncAll } from "../../src/tracking/sync.js";
import { smallDisk } from "../training/smallDisk.js";

const reason = findMlflow() ? "" : " (skipped: no mlflow program in AUSCULT_VENV or .venv)";
const folders: string[] = [];

/** A path that would mean something else as an address or to a shell. */
function newFolder(): string {
  const folder = path.join(mkdtempSync(path.join(tmpdir(), "auscult-server-")), "a b%20c#d?é'$x");
  mkdirSync(folder);
  folders.push(folder);
  return folder;
}

/** The numbers of the processes of a group that live. */
function group(pid: number): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, "utf8");
        const [state, , ofGroup] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
        return Number(ofGroup) === pid && state !== "Z";
      } catch {
        return false;
      }
    })
    .map(Number);
}

beforeEach(() => vi.stubEnv("MLFLOW_TRACKING_URI", undefined));
afterEach(() => vi.unstubAllEnvs());
afterAll(async () => {
  for (const mlrunsFolder of folders) await stopServer({ mlrunsFolder });
});

describe.skipIf(reason !== "")(`the local server among processes${reason}`, { timeout: 300_000 }, () => {
  const start = (folder: string): Promise<TrackingServer> => {
    const script = path.join(projectRoot(), "test", "tracking", "startServer.ts");
    const child = spawn(process.execPath, ["--import", "tsx", script, folder], {
      cwd: projectRoot(),
      stdio: ["ignore", "pipe", "inherit"],
    });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
    return new Promise((resolve) => child.once("close", () => resolve(JSON.parse(output) as TrackingServer)));
  };

  it("five that start at once get one, which outlives them; killed in part it is replaced, stopped it is gone", async () => {
    const mlrunsFolder = newFolder();
    const servers = await Promise.all(Array.from({ length: 5 }, () => start(mlrunsFolder)));
    expect(servers.filter(({ startedNow }) => startedNow)).toHaveLength(1);
    expect(new Set(servers.map(({ pid }) => pid)).size).toBe(1);
    const { uri, pid } = servers[0]!;
    expect(await isHealthy(uri)).toBe(true);
    expect(group(pid!).length).toBeGreaterThan(1);

    // What is sent arrives, also its files, whatever signs the folder's path holds.
    const runFolder = path.join(mlrunsFolder, "runs", "one");
    const recorder = createRecorder({ runFolder, experimentName: "made-up/test", runName: "one" });
    writeFileSync(path.join(runFolder, "a.txt"), "a");
    recorder.metrics({ loss: 1 }, 1);
    recorder.artifact("a.txt");
    recorder.end("FINISHED");
    expect(await syncAll(mlrunsFolder)).toMatchObject({ pending: 0, rejected: 0 });
    expect(readdirSync(mlrunsFolder).sort()).toEqual(
      expect.arrayContaining(["artifacts", "mlflow.db", "runs", "server.json", "store.json"]),
    );

    // Its first process dies alone: the one that answers at the port has no owner any more.
    process.kill(pid!, "SIGKILL");
    await new Promise((resolve) => setTimeout(resolve, 500));
    const again = await ensureServer({ mlrunsFolder });
    expect(again.startedNow).toBe(true);
    expect(group(pid!)).toEqual([]);
    const client = new MlflowClient({ uri: again.uri });
    const experiment = await client.findExperiment("made-up/test");
    const runs = await client.searchRuns({ experimentIds: [experiment!.experiment_id] });
    expect(runs.map(({ info }) => info.run_name)).toEqual(["one"]);
    expect(await client.artifacts.list(runs[0]!.info.artifact_uri)).toMatchObject([{ path: "a.txt" }]);

    expect(await stopServer({ mlrunsFolder })).toBe(true);
    expect(group(again.pid!)).toEqual([]);
    expect(await stopServer({ mlrunsFolder })).toBe(false);
  });

  it("a database that is put aside, or replaced by an earlier copy, gets everything again, once", async () => {
    const mlrunsFolder = newFolder();
    const database = path.join(mlrunsFolder, "mlflow.db");
    const record = (name: string) => {
      const runFolder = path.join(mlrunsFolder, "runs", name);
      const recorder = createRecorder({ runFolder, experimentName: "made-up/test", runName: name });
      for (const step of [1, 2, 3]) recorder.metrics({ loss: 1 / step }, step);
      recorder.end("FINISHED");
    };
    const tracked = async () => {
      const { uri } = await ensureServer({ mlrunsFolder });
      expect(await syncAll(mlrunsFolder)).toMatchObject({ pending: 0, rejected: 0 });
      const client = new MlflowClient({ uri });
      const { experiment_id } = (await client.findExperiment("made-up/test"))!;
      const runs = await client.searchRuns({ experimentIds: [experiment_id] });
      const steps = await Promise.all(runs.map(({ info }) => client.metricHistory(info.run_id, "loss")));
      await stopServer({ mlrunsFolder });
      return runs.map(({ info }, at) => `${info.run_name} ${info.status} ${steps[at]!.length}`).sort();
    };
    record("one");
    expect(await tracked()).toEqual(["one FINISHED 3"]);
    copyFileSync(database, path.join(mlrunsFolder, "copy.db"));
    record("two");
    expect(await tracked()).toEqual(["one FINISHED 3", "two FINISHED 3"]);
    renameSync(database, `${database}.old`);
    expect(await tracked()).toEqual(["one FINISHED 3", "two FINISHED 3"]);
    copyFileSync(path.join(mlrunsFolder, "copy.db"), database);
    rmSync(path.join(mlrunsFolder, "store.json"));
    expect(await tracked()).toEqual(["one FINISHED 3", "two FINISHED 3"]);
  });

  it("one that hangs is replaced", async () => {
    const mlrunsFolder = newFolder();
    const first = await ensureServer({ mlrunsFolder });
    for (const pid of group(first.pid!)) process.kill(pid, "SIGSTOP");
    const second = await ensureServer({ mlrunsFolder });
    expect(second.startedNow).toBe(true);
    expect(group(first.pid!)).toEqual([]);
    expect(readServerFile(mlrunsFolder)!.process.pid).toBe(second.pid);
    expect(await isHealthy(second.uri)).toBe(true);
  });

  it("on a full disk says so", async ({ skip }) => {
    const disk = smallDisk(512);
    if (!disk) return skip("no small disk can be mounted here");
    disk.fill();
    const mlrunsFolder = path.join(disk.folder, "mlruns");
    await expect(ensureServer({ mlrunsFolder })).rejects.toThrow(
      /the tracking server needs to write to .*: ENOSPC|no space is left/,
    );
    // Nothing runs that would have to be stopped.
    expect(existsSync(path.join(mlrunsFolder, "server.json"))).toBe(false);
    expect(spawnSync("pgrep", ["-f", disk.folder]).status).toBe(1);
  });
});
