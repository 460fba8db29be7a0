import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import path from "node:path";
import { writeFileAtomic, writeJsonAtomic } from "../../node/atomicFile.js";
import { UserError } from "../../userError.js";
import { type ClusterEngine, type ClusterNodes, type PlacedTask, Unreachable } from "./engine.js";
import { rayAddress, USUAL_ADDRESS } from "./rayAddress.js";
import { rayDriver, rayJob, rayJobName } from "./rayJob.js";
import { lastWords, NotRay, type RayJob, RayJobs } from "./rayJobs.js";
import { readSubmission, type Submission } from "./submission.js";

export interface RayPlace {
  /** Of the dashboard; absent: RAY_ADDRESS, else where a submission was handed over, else this machine's. */
  address?: string;
  /** Default: RAY_AUTH_TOKEN. */
  token?: string;
}

/** The oldest that this was tried with. */
const OLDEST = [2, 40];
/** How long submitting waits for the driver's first word; it takes two seconds on an idle head. */
const FIRST_WORD_MS = 5000;

/**
 * Ray, by its Jobs API. The tasks of a submission are one job, whose driver (`scripts/python/rayDriver.py`) places them and tells how they
 * stand in `ray.json` of the submission's folder; Ray itself is asked whether the job lives. Throws UserError for an address that is none of a
 * dashboard.
 */
export function rayEngine({ address, token = process.env.RAY_AUTH_TOKEN }: RayPlace): ClusterEngine {
  const named = address !== undefined ? rayAddress(address, "--address") : addressFromEnvironment();
  const at = (where: string) => new RayJobs(where, token);
  const jobsOf = (submission: Pick<Submission, "folder">) => at(named ?? addressIn(submission) ?? USUAL_ADDRESS);
  return {
    name: "ray",
    nodes: () => rayNodes(at(named ?? USUAL_ADDRESS)),
    describe(submission) {
      const job = JSON.stringify(rayJob(submission), null, 2);
      return `POST ${named ?? USUAL_ADDRESS}/api/jobs/\n${job}\n\ndriver: ${rayDriver(submission)}`;
    },
    submit: (submission) => submitJob(submission, at(named ?? USUAL_ADDRESS)),
    async tasks(submissions) {
      const known = submissions.flatMap((id) => submissionOr(id) ?? []);
      const tasks = await Promise.all(known.map((one) => orUnreachable(tasksOf(one, jobsOf(one)))));
      return tasks.flat();
    },
    cancel: (submission, indices) => takeBack(submission, indices, jobsOf(submission)),
  };
}

function addressFromEnvironment(): string | undefined {
  const { RAY_ADDRESS } = process.env;
  return RAY_ADDRESS ? rayAddress(RAY_ADDRESS, "RAY_ADDRESS") : undefined;
}

const ADDRESS_FILE = "rayAddress";

function addressIn({ folder }: Pick<Submission, "folder">): string | undefined {
  const file = path.join(folder, ADDRESS_FILE);
  return existsSync(file) ? readFileSync(file, "utf8").trim() : undefined;
}

async function rayNodes(jobs: RayJobs): Promise<ClusterNodes> {
  const { address } = jobs;
  const port = new URL(address).port || "8265";
  try {
    const version = await jobs.version();
    const [major = 0, minor = 0] = version.split(".").map((part) => Number.parseInt(part, 10));
    if (major < OLDEST[0]! || (major === OLDEST[0] && minor < OLDEST[1]!))
      throw new UserError(
        `--on ray: ${address} is Ray ${version}; ${OLDEST.join(".")} or newer is needed (\`pip install -U 'ray[default]'\` on all nodes)`,
      );
    const alive = (await jobs.nodes()).filter(({ state }) => state === "ALIVE");
    const here = new Set(Object.values(networkInterfaces()).flatMap((all) => all?.map((one) => one.address) ?? []));
    const processors = (node: (typeof alive)[number]) => node.resources_total?.CPU ?? 0;
    // A head often only leads.
    const workers = alive.filter((node) => processors(node) >= 1);
    const most = Math.max(0, ...alive.map(processors));
    return {
      examples: (workers.length > 0 ? workers : alive).slice(0, 3).map((node) => node.node_name || node.node_ip),
      count: workers.length,
      remote: !alive.every((node) => here.has(node.node_ip)),
      // None yet: a cluster may add nodes when they are wanted.
      ...(most >= 1 && { processors: Math.floor(most) }),
    };
  } catch (error) {
    if (error instanceof NotRay)
      throw new UserError(
        `--on ray: ${address} is not the dashboard of Ray: ${error.message}; its port is 8265 unless Ray was started with --dashboard-port`,
      );
    if (error instanceof Unreachable)
      throw new UserError(
        `--on ray: no Ray answers (${error.message}). Start one with \`ray start --head\`; reach that of a cluster by \`ssh -N -L ${port}:localhost:8265 HEAD\`; name another address by --address or RAY_ADDRESS, such as ${USUAL_ADDRESS}`,
        1,
      );
    throw error;
  }
}

async function submitJob(submission: Submission, jobs: RayJobs): Promise<void> {
  const { id, folder } = submission;
  writeFileAtomic(path.join(folder, ADDRESS_FILE), `${jobs.address}\n`);
  try {
    await jobs.submit(rayJob(submission));
    // What goes wrong at the door, such as a folder that the head does not see, is said at once.
    for (const until = performance.now() + FIRST_WORD_MS; performance.now() < until && !hasWord(submission); ) {
      const job = await jobs.job(rayJobName(id)).catch(() => undefined);
      if (job?.status === "FAILED" && !hasWord(submission))
        throw new UserError(`Ray could not begin the runs: ${lastWords(job.message ?? "")}`, 1);
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`Ray refuses the runs: ${(error as Error).message}`, 1);
  }
}

/** How the driver tells that tasks stand: `ray.json`. */
interface Told {
  at: string;
  tasks: Record<string, [PlacedTask["state"], string]>;
}

const hasWord = ({ folder }: Submission) => existsSync(path.join(folder, "ray.json"));

/** Undefined where the driver has said nothing yet. */
function told({ folder }: Submission): Told | undefined {
  try {
    const read = JSON.parse(readFileSync(path.join(folder, "ray.json"), "utf8")) as Told;
    return typeof read?.tasks === "object" ? read : undefined;
  } catch {
    return undefined;
  }
}

/** The job is asked for first: what its driver has told by the time it ended is its last word. */
async function tasksOf(submission: Submission, jobs: RayJobs): Promise<PlacedTask[]> {
  const job = await jobs.job(rayJobName(submission.id));
  const words = told(submission);
  return submission.tasks.map(({ index }) => ({
    ...{ submission: submission.id, index },
    ...stateOf(job, words, index, `ray ${submission.id}/${index}`),
  }));
}

function stateOf(
  job: RayJob | undefined,
  words: Told | undefined,
  index: number,
  name: string,
): Pick<PlacedTask, "state" | "says"> {
  const [state, says] = words?.tasks[index] ?? ["pending", "waits for its driver"];
  if (state === "ended") return { state, says: `${name}: ${says}` };
  // Whatever was told of a task last, it ends with its job.
  if (!job)
    return { state: "ended", says: `${name}: Ray does not know it (its head was started anew, or it was deleted)` };
  if (job.status === "PENDING") return { state: "pending", says: `${name}: waits for its driver` };
  if (job.status === "RUNNING") return { state, says: `${name}: ${says}${ageOf(words)}` };
  const why = job.status === "FAILED" ? `: ${lastWords(job.message ?? "")}` : "";
  return { state: "ended", says: `${name}: its driver ended (${job.status.toLowerCase()}${why})` };
}

/** A driver tells every ten seconds; a folder may show it to this machine a minute later. */
const NOTABLE_MS = 120_000;

function ageOf(words: Told | undefined): string {
  const ms = words ? Date.now() - Date.parse(words.at) : 0;
  return ms > NOTABLE_MS ? `, as of ${Math.round(ms / 60_000)} min ago` : "";
}

/**
 * By a file that the driver reads every second, so that a dashboard that does not answer stops nothing; where nothing is left, the job is
 * asked to end too.
 */
async function takeBack(submission: Submission, indices: readonly number[], jobs: RayJobs): Promise<void> {
  if (indices.length === 0) return;
  writeJsonAtomic(path.join(submission.folder, `cancel-${randomBytes(6).toString("hex")}.json`), indices);
  try {
    const tasks = await tasksOf(submission, jobs);
    const isOver = ({ index, state }: PlacedTask) =>
      state === "ended" || (state === "pending" && indices.includes(index));
    if (tasks.every(isOver) && tasks.some(({ state }) => state !== "ended")) await jobs.stop(rayJobName(submission.id));
  } catch (error) {
    if (error instanceof UserError) throw error;
  }
}

/** A submission whose folder was removed will not be begun. */
function submissionOr(id: string): Submission | undefined {
  try {
    return readSubmission(id);
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** Once runs are there, another server in Ray's place is one that may be back. */
async function orUnreachable<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof NotRay) throw new Unreachable(`that is not Ray: ${error.message}`);
    throw error;
  }
}
