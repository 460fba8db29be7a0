import type { MlflowClient } from "mlflow-js-client";
import { type OpenTrackerOptions, openTracker } from "./openTracker.js";
import { savedViewTag } from "./savedView.js";
import type { SyncReport } from "./sync.js";

export interface TrackerPageOptions extends OpenTrackerOptions {
  /** The experiment whose runs to show; the list of experiments unless given. */
  experiment?: string;
}

export interface TrackerPage {
  address: string;
  /** Whether the tracker has the experiment that was asked for; true when none was. */
  found: boolean;
  startedNow: boolean;
  /** Undefined for a server that is not ours. */
  pid: number | undefined;
  sync: SyncReport;
}

/** Without this MLflow's pages show what language models need. */
const training = "workflowType=machine_learning";

/** The saved view of an experiment that is opened where the experiment has it. */
export const scoresViewId = "scores";

/**
 * The page to look at runs: finds or starts the tracking server, sends what waits on disk, and answers the address. Throws
 * `UserError` when the server cannot be started, or the one in `MLFLOW_TRACKING_URI` does not answer.
 */
export async function trackerPage(options: TrackerPageOptions): Promise<TrackerPage> {
  const { experiment, ...opening } = options;
  const { uri, client, startedNow, pid, sync } = await openTracker(opening);
  const page = experiment === undefined ? undefined : await experimentPage(uri, client, experiment);
  const found = experiment === undefined || page !== undefined;
  return { address: page ?? listAddress(uri), found, startedNow, pid, sync };
}

/** The page that lists experiments. */
export function listAddress(uri: string): string {
  return `${uri}/#/experiments?${training}`;
}

/** The page of a run. */
export function runAddress(uri: string, run: { experimentId: string; runId: string }): string {
  return `${uri}/#/experiments/${run.experimentId}/runs/${run.runId}?${training}`;
}

/** The page of an experiment's runs; undefined when there is none of that name that is not deleted. */
async function experimentPage(uri: string, client: MlflowClient, name: string): Promise<string | undefined> {
  const experiment = await client.findExperiment(name);
  if (experiment?.lifecycle_stage !== "active") return undefined;
  const hasView = experiment.tags?.some(({ key }) => key === savedViewTag(scoresViewId));
  const view = hasView ? `&viewStateShareKey=${scoresViewId}` : "";
  return `${uri}/#/experiments/${experiment.experiment_id}/runs?${training}${view}`;
}
