import {
  colourBarSpace,
  type DrawnMap,
  type HeatmapData,
  mapPanel,
  mapText,
  mapTrace,
  prepared,
  rowAxis,
  thinningOf,
} from "./drawnMap.js";
import {
  eventShapes,
  laneAxis,
  laneHeight,
  laneSpace,
  lanesOf,
  lanesSvg,
  lanesText,
  laneTraces,
  outlinesSvg,
} from "./eventLanes.js";
import { type Figure, figureOf, withNote } from "./figure.js";
import { type PlotlyFigure, plotlyAxis, plotlyConfig, plotlyLayout } from "./plotly.js";
import { panelsOf } from "./plotlyPanels.js";
import { scale, ticks } from "./scales.js";
import { headHeight, svgDocument } from "./svg.js";
import { axes, bottomSpace, type PlotBox } from "./svgAxes.js";
import type { FigureOptions } from "./theme.js";
import { bounds, type WaveformData, waveformPanel, waveformTraces } from "./waveform.js";
import {
  trackAxis,
  tracksHeight,
  tracksSpace,
  tracksSvg,
  tracksText,
  trackTraces,
  type WindowTrack,
} from "./windowTracks.js";

/** A recording and its spectrogram; the events are the waveform's. */
export interface RecordingData extends WaveformData {
  spectrogram: HeatmapData;
  /** What windows of it were called, beneath the spectrogram. */
  tracks?: readonly WindowTrack[];
}

const width = 720;

/** Waveform and spectrogram of a recording over one time axis, its events marked and named, with labels of its windows beneath. */
export function recording(data: RecordingData, options: FigureOptions = {}): Figure {
  const map = prepared(data.spectrogram);
  return figureOf(withNote(options, thinningOf(map)), {
    empty: (data.samples.length === 0 || map.range === undefined) && "The recording has no samples.",
    plotly: (o) => plotly(data, map, o),
    svg: (o) => svg(data, map, o),
  });
}

/** Where the waveform, the map and the tracks stand in the static picture, pixels of its `width`. */
export function placeOf(
  { events = [], tracks = [] }: Pick<RecordingData, "events" | "tracks">,
  options: FigureOptions,
): { wave: PlotBox; map: PlotBox; tracks: PlotBox; width: number } {
  const lanes = lanesOf(events);
  const left = Math.max(76, laneSpace(lanes), tracksSpace(tracks));
  const right = width - colourBarSpace;
  const top = headHeight(options, width) + lanes.length * laneHeight + 6;
  const wave = { left, right, top, bottom: top + 110 };
  const map = { left, right, top: wave.bottom + 10, bottom: wave.bottom + 190 };
  const under = map.bottom + (tracks.length > 0 ? bottomSpace : 0);
  return { wave, map, tracks: { left, right, top: under, bottom: under + tracksHeight(tracks) }, width };
}

function plotly(data: RecordingData, map: DrawnMap, options: FigureOptions): PlotlyFigure {
  const { theme, layout } = plotlyLayout(options);
  const lanes = lanesOf(data.events ?? []);
  const strip = lanes.length > 0 ? [lanes.length * laneHeight] : [];
  const tracks = data.tracks ?? [];
  const under = tracks.length > 0 ? [tracksHeight(tracks)] : [];
  const { height, domains } = panelsOf([...strip, 150, 240, ...under], layout.margin, 8);
  const [wave, heat, below] = domains.slice(strip.length);
  const trace = mapTrace(map, "y3");
  const colorbar = { ...(trace.colorbar as object), len: heat![1] - heat![0], y: heat![0], yanchor: "bottom" };
  return {
    data: [
      ...waveformTraces(data, theme, "y"),
      ...laneTraces(lanes, theme, "y2"),
      { ...trace, colorbar },
      ...trackTraces(tracks, lanes, theme, "y4"),
    ],
    layout: {
      ...layout,
      height,
      shapes: [...eventShapes(lanes, theme, "y", "tint"), ...eventShapes(lanes, theme, "y3", "outline")],
      xaxis: plotlyAxis(theme, "time (s)", { range: bounds(data), anchor: below ? "y4" : "y3" }),
      yaxis: plotlyAxis(theme, "amplitude", { domain: wave }),
      ...(lanes.length > 0 && { yaxis2: laneAxis(lanes, domains[0]!) }),
      yaxis3: rowAxis(map, theme, { domain: heat }),
      ...(below && { yaxis4: trackAxis(tracks, below) }),
    },
    config: plotlyConfig,
  };
}

function svg(data: RecordingData, map: DrawnMap, options: FigureOptions): string {
  const lanes = lanesOf(data.events ?? []);
  const tracks = data.tracks ?? [];
  const { wave: waveBox, map: mapBox, tracks: tracksBox } = placeOf(data, options);
  const [start, end] = bounds(data);
  const x = scale(start, end, mapBox.left, mapBox.right);
  const wave = waveformPanel(data, waveBox, x);
  const heat = mapPanel(map, mapBox, x);
  const seconds = ticks(start, end, 8);
  return svgDocument({
    ...options,
    width,
    height: tracks.length > 0 ? tracksBox.bottom : mapBox.bottom + bottomSpace,
    description: `Waveform of ${(end - start).toFixed(2)} s; ${mapText(map)} ${lanesText(lanes)}${tracksText(tracks)}`,
    body: (theme) =>
      axes(
        waveBox,
        theme,
        { label: "", ticks: seconds, names: seconds.map(() => ""), at: x },
        { ...wave.axis, label: "amplitude" },
      ) +
      axes(mapBox, theme, { label: "time (s)", ticks: seconds, at: x }, heat.axis) +
      lanesSvg(lanes, theme, x, waveBox) +
      wave.draw(theme) +
      heat.draw(theme) +
      outlinesSvg(lanes, x, mapBox) +
      tracksSvg(tracks, lanes, theme, x, tracksBox),
  });
}
