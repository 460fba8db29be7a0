import { type Figure, figureOf } from "./figure.js";
import { type IntervalRow, intervalFigure } from "./intervalFigure.js";
import { intervalSvg } from "./intervalSvg.js";
import type { FigureOptions } from "./theme.js";

/** Rows of a forest plot on one axis. */
export interface IntervalsData {
  rows: readonly IntervalRow[];
  /** With its unit, such as "Score (0 to 1)". */
  xLabel: string;
}

/** Forest plot: ours with its interval, and the printed number beside. */
export function intervals({ rows, xLabel }: IntervalsData, options: FigureOptions = {}): Figure {
  return figureOf(
    options,
    (o) => intervalFigure(rows, xLabel, o),
    (o) => intervalSvg(rows, xLabel, o),
  );
}
