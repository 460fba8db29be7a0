import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { networkInterfaces, tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type PlacedTask, Unreachable } from "../../../src/suite/placement/engine.js";
import { rayEngine } from "../../../src/suite/placement/ray.js";
import type { RayJob } from "../../../src/suite/placement/rayJobs.js";
import { keepSubmission, newSubmission, type Submission } from "../../../src/suite/placement/submission.js";
import { UserError } from "../../../src/userError.js";
import { node, RayDashboard } from "./rayDashboard.js";

const TOKEN = "a-token-that-nobody-may-read-anywhere";

let dashboard: RayDashboard;
let address: string;
let mlruns: string;
beforeEach(async () => {
  mlruns = mkdtempSync(path.join(tmpdir(), "auscult-ray-"));
  vi.stubEnv("AUSCULT_MLRUNS", mlruns);
  vi.stubEnv("RAY_ADDRESS", undefined);
  vi.stubEnv("RAY_AUTH_TOKEN", undefined);
  dashboard = new RayDashboard();
  address = await dashboard.start();
});
afterEach(async () => {
  await dashboard.stop();
  vi.unstubAllEnvs();
  rmSync(mlruns, { recursive: true });
});

const failure = (promise: Promise<unknown>): Promise<Error> =>
  promise.then(
    () => Promise.reject(new Error("it did not fail")),
    (error: Error) => error,
  );

/** Three runs, the last one after a stage. */
function submission(): Submission {
  const tasks = [0, 1, 2].map((index) => ({ index, runId: `run${index}`, after: index === 2 ? [0] : [] }));
  const made = newSubmission("ray", tasks, { threads: 1, gpus: 0 });
  keepSubmission(made);
  return made;
}

/** What the driver writes. */
function tell({ folder }: Submission, ...states: [PlacedTask["state"], string][]): void {
  const at = new Date().toISOString();
  writeFileSync(path.join(folder, "ray.json"), JSON.stringify({ at, tasks: { ...states } }));
}

/** One that the driver has begun with. */
async function submitted(): Promise<Submission> {
  const made = submission();
  tell(made, ["running", "running on n1"], ["pending", "waits for a node"], ["pending", "waits for its turn"]);
  await rayEngine({ address }).submit(made);
  return made;
}

const statesOf = async ({ id }: Submission) => (await rayEngine({ address }).tasks([id])).map(({ state }) => state);

describe("an address of Ray", () => {
  test.each([
    ["ray://head:10001", "http://head:8265"],
    ["head:6379", "http://head:8265"],
    ["10.0.0.7", "http://10.0.0.7:8265"],
    ["auto", "http://127.0.0.1:8265"],
    ["http://", "http://127.0.0.1:8265"],
  ])("%s is no dashboard's; the right form is named", (text, right) => {
    expect(() => rayEngine({ address: text })).toThrow(
      new UserError(`--address ${text}: must be the address of Ray's dashboard, such as ${right}`),
    );
    vi.stubEnv("RAY_ADDRESS", text);
    expect(() => rayEngine({})).toThrow(`RAY_ADDRESS=${text}: must be`);
  });

  test("holds no password, and says none", () => {
    const refuse = () => rayEngine({ address: "https://me:secret@head/ray" });
    expect(refuse).toThrow(/RAY_AUTH_TOKEN/);
    expect(refuse).not.toThrow(/secret/);
  });

  test("comes from --address, RAY_ADDRESS, this machine; what was handed over is asked for where it was", async () => {
    const made = await submitted();
    const at = (engine: ReturnType<typeof rayEngine>) => engine.describe(made).split("\n")[0];
    expect(at(rayEngine({}))).toBe("POST http://127.0.0.1:8265/api/jobs/");
    expect((await rayEngine({}).tasks([made.id])).map(({ state }) => state)).toEqual(["running", "pending", "pending"]);
    vi.stubEnv("RAY_ADDRESS", "https://head/ray/");
    expect(at(rayEngine({}))).toBe("POST https://head/ray/api/jobs/");
    expect(at(rayEngine({ address }))).toBe(`POST ${address}/api/jobs/`);
  });
});

describe("the nodes of Ray", () => {
  const own = Object.values(networkInterfaces()).flatMap((all) => all ?? [])[0]!.address;

  test("those alive that carry out something count, the head where it stands elsewhere is another machine", async () => {
    dashboard.nodes = [node(own, undefined), node(own, 1), node(own, 4), node("203.0.113.9", 64, "DEAD")];
    expect(await rayEngine({ address }).nodes()).toEqual({
      examples: [own, own],
      count: 2,
      remote: false,
      processors: 4,
    });
    dashboard.nodes = [node("203.0.113.1", undefined), node(own, 4)];
    expect(await rayEngine({ address }).nodes()).toMatchObject({ count: 1, remote: true, examples: [own] });
    dashboard.nodes = [node("203.0.113.1", undefined)];
    expect(await rayEngine({ address }).nodes()).toEqual({ examples: ["203.0.113.1"], count: 0, remote: true });
  });

  test("too old is refused with both versions", async () => {
    for (const version of ["2.39.0", "1.13.0"]) {
      dashboard.version = version;
      const { message } = await failure(rayEngine({ address }).nodes());
      expect(message).toContain(`is Ray ${version}; 2.40 or newer is needed`);
    }
    for (const version of ["2.40.0", "2.100.1", "3.0.0.dev0"]) {
      dashboard.version = version;
      expect(await rayEngine({ address }).nodes()).toMatchObject({ count: 1 });
    }
  });

  test("where nobody answers it is said how to get there; where somebody else does, that it is not Ray", async () => {
    const port = new URL(address).port;
    dashboard.before = (_, response) => {
      response.writeHead(200).end('{"status": "OK"}');
      return true;
    };
    expect((await failure(rayEngine({ address }).nodes())).message).toContain(`${address} is not the dashboard of Ray`);
    await dashboard.stop();
    const error = await failure(rayEngine({ address }).nodes());
    expect(error).toBeInstanceOf(UserError);
    expect(error.message).toContain(`${address}: ECONNREFUSED`);
    expect(error.message).toContain(`ssh -N -L ${port}:localhost:8265 HEAD`);
    await dashboard.start();
  });

  test("a token is asked for where it is missing", async () => {
    dashboard.token = TOKEN;
    expect((await failure(rayEngine({ address }).nodes())).message).toContain("set RAY_AUTH_TOKEN");
    vi.stubEnv("RAY_AUTH_TOKEN", TOKEN);
    expect(await rayEngine({ address }).nodes()).toMatchObject({ count: 1 });
  });
});

describe("a submission to Ray", () => {
  test("is one job, whose token for the dashboard is written nowhere", async () => {
    dashboard.token = TOKEN;
    const made = submission();
    tell(made, ["pending", "waits for its turn"]);
    const engine = rayEngine({ address, token: TOKEN });
    await engine.submit(made);
    const job = dashboard.jobs.get(`auscult-${made.id}`)!;
    expect(job.entrypoint).toContain("/scripts/python/rayDriver.py");
    expect(JSON.stringify([job, engine.describe(made)])).not.toContain(TOKEN);
    for (const name of readdirSync(made.folder, { recursive: true, withFileTypes: true }))
      if (name.isFile()) expect(readFileSync(path.join(name.parentPath, name.name), "utf8")).not.toContain(TOKEN);
    const [first, ...rest] = engine.describe(made).split("\n");
    expect(first).toBe(`POST ${address}/api/jobs/`);
    const posted = JSON.parse(rest.slice(0, rest.indexOf("}") + 1).join("\n"));
    expect(posted).toEqual({ ...posted, submission_id: `auscult-${made.id}`, entrypoint: job.entrypoint });
  });

  test("that cannot begin is refused with the driver's words", async () => {
    dashboard.begins = {
      status: "FAILED",
      message:
        "Job entrypoint command failed with exit code 3, last available logs (truncated to 20,000 chars):\nauscult: n1, the head of Ray, does not see /x\n",
      driver_exit_code: 3,
    };
    const error = await failure(rayEngine({ address }).submit(submission()));
    expect(error).toBeInstanceOf(UserError);
    expect(error.message).toBe("Ray could not begin the runs: auscult: n1, the head of Ray, does not see /x");
  });

  test("that reaches nobody is refused", async () => {
    await dashboard.stop();
    expect(await failure(rayEngine({ address }).submit(submission()))).toBeInstanceOf(UserError);
    await dashboard.start();
  });

  const ended: Partial<RayJob>[] = [
    { status: "SUCCEEDED" },
    { status: "STOPPED" },
    { status: "FAILED", message: "x\nOSError: disk\n" },
  ];

  test("its driver tells of single tasks as long as the job lives; with the job all end", async () => {
    const made = await submitted();
    const name = `auscult-${made.id}`;
    const job = dashboard.jobs.get(name)!;
    const [one] = await rayEngine({ address }).tasks([made.id]);
    expect(one).toEqual({ submission: made.id, index: 0, state: "running", says: `ray ${made.id}/0: running on n1` });
    tell(made, ["ended", "ended"], ["running", "running on n2"], ["pending", "waits for a node"]);
    expect(await statesOf(made)).toEqual(["ended", "running", "pending"]);
    dashboard.jobs.set(name, { ...job, status: "PENDING" });
    expect(await statesOf(made)).toEqual(["ended", "pending", "pending"]);
    for (const how of ended) {
      dashboard.jobs.set(name, { ...job, ...how });
      expect(await statesOf(made)).toEqual(["ended", "ended", "ended"]);
    }
    expect((await rayEngine({ address }).tasks([made.id]))[1]!.says).toBe(
      `ray ${made.id}/1: its driver ended (failed: OSError: disk)`,
    );
  });

  test("a head that was started anew knows no job: all its tasks have ended", async () => {
    const made = await submitted();
    dashboard.jobs.clear();
    expect(await statesOf(made)).toEqual(["ended", "ended", "ended"]);
  });

  test("a driver that has said nothing yet, or half a word, has all its tasks before it", async () => {
    const made = await submitted();
    for (const text of ["", '{"at": "2026-11', "null"]) {
      writeFileSync(path.join(made.folder, "ray.json"), text);
      expect(await statesOf(made)).toEqual(["pending", "pending", "pending"]);
    }
  });

  test("what a driver told long ago is told with its age", async () => {
    const made = await submitted();
    const at = new Date(Date.now() - 11 * 60_000).toISOString();
    writeFileSync(
      path.join(made.folder, "ray.json"),
      JSON.stringify({ at, tasks: { 0: ["running", "running on n1"] } }),
    );
    const [one] = await rayEngine({ address }).tasks([made.id]);
    expect(one).toMatchObject({ state: "running", says: `ray ${made.id}/0: running on n1, as of 11 min ago` });
  });

  test("one whose folder was removed has no tasks; a dashboard that does not answer, or not as Ray, is unreachable", async () => {
    const made = await submitted();
    expect(await rayEngine({ address }).tasks(["nothing"])).toEqual([]);
    dashboard.before = (_, response) => {
      response.writeHead(200).end("<html>");
      return true;
    };
    expect(await failure(rayEngine({ address }).tasks([made.id]))).toBeInstanceOf(Unreachable);
    await dashboard.stop();
    expect(await failure(rayEngine({ address }).tasks([made.id]))).toBeInstanceOf(Unreachable);
    await dashboard.start();
  });
});

describe("tasks that are taken back", () => {
  const lists = ({ folder }: Submission) =>
    readdirSync(folder)
      .filter((name) => /^cancel-.*\.json$/.test(name))
      .map((name) => JSON.parse(readFileSync(path.join(folder, name), "utf8")) as number[]);

  test("are told to the driver by a file; the job ends where nothing else is left", async () => {
    const made = await submitted();
    const engine = rayEngine({ address });
    await engine.cancel(made, []);
    expect(lists(made)).toEqual([]);
    await engine.cancel(made, [1, 2]);
    expect(lists(made)).toEqual([[1, 2]]);
    // One of them runs.
    expect(dashboard.stopped).toEqual([]);
    tell(made, ["ended", "ended"], ["pending", "waits for a node"], ["pending", "waits for its turn"]);
    await engine.cancel(made, [1]);
    expect(dashboard.stopped).toEqual([]);
    await engine.cancel(made, [1, 2]);
    expect(dashboard.stopped).toEqual([`auscult-${made.id}`]);
  });

  test("are told also where the dashboard does not answer", async () => {
    const made = await submitted();
    await dashboard.stop();
    await rayEngine({ address }).cancel(made, [2]);
    expect(lists(made)).toEqual([[2]]);
    await dashboard.start();
  });
});
