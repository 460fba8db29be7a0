import { curves } from "../figures/curves.js";
import type { Figure } from "../figures/figure.js";
import type { EpochRecord } from "../training/trainingState.js";

/** Of one figure. */
type Curves = Parameters<typeof curves>[0];

/** The epochs of a run that are done. */
export interface RunCurves {
  /** Named in the legend, where there are several runs. */
  name: string;
  history: readonly EpochRecord[];
  chosenEpoch?: number;
}

/** Metrics that share an axis, by the last part of their names. */
interface Panel {
  title: string;
  yLabel: string;
  metrics: readonly string[];
  yRange?: [number, number];
}

const PANELS: readonly Panel[] = [
  { title: "Loss", yLabel: "cross-entropy (nats)", metrics: ["loss"] },
  {
    title: "Parts of the training loss",
    yLabel: "before their weights (nats)",
    metrics: ["classification", "clustering", "similarity", "contrast"],
  },
  {
    title: "Score and AUC",
    yLabel: "Score, AUC (0 to 1)",
    metrics: ["score", "collapsedScore", "auc"],
    yRange: [0, 1],
  },
  {
    title: "What Score is made of",
    yLabel: "share (0 to 1)",
    metrics: ["se", "collapsedSe", "sp", "as", "hs"],
    yRange: [0, 1],
  },
  { title: "Gradient norm", yLabel: "norm before clipping", metrics: ["gradientNorm"] },
  { title: "Learning rate", yLabel: "learning rate", metrics: ["learningRate"] },
];
/** Of several runs, these alone are drawn. */
const COMPARED = /^(train\/loss|(select|test\/mean)\/(loss|score))$/;
const COMPARING: readonly Panel[] = [
  PANELS[0]!,
  { title: "Score", yLabel: "Score (0 to 1)", metrics: ["score"], yRange: [0, 1] },
];
/** Of the parts of Score, those of single test sets are not drawn: they would be sixteen lines. */
const CROWD = /^test\/(?!mean\/).*\/(se|collapsedSe|sp|as|hs)$/;

/** Learning curves of one run, all its metrics, or of several, loss and Score: a figure for each unit. */
export function curvePanels(runs: readonly RunCurves[], note: string): Figure[] {
  return panelData(runs).map(({ title, data }) => curves(data, { title, note }));
}

/** What the figures are drawn from. A learning rate that stays what it was is left out. */
export function panelData(runs: readonly RunCurves[]): { title: string; data: Curves }[] {
  const several = runs.length > 1;
  const drawn = (metric: string) => (several ? COMPARED.test(metric) : !CROWD.test(metric));
  const all = runs.flatMap(({ name, history }) =>
    namesOf(history)
      .filter(drawn)
      .map((metric) => ({
        metric: lastPart(metric),
        name: several ? `${name}: ${metric}` : metric,
        epochs: history.map(({ epoch }) => epoch),
        values: history.map(({ metrics }) => finite(metrics[metric])),
      })),
  );
  const known = PANELS.flatMap(({ metrics }) => metrics);
  const others = [...new Set(all.map(({ metric }) => metric))].filter((metric) => !known.includes(metric));
  const panels = [...PANELS, ...others.map((metric) => ({ title: metric, yLabel: metric, metrics: [metric] }))];
  return (several ? COMPARING : panels).flatMap(({ title, yLabel, metrics, ...range }) => {
    const series = all.filter(({ metric }) => metrics.includes(metric));
    const varies = series.some(({ values }) => values.some((value) => value !== values[0]));
    if (series.length === 0 || (title === "Learning rate" && !varies)) return [];
    const chosenEpoch = several ? undefined : runs[0]!.chosenEpoch;
    const data: Curves = {
      series: series.map(({ name, epochs, values }) => ({ name, epochs, values })),
      yLabel,
      ...range,
      ...(chosenEpoch !== undefined && { chosenEpoch }),
    };
    return [{ title, data }];
  });
}

/** At most so many of the epochs, the last among them: what is drawn again and again must be small. */
export function thinned(history: readonly EpochRecord[], most = 80): EpochRecord[] {
  const every = Math.ceil(history.length / most);
  return history.filter((_, index) => (history.length - 1 - index) % every === 0);
}

function namesOf(history: readonly EpochRecord[]): string[] {
  return [...new Set(history.flatMap(({ metrics }) => Object.keys(metrics)))];
}

const lastPart = (metric: string) => metric.slice(metric.lastIndexOf("/") + 1);

const finite = (value: number | undefined) => (value !== undefined && Number.isFinite(value) ? value : null);
