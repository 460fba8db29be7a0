import path from "node:path";
import { Worker } from "node:worker_threads";
import { projectRoot } from "../paths.js";
import type { JobHandler, JobProgram } from "./jobProgram.js";
import type { WorkerTask } from "./jobWorker.js";
import { type SentError, unpackError } from "./sentError.js";

export interface JobPoolOptions {
  /** Threads; with 0 the jobs are done here, one at a time, with equal results. */
  workers: number;
  /** How far below this process's priority the threads run, 0 to 19; only on Linux. Default 0. */
  nice?: number;
}

interface Thread {
  worker: Worker;
  /** Jobs sent and not answered. */
  waiting: Map<number, { resolve(answer: unknown): void; reject(error: Error): void }>;
  /** Why it takes no more jobs. */
  gone?: Error;
}

/** Does jobs in worker threads, each of which runs the program once and takes one job after the other. */
export class JobPool<Job, Answer> {
  private readonly threads: Thread[] = [];
  private readonly here: Promise<JobHandler<Job, Answer>> | undefined;
  private before: Promise<unknown> = Promise.resolve();
  private closed = false;
  private closing: Promise<void> | undefined;
  private nextId = 0;

  constructor(program: JobProgram<never, Job, Answer>, options: unknown, { workers, nice = 0 }: JobPoolOptions) {
    if (!Number.isInteger(workers) || workers < 0) throw new RangeError(`workers must be 0, 1, ...: ${workers}`);
    if (workers === 0) {
      this.here = (async () => program.start(options as never))();
      this.here.catch(() => {}); // told by the first job
    }
    const task: WorkerTask = { place: { file: program.file, name: program.name }, options, nice };
    for (let i = 0; i < workers; i++) this.threads.push(startThread(task, `${program.name} ${i + 1}`));
  }

  /** Sends the job to the thread with the shortest queue. @throws what the program throws; Error when its thread is gone */
  run(job: Job): Promise<Answer> {
    if (this.closed) return Promise.reject(new Error("the worker pool is closed"));
    if (this.here) {
      const result = this.before.then(async () => {
        const handler = await this.here!;
        if (this.closed) throw new Error("the worker pool is closed");
        return handler.run(job);
      });
      // A job may take long: what else waits in this thread gets its turn between two.
      this.before = result.then(nextTurn, nextTurn);
      return result;
    }
    const thread = this.threads.reduce((a, b) => (b.waiting.size < a.waiting.size ? b : a));
    if (thread.gone) return Promise.reject(thread.gone);
    const id = this.nextId++;
    return new Promise<Answer>((resolve, reject) => {
      thread.waiting.set(id, { resolve: (answer) => resolve(answer as Answer), reject });
      thread.worker.postMessage({ id, job });
    });
  }

  /** Ends the threads, in the middle of a job if need be; jobs that are not answered fail. */
  async close(): Promise<void> {
    if (this.closed) return this.closing;
    this.closed = true;
    this.closing = this.end();
    return this.closing;
  }

  private async end(): Promise<void> {
    await Promise.all(this.threads.map(({ worker }) => worker.terminate()));
    await this.before;
    await this.here?.then(
      (handler) => handler.close?.(),
      () => {},
    );
  }
}

function startThread(task: WorkerTask, name: string): Thread {
  const root = projectRoot();
  const worker = new Worker(path.join(root, "scripts", "worker.mjs"), {
    name,
    workerData: { program: "src/node/workers/jobWorker.ts", task },
    env: { ...process.env, AUSCULT_ROOT: root },
    // A test runner's loaders are not for this thread.
    execArgv: [],
  });
  const thread: Thread = { worker, waiting: new Map() };
  const lose = (error: Error) => {
    thread.gone ??= error;
    for (const { reject } of thread.waiting.values()) reject(thread.gone);
    thread.waiting.clear();
  };
  worker.on("message", (said: { id: number; answer?: unknown; error?: SentError; failed?: SentError }) => {
    if (said.failed) return lose(unpackError(said.failed));
    const { resolve, reject } = thread.waiting.get(said.id)!;
    thread.waiting.delete(said.id);
    if (said.error) reject(unpackError(said.error));
    else resolve(said.answer);
  });
  worker.on("error", lose);
  worker.on("exit", (code) => lose(new Error(`the worker "${name}" ended (code ${code})`)));
  return thread;
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
