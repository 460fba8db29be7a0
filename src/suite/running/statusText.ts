import { shownDuration } from "../html.js";
import type { FolderState } from "./folderState.js";
import { describeHolder } from "./holder.js";
import type { KnownRun } from "./knownRuns.js";

/** In the order in which they are told. */
export const STATES: readonly FolderState[] = [
  "running",
  "waiting",
  "begun",
  "missing",
  "cancelled",
  "failed",
  "damaged",
  "done",
];

/** What `status --json` tells of a run. */
export function statusJson({ runId, folder, request, attempt, message }: KnownRun): Record<string, unknown> {
  const { experiment, row, task, protocol, preset, profile, seed } = request ?? {};
  return {
    ...{ runId, experiment, row, task, protocol, preset, profile, seed },
    attempt: attempt?.attempt,
    holder: attempt?.holder,
    since: attempt?.since,
    renewed: attempt?.renewed,
    progress: attempt?.progress,
    ended: attempt?.ended,
    message,
    folder,
  };
}

/** For people: by state; runs that are done are counted, and named where `all` says so. */
export function statusText(runs: readonly KnownRun[], all: boolean): string {
  if (runs.length === 0) return "no runs\n";
  const byState = STATES.map((state) => ({ state, found: runs.filter((run) => run.state === state) }));
  const present = byState.filter(({ found }) => found.length > 0);
  const lines = [`${present.map(({ state, found }) => `${found.length} ${state}`).join(", ")}`];
  for (const { state, found } of present) {
    if (state === "done" && !all) continue;
    lines.push("", `${state}${MEANING[state] ?? ""}`);
    for (const run of found) lines.push(`  ${run.name}`, ...details(run).map((text) => `    ${text}`));
  }
  return `${lines.join("\n")}\n`;
}

const MEANING: Partial<Record<FolderState, string>> = {
  waiting: " (a process that runs, or a cluster, will come to it)",
  begun: " (stopped; `npx auscult resume` goes on)",
  missing: " (asked for, never begun)",
  damaged: " (its files cannot be read)",
};

function details({ runId, state, attempt, message, name }: KnownRun): string[] {
  const lines = name === runId ? [] : [runId];
  if (attempt && state !== "done") {
    const { holder, since, ended, progress } = attempt;
    const when = ended ? `ended ${local(ended.at)}` : `since ${local(since)}`;
    lines.push(`attempt ${attempt.attempt}, ${describeHolder(holder)}, ${when}`);
    if (progress && state === "running") {
      const left = progress.secondsLeft === undefined ? "" : `, ${shownDuration(progress.secondsLeft)} left`;
      lines.push(`${progress.phase} ${Math.floor(100 * progress.fraction)} %${left}: ${progress.detail}`);
    } else if (progress?.epoch) lines.push(`${progress.epoch} epochs are done`);
  }
  if (message) lines.push(message.split("\n")[0]!);
  return lines;
}

function local(iso: string): string {
  return new Date(iso).toLocaleString("sv");
}
