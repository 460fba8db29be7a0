import {
  type EventMark,
  laneAxis,
  laneHeight,
  laneSpace,
  lanesOf,
  lanesSvg,
  lanesText,
  laneTraces,
} from "./eventLanes.js";
import { type Figure, figureOf } from "./figure.js";
import { type PlotlyFigure, plotlyAxis, plotlyConfig, plotlyLayout } from "./plotly.js";
import { panelsOf } from "./plotlyPanels.js";
import { scale, ticks } from "./scales.js";
import { headHeight, svgDocument } from "./svg.js";
import { axes, bottomSpace } from "./svgAxes.js";
import { textWidth } from "./text.js";
import type { FigureOptions } from "./theme.js";
import {
  trackAxis,
  tracksHeight,
  tracksSpace,
  tracksSvg,
  tracksText,
  trackTraces,
  type WindowTrack,
} from "./windowTracks.js";

/** A recording without its sound: what is marked in it, and what its windows were called. */
export interface WindowTimelineData {
  /** Length of the recording. */
  seconds: number;
  events: readonly EventMark[];
  tracks: readonly WindowTrack[];
}

/** Events of a recording over time, and beneath them tracks of labels of its windows, each with the label that it makes of the recording. */
export function windowTimeline(data: WindowTimelineData, options: FigureOptions = {}): Figure {
  return figureOf(options, {
    empty: !(data.seconds > 0 && data.tracks.length > 0) && "There are no windows.",
    plotly: (o) => plotly(data, o),
    svg: (o) => svg(data, o),
  });
}

function plotly({ seconds, events, tracks }: WindowTimelineData, options: FigureOptions): PlotlyFigure {
  const { theme, layout } = plotlyLayout(options);
  const lanes = lanesOf(events);
  const strip = lanes.length > 0 ? [lanes.length * laneHeight] : [];
  const { height, domains } = panelsOf([...strip, tracksHeight(tracks)], layout.margin, 8);
  return {
    data: [...laneTraces(lanes, theme, "y2"), ...trackTraces(tracks, lanes, theme, "y")],
    layout: {
      ...layout,
      height,
      xaxis: plotlyAxis(theme, "time (s)", { range: [0, seconds], anchor: "y" }),
      yaxis: {
        ...trackAxis(tracks, domains[strip.length]!),
        title: { text: "windows: <b>recording</b>", font: { size: 12 }, standoff: 8 },
      },
      ...(lanes.length > 0 && { yaxis2: laneAxis(lanes, domains[0]!) }),
    },
    config: plotlyConfig,
  };
}

const width = 720;

function svg({ seconds, events, tracks }: WindowTimelineData, options: FigureOptions): string {
  const lanes = lanesOf(events);
  const top = headHeight(options, width) + lanes.length * laneHeight + 6;
  const left = Math.max(laneSpace(lanes), tracksSpace(tracks));
  // Bold letters are about a tenth wider.
  const right = width - 22 - Math.max(52, ...tracks.map(({ record = "" }) => 1.1 * textWidth(record, 12)));
  const box = { left, right, top, bottom: top + tracksHeight(tracks) };
  const x = scale(0, seconds, left, right);
  return svgDocument({
    ...options,
    width,
    height: box.bottom + bottomSpace,
    description: `A recording of ${seconds.toFixed(2)} s. ${lanesText(lanes)}${tracksText(tracks)}`,
    body: (theme) =>
      axes(box, theme, { label: "time (s)", ticks: ticks(0, seconds, 8), at: x }) +
      lanesSvg(lanes, theme, x, box, []) +
      tracksSvg(tracks, lanes, theme, x, box),
  });
}
