import { type Curve, epochAxis } from "./curves.js";
import { type Figure, figureOf } from "./figure.js";
import { dashes, lineKey, linePath, strokeDash } from "./lines.js";
import { type PlotlyFigure, type PlotlyTrace, plotlyAxis, plotlyConfig, plotlyLayout } from "./plotly.js";
import { extent, isNumber, paddedExtent, ticks } from "./scales.js";
import { tag } from "./svg.js";
import { svgChart } from "./svgChart.js";
import { counted } from "./text.js";
import { escapeText, type FigureOptions, seriesColour } from "./theme.js";

/** Runs that differ in their seed only. */
export interface SeedGroup {
  name: string;
  /** One curve a run, named by its seed. */
  runs: readonly Curve[];
}

/** Several runs of each of several settings, on one axis. */
export interface SeedCurvesData {
  groups: readonly SeedGroup[];
  /** With its unit, such as "Score (0 to 1)". */
  yLabel: string;
  yRange?: readonly [number, number];
  /** What is drawn around the median: a thin line for each run (up to six runs unless told), or the range of the runs. */
  spread?: "lines" | "range";
}

/** Over the runs of a group, at each epoch that at least half of them have. */
interface Summary {
  epochs: number[];
  median: number[];
  low: number[];
  high: number[];
}

/** Curves of several runs: thick the median of each group, thin its runs, or as a band from the lowest to the highest. */
export function seedCurves(data: SeedCurvesData, options: FigureOptions = {}): Figure {
  const groups = data.groups.map(({ name, runs }) => {
    const summary = summaryOf(runs);
    const asLines = (data.spread ?? (runs.length <= 6 ? "lines" : "range")) === "lines";
    return { label: `${name} (${counted(runs.length, "run")})`, runs, asLines, ...summary };
  });
  return figureOf(options, {
    empty: groups.every(({ epochs }) => epochs.length === 0) && `No run has ${data.yLabel} yet.`,
    plotly: (o) => plotly(data, groups, o),
    svg: (o) => svg(data, groups, o),
  });
}

type Group = Summary & { label: string; runs: readonly Curve[]; asLines: boolean };

/** Median, lowest and highest of the runs at each epoch. */
export function summaryOf(runs: readonly Curve[]): Summary {
  const byEpoch = new Map<number, number[]>();
  for (const { epochs, values } of runs)
    epochs.forEach((epoch, i) => {
      const value = values[i];
      if (isNumber(value)) byEpoch.set(epoch, [...(byEpoch.get(epoch) ?? []), value]);
    });
  const summary: Summary = { epochs: [], median: [], low: [], high: [] };
  for (const [epoch, values] of [...byEpoch].sort(([a], [b]) => a - b)) {
    if (values.length * 2 < runs.length) continue;
    values.sort((a, b) => a - b);
    summary.epochs.push(epoch);
    summary.median.push((values[(values.length - 1) >> 1]! + values[values.length >> 1]!) / 2);
    summary.low.push(values[0]!);
    summary.high.push(values[values.length - 1]!);
  }
  return summary;
}

function plotly({ yLabel, yRange }: SeedCurvesData, groups: readonly Group[], options: FigureOptions): PlotlyFigure {
  const { theme, layout } = plotlyLayout(options);
  const traces = groups.flatMap((group, i): PlotlyTrace[] => {
    const color = seriesColour(theme, i);
    const quiet = { type: "scatter" as const, mode: "lines", showlegend: false, legendgroup: String(i) };
    const around: PlotlyTrace[] = group.asLines
      ? group.runs.map(({ name, epochs, values }) => ({
          ...quiet,
          x: [...epochs],
          y: values.map((value) => (isNumber(value) ? value : null)),
          line: { color, width: 1 },
          opacity: 0.45,
          hovertemplate: `epoch %{x}: %{y:.4~g}<extra>${escapeText(name)}</extra>`,
        }))
      : [
          { ...quiet, x: group.epochs, y: group.low, line: { color, width: 0 }, hoverinfo: "skip" },
          {
            ...quiet,
            x: group.epochs,
            y: group.high,
            line: { color, width: 0 },
            fill: "tonexty",
            fillcolor: `${color}40`,
            hoverinfo: "skip",
          },
        ];
    const median: PlotlyTrace = {
      type: "scatter",
      mode: "lines",
      name: escapeText(group.label),
      legendgroup: String(i),
      x: group.epochs,
      y: group.median,
      customdata: group.epochs.map((_, k) => [group.low[k]!, group.high[k]!]),
      line: { color, dash: dashes[i % dashes.length], width: 3 },
      hovertemplate:
        "epoch %{x}: median %{y:.4~g}, runs %{customdata[0]:.4~g} to %{customdata[1]:.4~g}<extra>%{fullData.name}</extra>",
    };
    return [...around, median];
  });
  return {
    data: traces,
    layout: {
      ...layout,
      hovermode: "closest",
      showlegend: true,
      xaxis: epochAxis(
        theme,
        groups.flatMap(({ epochs }) => epochs),
      ),
      yaxis: plotlyAxis(theme, yLabel, yRange ? { range: [...yRange] } : {}),
    },
    config: plotlyConfig,
  };
}

function svg({ yLabel, yRange }: SeedCurvesData, groups: readonly Group[], options: FigureOptions): string {
  const [first, last] = extent(groups.flatMap(({ epochs }) => epochs)) ?? [1, 1];
  const half = first === last ? 1 : 0;
  const seen = groups.flatMap(({ asLines, runs, low, high }) =>
    asLines ? runs.flatMap(({ values }) => values) : [...low, ...high],
  );
  return svgChart(
    {
      width: 640,
      plotHeight: 260,
      x: { label: "epoch", range: [first - half, last + half], ticks: ticks(first, last, 8).filter(Number.isInteger) },
      y: { label: yLabel, range: yRange ?? paddedExtent(seen) },
      legend: groups.map(({ label: name }, i) => ({ name, key: lineKey(i, { "stroke-width": 3 }) })),
      description: `${yLabel} over epochs, median of each group's runs. ${groups.map(describe).join("; ")}.`,
      body: ({ theme, x, y }) =>
        groups
          .map((group, i) => {
            const stroke = seriesColour(theme, i);
            const line = (epochs: readonly number[], values: readonly (number | null)[], more: object) =>
              tag("path", { d: linePath(epochs, values, x, y), fill: "none", stroke, ...more });
            const there = linePath(group.epochs, group.high, x, y);
            const back = linePath([...group.epochs].reverse(), [...group.low].reverse(), x, y).replace("M", "L");
            const around = group.asLines
              ? group.runs.map(({ epochs, values }) => line(epochs, values, { "stroke-opacity": 0.45 })).join("")
              : tag("path", { d: `${there}${back}z`, fill: stroke, "fill-opacity": 0.2 });
            const thick = { "stroke-width": 3, "stroke-dasharray": strokeDash(i) };
            return around + line(group.epochs, group.median, thick);
          })
          .join(""),
    },
    options,
  );
}

function describe({ label, median, low, high }: Group): string {
  const last = median.length - 1;
  if (last < 0) return `${label}: no values`;
  const [middle, from, to] = [median[last]!, low[last]!, high[last]!].map((value) => value.toPrecision(3));
  return `${label}: at the end ${middle} (${from} to ${to})`;
}
