import { blueToOrange, blueToOrangeScale } from "./blueToOrange.js";
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
import { panelsOf } from "./plotlyPanels.js";
import { scale, ticks } from "./scales.js";
import { headHeight, svgDocument, svgText } from "./svg.js";
import { axes, bottomSpace } from "./svgAxes.js";
import { escapeText, type FigureOptions } from "./theme.js";

/** One of several maps. */
export interface MapPanel extends Omit<HeatmapData, "events"> {
  /** Such as "ours", written above the map. */
  name: string;
  /** Differences: colours from blue over white, which is 0, to orange, as far in both directions. */
  signed?: boolean;
}

/** Maps of one sound, one below the other. */
export interface MapPanelsData {
  /** From top to bottom. */
  panels: readonly MapPanel[];
}

type Panel = DrawnMap & MapPanel;

/** Of the name above a map, pixels. */
const nameHeight = 14;

/** Several maps over one time axis, each with colours of its own. Throws RangeError for a wrong shape. */
export function mapPanels({ panels }: MapPanelsData, options: FigureOptions = {}): Figure {
  const maps = panels.map((panel) => ({ ...panel, ...inColours(prepared(panel), panel.signed) }));
  return figureOf(withNote(options, ...new Set(maps.map(thinningOf))), {
    empty: maps.every(({ range }) => range === undefined) && "The maps have no values.",
    plotly: (o) => plotly(maps, o),
    svg: (o) => svg(maps, o),
  });
}

/** With 0 in the middle of the range of a signed map. */
function inColours(map: DrawnMap, signed = false): DrawnMap {
  if (!signed || !map.range) return map;
  const largest = Math.max(...map.range.map(Math.abs)) || 1;
  return { ...map, range: [-largest, largest] };
}

function edgesOf(maps: readonly Panel[]): [number, number] {
  return [Math.min(...maps.map(({ edges }) => edges[0])), Math.max(...maps.map(({ edges }) => edges[1]))];
}

function plotly(maps: readonly Panel[], options: FigureOptions): PlotlyFigure {
  const { theme, layout } = plotlyLayout(options);
  const margin = { ...layout.margin, t: layout.margin.t + nameHeight };
  const { height, domains } = panelsOf(
    maps.map(() => 170),
    margin,
    26,
  );
  const axisName = (i: number) => (i === 0 ? "y" : `y${i + 1}`);
  const rowAxes = maps.map((map, i) => [
    axisName(i).replace("y", "yaxis"),
    rowAxis(map, theme, { domain: domains[i] }),
  ]);
  const last = axisName(maps.length - 1);
  return {
    data: maps.map((map, i) => {
      const [bottom, top] = domains[i]!;
      const trace = mapTrace(map, axisName(i));
      const colorbar = { ...(trace.colorbar as object), len: top - bottom, y: bottom, yanchor: "bottom" };
      const [zmin, zmax] = map.range ?? [0, 1];
      return { ...trace, colorbar, ...(map.signed && { colorscale: blueToOrangeScale, zmin, zmax }) };
    }),
    layout: {
      ...layout,
      margin,
      height,
      annotations: maps.map(({ name }, i) => ({
        ...{ text: escapeText(name), showarrow: false, font: { size: 12 } },
        ...{ xref: "paper", x: 0, xanchor: "left", yref: "paper", y: domains[i]![1], yanchor: "bottom" },
      })),
      xaxis: plotlyAxis(theme, "time (s)", { showgrid: false, range: edgesOf(maps), anchor: last }),
      ...Object.fromEntries(rowAxes),
    },
    config: plotlyConfig,
  };
}

function svg(maps: readonly Panel[], options: FigureOptions): string {
  const width = 720;
  const top = headHeight(options, width) + nameHeight;
  const boxes = maps.map((_, i) => ({
    left: 76,
    right: width - colourBarSpace,
    top: top + 176 * i,
    bottom: top + 176 * i + 150,
  }));
  const [from, to] = edgesOf(maps);
  const x = scale(from, to, 76, width - colourBarSpace);
  const seconds = ticks(Math.max(0, from), to, 8);
  const drawn = maps.map((map, i) => mapPanel(map, boxes[i]!, x, map.signed ? blueToOrange : undefined));
  return svgDocument({
    ...options,
    width,
    height: boxes[boxes.length - 1]!.bottom + bottomSpace,
    description: maps.map((map) => `${map.name}: ${mapText(map)}`).join(" "),
    body: (theme) =>
      maps
        .map((map, i) => {
          const isLast = i === maps.length - 1;
          const time = { ticks: seconds, at: x };
          const below = isLast ? { ...time, label: "time (s)" } : { ...time, label: "", names: seconds.map(() => "") };
          const name = svgText(map.name, boxes[i]!.left, boxes[i]!.top - 5);
          return axes(boxes[i]!, theme, below, drawn[i]!.axis) + name + drawn[i]!.draw(theme);
        })
        .join(""),
  });
}
