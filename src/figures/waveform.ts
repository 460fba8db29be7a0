import {
  type EventMark,
  eventShapes,
  laneAxis,
  laneHeight,
  laneSpace,
  lanesOf,
  lanesSvg,
  lanesText,
  laneTraces,
} from "./eventLanes.js";
import { type Figure, figureOf } from "./figure.js";
import { minMaxBins } from "./minMax.js";
import { type PlotlyFigure, type PlotlyTrace, plotlyAxis, plotlyConfig, plotlyLayout } from "./plotly.js";
import { panelsOf } from "./plotlyPanels.js";
import { extent, type Scale, scale, ticks } from "./scales.js";
import { headHeight, shortNumber, svgDocument, tag } from "./svg.js";
import { axes, bottomSpace, type PlotBox, type SvgAxis } from "./svgAxes.js";
import { type FigureOptions, seriesColour, type Theme } from "./theme.js";

/** A mono recording and what is marked in it. */
export interface WaveformData {
  /** [samples], full scale is -1 to 1. */
  samples: ArrayLike<number>;
  sampleRateHz: number;
  /** Time of the first sample, when this is a part of a recording. */
  startSeconds?: number;
  events?: readonly EventMark[];
}

const amplitudeLabel = "amplitude (1 = full scale)";

/**
 * Waveform of a recording: the band from the lowest to the highest sample of each part of a picture's width, events
 * tinted and named.
 */
export function waveform(data: WaveformData, options: FigureOptions = {}): Figure {
  return figureOf(options, {
    empty: data.samples.length === 0 && "The recording has no samples.",
    plotly: (o) => plotly(data, o),
    svg: (o) => svg(data, o),
  });
}

/** The two edges of the band, the second filled down to the first. `bins` parts: more than a screen is wide. */
export function waveformTraces(data: WaveformData, theme: Theme, yaxis: string, bins = 1500): PlotlyTrace[] {
  const { low, high, timesSeconds } = shifted(data, bins);
  const color = seriesColour(theme, 0);
  const edge = { type: "scatter" as const, mode: "lines", x: timesSeconds, yaxis, showlegend: false };
  const line = { color, width: 0.5 };
  const hovertemplate = "%{x:.3f} s: up to %{y:.3f}<extra></extra>";
  return [
    { ...edge, y: low, line, hoverinfo: "skip" },
    { ...edge, y: high, line, fill: "tonexty", fillcolor: color, hovertemplate },
  ];
}

function plotly(data: WaveformData, options: FigureOptions): PlotlyFigure {
  const { theme, layout } = plotlyLayout(options);
  const lanes = lanesOf(data.events ?? []);
  const strip = lanes.length > 0 ? [lanes.length * laneHeight] : [];
  const { height, domains } = panelsOf([...strip, 220], layout.margin, 6);
  const [start, end] = bounds(data);
  return {
    data: [...waveformTraces(data, theme, "y"), ...laneTraces(lanes, theme, "y2")],
    layout: {
      ...layout,
      height,
      shapes: eventShapes(lanes, theme, "y", "tint"),
      xaxis: plotlyAxis(theme, "time (s)", { range: [start, end], anchor: "y" }),
      yaxis: plotlyAxis(theme, amplitudeLabel, { domain: domains[domains.length - 1] }),
      ...(lanes.length > 0 && { yaxis2: laneAxis(lanes, domains[0]!) }),
    },
    config: plotlyConfig,
  };
}

/** The band in a box, with its axis. */
export function waveformPanel(
  data: WaveformData,
  box: PlotBox,
  x: Scale,
): { axis: SvgAxis; draw: (theme: Theme) => string } {
  const { low, high, timesSeconds } = shifted(data, Math.round(box.right - box.left));
  const [lowest, highest] = extent([...low, ...high]) ?? [0, 0];
  const peak = Math.max(-lowest, highest) || 1;
  const at = scale(-peak, peak, box.bottom, box.top);
  const d = timesSeconds
    .map((t, i) => `M${shortNumber(x(t))} ${shortNumber(at(low[i]!) + 0.4)}V${shortNumber(at(high[i]!) - 0.4)}`)
    .join("");
  return {
    axis: { label: amplitudeLabel, ticks: ticks(-peak, peak, 4), at },
    draw: (theme) => tag("path", { d, stroke: seriesColour(theme, 0), "stroke-width": 1 }),
  };
}

function svg(data: WaveformData, options: FigureOptions): string {
  const width = 720;
  const [start, end] = bounds(data);
  const lanes = lanesOf(data.events ?? []);
  const top = headHeight(options, width) + lanes.length * laneHeight + 6;
  const box = { left: Math.max(76, laneSpace(lanes)), right: width - 16, top, bottom: top + 160 };
  const x = scale(start, end, box.left, box.right);
  const { axis, draw } = waveformPanel(data, box, x);
  return svgDocument({
    ...options,
    width,
    height: box.bottom + bottomSpace,
    description: `Waveform of ${(end - start).toFixed(2)} s. ${lanesText(lanes)}`,
    body: (theme) =>
      axes(box, theme, { label: "time (s)", ticks: ticks(start, end, 8), at: x }, axis) +
      lanesSvg(lanes, theme, x, box) +
      draw(theme),
  });
}

/** First and last second. */
export function bounds({ samples, sampleRateHz, startSeconds = 0 }: WaveformData): [number, number] {
  return [startSeconds, startSeconds + samples.length / sampleRateHz];
}

function shifted({ samples, sampleRateHz, startSeconds = 0 }: WaveformData, bins: number) {
  const found = minMaxBins(samples, sampleRateHz, bins);
  return { ...found, timesSeconds: found.timesSeconds.map((t) => t + startSeconds) };
}
