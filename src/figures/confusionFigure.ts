import type { PlotlyFigure } from "./plotly.js";
import { escapeText, type FigureOptions, plotlyAxis, plotlyLayout } from "./theme.js";

/** Counts by true and predicted class, [classes, classes]. */
export interface ConfusionData {
  labels: readonly string[];
  counts: readonly (readonly number[])[];
}

/** Share of each row, 0 to 1; a row without samples stays zero. */
export function sharesOfRows(counts: readonly (readonly number[])[]): number[][] {
  return counts.map((row) => {
    const total = row.reduce((sum, count) => sum + count, 0);
    return row.map((count) => (total === 0 ? 0 : count / total));
  });
}

/** Confusion matrix as a plotly heat map: colour is the share of the true class, the text is count and percentage. */
export function confusionFigure({ labels, counts }: ConfusionData, options: FigureOptions = {}): PlotlyFigure {
  const { theme, layout } = plotlyLayout(options);
  const shares = sharesOfRows(counts);
  const rowTotals = counts.map((row) => row.reduce((sum, count) => sum + count, 0));
  const names = labels.map(escapeText);
  return {
    data: [
      {
        type: "heatmap",
        x: names,
        y: names.map((name, i) => `${name} (${rowTotals[i]})`),
        z: shares.map((row) => row.map((share) => 100 * share)),
        customdata: counts.map((row) => [...row]),
        zmin: 0,
        zmax: 100,
        colorscale: [
          [0, theme.paper],
          [1, theme.accent],
        ],
        text: shares.map((row, i) =>
          row.map((share, j) => (rowTotals[i] === 0 ? "–" : `${counts[i]![j]}<br>${(100 * share).toFixed(0)} %`)),
        ),
        texttemplate: "%{text}",
        hovertemplate:
          "true %{y}<br>predicted %{x}<br>%{customdata} items, %{z:.1f} % of the true class<extra></extra>",
        colorbar: { title: { text: "% of row" }, thickness: 12 },
        xgap: 2,
        ygap: 2,
      },
    ],
    layout: {
      ...layout,
      xaxis: plotlyAxis(theme, "predicted", { showgrid: false, type: "category" }),
      yaxis: plotlyAxis(theme, "true (items)", { showgrid: false, type: "category", autorange: "reversed" }),
    },
  };
}
