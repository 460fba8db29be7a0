import { errorBar } from "./errorBar.js";
import { type Figure, figureOf } from "./figure.js";
import { dashes, linePath, orGap, strokeDash } from "./lines.js";
import { markerPath, printedMarker, svgMarker, symbolOf } from "./markers.js";
import { type PlotlyFigure, type PlotlyTrace, plotlyAxis, plotlyConfig, plotlyLayout } from "./plotly.js";
import { extent, isNumber, paddedExtent } from "./scales.js";
import { svgLine, tag } from "./svg.js";
import { type ChartAxis, svgChart } from "./svgChart.js";
import type { LegendEntry } from "./svgLegend.js";
import { labelNumber } from "./text.js";
import { escapeText, type FigureOptions, seriesColour } from "./theme.js";

/** What came out at one value of what is swept. */
export interface SweepPoint {
  /** A number, or the name of a choice. */
  at: number | string;
  mean: number | null;
  /** Ends of the interval. */
  low?: number | null;
  high?: number | null;
}

/** One line of a sweep. */
export interface SweepSeries {
  name: string;
  points: readonly SweepPoint[];
  /** The numbers of the paper. */
  printed?: readonly { at: number | string; value: number }[];
}

export interface SweepData {
  series: readonly SweepSeries[];
  /** What is swept, with its unit. */
  xLabel: string;
  /** The metric, with its unit. */
  yLabel: string;
  /** By the logarithm of what is swept; all of it must be above 0. */
  log?: boolean;
  yRange?: readonly [number, number];
  /** What the bars are; "95 % interval" unless told. */
  intervalLabel?: string;
}

/**
 * A metric over a swept value: means with their intervals, and the printed numbers beside. Throws RangeError for `log`
 * without numbers above 0.
 */
export function sweep(data: SweepData, options: FigureOptions = {}): Figure {
  const places = placesOf(data);
  const values = data.series.flatMap(({ points, printed = [] }) => [
    ...points.flatMap(({ mean, low, high }) => [mean, low, high]),
    ...printed.map(({ value }) => value),
  ]);
  return figureOf(options, {
    empty: !values.some(isNumber) && `No ${data.yLabel} yet.`,
    plotly: (o) => plotly(data, places, o),
    svg: (o) => svg(data, places, data.yRange ?? paddedExtent(values), o),
  });
}

/** All values that are swept, in order: numbers by size, names as they come. */
function placesOf({ series, log }: SweepData): { values: (number | string)[]; numbers: boolean } {
  const all = series.flatMap(({ points, printed = [] }) => [...points, ...printed].map(({ at }) => at));
  const numbers = all.every((at): at is number => typeof at === "number");
  const values = [...new Set(all)];
  if (log && !(numbers && all.every((at) => at > 0)))
    throw new RangeError(`a sweep by logarithm needs numbers above 0, got ${values.join(", ")}`);
  return { values: numbers ? (values as number[]).sort((a, b) => a - b) : values.map(String), numbers };
}

type Places = ReturnType<typeof placesOf>;

function plotly(data: SweepData, { values, numbers }: Places, options: FigureOptions): PlotlyFigure {
  const { series, xLabel, yLabel, log, yRange, intervalLabel = "95 % interval" } = data;
  const { theme, layout } = plotlyLayout(options);
  const place = (at: number | string) => (numbers ? at : escapeText(String(at)));
  const length = ({ mean, low, high }: SweepPoint, end: "low" | "high") => {
    const to = end === "low" ? low : high;
    return isNumber(mean) && isNumber(to) ? Math.abs(to - mean) : 0;
  };
  const traces = series.flatMap(({ name, points, printed = [] }, i): PlotlyTrace[] => {
    const color = seriesColour(theme, i);
    const bars = points.some(({ low, high }) => isNumber(low) && isNumber(high));
    const line: PlotlyTrace = {
      type: "scatter",
      mode: numbers ? "lines+markers" : "markers",
      name: escapeText(bars ? `${name}, ${intervalLabel}` : name),
      legendgroup: String(i),
      x: points.map(({ at }) => place(at)),
      y: points.map(({ mean }) => orGap(mean)),
      ...(bars && {
        error_y: {
          type: "data",
          symmetric: false,
          array: points.map((point) => length(point, "high")),
          arrayminus: points.map((point) => length(point, "low")),
          thickness: 1.5,
          width: 4,
        },
      }),
      line: { color, dash: dashes[i % dashes.length], width: 2 },
      marker: { symbol: symbolOf(i), size: 8 },
      hovertemplate: "%{x}: %{y:.4~g}",
    };
    if (printed.length === 0) return [line];
    const marker = { color, size: 11, symbol: "diamond-open", line: { width: 2 } };
    const x = printed.map(({ at }) => place(at));
    const y = printed.map(({ value }) => orGap(value));
    const named = { name: `${escapeText(name)}, printed`, legendgroup: String(i), hovertemplate: "%{x}: %{y:.4~g}" };
    return [line, { type: "scatter", mode: "markers", ...named, x, y, marker }];
  });
  const sweptAxis = numbers
    ? {
        ...(log && { type: "log" }),
        ...(values.length <= 12 && { tickvals: values, ticktext: values.map((v) => labelNumber(v as number)) }),
      }
    : { type: "category", categoryorder: "array", categoryarray: values.map(place) };
  return {
    data: traces,
    layout: {
      ...layout,
      showlegend: true,
      xaxis: plotlyAxis(theme, xLabel, sweptAxis),
      yaxis: plotlyAxis(theme, yLabel, yRange ? { range: [...yRange] } : {}),
    },
    config: plotlyConfig,
  };
}

function svg(
  data: SweepData,
  { values, numbers }: Places,
  range: readonly [number, number],
  options: FigureOptions,
): string {
  const { series, xLabel, yLabel, log, intervalLabel = "95 % interval" } = data;
  const place = (at: number | string) => (numbers ? (at as number) : values.indexOf(String(at)));
  const legend = series.flatMap(({ name, points, printed = [] }, i): LegendEntry[] => {
    const bars = points.some(({ low, high }) => isNumber(low) && isNumber(high));
    const key: LegendEntry["key"] = (theme, x, y) => {
      const colour = seriesColour(theme, i);
      const line = svgLine(x, y, x + 26, y, colour, { "stroke-width": 2, "stroke-dasharray": strokeDash(i) });
      return (numbers ? line : "") + svgMarker(symbolOf(i), x + 13, y, 4, colour);
    };
    const own = { name: bars ? `${name}, ${intervalLabel}` : name, key };
    if (printed.length === 0) return [own];
    const mark: LegendEntry["key"] = (theme, x, y) => printedMarker(x + 13, y, seriesColour(theme, i));
    return [own, { name: `${name}, printed`, key: mark }];
  });
  return svgChart(
    {
      width: 640,
      plotHeight: 260,
      x: sweptAxis(xLabel, values, numbers, log),
      y: { label: yLabel, range },
      legend,
      description: `${yLabel} over ${xLabel}. ${series.map(describe).join("; ")}.`,
      body: ({ theme, x, y }) =>
        series
          .map(({ points, printed = [] }, i) => {
            const colour = seriesColour(theme, i);
            const xs = points.map(({ at }) => place(at));
            // A hair's breadth between the bars of different series at one place.
            const shift = (i - (series.length - 1) / 2) * 3;
            const d = linePath(
              xs,
              points.map(({ mean }) => mean),
              (at) => x(at) + shift,
              y,
            );
            const line = { fill: "none", stroke: colour, "stroke-width": 2, "stroke-dasharray": strokeDash(i) };
            const marks = points.map(({ mean, low, high }, k) => {
              if (!isNumber(mean)) return "";
              const at = x(xs[k]!) + shift;
              const bar = isNumber(low) && isNumber(high) ? errorBar(at, y(low), y(high), colour) : "";
              return bar + tag("path", { d: markerPath(symbolOf(i), at, y(mean), 4), fill: colour });
            });
            const diamonds = printed
              .filter(({ value }) => isNumber(value))
              .map(({ at, value }) => printedMarker(x(place(at)), y(value), colour));
            return (numbers ? tag("path", { d, ...line }) : "") + marks.join("") + diamonds.join("");
          })
          .join(""),
    },
    options,
  );
}

function sweptAxis(label: string, values: readonly (number | string)[], numbers: boolean, log?: boolean): ChartAxis {
  if (!numbers) {
    const names = values.map(String);
    return { label, range: [-0.5, names.length - 0.5], ticks: names.map((_, i) => i), names };
  }
  const [low, high] = extent(values as number[]) ?? [0, 1];
  const ticks =
    values.length <= 12 ? { ticks: values as number[], names: values.map((v) => labelNumber(v as number)) } : {};
  if (log) {
    const room = (high / low) ** 0.05 || 1;
    return { label, log, range: low === high ? [low / 2, high * 2] : [low / room, high * room], ...ticks };
  }
  const pad = (high - low || Math.abs(high) || 1) * 0.05;
  return { label, range: [low - pad, high + pad], ...ticks };
}

function describe({ name, points }: SweepSeries): string {
  const known = points.filter(({ mean }) => isNumber(mean));
  return `${name}: ${known.map(({ at, mean }) => `${labelNumber(mean!)} at ${at}`).join(", ") || "no values"}`;
}
