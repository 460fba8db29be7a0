import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startServer } from "../../packages/mlflow-js-client/test/support.js";
import { type Ended, json, Workplace } from "../endToEnd/commandLine.js";
import { leftOf } from "../suite/running/suiteUnderFire.js";
import { attempts, doneIn, ROW, RUNS, runningIn, SUITE, states, sweep, tracked } from "./placedSuite.js";
import { killIfThere, RayCluster } from "./rayCluster.js";

const LIMIT_MS = 1_800_000;
const ONE = [...ROW, "--threads", "1"];
/** Of the suite, carried out on this machine too. */
const FEW = [...ONE, "--seed", "0", "--seed", "1", "--protocol", "honest", "--protocol", "published"];
const FEW_RUNS = 4;
/** More than what happens can make necessary. */
const MOST_TIMES = 8;

let cluster: RayCluster;
let server: Awaited<ReturnType<typeof startServer>>;
let place: Workplace;
let local: Map<string, ReturnType<typeof leftOf>>;

beforeAll(async () => {
  const problem = RayCluster.problem();
  if (problem) throw new Error(problem);
  cluster = new RayCluster();
  await cluster.startHead();
  for (const name of ["a", "b"]) await cluster.startWorker(name);
  await cluster.until(async () => (await cluster.workers()).length === 2, "two workers");
  server = await startServer(mkdtempSync(path.join(tmpdir(), "auscult-cluster-server-")));
  place = new Workplace({ RAY_ADDRESS: cluster.address, MLFLOW_TRACKING_URI: server.uri });
  const { code, stderr } = await place.auscult(["data", "demo", place.at("data")]);
  expect(code, stderr).toBe(0);
}, LIMIT_MS);
afterAll(async () => {
  await cluster?.stop();
  place?.remove();
  await server?.stop();
}, LIMIT_MS);

/** A folder of runs for a test of its own. */
const of = (mlruns: string) => ({ env: { AUSCULT_MLRUNS: place.at(mlruns) } });

/** The driver of the newest submission, by its number, where it runs. */
async function driver(): Promise<number | undefined> {
  const ids = readdirSync(place.at("mlruns", "submissions")).filter((name) => /^\d/.test(name));
  const job = await cluster.job(ids.sort().at(-1)!);
  return job?.status === "RUNNING" && job.driver_info ? Number(job.driver_info.pid) : undefined;
}

describe("a suite of 40 runs on Ray", () => {
  beforeAll(async () => {
    const ended = await place.auscult(["run", ...FEW, "--jobs", "2", "--json"], of("local"));
    expect(ended.code, ended.stderr).toBe(0);
    local = new Map(place.runFolders(place.at("local")).map((folder) => [path.basename(folder), leftOf(folder)]));
    expect(local.size).toBe(FEW_RUNS);
    rmSync(place.at("local"), { recursive: true });
  }, LIMIT_MS);

  test(
    "a node lost, the driver killed, the head started anew: each run once, as on this machine",
    async () => {
      const broom = setInterval(() => sweep(place), 1000);
      const asked: Ended[] = [];
      /** As a person does, whom the command tells that some runs were given up. */
      const askAgain = async () => {
        while (asked.length < MOST_TIMES && asked.at(-1)?.code !== 0)
          asked.push(await place.auscult(["run", ...SUITE, "--on", "ray", "--json"]));
      };
      const happened: string[] = [];
      const when = async (done: number, what: string, act: () => Promise<void>) => {
        await cluster.until(() => doneIn(place) >= done && runningIn(place) > 0, what, 900);
        await act();
        happened.push(what);
      };
      const asking = askAgain();
      await when(4, "a node without power", async () => {
        await cluster.killNode("a");
        await cluster.until(async () => (await cluster.workers()).length === 1, "a node that is missed");
        await cluster.startWorker("a");
      });
      await when(14, "the driver killed", async () => {
        await cluster.until(async () => (await driver()) !== undefined, "a driver");
        killIfThere((await driver())!);
      });
      await when(24, "the head started anew", async () => {
        await cluster.killNode("head");
        await new Promise((resolve) => setTimeout(resolve, 3000));
        await cluster.startHead();
        // What they had goes on until they have found out that this head is another.
        await cluster.until(() => cluster.hasEnded("a") && cluster.hasEnded("b"), "workers that end", 180);
        for (const name of ["a", "b"]) {
          await cluster.killNode(name);
          await cluster.startWorker(name);
        }
      });
      await asking;
      clearInterval(broom);
      expect(happened).toHaveLength(3);
      expect(asked.at(-1)!.code, asked.at(-1)!.stderr).toBe(0);
      expect(asked.length).toBeGreaterThan(1);

      const folders = place.runFolders();
      expect(folders).toHaveLength(RUNS);
      for (const folder of folders) {
        const left = local.get(path.basename(folder));
        if (left) expect(leftOf(folder)).toEqual(left);
      }
      expect(folders.filter((folder) => local.has(path.basename(folder)))).toHaveLength(FEW_RUNS);
      const made = folders.map(attempts);
      for (const { made: all, doneBy } of made) expect(doneBy).toBe(all);
      // What was lost went on from where it was.
      expect(made.filter(({ made: all }) => all > 1).length).toBeGreaterThanOrEqual(2);
      const kept = await tracked(place, server.uri);
      const count = new Map<string, number>();
      for (const { runId } of kept) count.set(runId, (count.get(runId) ?? 0) + 1);
      expect(count.size).toBe(RUNS);
      for (const [runId, times] of count) expect([runId, times]).toEqual([runId, local.has(runId) ? 2 : 1]);
      expect(kept.filter(({ status }) => status !== "FINISHED")).toEqual([]);
      expect(kept.flatMap(({ twice }) => twice)).toEqual([]);
      expect(Math.min(...kept.map(({ points }) => points))).toBeGreaterThan(10);

      const submissions = readdirSync(place.at("mlruns", "submissions")).length;
      const whole = await place.auscult(["run", ...SUITE, "--on", "ray", "--json"]);
      expect(states(whole)).toEqual({ "done before": RUNS });
      expect(readdirSync(place.at("mlruns", "submissions"))).toHaveLength(submissions);
    },
    LIMIT_MS,
  );
});

describe("what goes wrong on Ray", () => {
  const asked = ["run", ...ONE, "--seed", "28", "--on", "ray", "--json"];

  test(
    "a run handed over and left alone, asked for twice, cancelled while it waits; `resume` goes on where it was asked for",
    async () => {
      for (const name of ["a", "b"]) await cluster.killNode(name);
      await cluster.until(async () => (await cluster.workers()).length === 0, "nodes that are missed");
      const handed = await place.auscult([...asked, "--detach"], of("waiting"));
      expect(states(handed), handed.stderr).toEqual({ "handed over": 1 });
      const again = await place.auscult([...asked, "--detach"], of("waiting"));
      expect(again.stderr).toContain("the run is with ray already");
      const before = await place.auscult(["status", "--json"], of("waiting"));
      const { waiting } = json<{ waiting: { message: string }[] }>(before);
      expect(waiting.map(({ message }) => message)).toEqual([expect.stringMatching(/^ray \S+\/0: waits for a node$/)]);
      expect((await place.auscult(["cancel"], of("waiting"))).stdout.match(/^stopped: /gm)).toHaveLength(1);
      const after = await place.auscult(["status", "--json"], of("waiting"));
      expect(json<{ cancelled: unknown[] }>(after).cancelled).toHaveLength(1);
      for (const name of ["a", "b"]) await cluster.startWorker(name);
      const resumed = await place.auscult(["resume", "--json"], of("waiting"));
      expect(states(resumed), resumed.stderr).toEqual({ done: 1 });
      expect(resumed.stderr).toContain("handed to ray: 1 run");
    },
    LIMIT_MS,
  );

  test("an address without Ray, and one that is none, are refused before anything is handed over", async () => {
    const nobody = await place.auscult([...asked, "--address", "http://127.0.0.1:9"], of("refused"));
    expect(nobody.stderr).toMatch(/no Ray answers \(http:\/\/127\.0\.0\.1:9: ECONNREFUSED\)/);
    expect(nobody.code).toBe(1);
    const other = await place.auscult([...asked, "--address", server.uri], of("refused"));
    expect(other.stderr).toMatch(/is not the dashboard of Ray/);
    const none = await place.auscult([...asked, "--address", "ray://head:10001"], of("refused"));
    expect(none.stderr).toContain("such as http://head:8265");
    expect(place.runFolders(place.at("refused"))).toEqual([]);
  });
});
