import { mkdirSync } from "node:fs";
import path from "node:path";
import { lastTenth } from "../../evaluation/median.js";
import type { Paper, PreparedRun, PreparedSearch, RunContext, RunRequest } from "../../papers/paper.js";
import type { RunResult } from "../../papers/runResult.js";
import type { SearchRecord } from "../../papers/searchRecord.js";
import type { SearchedTrial } from "../../papers/searchResult.js";
import { search } from "../../search/search.js";
import { TRIALS_FOLDER } from "../../tracking/sync.js";
import { UserError } from "../../userError.js";
import { TrialRuns } from "./trialRuns.js";

/** A run of a paper: a search where the row is one. */
export function prepareRun(paper: Paper, request: RunRequest): PreparedRun {
  const prepared = paper.search?.(request);
  return prepared ? searchRun(prepared, request) : paper.prepare(request);
}

function searchRun(prepared: PreparedSearch, request: RunRequest): PreparedRun {
  const { search: settings, metric: _, valueIs: __, trial: ___, ...run } = prepared;
  const { space, trials, maxSteps, sampler, startupTrials, halving } = settings;
  return {
    ...run,
    identity: { ...run.identity, search: settings },
    settings: { ...run.settings, space, trials, maxSteps, sampler, startupTrials, halving },
    execute: (context) => executeSearch(prepared, request, context),
  };
}

/** Carries a search out, or goes on with it. Throws UserError where no trial has a value. */
async function executeSearch(prepared: PreparedSearch, request: RunRequest, context: RunContext): Promise<RunResult> {
  const { search: settings, valueIs } = prepared;
  const folder = path.join(context.runFolder, TRIALS_FOLDER);
  mkdirSync(folder, { recursive: true });
  const runs = new TrialRuns(prepared, request, context, folder);
  try {
    const outcome = await search({
      ...settings,
      folder,
      signal: context.signal,
      objective: (trial) => runs.carryOut(trial),
      onTrial(trial) {
        runs.ended(trial);
        context.onEpoch?.(runs.recordOf(trial));
      },
    });
    const trials = outcome.trials.map((trial) => ({ ...trial, ...runs.told(trial.number) }));
    const record: SearchRecord = { ...outcome, settings, valueIs, trials };
    return resultOf(
      record,
      prepared,
      trials.map((trial) => runs.recordOf(trial)),
    );
  } finally {
    await runs.sent();
  }
}

function resultOf(found: SearchRecord, prepared: PreparedSearch, history: RunResult["history"]): RunResult {
  const { trials, best } = found;
  if (best === undefined) {
    const why = trials.map(({ number, message }) => `trial ${number + 1}: ${message ?? "stopped early"}`);
    throw new UserError(`no trial ran to its end: ${why.join("; ")}`, 1);
  }
  const values = trials.flatMap(({ value }) => (value === undefined ? [] : [value]));
  const stepsOf = ({ reports }: SearchedTrial) => reports.length;
  return {
    epochs: trials.reduce((sum, trial) => sum + stepsOf(trial), 0),
    stepsPerEpoch: prepared.work?.stepsPerEpoch ?? 0,
    parameters: 0,
    seconds: trials.reduce((sum, { seconds }) => sum + seconds, 0),
    chosenEpoch: best + 1,
    chosenBy: `trial ${best + 1} of ${trials.length}: ${found.valueIs}`,
    tests: {},
    lastEpochs: { role: "select", ...lastTenth(values) },
    lastEpochScore: values.at(-1)!,
    history,
    testOpenings: [],
    splitNotes: ["A search looks at the train and select roles alone."],
    counts: Object.fromEntries(prepared.inputs.map(({ role, classes }) => [role, { ...classes }])),
    search: found,
  };
}
