import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MlflowClient } from "../src/client.js";
import { freePort, mlflowProgram, startServer, temporaryFolder } from "./support.js";

const program = mlflowProgram();
const reason = program ? "" : " (skipped: no mlflow program in AUSCULT_VENV or .venv)";
const dist = fileURLToPath(new URL("../dist/index.js", import.meta.url));
const cli = fileURLToPath(new URL("../dist/cli.js", import.meta.url));

interface Ended {
  code: number | null;
  signal: string | null;
  stdout: string;
  stderr: string;
}

describe.skipIf(!program).concurrent(`a run whose process ends${reason}`, () => {
  const place = temporaryFolder();
  let server: Awaited<ReturnType<typeof startServer>>;
  let client: MlflowClient;

  beforeAll(async () => {
    server = await startServer(place.folder);
    client = new MlflowClient({ uri: server.uri });
  });
  afterAll(async () => {
    await server?.stop();
    place.remove();
  });

  const spools = (name: string): string => path.join(place.folder, "spools", name);

  /** Runs a program that has started the run `run` by the client `mlflow`; `kill` is sent when it prints "ready". */
  function runProgram(name: string, body: string, kill?: NodeJS.Signals, environment: object = {}): Promise<Ended> {
    const code = `
      import { mlflow, createMlflow } from ${JSON.stringify(dist)};
      const run = mlflow.startRun({ name: ${JSON.stringify(name)}, experiment: "ends" });
      run.logMetric("m", 1);
      ${body}`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", code], {
      env: { ...process.env, MLFLOW_TRACKING_URI: server.uri, MLFLOW_JS_SPOOL: spools(name), ...environment },
    });
    const ended: Ended = { code: null, signal: null, stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      ended.stdout += text;
      if (kill && text.includes("ready")) child.kill(kill);
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      ended.stderr += text;
    });
    return new Promise((resolve) => child.once("close", (code, signal) => resolve({ ...ended, code, signal })));
  }

  /** The run of that name as soon as it has ended on the server. */
  async function runCalled(name: string) {
    const { experiment_id } = await client.getOrCreateExperiment("ends");
    for (const until = Date.now() + 15_000; ; await new Promise((resolve) => setTimeout(resolve, 100))) {
      const [run] = await client.searchRuns({ experimentIds: [experiment_id], filter: `run_name = '${name}'` });
      if (run && run.info.status !== "RUNNING")
        return {
          status: run.info.status,
          tags: Object.fromEntries(run.data.tags!.map(({ key, value }) => [key, value])),
          run,
        };
      if (Date.now() > until) throw new Error(`run ${name} is ${run?.info.status ?? "not there"}`);
    }
  }

  const idle = "setInterval(() => {}, 1000); console.log('ready');";

  it("has finished when the program runs out, and its folder is gone", async () => {
    const ended = await runProgram("out", "");
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    // Drained before the process ended: nothing has to be awaited.
    expect(readdirSync(spools("out"))).toEqual([]);
    expect((await runCalled("out")).status).toBe("FINISHED");
  });

  it("has failed when the program sets an exit code", async () => {
    expect(await runProgram("exit code", "process.exitCode = 3;")).toMatchObject({ code: 3, stderr: "" });
    expect((await runCalled("exit code")).status).toBe("FAILED");
  });

  it("is ended by process.exit, by its code", async () => {
    expect(await runProgram("exit 0", "process.exit(0);")).toMatchObject({ code: 0 });
    expect(await runProgram("exit 4", "process.exit(4);")).toMatchObject({ code: 4 });
    expect((await runCalled("exit 0")).status).toBe("FINISHED");
    expect((await runCalled("exit 4")).status).toBe("FAILED");
  });

  it("has failed with an uncaught exception, which ends the program as ever", async () => {
    const ended = await runProgram("thrown", "setTimeout(() => { throw new RangeError('too far'); }, 10);");
    expect(ended.code).toBe(1);
    expect(ended.stderr).toMatch(/throw new RangeError\('too far'\)/);
    const { status, tags, run } = await runCalled("thrown");
    expect({ status, error: tags.error }).toEqual({ status: "FAILED", error: "RangeError: too far" });
    const stack = Buffer.from(await client.artifacts.download(run.info.artifact_uri, "error.txt")).toString();
    expect(stack).toMatch(/RangeError: too far\n\s+at /);
  });

  it("has failed with an unhandled rejection", async () => {
    const ended = await runProgram("rejected", "void Promise.reject(new Error('no', { cause: new Error('deep') }));");
    expect(ended.code).toBe(1);
    const { status, tags } = await runCalled("rejected");
    expect({ status, error: tags.error }).toEqual({ status: "FAILED", error: "Error: no" });
  });

  it("goes on when the program handles its uncaught exceptions", async () => {
    const body = "process.on('uncaughtException', () => {}); setTimeout(() => { throw new Error('x'); }, 5);";
    expect(await runProgram("handled", `${body} setTimeout(() => run.logMetric("m", 2, 2), 50);`)).toMatchObject({
      code: 0,
    });
    const { status, run } = await runCalled("handled");
    expect({ status, last: run.data.metrics![0]!.value }).toEqual({ status: "FINISHED", last: 2 });
  });

  it.each(["SIGINT", "SIGTERM", "SIGKILL"] as const)(
    "is killed by %s, which ends the program as ever",
    async (name) => {
      expect(await runProgram(name, idle, name)).toMatchObject({ code: null, signal: name, stderr: "" });
      expect((await runCalled(name)).status).toBe("KILLED");
    },
  );

  it("is killed where the program listens to the signal and exits with a code of its own", async () => {
    const body = "process.on('SIGTERM', () => { console.log('heard'); process.exit(0); });";
    const ended = await runProgram("listener", body + idle, "SIGTERM");
    expect(ended).toMatchObject({ code: 0, signal: null, stdout: "ready\nheard\n" });
    expect((await runCalled("listener")).status).toBe("KILLED");
  });

  it("leaves a program that stops listening as it was: the second signal ends it", async () => {
    const body = "process.once('SIGINT', () => { console.log('first'); process.kill(process.pid, 'SIGINT'); });";
    const ended = await runProgram("once", body + idle, "SIGINT");
    expect(ended).toMatchObject({ code: null, signal: "SIGINT", stdout: "ready\nfirst\n" });
    expect((await runCalled("once")).status).toBe("KILLED");
  });

  it("ends as the program says although a signal was heard", async () => {
    const body =
      "const timer = setInterval(() => {}, 1000); process.on('SIGINT', () => { clearInterval(timer); run.end('FINISHED'); });";
    const ended = await runProgram("heard", `${body} console.log('ready');`, "SIGINT");
    expect(ended).toMatchObject({ code: 0, signal: null });
    expect((await runCalled("heard")).status).toBe("FINISHED");
  });

  it("is ended and sent by the program itself where that was asked for", async () => {
    const body = `
      const own = createMlflow({ sending: "inline" });
      const second = own.startRun({ name: "inline", experiment: "ends" });
      second.logMetric("m", 5);`;
    expect(await runProgram("inline outer", body)).toMatchObject({ code: 0, stderr: "" });
    expect((await runCalled("inline")).status).toBe("FINISHED");
  });

  it.skipIf(process.platform !== "linux")("gets another sending process when that is killed", async () => {
    const body = `
      import { readFileSync } from "node:fs";
      const children = () => readFileSync("/proc/self/task/" + process.pid + "/children", "utf8").trim().split(" ");
      const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
      const [first] = children();
      process.kill(Number(first), "SIGKILL");
      run.logMetric("m", 2, 2);
      for (let left = 100; left > 0 && (children()[0] === first || children()[0] === ""); left--) await pause(50);
      console.log(children()[0] !== first && children()[0] !== "");`;
    expect(await runProgram("new sender", body)).toMatchObject({ code: 0, stdout: "true\n", stderr: "" });
    const { status, run } = await runCalled("new sender");
    expect({ status, points: (await client.metricHistory(run.info.run_id, "m")).length }).toEqual({
      status: "FINISHED",
      points: 2,
    });
  });

  it.skipIf(process.platform !== "linux").each([1, 4])(
    "sends five runs to their end when the sending process is killed %i times",
    async (kills) => {
      const name = `five ${kills}`;
      const body = `
        import { readFileSync } from "node:fs";
        const children = () => readFileSync("/proc/self/task/" + process.pid + "/children", "utf8").trim().split(" ");
        const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
        const runs = [1, 2, 3, 4].map((n) => mlflow.startRun({ name: ${JSON.stringify(name)} + n, experiment: "ends" }));
        for (let kill = 0; kill < ${kills}; kill++) {
          const [child] = children();
          process.kill(Number(child), "SIGKILL");
          for (let left = 40; left > 0 && (children()[0] === child || children()[0] === ""); left--) await pause(50);
        }
        for (const one of runs) one.logMetric("m", 2);`;
      expect(await runProgram(name, body)).toMatchObject({ code: 0, stderr: "" });
      for (const one of ["", 1, 2, 3, 4]) expect((await runCalled(name + one)).status).toBe("FINISHED");
      expect(
        readdirSync(spools(name)).filter((entry) => existsSync(path.join(spools(name), entry, "spool.jsonl"))),
      ).toEqual([]);
    },
    60_000,
  );

  it("says what has not arrived and how to send it, in bounded time; sync sends it", async () => {
    const dead = { MLFLOW_TRACKING_URI: `http://127.0.0.1:${await freePort()}` };
    const started = Date.now();
    const ended = await runProgram("dead server", "", undefined, dead);
    expect(ended.code).toBe(0);
    expect(Date.now() - started).toBeLessThan(30_000);
    expect(ended.stderr).toMatch(
      /^mlflow-js-client: run "dead server": 3 of 3 records have not arrived \(.*ECONNREFUSED.*\); send them by `npx mlflow-js-client sync ".+"`\n$/,
    );
    const folder = /sync "([^"]+)"`/.exec(ended.stderr)![1]!;
    const sync = spawn(process.execPath, [cli, "sync", "--json", folder], {
      env: { ...process.env, MLFLOW_TRACKING_URI: server.uri },
    });
    let output = "";
    sync.stdout.on("data", (text) => {
      output += text;
    });
    expect(await new Promise((resolve) => sync.once("close", resolve))).toBe(0);
    expect(JSON.parse(output).spools).toMatchObject([{ sent: 3, pending: 0, removed: true }]);
    expect((await runCalled("dead server")).status).toBe("FINISHED");
    expect(readdirSync(spools("dead server"))).toEqual([]);
  });
});
