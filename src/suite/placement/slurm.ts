import { execFile } from "node:child_process";
import { hostname } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { writeFileAtomic } from "../../node/atomicFile.js";
import { UserError } from "../../userError.js";
import { type ClusterEngine, type ClusterNodes, type PlacedTask, Unreachable } from "./engine.js";
import { slurmName, slurmScript } from "./slurmScript.js";
import type { Resources, Submission, SubmittedTask } from "./submission.js";

const execute = promisify(execFile);

/** A range of a submission's tasks that is one array: Slurm bounds the length of arrays. */
interface Array {
  /** The task of its index 0. */
  offset: number;
  indices: readonly number[];
  /** Stages come in arrays of their own, which these wait for. */
  level: number;
}

/**
 * Slurm, by its own programs. The tasks of a submission are one script, handed over as few arrays; `squeue` is asked by the job's name, so
 * that nothing needs to be kept of what `sbatch` answered.
 */
export function slurmEngine(resources: Pick<Resources, "partition">): ClusterEngine {
  return {
    name: "slurm",
    nodes: () => slurmNodes(resources.partition),
    describe(submission) {
      const commands = arraysOf(submission, USUAL_LONGEST).map(
        (array) => `sbatch ${argumentsOf(submission, array, "JOB").join(" ")}`,
      );
      return `${commands.join("\n")}\n\n${slurmScript(submission)}`;
    },
    submit: submitArrays,
    async tasks(submissions) {
      if (submissions.length === 0) return [];
      const text = await ask("squeue", [
        ...["--noheader", "--array", "--states=all", `--name=${submissions.map(slurmName).join(",")}`],
        "--format=%j|%k|%F|%K|%T|%N|%r",
      ]);
      return tasksOf(text);
    },
    async cancel({ id }, indices) {
      const known = await this.tasks([id]);
      const pending = known.filter(({ index, state }) => state === "pending" && indices.includes(index));
      const names = pending.map(({ says }) => /^slurm (\d+_\d+)/.exec(says)![1]!);
      if (names.length > 0) await ask("scancel", names);
    },
  };
}

async function slurmNodes(partition: string | undefined): Promise<ClusterNodes> {
  const where = partition === undefined ? [] : [`--partition=${partition}`];
  let text: string;
  try {
    await execute("sbatch", ["--version"]);
    text = await ask("sinfo", ["--noheader", "--Node", ...where, "--format=%N|%c|%P"]);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT")
      throw new UserError(
        "--on slurm: there is no `sbatch` on the path; run this on a login node of the cluster (`module load slurm` on some)",
      );
    throw new UserError(`--on slurm: Slurm does not answer: ${(error as Error).message}`, 1);
  }
  const lines = text.split("\n").filter((line) => line.includes("|"));
  // Slurm marks the partition that is taken where none is asked for.
  const usual = lines.filter((line) => line.trim().endsWith("*"));
  const nodes = new Map(
    (partition === undefined && usual.length > 0 ? usual : lines)
      .map((line) => line.split("|"))
      .map(([name, processors]) => [name!, Number.parseInt(processors!, 10)]),
  );
  if (nodes.size === 0)
    throw new UserError(
      `--on slurm: ${partition === undefined ? "the cluster" : `partition ${partition}`} has no nodes; \`sinfo\` shows what there is`,
    );
  const here = hostname().split(".")[0];
  // Several daemons of one machine are for trials: their nodes have that machine's address.
  const addresses = await ask("scontrol", ["--oneliner", "show", "nodes"]).catch(() => "");
  const isHere = (name: string) =>
    name === here || new RegExp(`NodeName=${name} .*NodeHostName=${here}( |$)`, "m").test(addresses);
  const names = [...nodes.keys()];
  return {
    examples: names.slice(0, 3),
    count: nodes.size,
    remote: !names.every(isHere),
    processors: Math.max(...nodes.values()),
  };
}

async function submitArrays(submission: Submission): Promise<void> {
  const script = path.join(submission.folder, "array.sh");
  writeFileAtomic(script, slurmScript(submission));
  const jobs: { level: number; job: string }[] = [];
  try {
    for (const array of arraysOf(submission, await longestArray())) {
      const before = jobs.filter(({ level }) => level < array.level).map(({ job }) => job);
      const args = argumentsOf(submission, array, before.join(":"));
      const answer = await ask("sbatch", ["--parsable", ...args]);
      jobs.push({ level: array.level, job: answer.trim().split(";")[0]! });
    }
  } catch (error) {
    // None begins, rather than some: who asks again asks for all.
    if (jobs.length > 0)
      await ask(
        "scancel",
        jobs.map(({ job }) => job),
      ).catch(() => {});
    throw new UserError(`Slurm refuses the runs: ${(error as Error).message}`, 1);
  }
}

/** Of `sbatch`; arrays that share a throttle come one after the other, since Slurm counts each array's own. */
function argumentsOf({ folder, resources }: Submission, { offset, indices, level }: Array, before: string): string[] {
  const throttle = resources.atOnce === undefined ? "" : `%${resources.atOnce}`;
  return [
    `--array=${rangesOf(indices.map((index) => index - offset))}${throttle}`,
    `--comment=${offset}`,
    ...(level > 0 ? [`--dependency=afterany:${before}`] : []),
    path.join(folder, "array.sh"),
    String(offset),
  ];
}

/** Stages first, each kind in arrays no longer than Slurm allows. */
export function arraysOf({ tasks, resources }: Pick<Submission, "tasks" | "resources">, longest: number): Array[] {
  const byIndex = new Map(tasks.map((task) => [task.index, task]));
  const levels = new Map<number, number>();
  const levelOf = ({ index, after }: SubmittedTask): number => {
    const known = levels.get(index);
    if (known !== undefined) return known;
    const level = after.length === 0 ? 0 : 1 + Math.max(...after.map((one) => levelOf(byIndex.get(one)!)));
    levels.set(index, level);
    return level;
  };
  const groups = new Map<string, Array & { indices: number[] }>();
  for (const task of tasks) {
    const chunk = Math.floor(task.index / longest);
    const level = levelOf(task);
    const key = `${level}/${chunk}`;
    const group = groups.get(key) ?? { offset: chunk * longest, indices: [], level };
    group.indices.push(task.index);
    groups.set(key, group);
  }
  const arrays = [...groups.values()].sort((a, b) => a.level - b.level || a.offset - b.offset);
  if (resources.atOnce === undefined) return arrays;
  return arrays.map((array, i) => ({ ...array, level: i }));
}

/** "0-3,7" */
export function rangesOf(numbers: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const number of [...numbers].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last && number === last[1] + 1) last[1] = number;
    else ranges.push([number, number]);
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(",");
}

/** As Slurm comes: an array's indices stay below 1001. */
const USUAL_LONGEST = 1001;

async function longestArray(): Promise<number> {
  const text = await ask("scontrol", ["show", "config"]).catch(() => "");
  return Number(/^MaxArraySize\s*=\s*(\d+)/m.exec(text)?.[1] ?? USUAL_LONGEST) || USUAL_LONGEST;
}

const ENDED = /^(COMPLETED|FAILED|CANCELLED|TIMEOUT|OUT_OF_MEMORY|DEADLINE|BOOT_FAIL|REVOKED)/;
const WAITING = /^(PENDING|REQUEUED|REQUEUE_FED|REQUEUE_HOLD|SPECIAL_EXIT|NODE_FAIL|PREEMPTED|SUSPENDED|CONFIGURING)/;

/** From `squeue`'s lines; of a task that was queued again, what holds now. */
export function tasksOf(text: string): PlacedTask[] {
  return text.split("\n").flatMap((line): PlacedTask[] => {
    const [name, offset, job, index, state = "", node, reason] = line.trim().split("|");
    if (!name?.startsWith("auscult-") || !/^\d+$/.test(index ?? "") || !/^\d+$/.test(offset ?? "")) return [];
    const is = ENDED.test(state) ? "ended" : WAITING.test(state) ? "pending" : "running";
    const why = reason && reason !== "None" && is !== "running" ? ` (${reason})` : "";
    const where = node && is !== "pending" ? ` on ${node}` : "";
    return [
      {
        submission: name.slice("auscult-".length),
        index: Number(offset) + Number(index),
        state: is,
        says: `slurm ${job}_${index}: ${state.toLowerCase().replaceAll("_", " ")}${where}${why}`,
      },
    ];
  });
}

/** What a program of Slurm's prints. Throws Unreachable with what it says where it fails, and what starting it throws. */
async function ask(program: string, args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await execute(program, args, { maxBuffer: 2 ** 28, timeout: 60_000 });
    return stdout;
  } catch (error) {
    const { code, stderr, message } = error as { code?: string; stderr?: string; message: string };
    if (code === "ENOENT") throw error;
    const said = (stderr || message).trim().split("\n");
    throw new Unreachable(
      said
        .filter((line) => !line.startsWith("Try "))
        .slice(-3)
        .join("; "),
    );
  }
}
