/** The process of a probe: see `probe.ts`. */
import type { UnitSeconds } from "../../papers/trainingWork.js";
import { serveParent } from "../childProcess.js";
import { planRun } from "../plan.js";
import { findExperiment, findPaper } from "../registry.js";
import type { ChildTask } from "../runInChild.js";

serveParent<ChildTask, UnitSeconds>(async ({ request, threads, stage }, { signal, tell }) => {
  const entry = await findExperiment(request.experiment);
  const { prepared } = planRun(await findPaper(entry.paper), request, threads);
  const { probe } = stage === undefined ? prepared : prepared.stages!.find(({ name }) => name === stage)!;
  tell(await probe!(signal));
});
