import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { dataFolder } from "../node/paths.js";
import type { Paper, RunRequest } from "../papers/paper.js";
import type { RunResult } from "../papers/runResult.js";
import { circumstancesHere } from "../suite/execute.js";
import { SILENT } from "../training/silentRecorder.js";
import { UserError } from "../userError.js";
import { RunsView } from "./runsView.js";
import { untilInterrupted } from "./untilInterrupted.js";

/** Which row is tried; what is not said is 4-class on the official split under `honest`, at `smoke` scale, seed 0, on the data that is found. */
export type TryOptions = Pick<RunRequest, "experiment" | "row"> & Partial<Omit<RunRequest, "experiment" | "row">>;

/** A result that nobody kept. */
export interface TriedRun extends RunResult {
  /** Where its model is, as long as the system keeps temporary files. */
  folder: string;
}

/**
 * A run of a paper that is written in a notebook and has no folder yet: in the kernel's process, with a bar and curves as `trainInCell` has
 * them, and without record, tracker or resume. Interrupting the kernel ends it after the step under way.
 *
 * Throws as the paper's `prepare` does, UserError for a paper with stages, `Interrupted` when stopped.
 */
export async function tryPaper(paper: Paper, options: TryOptions): Promise<TriedRun> {
  const request: RunRequest = {
    ...{ task: "4-class", fold: "official", protocol: "honest", preset: "paper", profile: "smoke", seed: 0 },
    ...options,
    dataDir: dataFolder(options.dataDir),
  };
  const prepared = paper.prepare(request);
  if (prepared.stages)
    throw new UserError(`${paper.id} has stages before its run: give it a folder, and use trainInCell`);
  const folder = mkdtempSync(path.join(tmpdir(), "auscult-tried-"));
  const { madeUp } = prepared.data;
  const { reduced } = prepared;
  const view = new RunsView(() => undefined);
  view.take({ planned: [{ name: request.row, runId: "tried", folder, madeUp, ...(reduced && { reduced }) }] });
  view.take({ run: 0, state: "training" });
  try {
    const result = await untilInterrupted(({ signal }) => {
      signal.addEventListener("abort", () => view.stopping());
      return prepared.execute({
        runFolder: folder,
        identity: { signature: "tried", settings: prepared.identity, circumstances: circumstancesHere() },
        recorder: SILENT,
        signal,
        progress: (progress) => view.take({ run: 0, progress }),
        onEpoch: (epoch) => view.take({ run: 0, epoch }),
        warn: (warning) => view.take({ warning }),
        mayWrite() {},
        stages: {},
      });
    });
    view.take({ run: 0, state: "done" });
    return { ...result, folder };
  } finally {
    view.end();
  }
}
