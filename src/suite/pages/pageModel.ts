import { countEntry } from "../counting/countEntry.js";
import { CountingData } from "../counting/countingData.js";
import type { ExperimentEntry } from "../entry.js";
import { flagsOf } from "../identities/flagsOf.js";
import { readPrint } from "../identities/print.js";
import { allExperiments, decidedAmbiguities, paperFacts } from "../registry.js";
import { EstimateStore } from "../reporting/estimateStore.js";
import { reportModel } from "../reporting/report.js";
import type { Decision, ReportModel } from "../reporting/reportModel.js";
import type { RunSummary } from "../reporting/summaryLine.js";
import { committedSummaries } from "../summaries.js";
import type { PaperFacts } from "./paperFacts.js";

/** An entry as a page shows it. */
export interface EntryOfPage {
  entry: ExperimentEntry;
  model: ReportModel;
  /** The budget of a run in words, and its seed, by its id. */
  budgetOf(runId: string): string;
  seedOf(runId: string): number;
}

/** All that a paper's page is made of: the registry and what is committed; no data, and no run of this machine. */
export interface PageModel {
  facts: PaperFacts;
  entries: EntryOfPage[];
  /** The decisions that bear on its entries. */
  decisions: readonly (Decision & { severity: string })[];
  /** The committed runs of its entries. */
  runs: RunSummary[];
}

/**
 * @param warn is told of damaged records
 * @throws UserError for a paper that has no facts
 */
export async function pageModel(paper: string, warn: (message: string) => void): Promise<PageModel> {
  const facts = await paperFacts(paper);
  const all = await allExperiments();
  const own = all.filter((entry) => entry.paper === paper);
  const summaries = committedSummaries(warn);
  const byId = new Map(summaries.map((run) => [run.runId, run]));
  const decisions = (await decidedAmbiguities()).filter(({ number }) =>
    own.some(({ ambiguities }) => ambiguities.includes(number)),
  );
  const print = readPrint(all);
  const store = new EstimateStore();
  // Counts are those that were committed, wherever the page is made.
  const nothing = new CountingData(undefined);
  const entries = own.map((entry): EntryOfPage => {
    const counted = entry.kind === "dataset" ? countEntry(entry, "", nothing) : undefined;
    const found = flagsOf(entry.id, print);
    return {
      entry,
      model: reportModel(entry, summaries, { store, compare: true, found, ...(counted && { counted }) }),
      budgetOf: (runId) => budgetWords(byId.get(runId)!),
      seedOf: (runId) => byId.get(runId)!.request.seed,
    };
  });
  const ids = new Set(own.map(({ id }) => id));
  return { facts, entries, decisions, runs: summaries.filter(({ request }) => ids.has(request.experiment)) };
}

/** How long a run was, in words. */
export function budgetWords({ reduced }: Pick<RunSummary, "reduced">): string {
  return reduced?.replace(/^reduced budget: /, "") ?? "the paper's";
}
