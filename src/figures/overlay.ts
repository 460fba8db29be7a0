import { contourPieces } from "./contours.js";
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
import { type Figure, figureOf, withNote } from "./figure.js";
import { type PlotlyFigure, plotlyAxis, plotlyConfig, plotlyLayout } from "./plotly.js";
import { extent, type Scale, scale, ticks } from "./scales.js";
import { headHeight, shortNumber, svgDocument, svgLine, svgText, tag } from "./svg.js";
import { axes, bottomSpace, type PlotBox } from "./svgAxes.js";
import { textWidth } from "./text.js";
import { escapeText, type FigureOptions } from "./theme.js";
import { thinMap, type ValueMap } from "./thinMap.js";
import { greys } from "./viridis.js";

/** A map over the whole of another one: attention, Grad-CAM. It may be coarser: its cells share the other's extent. */
export interface OverlayWeights extends ValueMap {
  /** What they are, such as "Grad-CAM++ for wheeze (share of the largest)". */
  label: string;
}

export interface OverlayData {
  /** In greys, beneath. */
  map: HeatmapData;
  weights: OverlayWeights;
  /** Of the colour at the largest weight, 0 to 1; 0.6 unless told. In the interactive figure a slider changes it. */
  opacity?: number;
}

/** Shares of the largest weight at which the static picture has contours, the last one thick. */
const levels = [0.25, 0.5, 0.75];
/** Finer weights than this are no attention that one could follow, and their contours would be megabytes. */
const mostWeights = 4000;
const orange = "#ff7a1a";

/**
 * What a network looked at: weights in orange over a spectrogram in greys; the static picture has contours at a quarter,
 * half and three quarters of the largest weight. Throws RangeError for wrong shapes.
 */
export function overlay(data: OverlayData, options: FigureOptions = {}): Figure {
  const { values, rows, frames } = data.weights;
  if (values.length !== rows * frames)
    throw new RangeError(`weights of ${rows} x ${frames} need ${rows * frames} values, got ${values.length}`);
  const map = prepared(data.map);
  const weights = { ...data.weights, ...thinMap(data.weights, "mean", mostWeights) };
  const range = extent(weights.values);
  return figureOf(withNote(options, thinningOf(map)), {
    empty: !(map.range && range) && "There are no weights to draw.",
    plotly: (o) => plotly(map, weights, data.opacity ?? 0.6, o),
    svg: (o) => svg(map, weights, o),
  });
}

/** Where the centre of the first cell lies and how far the next one is, along each axis of the map beneath. */
function placing(map: DrawnMap, { rows, frames }: ValueMap) {
  const [from, to] = map.edges;
  const step = map.rowValues.length > 1 && map.even ? map.rowValues[1]! - map.rowValues[0]! : 1;
  const bottom = (map.even ? map.rowValues[0]! : 0) - step / 2;
  const dx = (to - from) / frames;
  const dy = (step * map.rows) / rows;
  return { x0: from + dx / 2, dx, y0: bottom + dy / 2, dy };
}

function plotly(map: DrawnMap, weights: OverlayWeights, opacity: number, options: FigureOptions): PlotlyFigure {
  const { theme, layout } = plotlyLayout(options);
  const { values, rows, frames, label } = weights;
  const z = Array.from({ length: rows }, (_, r) =>
    Array.from({ length: frames }, (_, f) => {
      const value = values[r * frames + f]!;
      return Number.isFinite(value) ? value : null;
    }),
  );
  const base = mapTrace(map);
  const steps = [0, 0.2, 0.4, 0.6, 0.8, 1].map((value) => ({
    label: `${100 * value} %`,
    method: "restyle",
    args: [{ opacity: value }, [1]],
  }));
  const active = Math.round(opacity * 5);
  return {
    data: [
      {
        ...base,
        colorscale: [
          [0, "rgb(24,24,24)"],
          [1, "rgb(240,240,240)"],
        ],
        showscale: false,
      },
      {
        type: "heatmap",
        z,
        ...placing(map, weights),
        colorscale: [
          [0, "rgba(255,122,26,0)"],
          [1, "rgba(255,122,26,1)"],
        ],
        opacity,
        colorbar: { title: { text: escapeText(label), side: "right", font: { size: 12 } }, thickness: 12, ypad: 0 },
        hovertemplate: `%{x:.3f} s: ${escapeText(label)} %{z:.3~g}<extra></extra>`,
      },
    ],
    layout: {
      ...layout,
      height: layout.margin.t + layout.margin.b + 350,
      xaxis: plotlyAxis(theme, "time (s)", { showgrid: false, range: map.edges }),
      yaxis: rowAxis(map, theme, map.even ? { range: [map.rowValues[0]!, map.rowValues[map.rows - 1]!] } : {}),
      sliders: [
        {
          active,
          steps,
          currentvalue: { prefix: "opacity of the weights: ", font: { size: 12 } },
          len: 0.5,
          pad: { t: 60, b: 0 },
          font: { size: 11 },
        },
      ],
    },
    config: plotlyConfig,
  };
}

function svg(map: DrawnMap, weights: OverlayWeights, options: FigureOptions): string {
  const width = 720;
  const top = headHeight(options, width) + 6;
  const box = { left: 76, right: width - colourBarSpace, top, bottom: top + 200 };
  const x = scale(...map.edges, box.left, box.right);
  const { axis, draw } = mapPanel(map, box, x, greys);
  const [, largest] = extent(Array.from(weights.values)) ?? [0, 0];
  const words = `contours of ${weights.label}: 25, 50 and (thick) 75 % of the largest`;
  const legendY = box.bottom + bottomSpace + 10;
  return svgDocument({
    ...options,
    width: Math.max(width, Math.ceil(textWidth(words, 12) + 60)),
    height: legendY + 14,
    description: `${weights.label} over a map. ${mapText(map)} ${describe(weights)}`,
    body: (theme) =>
      axes(box, theme, { label: "time (s)", ticks: ticks(Math.max(0, map.edges[0]), map.edges[1], 8), at: x }, axis) +
      draw(theme) +
      levels
        .map((level) => contour(weights, level * largest, box, level === levels[levels.length - 1] ? 2.6 : 1.4))
        .join("") +
      svgLine(12, legendY - 4, 38, legendY - 4, orange, { "stroke-width": 2.6 }) +
      svgText(words, 44, legendY),
  });
}

/** A contour in a box, with a dark edge so that it is seen on light greys too. */
function contour(weights: ValueMap, level: number, box: PlotBox, strokeWidth: number): string {
  // Repeated at the edges, so that contours reach the border of the map.
  const padded = withEdges(weights);
  const x: Scale = scale(-0.5, weights.frames - 0.5, box.left, box.right);
  const y: Scale = scale(-0.5, weights.rows - 0.5, box.bottom, box.top);
  const clamp = (value: number, last: number) => Math.min(last - 0.5, Math.max(-0.5, value));
  const at = ([frame, row]: [number, number]) =>
    `${shortNumber(x(clamp(frame - 1, weights.frames)))} ${shortNumber(y(clamp(row - 1, weights.rows)))}`;
  const d = contourPieces(padded, level)
    .map(([from, to]) => `M${at(from)}L${at(to)}`)
    .join("");
  const line = { d, fill: "none", "stroke-linecap": "round" };
  return (
    tag("path", { ...line, stroke: "#000000", "stroke-opacity": 0.55, "stroke-width": strokeWidth + 1.8 }) +
    tag("path", { ...line, stroke: orange, "stroke-width": strokeWidth })
  );
}

function withEdges({ values, rows, frames }: ValueMap): ValueMap {
  const wide = frames + 2;
  const out = new Float64Array((rows + 2) * wide);
  for (let r = 0; r < rows + 2; r++)
    for (let f = 0; f < wide; f++) {
      const row = Math.min(rows - 1, Math.max(0, r - 1));
      out[r * wide + f] = values[row * frames + Math.min(frames - 1, Math.max(0, f - 1))]!;
    }
  return { values: out, rows: rows + 2, frames: wide };
}

function describe({ values, rows, frames }: ValueMap): string {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (!(values[i]! <= values[best]!)) best = i;
  const share = (100 * ((best % frames) + 0.5)) / frames;
  const height = (100 * (Math.floor(best / frames) + 0.5)) / rows;
  return `The largest weight lies at ${share.toFixed(0)} % of the time and ${height.toFixed(0)} % of the height.`;
}
