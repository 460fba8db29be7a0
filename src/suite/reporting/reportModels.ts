import type { Protocol } from "../../datasets/split.js";
import { dataFolder } from "../../node/paths.js";
import type { Profile } from "../../papers/paper.js";
import type { ExperimentEntry } from "../entry.js";
import { flagsOf } from "../identities/flagsOf.js";
import { readPrint } from "../identities/print.js";
import { selectIds } from "../planning/selectIds.js";
import { allExperiments, decidedAmbiguities, experimentIds, findExperiment } from "../registry.js";
import { allSummaries, wholeRecord } from "../summaries.js";
import { EstimateStore } from "./estimateStore.js";
import { picturesOf } from "./pictures.js";
import { reportModel } from "./report.js";
import type { ReportModel } from "./reportModel.js";
import type { RunSummary } from "./summaryLine.js";

/** What a report is asked for. */
export interface ReportRequest {
  /** Ids, or patterns with `*`; none: all. */
  ids: readonly string[];
  protocols?: readonly Protocol[];
  profiles?: readonly Profile[];
  data?: string;
  /** With the epochs of the runs, for their curves. */
  epochs?: boolean;
  /** With rows held against each other. */
  compare?: boolean;
  cellsOnly?: boolean;
  warn(message: string): void;
}

/** The models of the entries asked for, in the order of the registry. Throws UserError for an id or a pattern that none has. */
export async function reportModels(request: ReportRequest): Promise<ReportModel[]> {
  const ids = chosenIds(request.ids);
  const entries = await Promise.all(ids.map(findExperiment));
  const summaries = allSummaries(request.warn).filter(
    ({ request: { protocol, profile } }) =>
      (request.protocols?.includes(protocol) ?? true) && (request.profiles?.includes(profile) ?? true),
  );
  const store = new EstimateStore();
  const count = await counter(entries, request.data ?? dataFolder());
  // Print is held against print of all entries.
  const print = request.cellsOnly ? undefined : readPrint(await allExperiments());
  const decisions = request.cellsOnly ? [] : await decidedAmbiguities();
  return entries.map((entry) => {
    const counted = entry.kind === "dataset" ? count(entry) : undefined;
    const options = {
      store,
      ...(counted && { counted }),
      compare: request.compare ?? false,
      cellsOnly: request.cellsOnly ?? false,
      ...(print && { found: flagsOf(entry.id, print), decisions }),
    };
    if (!request.epochs) return reportModel(entry, summaries, options);
    const ofEntry = new Set(reportModel(entry, summaries, { store }).runs.map(({ runId }) => runId));
    const whole = withEpochs(summaries, ofEntry, request.warn);
    const model = reportModel(entry, whole, options);
    return { ...model, ...picturesOf(entry, whole, model) };
  });
}

/** Ids, or patterns with `*`, as ids; none: all. Throws UserError for one that none has. */
export function chosenIds(asked: readonly string[]): string[] {
  const ids = experimentIds();
  if (asked.length === 0 || asked.some((one) => one.toUpperCase() === "ALL")) return ids;
  return selectIds(asked, ids).map(({ id }) => id);
}

/** Annotations are read only where a table is counted from them. */
async function counter(entries: readonly ExperimentEntry[], dataDir: string) {
  if (!entries.some(({ kind }) => kind === "dataset")) return () => undefined;
  const [{ countEntry }, { CountingData }] = await Promise.all([
    import("../counting/countEntry.js"),
    import("../counting/countingData.js"),
  ]);
  const data = new CountingData(dataDir);
  return (entry: ExperimentEntry) => countEntry(entry, dataDir, data);
}

function withEpochs(
  summaries: readonly RunSummary[],
  chosen: ReadonlySet<string>,
  warn: (message: string) => void,
): RunSummary[] {
  return summaries.map((summary) => {
    if (!chosen.has(summary.runId)) return summary;
    try {
      const { split, result } = wholeRecord(summary);
      const { history, calibration } = result;
      // The summary itself stays: its counts have a text by which estimates are found again.
      return { ...summary, split, result: { ...summary.result, history, ...(calibration && { calibration }) } };
    } catch (error) {
      warn((error as Error).message);
      return summary;
    }
  });
}
