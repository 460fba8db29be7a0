import { type Figure, figureOf, withNote } from "./figure.js";
import { groupSymbol, markerPath, svgMarker } from "./markers.js";
import { type PlotlyFigure, type PlotlyTrace, plotlyAxis, plotlyConfig, plotlyLayout } from "./plotly.js";
import { extent, scale } from "./scales.js";
import { headHeight, svgDocument, svgText, tag } from "./svg.js";
import { type LegendEntry, legendHeight, svgLegend } from "./svgLegend.js";
import { counted, wrapText } from "./text.js";
import { escapeText, type FigureOptions, groupColour } from "./theme.js";

/** One projection of the items, or a sentence in its place. */
export interface EmbeddingPanel {
  /** Such as "t-SNE, perplexity 30, learning rate 200". */
  name: string;
  /** Written below, such as what the picture's trustworthiness is. */
  says?: string;
  /** Places without a unit, [items], or why there are none. */
  points: { x: readonly number[]; y: readonly number[] } | string;
}

export interface EmbeddingPanelsData {
  panels: readonly EmbeddingPanel[];
  /** Names of the classes. */
  labels: readonly string[];
  /** Index into the labels, [items]. */
  classes: readonly number[];
  /** Said under the pointer, [items]. */
  texts?: readonly string[];
}

/** Width and height of a panel, pixels. */
const SIDE = 248;
const GAP = 16;
const LEFT = 12;

/**
 * Projections of the same items side by side, coloured by class, each class with a symbol of its own. Places and directions mean
 * nothing, so the axes have no numbers.
 *
 * @throws RangeError where a panel has other items than there are classes
 */
export function embeddingPanels(data: EmbeddingPanelsData, options: FigureOptions = {}): Figure {
  for (const { points } of data.panels) {
    if (typeof points === "string") continue;
    if (points.x.length !== data.classes.length || points.y.length !== data.classes.length) {
      throw new RangeError(`${counted(data.classes.length, "item")} need as many points, got ${points.x.length}`);
    }
  }
  const unseen = data.labels.filter((_, label) => !data.classes.includes(label));
  return figureOf(withNote(options, unseen.length > 0 && `no item of ${unseen.join(", ")}`), {
    empty: data.panels.length === 0 && "There are no projections.",
    plotly: (o) => plotly(data, o),
    svg: (o) => svg(data, o),
  });
}

/** The classes that some item is of, with their items. */
function groupsOf({ labels, classes }: EmbeddingPanelsData): { label: number; name: string; items: number[] }[] {
  return labels
    .map((name, label) => ({ label, name, items: classes.flatMap((one, i) => (one === label ? [i] : [])) }))
    .filter(({ items }) => items.length > 0);
}

/** Small points where there are many. */
const radiusFor = (count: number) => (count > 600 ? 2.1 : count > 150 ? 2.8 : 3.6);

function plotly(data: EmbeddingPanelsData, options: FigureOptions): PlotlyFigure {
  const { panels, classes, texts } = data;
  const { theme, layout } = plotlyLayout(options);
  const share = 1 / panels.length;
  const axes = panels.flatMap(({ name, says = "", points }, i) => {
    const suffix = i === 0 ? "" : String(i + 1);
    const below = typeof points === "string" ? points : says;
    const lines = [`<b>${escapeText(name)}</b>`, ...wrapText(below, 240, 12).map(escapeText)];
    const bare = { showticklabels: false, showgrid: false, showline: true, mirror: true };
    const domain = [i * share + 0.01, (i + 1) * share - 0.01];
    const xaxis = plotlyAxis(theme, "", { ...bare, domain, anchor: `y${suffix}` });
    return [
      [`xaxis${suffix}`, { ...xaxis, title: { text: lines.join("<br>"), font: { size: 12 }, standoff: 6 } }],
      // Distances mean the same in both directions.
      [`yaxis${suffix}`, plotlyAxis(theme, "", { ...bare, anchor: `x${suffix}`, scaleanchor: `x${suffix}` })],
    ];
  });
  const traces = panels.flatMap(({ points }, i) =>
    groupsOf(data).map(({ label, name, items }): PlotlyTrace => {
      const suffix = i === 0 ? "" : String(i + 1);
      const at = (values: readonly number[]) => items.map((item) => values[item]!);
      const none = typeof points === "string";
      return {
        type: "scatter",
        mode: "markers",
        name: escapeText(name),
        legendgroup: name,
        showlegend: i === 0,
        x: none ? [null] : at(points.x),
        y: none ? [null] : at(points.y),
        xaxis: `x${suffix}`,
        yaxis: `y${suffix}`,
        marker: {
          color: groupColour(theme, label),
          symbol: groupSymbol(label),
          size: 2 * radiusFor(classes.length),
          opacity: 0.75,
        },
        ...(texts && { text: items.map((item) => escapeText(texts[item]!)) }),
        hovertemplate: texts ? "%{text}" : "%{x:.3~g}, %{y:.3~g}",
      };
    }),
  );
  return {
    data: traces,
    layout: {
      ...layout,
      height: 430,
      margin: { ...layout.margin, l: 12, r: 12, b: 110 },
      showlegend: true,
      hovermode: "closest",
      ...Object.fromEntries(axes),
    },
    config: plotlyConfig,
  };
}

function svg(data: EmbeddingPanelsData, options: FigureOptions): string {
  const { panels, classes } = data;
  const groups = groupsOf(data);
  const width = Math.max(320, 2 * LEFT + panels.length * SIDE + (panels.length - 1) * GAP);
  const top = headHeight(options, width) + 20;
  const below = panels.map(({ says = "" }) => wrapText(says, SIDE, 11));
  const bottom = top + SIDE + 8 + 15 * Math.max(0, ...below.map((lines) => lines.length));
  const legend = groups.map(({ label, name, items }): LegendEntry => {
    const key: LegendEntry["key"] = (theme, x, y) =>
      svgMarker(groupSymbol(label), x + 16, y, 4.5, groupColour(theme, label));
    return { name: `${name} (${items.length})`, key };
  });
  return svgDocument({
    ...options,
    width,
    height: Math.ceil(bottom + 8 + legendHeight(legend, width - 2 * LEFT) + 6),
    description: `${counted(classes.length, "item")} in ${counted(panels.length, "projection")} to two dimensions: ${groups.map(({ name, items }) => `${name}: ${items.length}`).join(", ")}.`,
    body: (theme) =>
      panels
        .map((panel, i) => {
          const left = LEFT + i * (SIDE + GAP);
          const frame = tag("rect", { x: left, y: top, width: SIDE, height: SIDE, fill: "none", stroke: theme.grid });
          const middle = { "text-anchor": "middle" };
          const words = below[i]!.map((line, n) =>
            svgText(line, left, top + SIDE + 18 + 15 * n, { "font-size": 11, fill: theme.muted }),
          );
          const inside =
            typeof panel.points === "string"
              ? wrapText(panel.points, SIDE - 40, 12).map((line, n) =>
                  svgText(line, left + SIDE / 2, top + SIDE / 2 - 16 + 17 * n, { ...middle, fill: theme.muted }),
                )
              : marks(panel.points, left, top).map(({ d, label }) =>
                  tag("path", { d, fill: groupColour(theme, label), "fill-opacity": 0.75 }),
                );
          return (
            frame + svgText(panel.name, left, top - 7, { "font-weight": "bold" }) + inside.join("") + words.join("")
          );
        })
        .join("") + svgLegend(legend, theme, LEFT, bottom + 8, width - 2 * LEFT),
  });

  /** The path of each group's marks. */
  function marks(points: { x: readonly number[]; y: readonly number[] }, left: number, up: number) {
    const [xLow, xHigh] = extent(points.x) ?? [0, 1];
    const [yLow, yHigh] = extent(points.y) ?? [0, 1];
    // Distances mean the same in both directions.
    const half = (Math.max(xHigh - xLow, yHigh - yLow) || 1) * 0.53;
    const [xMiddle, yMiddle] = [(xLow + xHigh) / 2, (yLow + yHigh) / 2];
    const x = scale(xMiddle - half, xMiddle + half, left, left + SIDE);
    const y = scale(yMiddle - half, yMiddle + half, up + SIDE, up);
    const radius = radiusFor(classes.length);
    return groups.map(({ label, items }) => ({
      label,
      d: items.map((item) => markerPath(groupSymbol(label), x(points.x[item]!), y(points.y[item]!), radius)).join(""),
    }));
  }
}
