import { logScale, logTicks, type Scale, scale, ticks } from "./scales.js";
import { headHeight, svgDocument } from "./svg.js";
import { axes, bottomSpace, leftSpace, type PlotBox, slantedSpace } from "./svgAxes.js";
import { type LegendEntry, legendHeight, svgLegend } from "./svgLegend.js";
import type { FigureOptions, Theme } from "./theme.js";

/** An axis of a chart. */
export interface ChartAxis {
  /** With its unit. */
  label: string;
  range: readonly [number, number];
  log?: boolean;
  /** Where there is a tick; by default at round numbers. */
  ticks?: readonly number[];
  /** What the ticks say if not their numbers, [ticks]. */
  names?: readonly string[];
}

/** A chart with two axes and a legend below. */
export interface Chart {
  width: number;
  /** Of the box between the axes, pixels. */
  plotHeight: number;
  x: ChartAxis;
  y: ChartAxis;
  /** Pixels above the box for what is written there; 6 by default. */
  roomAbove?: number;
  /** Pixels right of the box; 16 by default. */
  roomRight?: number;
  legend?: readonly LegendEntry[];
  /** Said to those who cannot see it. */
  description: string;
  body: (place: { theme: Theme; x: Scale; y: Scale; box: PlotBox }) => string;
}

/** A chart as an SVG document. */
export function svgChart(chart: Chart, options: FigureOptions): string {
  const { width, legend = [] } = chart;
  const yTicks = ticksOf(chart.y, 5);
  const left = leftSpace({ ticks: yTicks, ...(chart.y.names && { names: chart.y.names }) });
  const top = headHeight(options, width) + (chart.roomAbove ?? 6);
  const box = { left, right: width - (chart.roomRight ?? 16), top, bottom: top + chart.plotHeight };
  const x = scaleOf(chart.x, box.left, box.right);
  const y = scaleOf(chart.y, box.bottom, box.top);
  const xAxis = { ...chart.x, ticks: ticksOf(chart.x, 8), at: x };
  const belowBox = bottomSpace + slantedSpace(xAxis);
  const legendWidth = width - 24;
  return svgDocument({
    ...options,
    width,
    height: Math.ceil(box.bottom + belowBox + legendHeight(legend, legendWidth) + (legend.length > 0 ? 8 : 0)),
    description: chart.description,
    body: (theme) =>
      axes(box, theme, xAxis, { ...chart.y, ticks: yTicks, at: y }) +
      chart.body({ theme, x, y, box }) +
      svgLegend(legend, theme, 12, box.bottom + belowBox, legendWidth),
  });
}

function ticksOf({ ticks: given, range: [low, high], log }: ChartAxis, count: number): readonly number[] {
  return given ?? (log ? logTicks(low, high) : ticks(low, high, count));
}

function scaleOf({ range: [low, high], log }: ChartAxis, from: number, to: number): Scale {
  return (log ? logScale : scale)(low, high, from, to);
}
