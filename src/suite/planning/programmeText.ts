import type { TotalNeeds } from "./programme.js";
import { alignedLines } from "./textTable.js";
import { systemSeconds } from "./trackedPoints.js";

/** What the runs of a paper take, and the stages that they share, each once. */
export interface PaperNeeds {
  paper: string;
  runs: number;
  stages: number;
  needs: TotalNeeds;
}

/** What papers take in all, done or not, each run and stage once. */
export function programmeText(papers: readonly PaperNeeds[], whole: TotalNeeds): string {
  const total = {
    paper: "all",
    runs: papers.reduce((sum, { runs }) => sum + runs, 0),
    stages: papers.reduce((sum, { stages }) => sum + stages, 0),
    needs: whole,
  };
  const lines = papers.length > 1 ? [...papers, total] : papers;
  if (lines.length === 0) return "No run.";
  const body = lines.map(({ paper, runs, stages, needs }) => [
    paper,
    String(runs),
    String(stages),
    ...needsCells(needs),
  ]);
  const { hours, gpuUnknown, folders } = whole;
  const pieces = hours.measured + hours.estimated + hours.unknown;
  return [
    "The whole programme, done or not, each run and each stage that runs share once:",
    ...alignedLines([["paper", "runs", "stages", ...NEEDS_HEAD], ...body], [1, 2, 3, 4, 5, 6, 7]),
    `  hours: ${hours.measured} measured here, ${hours.estimated} estimated, ${hours.unknown} not known; of a GPU: ${gpuUnknown === pieces ? "no step was measured on one" : `${gpuUnknown} not known`}`,
    `  disk: folders of ${folders.measured} as measured, of ${folders.estimated} as others of their network or paper, of ${folders.unknown} not known`,
    `  points: of each epoch and of the end ${Math.round(whole.points - whole.systemPoints).toLocaleString("en")}, as finished runs wrote them; of the machines ${whole.systemPoints.toLocaleString("en")}, 10 every ${systemSeconds()} s (MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL)`,
  ].join("\n");
}

/** Over `needsCells`. */
export const NEEDS_HEAD = ["wall h", "thread h", "GPU h", "disk GB", "points"];

/** Cells of a line; "?" stands for what nobody knows. */
export function needsCells({
  wallHours,
  threadHours,
  gpuHours,
  folderBytes,
  points,
  hours,
  folders,
  gpuUnknown,
}: TotalNeeds): string[] {
  const about = (amount: number, unknown: number) =>
    amount === 0 && unknown > 0 ? "?" : `${number(amount)}${unknown > 0 ? " + ?" : ""}`;
  return [
    about(wallHours, hours.unknown),
    about(threadHours, hours.unknown),
    gpuHours === undefined ? "?" : about(gpuHours, gpuUnknown),
    about(folderBytes / 1e9, folders.unknown),
    Math.round(points).toLocaleString("en"),
  ];
}

function number(amount: number): string {
  return amount.toLocaleString("en", { maximumFractionDigits: amount < 100 ? 1 : 0 });
}
