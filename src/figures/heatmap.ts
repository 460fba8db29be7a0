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
import { axes, bottomSpace, leftSpace } from "./svgAxes.js";
import type { FigureOptions } from "./theme.js";

export type { HeatmapData };

/**
 * Spectrogram or feature map over seconds, its events outlined and named. A map of more than 64,000 cells is thinned.
 * Throws RangeError for a wrong shape.
 */
export function heatmap(data: HeatmapData, options: FigureOptions = {}): Figure {
  const map = prepared(data);
  return figureOf(withNote(options, thinningOf(map)), {
    empty: map.range === undefined && "The map has no values.",
    plotly: (o) => plotly(map, o),
    svg: (o) => svg(map, o),
  });
}

function plotly(map: DrawnMap, options: FigureOptions): PlotlyFigure {
  const { theme, layout } = plotlyLayout(options);
  const lanes = lanesOf(map.events ?? []);
  const strip = lanes.length > 0 ? [lanes.length * laneHeight] : [];
  const { height, domains } = panelsOf([...strip, 260], layout.margin, 6);
  const domain = domains[domains.length - 1]!;
  return {
    data: [mapTrace(map), ...laneTraces(lanes, theme, "y2")],
    layout: {
      ...layout,
      height,
      shapes: eventShapes(lanes, theme, "y", "outline"),
      xaxis: plotlyAxis(theme, "time (s)", { showgrid: false, range: map.edges, anchor: "y" }),
      yaxis: rowAxis(map, theme, { domain }),
      ...(lanes.length > 0 && { yaxis2: laneAxis(lanes, domains[0]!) }),
    },
    config: plotlyConfig,
  };
}

function svg(map: DrawnMap, options: FigureOptions): string {
  const width = 720;
  const lanes = lanesOf(map.events ?? []);
  const top = headHeight(options, width) + lanes.length * laneHeight + 6;
  const left = Math.max(76, laneSpace(lanes), leftSpace({ ticks: [], names: map.rowNames ?? [] }));
  const box = { left, right: width - colourBarSpace, top, bottom: top + 200 };
  const x = scale(...map.edges, box.left, box.right);
  const { axis, draw } = mapPanel(map, box, x);
  return svgDocument({
    ...options,
    width,
    height: box.bottom + bottomSpace,
    description: `${mapText(map)} ${lanesText(lanes)}`,
    body: (theme) =>
      axes(box, theme, { label: "time (s)", ticks: ticks(Math.max(0, map.edges[0]), map.edges[1], 8), at: x }, axis) +
      draw(theme) +
      lanesSvg(lanes, theme, x, box, []) +
      outlinesSvg(lanes, x, box),
  });
}
