import { shown, shownDuration, shownRange } from "../suite/html.js";
import { headlineOf } from "../suite/recording/headline.js";
import type { RunRecord } from "../suite/runRecord.js";
import type { EpochRecord } from "../training/trainingState.js";
import type { ProgressReport } from "../training/workMeter.js";
import { escapeHtml } from "./display.js";
import type { NamedRun, TrainingReport } from "./trainChild.js";

/** How far a run is. */
export interface WatchedRun extends NamedRun {
  state: "waiting" | "training" | "stopped" | "done" | "done before" | "failed";
  progress?: ProgressReport;
  /** Epochs that are done, in order. */
  history: EpochRecord[];
  record?: RunRecord;
  error?: string;
}

/** What a cell shows of its runs while they are carried out. */
export interface Watched {
  runs: WatchedRun[];
  /** The run under way, or the last that was; before the first, -1. */
  current: number;
  /** Each once. */
  warnings: string[];
  /** Whether the runs were asked to stop and have not yet, or have ended. */
  phase: "under way" | "stopping" | "ended";
}

export const nothingYet = (): Watched => ({ runs: [], current: -1, warnings: [], phase: "under way" });

/** Where no run was begun. */
const WITHOUT_RUN = { "under way": "reading the data set", stopping: "stopping", ended: "nothing was run" };
const STOPPING = "stopping after the step under way; interrupt again to stop at once, without saving";

/** Takes in what the process of the runs tells; `read` gives the record of a run that is done. */
export function takeIn(watched: Watched, report: TrainingReport, read: (run: NamedRun) => RunRecord | undefined): void {
  if ("planned" in report) {
    watched.runs = report.planned.map((run) => ({ ...run, state: "waiting", history: [] }));
    return;
  }
  if ("warning" in report) {
    if (!watched.warnings.includes(report.warning)) watched.warnings.push(report.warning);
    return;
  }
  watched.current = report.run;
  const run = watched.runs[report.run]!;
  if ("progress" in report) run.progress = report.progress;
  else if ("epoch" in report) {
    // An epoch is told again where a kill came between its record and its checkpoint.
    run.history = [...run.history.filter(({ epoch }) => epoch < report.epoch.epoch), report.epoch];
  } else if ("failed" in report) Object.assign(run, { state: "failed", error: report.failed });
  else {
    run.state = report.state;
    if (report.state === "training") return;
    run.record = read(run);
    run.history = run.record?.result.history ?? run.history;
  }
}

/** What is true of all the numbers shown, in a few words for figures, or with what the reduced budgets are. */
export function noteOf({ runs }: Watched, full = false): string {
  const made = runs.some(({ madeUp }) => madeUp) ? ["made-up sounds"] : [];
  const budgets = [...new Set(runs.flatMap(({ reduced }) => reduced ?? []))];
  return [...made, ...(full ? budgets : budgets.slice(0, 1).map(() => "reduced budget"))].join("; ");
}

/** Names of runs without the parts that all of them have, such as "seed 1"; a single name stays. */
export function whereTheyDiffer(names: readonly string[]): string[] {
  const parts = names.map((name) => name.replace(/ \([^)]*\)$/, "").split(", "));
  const own = parts.map((all) => all.filter((part) => !parts.every((others) => others.includes(part))));
  return names.map((name, index) => own[index]!.join(", ") || name);
}

/** The state of the cell's runs as one small block of HTML: a bar, what happens, a table where there are several. */
export function watchedHtml(watched: Watched): string {
  const { runs, warnings, phase } = watched;
  const run = runs[watched.current];
  const fraction = run?.record || run?.state === "done" ? 1 : run?.progress?.fraction;
  const bar = fraction === undefined ? "" : ` value="${fraction.toFixed(3)}"`;
  const [title, ...lines] = linesOf(watched);
  const rows = runs.map((one) => `<tr>${cellsOf(one).map(cell).join("")}</tr>`).join("");
  const head = HEADINGS.map((name) => `<th style="text-align:left">${name}</th>`).join("");
  const table = runs.length > 1 ? `<table><thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table>` : "";
  const notes = [...stopping(watched), noteOf(watched, true), ...warnings].filter(Boolean);
  return [
    `<div style="max-width:60em;font-variant-numeric:tabular-nums">`,
    `<div><b>${escapeHtml(title)}</b></div>`,
    run?.state === "failed" || (!run && phase === "ended")
      ? ""
      : `<progress max="1"${bar} style="width:100%"></progress>`,
    ...lines.map((line) => `<div>${escapeHtml(line)}</div>`),
    table,
    ...notes.map((note) => `<div style="opacity:.75;font-size:90%">${escapeHtml(note)}</div>`),
    "</div>",
  ].join("");
}

/** The same as plain text. */
export function watchedText(watched: Watched): string {
  const { runs, warnings } = watched;
  const table = runs.length > 1 ? [HEADINGS, ...runs.map(cellsOf)].map((cells) => cells.join("\t")) : [];
  return [...linesOf(watched), ...table, ...stopping(watched), noteOf(watched, true), ...warnings]
    .filter(Boolean)
    .join("\n");
}

const stopping = ({ phase, runs }: Watched) => (phase === "stopping" && runs.length > 0 ? [STOPPING] : []);

const HEADINGS = ["run", "state", "epoch", "Score (95 % interval)", "time left"];

function cellsOf(run: WatchedRun): string[] {
  const { name, state, progress, history, record } = run;
  const epochs = record ? `${record.result.epochs}` : history.length > 0 ? `${history.length} done` : "";
  const left = state === "training" && progress?.secondsLeft !== undefined ? shownDuration(progress.secondsLeft) : "";
  const last = scoresSoFar(history);
  const score = record ? scoreOf(record) : last ? `${shown(last.last.score)} (${last.metric})` : "";
  return [name, state, epochs, score, left];
}

const cell = (text: string) => `<td style="text-align:left">${escapeHtml(text)}</td>`;

/** Of the run under way; of several that have ended, how many came how far. */
function linesOf({ runs, current, phase }: Watched): [string, ...string[]] {
  const run = runs[current];
  if (!run) return [WITHOUT_RUN[phase]];
  if (phase !== "ended" || runs.length === 1) return [run.name, ...linesOfRun(run)];
  const states = [...new Set(runs.map(({ state }) => state))];
  const counts = states.map((state) => `${runs.filter((one) => one.state === state).length} ${state}`);
  const errors = runs.flatMap(({ name, error }) => (error === undefined ? [] : `${name} failed: ${error}`));
  return [`${runs.length} runs: ${counts.join(", ")}`, ...errors];
}

function linesOfRun({ state, progress, history, record, error, runId }: WatchedRun): string[] {
  if (state === "failed") return [`failed: ${error}`];
  if (record) {
    const { epochs, chosenEpoch, chosenBy, seconds } = record.result;
    const before = state === "done before" ? "done before, " : "";
    return [
      `${before}${epochs} epochs in ${shownDuration(seconds)}; epoch ${chosenEpoch} was chosen (${chosenBy})`,
      `Score ${scoreOf(record)} on ${headlineOf(record).of}`,
      runId,
    ];
  }
  const left = progress?.secondsLeft === undefined ? "" : `, ${shownDuration(progress.secondsLeft)} left`;
  // Without a record where nothing is kept.
  const now = state === "done" ? "done" : progress ? `${progress.phase}: ${progress.detail}${left}` : "starting";
  const stopped = "stopped; what was done is saved, and the cell goes on from there when it is run again";
  const score = scoresSoFar(history);
  if (!score) return [state === "stopped" ? stopped : now];
  const { metric, last, best } = score;
  return [
    state === "stopped" ? stopped : now,
    `${metric} ${shown(last.score)} after epoch ${last.epoch}, best ${shown(best.score)} (epoch ${best.epoch})`,
  ];
}

function scoreOf(record: RunRecord): string {
  const { scores, intervals } = headlineOf(record);
  const range = shownRange(intervals?.score);
  return `${shown(scores.score)}${range && ` (${range})`}`;
}

/** Of the last epoch, on what the epoch is chosen by, or under `published` looked at; and the best so far. */
function scoresSoFar(history: readonly EpochRecord[]) {
  const metric = ["select/score", "test/mean/score"].find((name) => history.at(-1)?.metrics[name] !== undefined);
  if (metric === undefined) return undefined;
  const scores = history.map(({ epoch, metrics }) => ({ epoch, score: metrics[metric] ?? Number.NaN }));
  return { metric, last: scores.at(-1)!, best: scores.reduce((a, b) => (b.score > a.score ? b : a)) };
}
