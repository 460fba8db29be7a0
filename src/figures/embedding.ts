import { type Figure, figureOf, withNote } from "./figure.js";
import { groupSymbol, type MarkerSymbol, markerPath, svgMarker, symbolOf } from "./markers.js";
import { type PlotlyFigure, type PlotlyTrace, plotlyAxis, plotlyConfig, plotlyLayout } from "./plotly.js";
import { isNumber, paddedExtent } from "./scales.js";
import { tag } from "./svg.js";
import { svgChart } from "./svgChart.js";
import type { LegendEntry } from "./svgLegend.js";
import { counted } from "./text.js";
import { escapeText, type FigureOptions, groupColour } from "./theme.js";

/** One example in two dimensions. */
export interface EmbeddingPoint {
  x: number;
  y: number;
  /** Its class: the colour. */
  group: string;
  /** What else tells points apart, such as the device: the symbol. */
  shape?: string;
  /** Said under the pointer, such as the recording's name. */
  text?: string;
}

export interface EmbeddingData {
  points: readonly EmbeddingPoint[];
  /** Of the axes; "dimension 1 (no unit)" and "dimension 2 (no unit)" unless told. */
  xLabel?: string;
  yLabel?: string;
  /** Most points that are drawn; 4,000 unless told. */
  most?: number;
}

/**
 * Points of a projection to two dimensions, coloured by class, of one symbol for each device. Of many, every n-th of
 * each kind is drawn, and the note says so.
 */
export function embedding(data: EmbeddingData, options: FigureOptions = {}): Figure {
  const all = data.points.filter(({ x, y }) => isNumber(x) && isNumber(y));
  const points = thinned(all, data.most ?? 4000);
  const shown =
    points.length < all.length ? `${points.length.toLocaleString("en")} of ${counted(all.length, "point")} shown` : "";
  const broken = data.points.length - all.length;
  const without = broken > 0 ? `${counted(broken, "point")} without a place` : "";
  return figureOf(withNote(options, shown, without), {
    empty: all.length === 0 && "There are no points.",
    plotly: (o) => plotly(data, points, o),
    svg: (o) => svg(data, points, o),
  });
}

/** At most about `most` points: of each group and shape every n-th, but all where there are at most twenty. */
export function thinned(points: readonly EmbeddingPoint[], most: number): EmbeddingPoint[] {
  if (points.length <= most) return [...points];
  const every = points.length / most;
  const seen = new Map<string, number>();
  const kinds = new Map<string, number>();
  const kindOf = ({ group, shape = "" }: EmbeddingPoint) => JSON.stringify([group, shape]);
  for (const point of points) kinds.set(kindOf(point), (kinds.get(kindOf(point)) ?? 0) + 1);
  return points.filter((point) => {
    const kind = kindOf(point);
    const before = seen.get(kind) ?? 0;
    seen.set(kind, before + 1);
    return kinds.get(kind)! <= 20 || Math.floor((before + 1) / every) > Math.floor(before / every);
  });
}

interface Kinds {
  groups: string[];
  shapes: string[];
}

function kindsOf(points: readonly EmbeddingPoint[]): Kinds {
  const groups = [...new Set(points.map(({ group }) => group))].sort();
  const shapes = [...new Set(points.map(({ shape = "" }) => shape))].sort();
  return { groups, shapes };
}

/** Without shapes, each group has a symbol of its own: it is told apart without colour. */
function symbolFor({ groups, shapes }: Kinds, { group, shape = "" }: EmbeddingPoint): MarkerSymbol {
  return shapes.length > 1 ? symbolOf(shapes.indexOf(shape)) : groupSymbol(groups.indexOf(group));
}

const labels = ({ xLabel = "dimension 1 (no unit)", yLabel = "dimension 2 (no unit)" }: EmbeddingData) => ({
  xLabel,
  yLabel,
});

function plotly(data: EmbeddingData, points: readonly EmbeddingPoint[], options: FigureOptions): PlotlyFigure {
  const { theme, layout } = plotlyLayout(options);
  const kinds = kindsOf(points);
  const { xLabel, yLabel } = labels(data);
  const several = kinds.shapes.length > 1;
  const traces = kinds.groups.flatMap((group, g) =>
    kinds.shapes.flatMap((shape): PlotlyTrace[] => {
      const of = points.filter((point) => point.group === group && (point.shape ?? "") === shape);
      if (of.length === 0) return [];
      const name = escapeText(shape ? `${group}, ${shape}` : group);
      return [
        {
          type: "scatter",
          mode: "markers",
          name,
          legendgroup: group,
          showlegend: !several,
          x: of.map(({ x }) => x),
          y: of.map(({ y }) => y),
          marker: { color: groupColour(theme, g), symbol: symbolFor(kinds, of[0]!), size: 6, opacity: 0.75 },
          ...(of.some(({ text }) => text) && { text: of.map(({ text = "" }) => escapeText(text)) }),
          hovertemplate: of.some(({ text }) => text) ? "%{text}" : "%{x:.3~g}, %{y:.3~g}",
        },
      ];
    }),
  );
  // Colours and symbols are named apart: all their pairs would be a long legend.
  const key = (name: string, marker: object, more: object = {}): PlotlyTrace => ({
    type: "scatter",
    mode: "markers",
    name: escapeText(name),
    x: [null],
    y: [null],
    marker: { size: 9, ...marker },
    ...more,
  });
  const keys = several
    ? [
        ...kinds.groups.map((name, g) => key(name, { color: groupColour(theme, g) }, { legendgroup: name })),
        ...kinds.shapes.map((shape, s) => key(shape || "none", { color: theme.muted, symbol: symbolOf(s) })),
      ]
    : [];
  return {
    data: [...traces, ...keys],
    layout: {
      ...layout,
      height: 520,
      showlegend: true,
      hovermode: "closest",
      xaxis: plotlyAxis(theme, xLabel),
      // Distances mean the same in both directions.
      yaxis: plotlyAxis(theme, yLabel, { scaleanchor: "x" }),
    },
    config: plotlyConfig,
  };
}

function svg(data: EmbeddingData, points: readonly EmbeddingPoint[], options: FigureOptions): string {
  const kinds = kindsOf(points);
  const { xLabel, yLabel } = labels(data);
  const ranges = [points.map(({ x }) => x), points.map(({ y }) => y)].map((values) => paddedRange(values));
  const [width, plotHeight] = [640, 400];
  // Distances mean the same in both directions; about 560 pixels of the width are the plot's.
  const [xSpan, ySpan] = ranges.map(([low, high]) => high - low);
  const unit = Math.max(xSpan! / 560, ySpan! / plotHeight);
  const [xRange, yRange] = [widened(ranges[0]!, unit * 560), widened(ranges[1]!, unit * plotHeight)];
  const several = kinds.shapes.length > 1;
  const legend: LegendEntry[] = [
    ...kinds.groups.map((name, g): LegendEntry => {
      const symbol = several ? symbolOf(0) : groupSymbol(g);
      return { name, key: (theme, x, y) => svgMarker(symbol, x + 16, y, 4.5, groupColour(theme, g)) };
    }),
    ...(several ? kinds.shapes : []).map(
      (shape, s): LegendEntry => ({
        name: shape || "none",
        key: (theme, x, y) => svgMarker(symbolOf(s), x + 16, y, 4.5, theme.muted),
      }),
    ),
  ];
  return svgChart(
    {
      width,
      plotHeight,
      x: { label: xLabel, range: xRange },
      y: { label: yLabel, range: yRange },
      legend,
      description: `${counted(points.length, "point")} in two dimensions: ${kinds.groups.map((group) => `${group}: ${points.filter((point) => point.group === group).length}`).join(", ")}.`,
      body: ({ theme, x, y }) =>
        kinds.groups
          .map((group, g) => {
            const d = points
              .filter((point) => point.group === group)
              .map((point) => markerPath(symbolFor(kinds, point), x(point.x), y(point.y), 3))
              .join("");
            return tag("path", { d, fill: groupColour(theme, g), "fill-opacity": 0.75 });
          })
          .join(""),
    },
    options,
  );
}

function paddedRange(values: readonly number[]): [number, number] {
  const [low, high] = paddedExtent(values);
  const pad = (high - low) * 0.04;
  return [low - pad, high + pad];
}

function widened([low, high]: readonly [number, number], span: number): [number, number] {
  const middle = (low + high) / 2;
  return [middle - span / 2, middle + span / 2];
}
