import type { ExportPlace } from "./exportPlace.js";

/** What a worker does with its jobs, one at a time. */
export interface JobHandler<Job, Answer> {
  run(job: Job): Answer | Promise<Answer>;
  /** Called after the last job where the work is done in this thread; a thread of its own is just ended. */
  close?(): void;
}

/** Work that can be done here or in worker threads with equal results. Options, jobs and answers can be cloned. */
export interface JobProgram<Options, Job, Answer> extends ExportPlace {
  /** Called once in each worker. */
  start(options: Options): JobHandler<Job, Answer> | Promise<JobHandler<Job, Answer>>;
}
