import { type Figure, figureOf } from "./figure.js";
import { dashes, linePath, strokeDash } from "./lines.js";
import { type PlotlyFigure, type PlotlyTrace, plotlyAxis, plotlyConfig, plotlyLayout } from "./plotly.js";
import { extent, isNumber, roundStep } from "./scales.js";
import { tag } from "./svg.js";
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
  // One bin where all values are alike.
  const step = roundStep(low, high, about) ?? Math.max(1, Math.abs(low) * 1e-3);
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

/** Below one item on a logarithmic axis, and where bars stand on. */
const floorOf = ({ logCounts }: HistogramData) => (logCounts ? 0.7 : 0);

/** The outline of each run of bins that hold something, from the floor up and down again; a gap after each. */
export function outlineOf(edges: readonly number[], counts: readonly number[], floor: number) {
  const outline = { x: [] as number[], y: [] as (number | null)[], bin: [] as number[] };
  const add = (edge: number, y: number | null, bin: number) => {
    outline.x.push(edges[edge]!);
    outline.y.push(y);
    outline.bin.push(bin);
  };
  counts.forEach((count, b) => {
    if (count === 0) return;
    if (!counts[b - 1]) add(b, floor, b);
    add(b, count, b);
    add(b + 1, count, b);
    if (!counts[b + 1]) {
      add(b + 1, floor, b);
      add(b + 1, null, b);
    }
  });
  return outline;
}

function plotly(
  data: HistogramData,
  { edges, counts }: Bins,
  names: readonly string[],
  options: FigureOptions,
): PlotlyFigure {
  const { xLabel, countLabel = "items", logCounts } = data;
  const { theme, layout } = plotlyLayout(options);
  const highest = Math.max(1, ...counts.flat());
  const range = logCounts ? [Math.log10(floorOf(data)), Math.log10(highest * 1.3)] : [0, highest * 1.05];
  return {
    data: counts.map((group, i): PlotlyTrace => {
      const color = seriesColour(theme, i);
      const words = (b: number) =>
        `${labelNumber(edges[b]!)} to ${labelNumber(edges[b + 1]!)}: ${labelNumber(group[b]!)} ${escapeText(countLabel)}`;
      const named = { name: escapeText(names[i]!), hovertemplate: "%{hovertext}" };
      if (counts.length === 1) {
        const x = group.map((_, b) => (edges[b]! + edges[b + 1]!) / 2);
        return { type: "bar", ...named, x, y: group, hovertext: group.map((_, b) => words(b)), marker: { color } };
      }
      const { x, y, bin } = outlineOf(edges, group, floorOf(data));
      const line = { color, dash: dashes[i % dashes.length], width: 2 };
      const filled = { fill: "tozeroy", fillcolor: `${color}1f` };
      return { type: "scatter", mode: "lines", ...named, x, y, hovertext: bin.map(words), line, ...filled };
    }),
    layout: {
      ...layout,
      showlegend: true,
      hovermode: "closest",
      bargap: 0.04,
      xaxis: plotlyAxis(theme, xLabel, { range: [edges[0]!, edges[edges.length - 1]!] }),
      yaxis: plotlyAxis(theme, logLabel(data), { range, ...(logCounts && { type: "log", dtick: 1 }) }),
    },
    config: plotlyConfig,
  };
}

const logLabel = ({ countLabel = "items", logCounts }: HistogramData) =>
  logCounts ? `${countLabel} (logarithmic)` : countLabel;

function svg(data: HistogramData, { edges, counts }: Bins, names: readonly string[], options: FigureOptions): string {
  const { xLabel, countLabel = "items", logCounts } = data;
  const highest = Math.max(1, ...counts.flat());
  const floor = floorOf(data);
  const alone = counts.length === 1;
  return svgChart(
    {
      width: 640,
      plotHeight: 240,
      x: { label: xLabel, range: [edges[0]!, edges[edges.length - 1]!] },
      y: {
        label: logLabel(data),
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
            const { x: xs, y: ys } = outlineOf(edges, group, floor);
            const d = linePath(xs, ys, x, y);
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
