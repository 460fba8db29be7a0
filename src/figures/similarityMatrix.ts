import { type Figure, figureOf } from "./figure.js";
import { type PlotlyFigure, plotlyAxis, plotlyConfig, plotlyLayout } from "./plotly.js";
import { headHeight, svgDocument, svgText, tag, verticalText } from "./svg.js";
import { textWidth } from "./text.js";
import { escapeText, type FigureOptions } from "./theme.js";

/** How alike some things are, each with each. */
export interface SimilarityMatrixData {
  labels: readonly string[];
  /** [things, things], from -1 to 1; null where it is not known. */
  values: readonly (readonly (number | null)[])[];
  /** What the things are, such as "cluster". */
  thing: string;
  /** What the numbers are, such as "cosine". */
  valueLabel: string;
}

/** Okabe and Ito's vermillion, for what is unlike. */
const UNLIKE = "#d55e00";

/** A square of numbers from -1 to 1, in one colour above 0 and in another below. Throws RangeError for a wrong shape. */
export function similarityMatrix(data: SimilarityMatrixData, options: FigureOptions = {}): Figure {
  const { labels, values } = data;
  if (values.length !== labels.length || values.some((row) => row.length !== labels.length)) {
    throw new RangeError(
      `${labels.length} labels need as many rows and columns, got ${values.length} x ${values[0]?.length ?? 0}`,
    );
  }
  const known = values.flat().some((value) => value !== null);
  return figureOf(options, {
    empty: !known && "There is nothing to compare.",
    plotly: (o) => plotly(data, o),
    svg: (o) => svg(data, o),
  });
}

const numberText = (value: number | null) => (value === null ? "–" : value.toFixed(2));

function plotly({ labels, values, thing, valueLabel }: SimilarityMatrixData, options: FigureOptions): PlotlyFigure {
  const { theme, layout } = plotlyLayout(options);
  const names = labels.map(escapeText);
  const category = { showgrid: false, type: "category" };
  return {
    data: [
      {
        type: "heatmap",
        ...{ x: names, y: names, z: values.map((row) => [...row]), zmin: -1, zmax: 1 },
        colorscale: [
          [0, UNLIKE],
          [0.5, theme.cell],
          [1, theme.accent],
        ],
        text: values.map((row) => row.map(numberText)),
        texttemplate: "%{text}",
        hovertemplate: `%{y} and %{x}<br>${escapeText(valueLabel)} %{z:.3f}<extra></extra>`,
        colorbar: { title: { text: escapeText(valueLabel), side: "right", font: { size: 12 } }, thickness: 12 },
        ...{ xgap: 2, ygap: 2 },
      },
    ],
    layout: {
      ...layout,
      height: layout.margin.t + layout.margin.b + 40 + 52 * labels.length,
      xaxis: plotlyAxis(theme, thing, category),
      yaxis: plotlyAxis(theme, thing, { ...category, autorange: "reversed" }),
    },
    config: plotlyConfig,
  };
}

/** Opacity of a full cell: low enough for the text on it to be read. */
const STRONGEST_FILL = 0.55;
const CELL = { width: 64, height: 40 };

function svg({ labels, values, thing, valueLabel }: SimilarityMatrixData, options: FigureOptions): string {
  const left = 34 + Math.max(24, ...labels.map((label) => textWidth(label, 12) + 12));
  const right = left + labels.length * CELL.width;
  const width = Math.round(Math.max(right + 16, 320));
  const top = headHeight(options, width);
  const bottom = top + labels.length * CELL.height;
  const at = (i: number) => top + (i + 0.5) * CELL.height;
  return svgDocument({
    ...options,
    width,
    height: Math.round(bottom + 46),
    description: `${valueLabel} of each ${thing} with each. ${labels.map((label, i) => `${label}: ${values[i]!.map(numberText).join(", ")}`).join("; ")}.`,
    body: (theme) => {
      let out = verticalText(thing, 16, (top + bottom) / 2, { fill: theme.muted });
      for (const [i, label] of labels.entries()) {
        out += svgText(label, left - 8, at(i) + 4, { "text-anchor": "end" });
        out += svgText(label, left + (i + 0.5) * CELL.width, bottom + 17, { "text-anchor": "middle" });
        for (const [j, value] of values[i]!.entries()) {
          const x = left + j * CELL.width;
          const box = { x: x + 1, y: at(i) - CELL.height / 2 + 1, width: CELL.width - 2, height: CELL.height - 2 };
          const fill = value !== null && value < 0 ? UNLIKE : theme.accent;
          const opacity = STRONGEST_FILL * Math.abs(value ?? 0);
          out += tag("rect", { ...box, fill, "fill-opacity": opacity, stroke: theme.grid });
          const centre = { "text-anchor": "middle" };
          out += svgText(numberText(value), x + CELL.width / 2, at(i) + 4, centre);
        }
      }
      return out + svgText(`${thing}; ${valueLabel}`, right, bottom + 37, { "text-anchor": "end", fill: theme.muted });
    },
  });
}
