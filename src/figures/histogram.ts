import { type Figure, figureOf } from "./figure.js";
import { dashes, strokeDash } from "./lines.js";
import { type PlotlyFigure, plotlyAxis, plotlyConfig, plotlyLayout } from "./plotly.js";
import { extent, isNumber, ticks } from "./scales.js";
import { shortNumber, tag } from "./svg.js";
import { svgChart } from "./svgChart.js";
import { counted, labelNumber } from "./text.js";
import { escapeText, type FigureOptions, seriesColour } from "./theme.js";

/** Values of one kind. */
export interface HistogramGroup {
  name: string;
  /** [values]; what is no number is counted and left out. */
  values: ArrayLike<number>;
}

export interface HistogramData {
  groups: readonly HistogramGroup[];
  /** With its unit, such as "duration (s)". */
  xLabel: string;
  /** What is counted, such as "events"; "items" unless told. */
  countLabel?: string;
  /** About how many bins; 30 unless told. */
  bins?: number;
  /** Counts by their logarithms, so that rare values are seen beside frequent ones. */
  logCounts?: boolean;
}

/** Counts in bins that all groups share. */
interface Bins {
  /** [bins + 1] */
  edges: number[];
  /** By group, [bins]. */
  counts: number[][];
  /** By group: how many are no numbers. */
  leftOut: number[];
}

/** How often which values occur, several groups over one another in the same bins; each legend says how many there are. */
export function histogram(data: HistogramData, options: FigureOptions = {}): Figure {
  const bins = binsOf(data.groups, data.bins ?? 30);
  const totals = bins.counts.map((counts) => counts.reduce((sum, count) => sum + count, 0));
  const names = data.groups.map(({ name }, i) => {
    const without = bins.leftOut[i]! > 0 ? `; ${labelNumber(bins.leftOut[i]!)} without a value` : "";
    return `${name} (${counted(totals[i]!, "value")}${without})`;
  });
  return figureOf(options, {
    empty: totals.every((total) => total === 0) && `There is no ${data.xLabel} to count.`,
    plotly: (o) => plotly(data, bins, names, o),
    svg: (o) => svg(data, bins, names, o),
  });
}

/** Bins with round edges over all groups; the last one holds its upper edge too. */
export function binsOf(groups: readonly HistogramGroup[], about: number): Bins {
  const [low, high] = extent(numbersOf(groups)) ?? [0, 1];
  const [first = low, second = first + 1] = ticks(low, high === low ? low + 1 : high, about);
  const step = second - first;
  const start = Math.floor(low / step + 1e-9) * step;
  const count = Math.max(1, Math.ceil((high - start) / step - 1e-9));
  const counts = groups.map(() => new Array<number>(count).fill(0));
  const leftOut = groups.map(() => 0);
  groups.forEach(({ values }, g) => {
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      if (!isNumber(value)) leftOut[g]!++;
      else counts[g]![Math.min(count - 1, Math.max(0, Math.floor((value - start) / step + 1e-9)))]!++;
    }
  });
  const edges = Array.from({ length: count + 1 }, (_, i) => Number((start + i * step).toPrecision(12)));
  return { edges, counts, leftOut };
}

function* numbersOf(groups: readonly HistogramGroup[]): Iterable<number> {
  for (const { values } of groups) for (let i = 0; i < values.length; i++) yield values[i]!;
}

function plotly(
  data: HistogramData,
  { edges, counts }: Bins,
  names: readonly string[],
  options: FigureOptions,
): PlotlyFigure {
  const { xLabel, countLabel = "items", logCounts } = data;
  const { theme, layout } = plotlyLayout(options);
  const alone = counts.length === 1;
  const width = edges[1]! - edges[0]!;
  const ranges = edges.slice(1).map((edge, i) => `${labelNumber(edges[i]!)} to ${labelNumber(edge)}`);
  return {
    data: counts.map((group, i) => {
      const color = seriesColour(theme, i);
      const hover = { text: ranges, hovertemplate: `%{text}: %{y} ${escapeText(countLabel)}` };
      const name = escapeText(names[i]!);
      const x = edges.slice(0, -1).map((edge) => edge + width / 2);
      if (alone)
        return {
          type: "bar",
          name,
          x,
          y: group,
          width,
          marker: { color, line: { color: theme.cell === "none" ? color : theme.cell, width: 0.5 } },
          ...hover,
        };
      const line = { color, dash: dashes[i % dashes.length], width: 2, shape: "hvh" };
      const y = logCounts ? group.map((count) => (count > 0 ? count : null)) : group;
      return {
        type: "scatter",
        mode: "lines",
        name,
        x,
        y,
        line,
        fill: logCounts ? "none" : "tozeroy",
        fillcolor: `${color}22`,
        connectgaps: false,
        ...hover,
      };
    }),
    layout: {
      ...layout,
      showlegend: true,
      hovermode: alone ? "closest" : "x unified",
      xaxis: plotlyAxis(theme, xLabel, { range: [edges[0]!, edges[edges.length - 1]!] }),
      yaxis: plotlyAxis(theme, countLabel, logCounts ? { type: "log", dtick: 1 } : { rangemode: "tozero" }),
    },
    config: plotlyConfig,
  };
}

function svg(data: HistogramData, { edges, counts }: Bins, names: readonly string[], options: FigureOptions): string {
  const { xLabel, countLabel = "items", logCounts } = data;
  const highest = Math.max(1, ...counts.flat());
  const floor = logCounts ? 0.7 : 0;
  const alone = counts.length === 1;
  return svgChart(
    {
      width: 640,
      plotHeight: 240,
      x: { label: xLabel, range: [edges[0]!, edges[edges.length - 1]!] },
      y: {
        label: logCounts ? `${countLabel} (logarithmic)` : countLabel,
        range: [floor, highest * (logCounts ? 1.3 : 1.05)],
        ...(logCounts && { log: true }),
      },
      legend: names.map((name, i) => ({
        name,
        key: (theme, x, y) =>
          tag("rect", {
            x,
            y: y - 6,
            width: 26,
            height: 12,
            fill: seriesColour(theme, i),
            "fill-opacity": alone ? 1 : 0.15,
            stroke: seriesColour(theme, i),
            "stroke-width": 2,
            "stroke-dasharray": alone ? undefined : strokeDash(i),
          }),
      })),
      description: `${countLabel} by ${xLabel}. ${names.map((name, i) => `${name}: most from ${mostCommon(edges, counts[i]!)}`).join("; ")}.`,
      body: ({ theme, x, y, box }) =>
        counts
          .map((group, i) => {
            const colour = seriesColour(theme, i);
            const height = (count: number) => (count > 0 ? y(count) : box.bottom);
            if (alone)
              return group
                .map((count, b) =>
                  tag("rect", {
                    x: x(edges[b]!) + 0.5,
                    y: height(count),
                    width: Math.max(0.5, x(edges[b + 1]!) - x(edges[b]!) - 1),
                    height: box.bottom - height(count),
                    fill: colour,
                  }),
                )
                .join("");
            const steps = group.map((count, b) => `V${shortNumber(height(count))}H${shortNumber(x(edges[b + 1]!))}`);
            const d = `M${shortNumber(box.left)} ${box.bottom}${steps.join("")}V${shortNumber(box.bottom)}`;
            const line = { stroke: colour, "stroke-width": 2, "stroke-dasharray": strokeDash(i) };
            return tag("path", { d, fill: colour, "fill-opacity": 0.12, ...line });
          })
          .join(""),
    },
    options,
  );
}

function mostCommon(edges: readonly number[], counts: readonly number[]): string {
  const most = counts.indexOf(Math.max(...counts));
  return `${labelNumber(edges[most]!)} to ${labelNumber(edges[most + 1]!)}`;
}
