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

/** A recording and its spectrogram; the events are the waveform's. */
export interface RecordingData extends WaveformData {
  spectrogram: HeatmapData;
}

const width = 720;

/** Waveform and spectrogram of a recording over one time axis, its events marked and named. */
export function recording(data: RecordingData, options: FigureOptions = {}): Figure {
  const map = prepared(data.spectrogram);
  return figureOf(withNote(options, thinningOf(map)), {
    empty: (data.samples.length === 0 || map.range === undefined) && "The recording has no samples.",
    plotly: (o) => plotly(data, map, o),
    svg: (o) => svg(data, map, o),
  });
}

/** Where the waveform and the map stand in the static picture, pixels of its `width`. */
export function placeOf(
  { events = [] }: Pick<RecordingData, "events">,
  options: FigureOptions,
): { wave: PlotBox; map: PlotBox; width: number } {
  const lanes = lanesOf(events);
  const left = Math.max(76, laneSpace(lanes));
  const right = width - colourBarSpace;
  const top = headHeight(options, width) + lanes.length * laneHeight + 6;
  const wave = { left, right, top, bottom: top + 110 };
  return { wave, map: { left, right, top: wave.bottom + 10, bottom: wave.bottom + 190 }, width };
}

function plotly(data: RecordingData, map: DrawnMap, options: FigureOptions): PlotlyFigure {
  const { theme, layout } = plotlyLayout(options);
  const lanes = lanesOf(data.events ?? []);
  const strip = lanes.length > 0 ? [lanes.length * laneHeight] : [];
  const { height, domains } = panelsOf([...strip, 150, 240], layout.margin, 8);
  const [wave, heat] = domains.slice(-2);
  const trace = mapTrace(map, "y3");
  const colorbar = { ...(trace.colorbar as object), len: heat![1], y: 0, yanchor: "bottom" };
  return {
    data: [...waveformTraces(data, theme, "y"), ...laneTraces(lanes, theme, "y2"), { ...trace, colorbar }],
    layout: {
      ...layout,
      height,
      shapes: [...eventShapes(lanes, theme, "y", "tint"), ...eventShapes(lanes, theme, "y3", "outline")],
      xaxis: plotlyAxis(theme, "time (s)", { range: bounds(data), anchor: "y3" }),
      yaxis: plotlyAxis(theme, "amplitude", { domain: wave }),
      ...(lanes.length > 0 && { yaxis2: laneAxis(lanes, domains[0]!) }),
      yaxis3: rowAxis(map, theme, { domain: heat }),
    },
    config: plotlyConfig,
  };
}

function svg(data: RecordingData, map: DrawnMap, options: FigureOptions): string {
  const lanes = lanesOf(data.events ?? []);
  const { wave: waveBox, map: mapBox } = placeOf(data, options);
  const [start, end] = bounds(data);
  const x = scale(start, end, mapBox.left, mapBox.right);
  const wave = waveformPanel(data, waveBox, x);
  const heat = mapPanel(map, mapBox, x);
  const seconds = ticks(start, end, 8);
  return svgDocument({
    ...options,
    width,
    height: mapBox.bottom + bottomSpace,
    description: `Waveform of ${(end - start).toFixed(2)} s; ${mapText(map)} ${lanesText(lanes)}`,
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
      outlinesSvg(lanes, x, mapBox),
  });
}
