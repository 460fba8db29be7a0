/** The process of a run that needs another number of threads than its parent's engine has: see `runInChild.ts`. */
import { serveParent } from "./childProcess.js";
import { executeRun } from "./execute.js";
import { planRun } from "./plan.js";
import { findExperiment, findPaper } from "./registry.js";
import type { ChildReport, ChildTask } from "./runInChild.js";

serveParent<ChildTask, ChildReport>(async ({ request, signature, threads }, { signal, tell }) => {
  const entry = await findExperiment(request.experiment);
  const run = planRun(await findPaper(entry.paper), request, threads);
  if (run.signature !== signature)
    throw new Error(`${run.runId}: the data or the code changed a moment ago; start again`);
  await executeRun(entry, run, {
    signal,
    onProgress: (progress) => tell({ progress }),
    onEpoch: (epoch) => tell({ epoch }),
    warn: (warning) => tell({ warning }),
  });
});
