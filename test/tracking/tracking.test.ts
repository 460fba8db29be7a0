import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { identityOf, MlflowClient, readWholeSpool } from "mlflow-js-client";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { uiCommand } from "../../src/cli/ui.js";
import { startBackgroundSender } from "../../src/tracking/background.js";
import { ensureServer, stopServer } from "../../src/tracking/localServer.js";
import { findMlflow, requireMlflow } from "../../src/tracking/mlflowExecutable.js";
import { createRecorder } from "../../src/tracking/mlflowRecorder.js";
import { isServerProcessRunning, readServerFile, storeName } from "../../src/tracking/serverFile.js";
import { describeSync, syncAll, syncRun } from "../../src/tracking/sync.js";
import { trackedRun } from "../../src/tracking/trackedRun.js";
import { trackerPage } from "../../src/tracking/trackerPage.js";

const reason = findMlflow() ? "" : " (skipped: no mlflow program in AUSCULT_VENV or .venv)";

// A server without compiled bytecode takes half a minute to start on a busy machine.
describe.skipIf(reason !== "")(`runs and the local server${reason}`, { timeout: 120_000 }, () => {
  let mlrunsFolder: string;
  let client: MlflowClient;

  beforeAll(() => {
    mlrunsFolder = mkdtempSync(path.join(tmpdir(), "auscult-mlruns-"));
    vi.stubEnv("MLFLOW_TRACKING_URI", undefined);
    vi.stubEnv("AUSCULT_MLRUNS", mlrunsFolder);
  });
  afterAll(async () => {
    await stopServer({ mlrunsFolder });
    vi.unstubAllEnvs();
    rmSync(mlrunsFolder, { recursive: true, force: true });
  });

  const runFolderOf = (name: string) => path.join(mlrunsFolder, "runs", "made-up", name);
  const newRun = (name: string) =>
    createRecorder({ runFolder: runFolderOf(name), experimentName: "made-up/test", runName: name });
  const stepsOf = async (runId: string) =>
    (await client.metricHistory(runId, "loss")).map((point) => point.step).sort((a, b) => a - b);
  const until = async <T>(what: () => Promise<T | undefined | false>, timeoutMs = 20_000): Promise<T> => {
    for (const end = Date.now() + timeoutMs; ; await new Promise((resolve) => setTimeout(resolve, 100))) {
      const found = await what();
      if (found) return found;
      if (Date.now() > end) throw new Error("it did not happen in time");
    }
  };
  const alive = (pid: number) => {
    try {
      // A zombie in a container without an init process is dead too.
      return process.platform !== "linux" || !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
    } catch {
      return false;
    }
  };

  it("records without a server; says in one line that it waits", async () => {
    const recorder = newRun("early");
    mkdirSync(path.join(runFolderOf("early"), "figures"));
    writeFileSync(path.join(runFolderOf("early"), "figures", "a.svg"), "<svg/>");
    recorder.metrics({ loss: 1 }, 1);
    recorder.artifact("figures/a.svg", "figures");
    recorder.end("FINISHED");
    const report = await syncAll(mlrunsFolder);
    expect(describeSync(report)).toBe(
      "0 records sent to the tracker; the rest stays on disk and a later command sends it (no tracking server has been started)",
    );
    expect(trackedRun(runFolderOf("early"))).toBeUndefined();
  });

  it("starts one server for two who want it, and sends what waited", async () => {
    const servers = await Promise.all([ensureServer({ mlrunsFolder }), ensureServer({ mlrunsFolder })]);
    expect(servers.map((server) => server.startedNow).sort()).toEqual([false, true]);
    expect(servers[0]!.pid).toBe(servers[1]!.pid);
    expect(servers[0]!.uri).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    client = new MlflowClient({ uri: servers[0]!.uri });
    expect(await syncAll(mlrunsFolder)).toMatchObject({ sent: 4, pending: 0, rejected: 0 });
    expect(await syncAll(mlrunsFolder)).toEqual({ runs: [], sent: 0, pending: 0, rejected: 0 });
    const { runId, experimentId } = trackedRun(runFolderOf("early"))!;
    const { info } = await client.getRun(runId);
    expect(info).toMatchObject({ run_name: "early", status: "FINISHED" });
    expect(await client.artifacts.list(info.artifact_uri, "figures")).toMatchObject([{ path: "figures/a.svg" }]);
    expect(await trackerPage({ mlrunsFolder, experiment: "made-up/test" })).toMatchObject({
      address: `${servers[0]!.uri}/#/experiments/${experimentId}/runs?workflowType=machine_learning`,
      found: true,
      startedNow: false,
    });
  });

  it("a training that blocks its thread and is then killed: points arrive meanwhile, none is lost, and it can go on", async () => {
    const runFolder = runFolderOf("child");
    const tsx = path.resolve("node_modules", "tsx", "dist", "cli.mjs");
    const script = path.resolve("test", "tracking", "trainingInChild.ts");
    // tsx starts a process of its own: the loader by itself keeps it to one, which is the one to kill.
    const loader = path.join(path.dirname(tsx), "loader.mjs");
    const child = spawn(process.execPath, ["--import", `file://${loader}`, script, runFolder, mlrunsFolder], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
    const ended = new Promise((resolve) => child.once("close", resolve));
    const run = await until(async () => trackedRun(runFolder));
    await until(async () => (await stepsOf(run.runId)).length > 5);
    child.kill("SIGKILL");
    await ended;
    // Nobody does anything now: the sending process sends the rest, marks the run, and ends.
    await until(async () => (await client.getRun(run.runId)).info.status === "KILLED");
    await until(async () => !alive(Number(output)));
    const { records } = readWholeSpool(path.join(runFolder, "tracking", "spool.jsonl"));
    const logged = records.filter((record) => record.kind === "metrics").length;
    expect(await stepsOf(run.runId)).toEqual(Array.from({ length: logged }, (_, i) => i + 1));

    const again = createRecorder({ runFolder, experimentName: "made-up/child", runName: "seed 1" });
    expect(again.resumed).toBe(true);
    for (let step = logged - 2; step <= logged + 3; step++) again.metrics({ loss: 1 / step }, step);
    await syncRun(runFolder, { mlrunsFolder });
    expect((await client.getRun(run.runId)).info.status).toBe("RUNNING");
    again.end("FINISHED");
    expect(await syncRun(runFolder, { mlrunsFolder })).toMatchObject({ pending: 0, runId: run.runId });
    expect(await stepsOf(run.runId)).toEqual(Array.from({ length: logged + 3 }, (_, i) => i + 1));
    const runs = await client.searchRuns({ experimentIds: [run.experimentId], view: "ALL" });
    expect(runs.map(({ info }) => [info.run_name, info.status]).sort()).toEqual([
      ["made-up row", "FINISHED"],
      ["seed 1", "FINISHED"],
    ]);
  });

  it("the server goes away in the middle and comes back at another address: everything arrives once", async () => {
    const runFolder = runFolderOf("restart");
    const recorder = newRun("restart");
    const sender = startBackgroundSender({ runFolder, mlrunsFolder, drainMs: 30_000 });
    recorder.metrics({ loss: 1 }, 1);
    const { runId } = await until(async () => trackedRun(runFolder));
    const before = readServerFile(mlrunsFolder)!;
    expect(await stopServer({ mlrunsFolder })).toBe(true);
    expect(await stopServer({ mlrunsFolder })).toBe(false);
    recorder.metrics({ loss: 0.5 }, 2);
    // Something else takes the port, and even says that it is well: it is not the process that was started.
    const impostor = createServer((_, answer) => answer.end("OK")).listen(before.port, "127.0.0.1");
    await until(async () => impostor.listening);
    const server = await ensureServer({ mlrunsFolder });
    impostor.close();
    expect(server.startedNow).toBe(true);
    expect(server.uri).not.toBe(before.uri);
    expect(readServerFile(mlrunsFolder)!.server).toBe(before.server);
    client = new MlflowClient({ uri: server.uri });
    recorder.metrics({ loss: 0.25 }, 3);
    recorder.end("FINISHED");
    expect(await sender.stop()).toMatchObject({ pending: 0, rejected: 0, runId });
    expect(await stepsOf(runId)).toEqual([1, 2, 3]);
  });

  it("auscult ui sends first, prints the page, and stops the server", async () => {
    const write = vi.spyOn(process.stdout, "write").mockReturnValue(true);
    vi.spyOn(process.stderr, "write").mockReturnValue(true);
    const printed = () => JSON.parse(String(write.mock.lastCall![0])) as Record<string, unknown>;
    try {
      newRun("late").end("FINISHED");
      await uiCommand().parseAsync(["made-up/test", "--json"], { from: "user" });
      expect(printed()).toMatchObject({ startedNow: false, sync: { sent: 2, pending: 0, rejected: 0 } });
      expect(printed().address).toMatch(/\/#\/experiments\/\d+\/runs\?workflowType=machine_learning$/);
      await uiCommand().parseAsync(["--stop", "--json"], { from: "user" });
      expect(printed()).toEqual({ stopped: true });
    } finally {
      vi.restoreAllMocks();
    }
  });

  it("a store whose database is gone is another store: its runs are sent again", () => {
    const { server } = readServerFile(mlrunsFolder)!;
    expect(storeName(mlrunsFolder)).toBe(server);
    rmSync(path.join(mlrunsFolder, "mlflow.db"));
    expect(storeName(mlrunsFolder)).not.toBe(server);
  });
});

describe("server.json", () => {
  it("of another machine, of a later process or of none is not the server", () => {
    const known = { uri: "http://127.0.0.1:9", port: 9, server: "s", startedAt: "" };
    const me = identityOf();
    expect(isServerProcessRunning({ ...known, process: me })).toBe(true);
    for (const process of [
      { ...me, host: "elsewhere" },
      { ...me, started: "1" },
      { ...me, pid: -1 },
    ])
      expect(isServerProcessRunning({ ...known, process })).toBe(false);
  });
});

describe("without MLflow", () => {
  it("says what to run, and takes a server that runs elsewhere", async () => {
    vi.stubEnv("AUSCULT_VENV", "/nowhere");
    vi.stubEnv("MLFLOW_TRACKING_URI", undefined);
    expect(() => requireMlflow()).toThrow(/MLflow is not installed in \/nowhere: run `npm run setup`/);
    vi.stubEnv("MLFLOW_TRACKING_URI", "http://ann:secret@tracker.example:5000/");
    const elsewhere = { uri: "http://tracker.example:5000", startedNow: false, pid: undefined };
    expect(await ensureServer({ mlrunsFolder: "/nowhere" })).toEqual(elsewhere);
    vi.stubEnv("MLFLOW_TRACKING_URI", "sqlite:///a.db");
    await expect(ensureServer({ mlrunsFolder: "/nowhere" })).rejects.toThrow(/"sqlite:" stores cannot be reached/);
    vi.unstubAllEnvs();
  });
});
