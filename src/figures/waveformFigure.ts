import { type EventMark, eventShapes } from "./events.js";
import { minMaxBins } from "./minMax.js";
import type { PlotlyFigure } from "./plotly.js";
import { type FigureOptions, plotlyAxis, plotlyLayout } from "./theme.js";

/** A mono recording and what is marked in it. */
export interface WaveformData {
  /** [samples], full scale is -1 to 1. */
  samples: ArrayLike<number>;
  sampleRateHz: number;
  events?: readonly EventMark[];
}

/** Waveform as a plotly figure: the band between lowest and highest sample of each of `bins` parts, events shaded. */
export function waveformFigure(
  { samples, sampleRateHz, events = [] }: WaveformData,
  options: FigureOptions & { bins?: number } = {},
): PlotlyFigure {
  const { theme, layout } = plotlyLayout(options);
  const { low, high, timesSeconds } = minMaxBins(samples, sampleRateHz, options.bins ?? 1500);
  const line = { color: theme.series[0], width: 0.5 };
  return {
    data: [
      { type: "scatter", mode: "lines", x: timesSeconds, y: low, line, hoverinfo: "skip", showlegend: false },
      {
        type: "scatter",
        mode: "lines",
        x: timesSeconds,
        y: high,
        line,
        fill: "tonexty",
        fillcolor: theme.series[0],
        hovertemplate: "%{x:.3f} s: up to %{y:.3f}<extra></extra>",
        showlegend: false,
      },
    ],
    layout: {
      ...layout,
      ...eventShapes(events, theme, true),
      xaxis: plotlyAxis(theme, "time (s)", { range: [0, samples.length / sampleRateHz] }),
      yaxis: plotlyAxis(theme, "amplitude (full scale = 1)"),
    },
  };
}
