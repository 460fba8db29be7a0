import { type ChildProcess, fork } from "node:child_process";
import { largePages } from "../node/largePages.js";
import { cacheFolder, mlrunsFolder, projectRoot } from "../node/paths.js";
import { Interrupted } from "../training/interrupted.js";
import { UserError } from "../userError.js";

/** How a process is started. */
export interface ChildStart {
  /** A TypeScript file that calls `serveParent`. */
  script: string;
  environment?: NodeJS.ProcessEnv;
  /** Where its output goes: to this process's own, unless a file descriptor is given. */
  output?: number;
}

/** A process that is given one task, tells how it goes, and can be asked to stop. */
export interface ChildOptions<Task, Report> extends ChildStart {
  task: Task;
  /** One that was started before, with the same script, environment and output. */
  started?: ChildProcess;
  /** Asks it to stop, which it does in order. */
  signal: AbortSignal;
  /** Kills it. */
  kill?: AbortSignal;
  onReport(report: Report): void;
}

/** What was thrown in the child, as it travels. */
interface Failure {
  failure: { kind: "interrupted" | "user" | "other"; message: string; exitCode: number };
}

/** A child that died, or was killed; the message is its signal or exit code. */
export class EndedEarly extends Error {}

/** Starts a process, which loads its script and waits for its task. It ends when this process does. */
export function startChild({ script, environment, output }: ChildStart): ChildProcess {
  return fork(script, {
    cwd: projectRoot(),
    execArgv: ["--import", "tsx"],
    // Its own group: Ctrl-C is for this process, which then stops the child.
    detached: true,
    // JSON would make null of NaN.
    serialization: "advanced",
    ...(output !== undefined && { stdio: ["ignore", output, output, "ipc"] }),
    env: {
      ...process.env,
      ...largePages(),
      AUSCULT_ROOT: projectRoot(),
      AUSCULT_CACHE: cacheFolder(),
      AUSCULT_MLRUNS: mlrunsFolder(),
      ...environment,
    },
  });
}

/** Tells a process that waits which task will probably come, so that it does ahead what claims nothing. */
export function announce(child: ChildProcess, task: object): void {
  child.send({ ahead: task } satisfies Announcement<object>, () => {
    // It may be gone; another is started then.
  });
}

/** The task that will probably come. */
interface Announcement<Task> {
  ahead: Task;
}

/**
 * Gives a process its task and settles when it has ended. It outlives this one for as long as it takes to stop in order. Throws what its
 * work throws, and EndedEarly.
 */
export async function inChild<Task, Report>(options: ChildOptions<Task, Report>): Promise<void> {
  const { task, signal, kill, onReport } = options;
  const child = options.started ?? startChild(options);
  let failure: Failure["failure"] | undefined;
  child.on("message", (report: Report | Failure) => {
    if (isFailure(report)) failure = report.failure;
    else onReport(report);
  });
  const ended = new Promise<string>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, by) => resolve(by ?? `exit code ${code}`));
  });
  // Comes after its last message.
  const silent = new Promise<void>((resolve) => child.once("disconnect", () => resolve()));
  const stop = () => child.connected && child.send("stop");
  const end = () => child.kill("SIGKILL");
  child.send(task as object);
  signal.addEventListener("abort", stop);
  kill?.addEventListener("abort", end);
  if (signal.aborted) stop();
  const [how] = await Promise.all([ended, silent]).finally(() => {
    signal.removeEventListener("abort", stop);
    kill?.removeEventListener("abort", end);
  });
  if (failure?.kind === "interrupted") throw new Interrupted(failure.message);
  if (failure?.kind === "user") throw new UserError(failure.message, failure.exitCode);
  if (failure) throw new Error(failure.message);
  if (how !== "exit code 0") throw new EndedEarly(how);
}

function isFailure(report: unknown): report is Failure {
  return typeof report === "object" && report !== null && "failure" in report;
}

function isAnnouncement<Task>(message: unknown): message is Announcement<Task> {
  return typeof message === "object" && message !== null && "ahead" in message;
}

/** What a child's work is given beside its task. */
export interface ChildContext<Report> {
  /** Aborted when the parent says so, is gone, or somebody ends all processes at once. */
  signal: AbortSignal;
  /** A parent that is gone is told nothing. */
  tell(report: Report): void;
}

/**
 * Called once, in the script of a child: does the work when the task arrives, tells what it throws, and lets the process end.
 * @param ahead called with a task that will probably come
 */
export function serveParent<Task, Report>(
  work: (task: Task, context: ChildContext<Report>) => Promise<void>,
  ahead: (task: Task) => void = () => {},
): void {
  const controller = new AbortController();
  const stop = () => controller.abort();
  process.on("message", (message) => {
    if (message === "stop") stop();
    else if (isAnnouncement<Task>(message)) ahead(message.ahead);
    else void serve(message as Task);
  });
  process.on("disconnect", stop);
  process.on("SIGTERM", stop);

  async function serve(task: Task): Promise<void> {
    try {
      await work(task, { signal: controller.signal, tell: (report) => void send(report) });
    } catch (error) {
      await send(failureOf(error as Error));
    }
    process.off("disconnect", stop);
    if (process.connected) process.disconnect();
  }
}

function failureOf(error: Error): Failure {
  const { message, stack } = error;
  if (error instanceof Interrupted) return { failure: { kind: "interrupted", message, exitCode: 130 } };
  if (error instanceof UserError) return { failure: { kind: "user", message, exitCode: error.exitCode } };
  return { failure: { kind: "other", message: stack ?? message, exitCode: 1 } };
}

/** Settled when it is on its way. */
function send(report: unknown): Promise<void> {
  return new Promise((resolve) => {
    if (process.connected) process.send!(report, () => resolve());
    else resolve();
  });
}
