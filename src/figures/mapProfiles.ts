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
import { dashes, lineKey, linePath, orGap, strokeDash } from "./lines.js";
import { type PlotlyFigure, type PlotlyTrace, plotlyAxis, plotlyConfig, plotlyLayout } from "./plotly.js";
import { panelsOf } from "./plotlyPanels.js";
import { extent, isNumber, paddedExtent, type Scale, scale, ticks } from "./scales.js";
import { headHeight, svgDocument, svgLine, svgText, tag } from "./svg.js";
import { axes, bottomSpace } from "./svgAxes.js";
import { svgLegend } from "./svgLegend.js";
import { escapeText, type FigureOptions, seriesColour } from "./theme.js";

/** Numbers along both sides of a map. They may be coarser: each then stands for several rows or frames. */
export interface MapProfile {
  name: string;
  /** Rows, and frames, of the map that a number stands for; 1 unless told. What is left over at the end has none. */
  cells?: number;
  /** [rows / cells], rounded down, the lowest first. */
  rows: ArrayLike<number>;
  /** [frames / cells], rounded down. */
  frames: ArrayLike<number>;
}

export interface MapProfilesData {
  map: Omit<HeatmapData, "events">;
  profiles: readonly MapProfile[];
  /** What the numbers along the rows are, and those along the frames, such as "weight of a row". */
  rowsLabel: string;
  framesLabel: string;
  /** A line across both: what the numbers are compared with. */
  reference?: number;
}

/** The profiles at the places that are drawn: the means of those blocks, NaN where there is none. */
interface DrawnProfile {
  name: string;
  rows: number[];
  frames: number[];
}

/**
 * A map with profiles beside its rows and under its frames, on the map's own axes. Throws RangeError for wrong shapes.
 */
export function mapProfiles(data: MapProfilesData, options: FigureOptions = {}): Figure {
  const { rows, frames } = data.map;
  const map = prepared(data.map);
  const profiles = data.profiles.map(({ name, cells = 1, ...own }) => {
    expectPlaces(`${name}: rows`, own.rows, rows, cells);
    expectPlaces(`${name}: frames`, own.frames, frames, cells);
    return {
      name,
      rows: drawn(own.rows, cells, { count: map.rows, block: map.rowBlock }),
      frames: drawn(own.frames, cells, { count: map.frames, block: map.frameBlock }),
    };
  });
  return figureOf(withNote(options, thinningOf(map)), {
    empty: map.range === undefined && "The map has no values.",
    plotly: (o) => plotly(data, map, profiles, o),
    svg: (o) => svg(data, map, profiles, o),
  });
}

function expectPlaces(what: string, { length }: ArrayLike<number>, count: number, cells: number): void {
  if (!(Number.isInteger(cells) && cells >= 1)) throw new RangeError(`${what}: cells must be 1 or more, got ${cells}`);
  const places = Math.floor(count / cells);
  if (length !== places) throw new RangeError(`${what}: ${count} in groups of ${cells} are ${places}, got ${length}`);
}

function drawn(values: ArrayLike<number>, cells: number, { count, block }: { count: number; block: number }): number[] {
  return Array.from({ length: count }, (_, i) => {
    const own = Array.from({ length: block }, (__, k) => values[Math.floor((i * block + k) / cells)]).filter(isNumber);
    return own.reduce((sum, value) => sum + value, 0) / own.length;
  });
}

const ranges = (profiles: readonly DrawnProfile[], { reference }: MapProfilesData) => ({
  rows: paddedExtent([reference, ...profiles.flatMap(({ rows }) => rows)]),
  frames: paddedExtent([reference, ...profiles.flatMap(({ frames }) => frames)]),
});

function plotly(
  data: MapProfilesData,
  map: DrawnMap,
  profiles: readonly DrawnProfile[],
  options: FigureOptions,
): PlotlyFigure {
  const { theme, layout } = plotlyLayout(options);
  const margin = { ...layout.margin, b: 70 };
  const { height, domains } = panelsOf([240, 110], margin, 40);
  const [above, below] = domains as [[number, number], [number, number]];
  const trace = mapTrace(map);
  const colorbar = { ...(trace.colorbar as object), len: above[1] - above[0], y: above[0], yanchor: "bottom" };
  // On an axis of names a row is found by its name.
  const rowNames = (trace.y as string[] | undefined) ?? map.rowValues;
  const seconds = Array.from({ length: map.frames }, (_, f) => map.startSeconds + f * map.hopSeconds);
  const range = ranges(profiles, data);
  const lines = profiles.flatMap(({ name, rows, frames }, i): PlotlyTrace[] => {
    const line = { color: seriesColour(theme, i), dash: dashes[i % dashes.length], width: 1.8 };
    const shared = { type: "scatter" as const, mode: "lines", name: escapeText(name), legendgroup: String(i) };
    return [
      { ...shared, x: rows.map(orGap), y: rowNames, xaxis: "x2", yaxis: "y", line: { ...line, shape: "vhv" }, hovertemplate: "%{x:.3~g}" }, // biome-ignore format: one line
      { ...shared, x: seconds, y: frames.map(orGap), xaxis: "x", yaxis: "y2", line: { ...line, shape: "hvh" }, showlegend: false, hovertemplate: "%{x:.3f} s: %{y:.3~g}" }, // biome-ignore format: one line
    ];
  });
  const reference = { type: "line", line: { color: theme.muted, dash: "dot", width: 1.2 } };
  const at = data.reference;
  const edge = map.even && map.rows > 1 ? (map.rowValues[1]! - map.rowValues[0]!) / 2 : 0.5;
  const rowRange = map.even ? [map.rowValues[0]! - edge, map.rowValues[map.rows - 1]! + edge] : [-0.5, map.rows - 0.5];
  return {
    data: [{ ...trace, colorbar }, ...lines],
    layout: {
      ...layout,
      margin,
      height,
      showlegend: true,
      shapes: isNumber(at)
        ? [
            { ...reference, xref: "x2", x0: at, x1: at, yref: "paper", y0: above[0], y1: above[1] },
            { ...reference, xref: "x", x0: map.edges[0], x1: map.edges[1], yref: "y2", y0: at, y1: at },
          ]
        : [],
      xaxis: plotlyAxis(theme, "time (s)", { domain: [0.24, 1], range: map.edges, anchor: "y2" }),
      xaxis2: plotlyAxis(theme, data.rowsLabel, { domain: [0, 0.19], range: range.rows, anchor: "y", nticks: 4 }),
      yaxis: rowAxis(map, theme, { domain: above, range: rowRange, anchor: "x2" }),
      yaxis2: plotlyAxis(theme, data.framesLabel, { domain: below, range: range.frames, anchor: "x", nticks: 4 }),
    },
    config: plotlyConfig,
  };
}

const width = 720;
/** Of the name above a box, pixels. */
const nameHeight = 18;

function svg(data: MapProfilesData, map: DrawnMap, profiles: readonly DrawnProfile[], options: FigureOptions): string {
  const top = headHeight(options, width) + nameHeight;
  const rowBox = { left: 76, right: 176, top, bottom: top + 200 };
  const box = { ...rowBox, left: rowBox.right + 12, right: width - colourBarSpace };
  const frameBox = { ...box, top: box.bottom + 24, bottom: box.bottom + 114 };
  const range = ranges(profiles, data);
  const [lowest, highest] = range.frames;
  const x = scale(...map.edges, box.left, box.right);
  const y = scale(lowest, highest, frameBox.bottom, frameBox.top);
  const across = scale(...range.rows, rowBox.left, rowBox.right);
  const { axis, draw } = mapPanel(map, box, x);
  const seconds = ticks(Math.max(0, map.edges[0]), map.edges[1], 8);
  const time = { ticks: seconds, at: x };
  const frameEdge = (f: number) => Math.min(map.edges[1], map.edges[0] + f * map.hopSeconds);
  const entries = profiles.map(({ name }, i) => ({ name, key: lineKey(i) }));
  return svgDocument({
    ...options,
    width,
    height: frameBox.bottom + bottomSpace,
    description: `${mapText(map)} ${profiles.map((profile) => describe(profile, data)).join(" ")}`,
    body: (theme) => {
      const at = data.reference;
      const dotted = { "stroke-dasharray": "2 3" };
      let out =
        axes(rowBox, theme, { label: "", ticks: ticks(...range.rows, 2), at: across }, axis) +
        svgText(data.rowsLabel, 12, top - 7) +
        axes(box, theme, { label: "", ticks: seconds, names: seconds.map(() => ""), at: x }) +
        axes(frameBox, theme, { ...time, label: "time (s)" }, { label: "", ticks: ticks(lowest, highest, 3), at: y }) +
        svgText(data.framesLabel, frameBox.left, frameBox.top - 7) +
        draw(theme) +
        svgLegend(entries, theme, 12, frameBox.top + 16, rowBox.right - 60);
      if (isNumber(at)) {
        out += svgLine(across(at), rowBox.top, across(at), rowBox.bottom, theme.muted, dotted);
        out += svgLine(frameBox.left, y(at), frameBox.right, y(at), theme.muted, dotted);
      }
      profiles.forEach(({ rows, frames }, i) => {
        const look = {
          fill: "none",
          stroke: seriesColour(theme, i),
          "stroke-width": 1.6,
          "stroke-dasharray": strokeDash(i),
        };
        const up = steps(rows, (row) => row - 0.5);
        out += tag("path", { d: linePath(up.values, up.places, across, axis.at), ...look });
        const along = steps(frames, frameEdge);
        out += tag("path", { d: linePath(along.places, along.values, x, y), ...look });
      });
      return out;
    },
  });
}

/** Both ends of each place with its number: what a line through them draws has steps. */
function steps(values: readonly number[], edge: Scale): { places: number[]; values: number[] } {
  return {
    places: values.flatMap((_, i) => [edge(i), edge(i + 1)]),
    values: values.flatMap((value) => [value, value]),
  };
}

function describe({ name, rows, frames }: DrawnProfile, { rowsLabel, framesLabel }: MapProfilesData): string {
  const words = (label: string, values: readonly number[]) => {
    const found = extent(values);
    if (!found) return `${label}: no values`;
    const share = (100 * (values.indexOf(found[1]) + 0.5)) / values.length;
    return `${label}: ${found.map((value) => value.toPrecision(3)).join(" to ")}, largest at ${share.toFixed(0)} %`;
  };
  return `${name}, ${words(rowsLabel, rows)}; ${words(framesLabel, frames)}.`;
}
