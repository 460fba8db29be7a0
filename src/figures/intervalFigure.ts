import type { PlotlyFigure } from "./plotly.js";
import { escapeText, type FigureOptions, plotlyAxis, plotlyLayout } from "./theme.js";

/** One row of a forest plot; values from 0 to 1. */
export interface IntervalRow {
  label: string;
  printed: number | null;
  ours: { mean: number; low: number | null; high: number | null } | null;
}

/** Forest plot: ours with its interval, and the printed number beside. */
export function intervalFigure(
  rows: readonly IntervalRow[],
  xLabel: string,
  options: FigureOptions = {},
): PlotlyFigure {
  const { theme, layout } = plotlyLayout(options);
  const ours = rows.filter((row) => row.ours !== null);
  const printed = rows.filter((row) => row.printed !== null);
  const around = (row: IntervalRow, end: "low" | "high") =>
    Math.abs((row.ours![end] ?? row.ours!.mean) - row.ours!.mean);
  return {
    data: [
      {
        type: "scatter",
        mode: "markers",
        name: "ours, 95 % interval",
        x: ours.map((row) => row.ours!.mean),
        y: ours.map((row) => escapeText(row.label)),
        error_x: {
          type: "data",
          symmetric: false,
          array: ours.map((row) => around(row, "high")),
          arrayminus: ours.map((row) => around(row, "low")),
        },
        marker: { color: theme.series[0], size: 10 },
      },
      {
        type: "scatter",
        mode: "markers",
        name: "printed",
        x: printed.map((row) => row.printed),
        y: printed.map((row) => escapeText(row.label)),
        marker: { color: theme.series[1], size: 11, symbol: "diamond-open", line: { width: 2 } },
      },
    ],
    layout: {
      ...layout,
      xaxis: plotlyAxis(theme, xLabel),
      yaxis: plotlyAxis(theme, "", {
        type: "category",
        categoryorder: "array",
        categoryarray: rows.map((row) => escapeText(row.label)),
        autorange: "reversed",
      }),
    },
  };
}
