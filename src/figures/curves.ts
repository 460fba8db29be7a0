import { type Figure, figureOf } from "./figure.js";
import { dashes, lineKey, linePath, orGap, strokeDash } from "./lines.js";
import { type PlotlyFigure, plotlyAxis, plotlyConfig, plotlyLayout } from "./plotly.js";
import { extent, isNumber, paddedExtent, ticks } from "./scales.js";
import { svgLine, svgText, tag } from "./svg.js";
import { type Chart, svgChart } from "./svgChart.js";
import { escapeText, type FigureOptions, seriesColour, type Theme } from "./theme.js";

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

/** Learning curves of one run over its epochs, the chosen one marked. For several runs see `seedCurves`. */
export function curves(data: CurvesData, options: FigureOptions = {}): Figure {
  const some = data.series.some(({ values }) => values.some(isNumber));
  return figureOf(options, {
    empty: !some && `No ${data.yLabel} yet.`,
    plotly: (o) => plotly(data, o),
    svg: (o) => svg(data, o),
  });
}

/** Above this many epochs the points are not drawn. */
const mostPoints = 40;

function plotly({ series, yLabel, yRange, chosenEpoch }: CurvesData, options: FigureOptions): PlotlyFigure {
  const { theme, layout } = plotlyLayout(options);
  return {
    data: series.map((curve, i) => ({
      type: "scatter",
      mode: curve.epochs.length > mostPoints ? "lines" : "lines+markers",
      name: escapeText(curve.name),
      x: [...curve.epochs],
      y: curve.values.map(orGap),
      line: { color: seriesColour(theme, i), dash: dashes[i % dashes.length], width: 2 },
      hovertemplate: "%{y:.4~g}",
    })),
    layout: {
      ...layout,
      hovermode: "x unified",
      showlegend: true,
      xaxis: epochAxis(
        theme,
        series.flatMap(({ epochs }) => epochs),
      ),
      yaxis: plotlyAxis(theme, yLabel, yRange ? { range: [...yRange] } : {}),
      ...chosenMark(theme, chosenEpoch),
    },
    config: plotlyConfig,
  };
}

/** Left to itself plotly puts ticks between the epochs of a short run, which "d" then rounds: 1 1 1 2 2 2. */
export function epochAxis(theme: Theme, epochs: readonly number[]): Record<string, unknown> {
  const [first, last] = extent(epochs) ?? [1, 1];
  const few = last - first < 15;
  const pad = Math.max(0.2, (last - first) * 0.02);
  return plotlyAxis(theme, "epoch", {
    range: [first - pad, last + pad],
    tickformat: "d",
    ...(few && { dtick: 1 }),
    hoverformat: "d",
  });
}

function chosenMark(theme: Theme, epoch: number | null | undefined): Record<string, unknown> {
  if (!isNumber(epoch)) return { shapes: [], annotations: [] };
  const line = { color: theme.muted, dash: "dot", width: 1.5 };
  const words = { text: `chosen: ${epoch}`, font: { size: 11, color: theme.muted }, showarrow: false };
  return {
    shapes: [{ type: "line", x0: epoch, x1: epoch, yref: "paper", y0: 0, y1: 1, line }],
    annotations: [{ x: epoch, yref: "paper", y: 1, yanchor: "bottom", ...words }],
  };
}

function svg(data: CurvesData, options: FigureOptions): string {
  const { series, yLabel, yRange, chosenEpoch } = data;
  const [first, last] = extent(series.flatMap(({ epochs }) => epochs)) ?? [1, 1];
  const half = first === last ? 1 : 0;
  const chart: Chart = {
    width: 460,
    plotHeight: 220,
    roomAbove: 18,
    x: { label: "epoch", range: [first - half, last + half], ticks: ticks(first, last, 8).filter(Number.isInteger) },
    y: { label: yLabel, range: yRange ?? paddedExtent(series.flatMap(({ values }) => values)) },
    legend: series.map(({ name }, i) => ({ name, key: lineKey(i) })),
    description: describe(data),
    body: ({ theme, x, y, box }) => {
      let out = "";
      if (isNumber(chosenEpoch)) {
        const px = x(chosenEpoch);
        out += svgLine(px, box.top, px, box.bottom, theme.muted, { "stroke-dasharray": "3 3" });
        const place = Math.min(Math.max(px, box.left + 34), box.right - 34);
        const small = { "text-anchor": "middle", "font-size": 11, fill: theme.muted };
        out += svgText(`chosen: ${chosenEpoch}`, place, box.top - 5, small);
      }
      series.forEach((curve, i) => {
        const stroke = seriesColour(theme, i);
        const d = linePath(curve.epochs, curve.values, x, y);
        out += tag("path", { d, fill: "none", stroke, "stroke-width": 2, "stroke-dasharray": strokeDash(i) });
        if (curve.epochs.length > mostPoints) return;
        curve.epochs.forEach((epoch, k) => {
          const value = curve.values[k];
          if (isNumber(value)) out += tag("circle", { cx: x(epoch), cy: y(value), r: 2.5, fill: stroke });
        });
      });
      return out;
    },
  };
  return svgChart(chart, options);
}

function describe({ series, yLabel, chosenEpoch }: CurvesData): string {
  const parts = series.map((curve) => {
    const known = curve.values.filter(isNumber);
    return known.length === 0
      ? `${curve.name}: no values`
      : `${curve.name}: from ${known[0]!.toPrecision(3)} to ${known[known.length - 1]!.toPrecision(3)}`;
  });
  return `${yLabel} over epochs. ${parts.join("; ")}.${chosenEpoch ? ` Chosen epoch: ${chosenEpoch}.` : ""}`;
}
