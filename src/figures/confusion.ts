import { type Figure, figureOf } from "./figure.js";
import { type PlotlyFigure, plotlyAxis, plotlyConfig, plotlyLayout } from "./plotly.js";
import { headHeight, svgDocument, svgText, tag, verticalText } from "./svg.js";
import { counted, textWidth } from "./text.js";
import { escapeText, type FigureOptions } from "./theme.js";

/** Counts by true and predicted class, [classes, classes]. */
export interface ConfusionData {
  labels: readonly string[];
  counts: readonly (readonly number[])[];
}

/**
 * Confusion matrix: colour is the share of the true class, in each cell stand the count and the share. Throws
 * RangeError for a wrong shape.
 */
export function confusion(data: ConfusionData, options: FigureOptions = {}): Figure {
  const { labels, counts } = data;
  if (counts.length !== labels.length || counts.some((row) => row.length !== labels.length)) {
    const shape = `${counts.length} x ${counts[0]?.length ?? 0}`;
    throw new RangeError(`${counted(labels.length, "label")} need as many rows and columns of counts, got ${shape}`);
  }
  const totals = counts.map((row) => row.reduce((sum, count) => sum + count, 0));
  return figureOf(options, {
    empty: totals.every((total) => total === 0) && "No item was classified.",
    plotly: (o) => plotly(data, totals, o),
    svg: (o) => svg(data, totals, o),
  });
}

/** Share of each row, 0 to 1; a row without samples stays zero. */
function sharesOfRows(counts: ConfusionData["counts"], totals: readonly number[]): number[][] {
  return counts.map((row, i) => row.map((count) => (totals[i] === 0 ? 0 : count / totals[i]!)));
}

function plotly({ labels, counts }: ConfusionData, totals: readonly number[], options: FigureOptions): PlotlyFigure {
  const { theme, layout } = plotlyLayout(options);
  const shares = sharesOfRows(counts, totals);
  const names = labels.map(escapeText);
  const category = { showgrid: false, type: "category" };
  const text = shares.map((row, i) =>
    row.map((share, j) => (totals[i] === 0 ? "–" : `<b>${counts[i]![j]}</b><br>${(100 * share).toFixed(0)} %`)),
  );
  return {
    data: [
      {
        type: "heatmap",
        x: names,
        y: names.map((name, i) => `${name}<br>${counted(totals[i]!, "item")}`),
        z: shares.map((row) => row.map((share) => 100 * share)),
        customdata: counts.map((row) => [...row]),
        zmin: 0,
        zmax: 100,
        colorscale: [
          [0, theme.cell],
          [1, theme.accent],
        ],
        text,
        texttemplate: "%{text}",
        hovertemplate:
          "true %{y}<br>predicted %{x}<br>%{customdata} items, %{z:.1f} % of the true class<extra></extra>",
        colorbar: { title: { text: "% of the true class", side: "right", font: { size: 12 } }, thickness: 12 },
        xgap: 2,
        ygap: 2,
      },
    ],
    layout: {
      ...layout,
      height: layout.margin.t + layout.margin.b + 40 + labels.length * (labels.length <= 3 ? 84 : 60),
      xaxis: plotlyAxis(theme, "predicted", category),
      yaxis: plotlyAxis(theme, "true", { ...category, autorange: "reversed" }),
    },
    config: plotlyConfig,
  };
}

/** Opacity of a full cell: low enough for the text on it to be read in the colour of all other text, light and dark. */
const strongestFill = 0.55;

function svg({ labels, counts }: ConfusionData, totals: readonly number[], options: FigureOptions): string {
  const classes = labels.length;
  const shares = sharesOfRows(counts, totals);
  const cellWidth = classes <= 3 ? 96 : 72;
  const cellHeight = classes <= 3 ? 64 : 50;
  const longest = Math.max(...labels.map((label) => textWidth(label, 12)));
  const left = 34 + Math.max(72, longest + 12);
  const slanted = longest > cellWidth - 6;
  const right = left + classes * cellWidth;
  const width = Math.round(Math.max(right + 16, 320));
  const top = headHeight(options, width);
  const bottom = top + classes * cellHeight;
  const overhang = slanted ? 16 + longest * 0.62 : 24;

  return svgDocument({
    ...options,
    width,
    height: Math.round(bottom + overhang + 26),
    description: describe(labels, counts, totals),
    body: (theme) => {
      let out = verticalText("true", 16, (top + bottom) / 2, { fill: theme.muted });
      for (let i = 0; i < classes; i++) {
        const middle = top + (i + 0.5) * cellHeight;
        const end = { "text-anchor": "end" };
        out += svgText(labels[i]!, left - 8, middle - 2, end);
        out += svgText(counted(totals[i]!, "item"), left - 8, middle + 13, {
          ...end,
          fill: theme.muted,
          "font-size": 11,
        });
        for (let j = 0; j < classes; j++) {
          const share = shares[i]![j]!;
          const x = left + j * cellWidth;
          const cell = { x: x + 1, y: middle - cellHeight / 2 + 1, width: cellWidth - 2, height: cellHeight - 2 };
          const stroke = i === j ? theme.ink : theme.grid;
          out += tag("rect", { ...cell, fill: theme.accent, "fill-opacity": strongestFill * share, stroke });
          const centre = { "text-anchor": "middle" };
          if (totals[i] === 0) {
            out += svgText("–", x + cellWidth / 2, middle + 4, { ...centre, fill: theme.muted });
            continue;
          }
          out += svgText(String(counts[i]![j]), x + cellWidth / 2, middle - 2, { ...centre, "font-weight": "bold" });
          out += svgText(`${(100 * share).toFixed(0)} %`, x + cellWidth / 2, middle + 14, {
            ...centre,
            "font-size": 11,
          });
        }
        const x = left + (i + 0.5) * cellWidth;
        const turned = { "text-anchor": "end", transform: `rotate(-38 ${x + 6} ${bottom + 14})` };
        out += slanted
          ? svgText(labels[i]!, x + 6, bottom + 14, turned)
          : svgText(labels[i]!, x, bottom + 17, { "text-anchor": "middle" });
      }
      const words = { "text-anchor": "end", fill: theme.muted };
      return out + svgText("predicted; percent of the true class", right, bottom + overhang + 17, words);
    },
  });
}

function describe(labels: readonly string[], counts: ConfusionData["counts"], totals: readonly number[]): string {
  const rows = labels.map((label, i) =>
    totals[i] === 0 ? `${label}: no items` : `${label}: ${counts[i]![i]} of ${totals[i]} right`,
  );
  return `Confusion matrix. ${rows.join("; ")}.`;
}
