import { type EventMark, eventShapes } from "./events.js";
import type { PlotlyFigure } from "./plotly.js";
import { type FigureOptions, plotlyAxis, plotlyLayout } from "./theme.js";

/** A time-frequency map. */
export interface HeatmapData {
  /** [rows, frames], row-major; row 0 is drawn at the bottom. */
  values: ArrayLike<number>;
  rows: number;
  frames: number;
  /** Seconds from one frame to the next. */
  hopSeconds: number;
  /** Centre of the first frame. */
  startSeconds?: number;
  /** With its unit, such as "frequency (Hz)" or "coefficient". */
  rowLabel: string;
  /** Value of each row, such as its centre in Hz, [rows]; else 0, 1, 2 ... */
  rowValues?: readonly number[];
  /** With its unit, such as "power (dB)". */
  valueLabel: string;
  events?: readonly EventMark[];
}

/** Feature map or spectrogram as a plotly heat map over seconds, events outlined. Throws RangeError for a wrong shape. */
export function heatmapFigure(data: HeatmapData, options: FigureOptions = {}): PlotlyFigure {
  refuseWrongShape(data);
  const { values, rows, frames, hopSeconds, startSeconds = 0, rowLabel, rowValues, valueLabel, events = [] } = data;
  const { theme, layout } = plotlyLayout(options);
  return {
    data: [
      {
        type: "heatmap",
        z: Array.from({ length: rows }, (_, r) => Array.from({ length: frames }, (_, f) => values[r * frames + f]!)),
        x0: startSeconds,
        dx: hopSeconds,
        ...(rowValues ? { y: [...rowValues] } : { y0: 0, dy: 1 }),
        colorscale: "Viridis",
        colorbar: { title: { text: valueLabel, side: "right", font: { size: 13 } }, thickness: 12 },
        hovertemplate: `%{x:.3f} s, ${rowLabel} %{y:.4~g}: %{z:.2f}<extra></extra>`,
      },
    ],
    layout: {
      ...layout,
      ...eventShapes(events, theme, false),
      xaxis: plotlyAxis(theme, "time (s)", { showgrid: false }),
      yaxis: plotlyAxis(theme, rowLabel, { showgrid: false }),
    },
  };
}

/** Shared with the static picture. */
export function refuseWrongShape({ values, rows, frames, rowValues }: HeatmapData): void {
  if (values.length !== rows * frames) {
    throw new RangeError(`a map of ${rows} x ${frames} needs ${rows * frames} values, got ${values.length}`);
  }
  if (rowValues && rowValues.length !== rows) {
    throw new RangeError(`rowValues must name ${rows} rows, got ${rowValues.length}`);
  }
}
