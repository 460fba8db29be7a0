// Runs that a script logs to.

export type { TransferOptions } from "./artifactStore.js";
export { Artifacts, type FolderTransfer, type FolderTransferOptions } from "./artifacts.js";
// The REST client.
export type { Batch } from "./batches.js";
export * from "./client.js";
export { type Connection, connectionFromEnvironment, parseTrackingUri } from "./environment.js";
export { MlflowError, MlflowValidationError } from "./errors.js";
export { and, attribute, dataset, Filter, metric, type Ordering, param, tag } from "./filter.js";
// Spools and their sending.
export * from "./follow.js";
export { createMlflow, Mlflow, mlflow } from "./mlflow.js";
export { holderOf, identityOf, isRunning, type ProcessIdentity, tryLock, waitForLock } from "./processLock.js";
export type { ExperimentSearch } from "./rest/experiments.js";
export type { LoggedModelSearch } from "./rest/loggedModels.js";
export type { VersionSource } from "./rest/modelVersions.js";
export type { RegistrySearch } from "./rest/registeredModels.js";
export type { RunSearch } from "./rest/runs.js";
export { ActiveRun, type ActiveRunOptions, type RunReference } from "./run/activeRun.js";
export { type GitRevision, gitRevision } from "./run/gitRevision.js";
export type { FileOptions, ModelDescription } from "./run/runArtifacts.js";
export type { MetricOptions } from "./run/runLog.js";
export type { MlflowOptions, ResumeOptions, RunEndStatus, RunOptions } from "./run/runOptions.js";
export type { Scalar } from "./run/runTags.js";
export {
  type SystemMetricsOptions,
  type SystemSample,
  SystemSampler,
  systemMetricsOptions,
  watchSystem,
} from "./run/systemMetrics.js";
export type { SplitTable, TableData } from "./run/tables.js";
export { Sender, type SenderOptions, type SendResult } from "./sender.js";
export {
  type BackgroundSender,
  SenderProcess,
  senderProgram,
  startBackgroundSender,
} from "./sending/backgroundSender.js";
export type { FlushResult } from "./sending/flushSpool.js";
export type { FollowRequest } from "./sending/followCommands.js";
export { type SpoolSummary, spoolFoldersBelow, spoolRoot, summarizeSpool } from "./sending/spoolFolders.js";
export { type SyncedSpool, type SyncOptions, syncSpools } from "./sending/syncSpools.js";
export { type Rejection, readRejections, readSentStates, type SentState } from "./sentState.js";
export * from "./spool.js";
export * from "./spoolRecords.js";
export * from "./transport.js";
export type * from "./types.js";
export * from "./validate.js";
export * from "./validateModels.js";
