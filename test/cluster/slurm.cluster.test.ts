import type { ChildProcess } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startServer } from "../../packages/mlflow-js-client/test/support.js";
import { json, Workplace } from "../endToEnd/commandLine.js";
import { leftOf } from "../suite/running/suiteUnderFire.js";
import {
  attempts,
  doneIn,
  localSuite,
  placesIn,
  ROW,
  RUNS,
  runningIn,
  SUITE,
  states,
  sweep,
  tracked,
} from "./placedSuite.js";
import { SlurmCluster } from "./slurmCluster.js";

const LIMIT_MS = 1_800_000;

let cluster: SlurmCluster;
let server: Awaited<ReturnType<typeof startServer>>;
let place: Workplace;
let local: Awaited<ReturnType<typeof localSuite>>;

beforeAll(async () => {
  const problem = SlurmCluster.problem();
  if (problem) throw new Error(problem);
  cluster = new SlurmCluster();
  await cluster.start();
  server = await startServer(mkdtempSync(path.join(tmpdir(), "auscult-cluster-server-")));
  place = new Workplace({ ...cluster.env, MLFLOW_TRACKING_URI: server.uri });
  const { code, stderr } = await place.auscult(["data", "demo", place.at("data")]);
  expect(code, stderr).toBe(0);
}, LIMIT_MS);
afterAll(async () => {
  await cluster?.stop();
  place?.remove();
  await server?.stop();
});

const onSlurm = (...more: string[]) => ["run", ...SUITE, "--on", "slurm", ...more];

describe("a suite of 40 runs on Slurm", () => {
  beforeAll(async () => {
    local = await localSuite(place);
    expect(local.size).toBe(RUNS);
  }, LIMIT_MS);

  test(
    "a node lost, a task queued again, the controller and the watching command killed: each run once, as on this machine",
    async () => {
      const happened: string[] = [];
      const broom = setInterval(() => sweep(place), 1000);
      const when = async (done: number, what: string, act: () => Promise<void> | void) => {
        await cluster.until(() => doneIn(place) >= done && runningIn(place) > 0, what, 900);
        await act();
        happened.push(what);
      };
      let watching: ChildProcess | undefined;
      const whileRunning = (child: ChildProcess) => {
        watching = child;
        return true;
      };
      const first = place.auscult(onSlurm("--json"), { whileRunning });
      /** Tasks whose runs train now, of one node or all. */
      const training = (...where: string[]) => {
        const tasks = cluster.ask("squeue", "-h", "-r", "-t", "R", ...where, "-o", "slurm %F_%K").split("\n");
        return placesIn(place).filter((one) => tasks.includes(one));
      };
      await when(4, "a node without power", async () => {
        await cluster.until(() => training("-w", "n1").length > 0, "a run that trains on it");
        await cluster.killNode("n1");
        await cluster.until(() => cluster.ask("sinfo", "-h", "-N", "-n", "n1", "-o", "%T").includes("down"), "a node that is missed"); // biome-ignore format: one wait
        cluster.startNode("n1");
      });
      await when(12, "a task queued again", async () => {
        await cluster.until(() => training().length > 0, "a run that trains");
        cluster.ask("scontrol", "requeue", training()[0]!.replace("slurm ", ""));
      });
      await when(18, "the controller killed", async () => {
        await cluster.killController();
        await new Promise((resolve) => setTimeout(resolve, 5000));
        await cluster.startController();
      });
      await when(24, "the watching command killed", () => void watching!.kill("SIGKILL"));
      expect((await first).signal).toBe("SIGKILL");
      // Asked again while its runs are in the queue: nothing is handed over.
      const again = await place.auscult(onSlurm("--json"));
      clearInterval(broom);
      expect(again.code, again.stderr).toBe(0);
      expect(again.stderr).toMatch(/runs are with slurm already/);
      expect(happened).toHaveLength(4);

      const folders = place.runFolders();
      expect(new Map(folders.map((folder) => [path.basename(folder), leftOf(folder)]))).toEqual(local);
      const made = folders.map(attempts);
      for (const { made: all, doneBy } of made) expect(doneBy).toBe(all);
      // The lost node and the queue made runs go on from where they were; both may have hit one.
      expect(made.reduce((sum, { made: all }) => sum + all - 1, 0)).toBeGreaterThanOrEqual(2);
      const kept = await tracked(place, server.uri);
      const once = kept.filter(({ runId }) => local.has(runId));
      // Those of the local suite, and these.
      expect(once).toHaveLength(2 * RUNS);
      expect(once.filter(({ status }) => status !== "FINISHED")).toEqual([]);
      expect(once.flatMap(({ twice }) => twice)).toEqual([]);
      expect(Math.min(...once.map(({ points }) => points))).toBeGreaterThan(10);

      const whole = await place.auscult(onSlurm("--json"));
      expect(states(whole)).toEqual({ "done before": RUNS });
    },
    LIMIT_MS,
  );
});

describe("what goes wrong on Slurm", () => {
  const of = (mlruns: string) => ({ env: { AUSCULT_MLRUNS: place.at(mlruns) } });

  test(
    "runs cancelled while they wait do not begin; `resume` goes on with them where they were asked for",
    async () => {
      const asked = ["run", ...ROW, "--seed", "0", "--seed", "1", "--on", "slurm"];
      for (const node of cluster.nodes) cluster.ask("scontrol", "update", `nodename=${node}`, "state=drain", "reason=test"); // biome-ignore format: one command
      const handed = await place.auscult([...asked, "--detach", "--json"], of("waiting"));
      expect(states(handed), handed.stderr).toEqual({ "handed over": 2 });
      const before = await place.auscult(["status", "--json"], of("waiting"));
      expect(json<{ waiting: { message: string }[] }>(before).waiting.map(({ message }) => message)).toEqual([
        expect.stringMatching(/^slurm \d+_0: pending/),
        expect.stringMatching(/^slurm \d+_1: pending/),
      ]);
      const cancelled = await place.auscult(["cancel"], of("waiting"));
      expect(cancelled.stdout.match(/^stopped: /gm)).toHaveLength(2);
      for (const node of cluster.nodes) cluster.ask("scontrol", "update", `nodename=${node}`, "state=resume");
      expect(cluster.ask("squeue", "-h", "-r", "-t", "PD,R")).toBe("");
      const after = await place.auscult(["status", "--json"], of("waiting"));
      expect(json<{ cancelled: unknown[] }>(after).cancelled).toHaveLength(2);
      const resumed = await place.auscult(["resume", "--json"], of("waiting"));
      expect(states(resumed), resumed.stderr).toEqual({ done: 2 });
      expect(resumed.stderr).toMatch(/handed to slurm: 2 runs/);
    },
    LIMIT_MS,
  );

  test(
    "a shared folder that nodes do not share is told by the first task, before anything runs",
    async () => {
      const asked = ["run", ...ROW, "--seed", "7", "--on", "slurm", "--json"];
      const node = cluster.nodes.join(",");
      cluster.ask("scontrol", "update", `nodename=${node}`, "state=drain", "reason=test");
      const ended = place.auscult(asked, of("unshared"));
      await cluster.until(() => cluster.ask("squeue", "-h", "-t", "PD") !== "", "a task that waits");
      // What a node finds there is another folder.
      const submission = (await place.auscult(["status", "--json"], of("unshared"))).stdout;
      expect(submission).toContain("waiting");
      const [id] = readdirSync(place.at("unshared", "submissions")).filter((name) => !name.endsWith(".lock"));
      writeFileSync(place.at("unshared", "submissions", id!, "token"), "of another folder\n");
      cluster.ask("scontrol", "update", `nodename=${node}`, "state=resume");
      const { code, stderr } = await ended;
      expect(code).toBe(1);
      expect(stderr).toMatch(/slurm \d+_0: failed on n\d.*it left no word; what its node said is in/);
      const [log] = readdirSync(place.at("unshared", "submissions", id!, "logs"));
      const logged = readFileSync(place.at("unshared", "submissions", id!, "logs", log!), "utf8");
      expect(logged).toMatch(/does not see .* is it shared with this node, at this path\?/);
      expect(readdirSync(place.runFolders(place.at("unshared"))[0]!)).toEqual(["request.json"]);
    },
    LIMIT_MS,
  );

  test(
    "what cannot be is refused before anything is handed over",
    async () => {
      const refused = async (...more: string[]) => {
        const { code, stderr } = await place.auscult(["run", ...ROW, "--on", "slurm", ...more], of("refused"));
        expect(code).toBeOneOf([1, 2]);
        expect(place.runFolders(place.at("refused"))).toEqual([]);
        return stderr;
      };
      expect(await refused("--partition", "nowhere")).toMatch(/partition nowhere has no nodes/);
      expect(await refused("--partition", "far")).toMatch(/127\.0\.0\.1.*\bfar\b|\bfar\b.*127\.0\.0\.1/s);
      expect(await refused("--threads", "2")).toMatch(/no node of slurm has more than 1 processor/);
      expect(await refused("--account", "lungs", "--sbatch=--no-such-option")).toMatch(
        /Slurm refuses the runs: .*no-such-option/,
      );
      await cluster.killController();
      expect(await refused()).toMatch(/Slurm does not answer/);
      await cluster.startController();
    },
    LIMIT_MS,
  );
});
