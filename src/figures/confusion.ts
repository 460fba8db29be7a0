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

/** What print often gives alone: shares of the true class, 0 to 1, [classes, classes]; a class without items has a row of zeros. */
export interface ConfusionShares {
  labels: readonly string[];
  shares: readonly (readonly number[])[];
}

/**
 * Confusion matrix: colour is the share of the true class, in each cell stand the count, where there are counts, and the share. Throws
 * RangeError for a wrong shape.
 */
export function confusion(data: ConfusionData | ConfusionShares, options: FigureOptions = {}): Figure {
  const { labels } = data;
  const values = "counts" in data ? data.counts : data.shares;
  if (values.length !== labels.length || values.some((row) => row.length !== labels.length)) {
    const shape = `${values.length} x ${values[0]?.length ?? 0}`;
    throw new RangeError(`${counted(labels.length, "label")} need as many rows and columns of counts, got ${shape}`);
  }
  const totals = values.map((row) => row.reduce((sum, value) => sum + value, 0));
  const matrix: Matrix =
    "counts" in data
      ? { labels, totals, counts: data.counts, shares: sharesOfRows(data.counts, totals) }
      : { labels, totals, shares: data.shares };
  return figureOf(options, {
    empty: totals.every((total) => total === 0) && "No item was classified.",
    plotly: (o) => plotly(matrix, o),
    svg: (o) => svg(matrix, o),
  });
}

interface Matrix extends ConfusionShares {
  /** Sum of each row: 0 for a class without items. */
  totals: readonly number[];
  counts?: ConfusionData["counts"];
}

/** Share of each row, 0 to 1; a row without samples stays zero. */
function sharesOfRows(counts: ConfusionData["counts"], totals: readonly number[]): number[][] {
  return counts.map((row, i) => row.map((count) => (totals[i] === 0 ? 0 : count / totals[i]!)));
}

/** What stands under a true class's name. */
function itemsOf({ counts, totals }: Matrix, row: number): string {
  if (counts) return counted(totals[row]!, "item");
  return totals[row] === 0 ? "no items" : "";
}

function plotly(matrix: Matrix, options: FigureOptions): PlotlyFigure {
  const { labels, counts, shares, totals } = matrix;
  const { theme, layout } = plotlyLayout(options);
  const names = labels.map(escapeText);
  const category = { showgrid: false, type: "category" };
  const text = shares.map((row, i) =>
    row.map((share, j) => {
      if (totals[i] === 0) return "–";
      return `${counts ? `<b>${counts[i]![j]}</b><br>` : ""}${(100 * share).toFixed(0)} %`;
    }),
  );
  return {
    data: [
      {
        type: "heatmap",
        x: names,
        y: names.map((name, i) => [name, itemsOf(matrix, i)].filter(Boolean).join("<br>")),
        z: shares.map((row) => row.map((share) => 100 * share)),
        ...(counts && { customdata: counts.map((row) => [...row]) }),
        zmin: 0,
        zmax: 100,
        colorscale: [
          [0, theme.cell],
          [1, theme.accent],
        ],
        text,
        texttemplate: "%{text}",
        hovertemplate: `true %{y}<br>predicted %{x}<br>${counts ? "%{customdata} items, " : ""}%{z:.1f} % of the true class<extra></extra>`,
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

function svg(matrix: Matrix, options: FigureOptions): string {
  const { labels, counts, shares, totals } = matrix;
  const classes = labels.length;
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
    description: describe(matrix),
    body: (theme) => {
      let out = verticalText("true", 16, (top + bottom) / 2, { fill: theme.muted });
      for (let i = 0; i < classes; i++) {
        const middle = top + (i + 0.5) * cellHeight;
        const end = { "text-anchor": "end" };
        out += svgText(labels[i]!, left - 8, middle - 2, end);
        out += svgText(itemsOf(matrix, i), left - 8, middle + 13, {
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
          const percent = `${(100 * share).toFixed(0)} %`;
          if (!counts) {
            out += svgText(percent, x + cellWidth / 2, middle + 4, centre);
            continue;
          }
          out += svgText(String(counts[i]![j]), x + cellWidth / 2, middle - 2, { ...centre, "font-weight": "bold" });
          out += svgText(percent, x + cellWidth / 2, middle + 14, { ...centre, "font-size": 11 });
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

function describe({ labels, counts, shares, totals }: Matrix): string {
  const rows = labels.map((label, i) => {
    if (totals[i] === 0) return `${label}: no items`;
    return `${label}: ${counts ? `${counts[i]![i]} of ${totals[i]}` : `${(100 * shares[i]![i]!).toFixed(0)} %`} right`;
  });
  return `Confusion matrix. ${rows.join("; ")}.`;
}
