import type { PlotlyFigure } from "./plotly.js";
import { escapeText, type FigureOptions, plotlyAxis, plotlyLayout } from "./theme.js";

/** One metric over the epochs. */
export interface Curve {
  name: string;
  /** Counted from 1, [points]. */
  epochs: readonly number[];
  /** [points]; null where there is none. */
  values: readonly (number | null)[];
}

/** Curves that share one axis. */
export interface CurvesData {
  series: readonly Curve[];
  /** With its unit, such as "loss (nats)". */
  yLabel: string;
  /** Fixed range, such as [0, 1] for a Score; else from the data. */
  yRange?: readonly [number, number];
  /** The epoch whose model was kept. */
  chosenEpoch?: number | null;
}

/** Line and marker styles that tell series apart without colour. */
export const dashes = ["solid", "dash", "dot", "dashdot", "longdash", "longdashdot"] as const;

/** Learning curves as a plotly figure, the chosen epoch marked. */
export function curvesFigure(
  { series, yLabel, yRange, chosenEpoch }: CurvesData,
  options: FigureOptions = {},
): PlotlyFigure {
  const { theme, layout } = plotlyLayout(options);
  const marked = chosenEpoch !== undefined && chosenEpoch !== null;
  // Left to itself plotly puts ticks between the epochs of a short run, which "d" then rounds: 1 1 1 2 2 2.
  const longest = Math.max(0, ...series.map((curve) => curve.epochs.length));
  return {
    data: series.map((curve, i) => ({
      type: "scatter",
      mode: curve.epochs.length > 40 ? "lines" : "lines+markers",
      name: escapeText(curve.name),
      x: [...curve.epochs],
      y: [...curve.values],
      line: { color: theme.series[i % theme.series.length], dash: dashes[i % dashes.length], width: 2 },
      hovertemplate: "epoch %{x}: %{y:.4f}",
    })),
    layout: {
      ...layout,
      hovermode: "x unified",
      showlegend: true,
      xaxis: plotlyAxis(theme, "epoch", { tickformat: "d", ...(longest <= 15 && { dtick: 1 }) }),
      yaxis: plotlyAxis(theme, yLabel, yRange ? { range: [...yRange] } : {}),
      shapes: marked
        ? [
            {
              type: "line",
              x0: chosenEpoch,
              x1: chosenEpoch,
              yref: "paper",
              y0: 0,
              y1: 1,
              line: { color: theme.muted, dash: "dot", width: 1.5 },
            },
          ]
        : [],
      annotations: marked
        ? [
            {
              x: chosenEpoch,
              yref: "paper",
              y: 1,
              yanchor: "bottom",
              showarrow: false,
              text: `chosen: ${chosenEpoch}`,
              font: { size: 11, color: theme.muted },
            },
          ]
        : [],
    },
  };
}
