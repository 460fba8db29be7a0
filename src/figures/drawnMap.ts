import type { EventMark } from "./eventLanes.js";
import { orGap } from "./lines.js";
import { palettePng } from "./palettePng.js";
import { type PlotlyTrace, plotlyAxis } from "./plotly.js";
import { extent, type Scale, scale, ticks } from "./scales.js";
import { svgText, tag, verticalText } from "./svg.js";
import type { PlotBox, SvgAxis } from "./svgAxes.js";
import { counted, labelNumber } from "./text.js";
import { escapeText, type Theme } from "./theme.js";
import { thinMap } from "./thinMap.js";
import { viridis } from "./viridis.js";

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
  /** Rows that are no numbers, such as rules that are compared: the name of each, [rows]. */
  rowNames?: readonly string[];
  /** With its unit, such as "power (dB)". */
  valueLabel: string;
  events?: readonly EventMark[];
  /** What a cell shows of its block when the map is larger than a figure holds; the highest unless told. */
  thinBy?: "highest" | "mean";
}

/** A map ready to be drawn: thinned, its rows named. */
export interface DrawnMap extends HeatmapData {
  values: Float64Array;
  startSeconds: number;
  rowValues: number[];
  /** Rows as wide as their values are apart; else each is as high as the next and has its value as name. */
  even: boolean;
  /** Rows and frames of the map given that each row and frame stands for. */
  rowBlock: number;
  frameBlock: number;
  /** Lowest and highest value; none where there is no number. */
  range: [number, number] | undefined;
  /** Edges of first and last frame, seconds. */
  edges: [number, number];
}

/** How a map was thinned, in words; nothing where it was not. */
export function thinningOf({ rowBlock, frameBlock, thinBy = "highest" }: DrawnMap): string {
  const parts = [
    ...(rowBlock > 1 ? [counted(rowBlock, "row")] : []),
    ...(frameBlock > 1 ? [`${frameBlock} frames`] : []),
  ];
  return parts.length > 0 ? `each cell is the ${thinBy} of ${parts.join(" and ")}` : "";
}

/** Checked and thinned. Throws RangeError for a wrong shape. */
export function prepared(data: HeatmapData): DrawnMap {
  const { values, rows, frames, rowValues, rowNames, hopSeconds, startSeconds = 0 } = data;
  if (values.length !== rows * frames) {
    throw new RangeError(`a map of ${rows} x ${frames} needs ${rows * frames} values, got ${values.length}`);
  }
  for (const [name, given] of Object.entries({ rowValues, rowNames })) {
    if (given && given.length !== rows) throw new RangeError(`${name} must name ${rows} rows, got ${given.length}`);
  }
  const thinned = thinMap(data, data.thinBy);
  const { rowBlock, frameBlock } = thinned;
  const named = Array.from({ length: thinned.rows }, (_, r) => {
    const of = Array.from({ length: Math.min(rowBlock, rows - r * rowBlock) }, (_, k) => r * rowBlock + k);
    return of.reduce((sum, row) => sum + (rowValues ? rowValues[row]! : row), 0) / of.length;
  });
  const from = startSeconds - hopSeconds / 2;
  return {
    ...data,
    ...thinned,
    rowValues: named,
    even: !rowNames && isEven(named),
    range: extent(thinned.values),
    hopSeconds: hopSeconds * frameBlock,
    startSeconds: from + (hopSeconds * frameBlock) / 2,
    edges: [from, from + frames * hopSeconds],
  };
}

function isEven(values: readonly number[]): boolean {
  const step = values.length > 1 ? values[1]! - values[0]! : 1;
  return step > 0 && values.every((value, i) => Math.abs(value - values[0]! - i * step) < 0.02 * step);
}

/** The map as a plotly trace. A map whose rows are not evenly apart, such as mel bands, names its rows instead. */
export function mapTrace(map: DrawnMap, yaxis = "y"): PlotlyTrace {
  const { values, rows, frames, hopSeconds, startSeconds, rowLabel, rowValues, valueLabel } = map;
  return {
    type: "heatmap",
    z: Array.from({ length: rows }, (_, r) => Array.from(values.subarray(r * frames, (r + 1) * frames), orGap)),
    x0: startSeconds,
    dx: hopSeconds,
    ...(map.even
      ? { y0: rowValues[0]!, dy: rows > 1 ? rowValues[1]! - rowValues[0]! : 1 }
      : { y: uniqueNames(map.rowNames ?? rowValues.map(labelNumber)) }),
    yaxis,
    colorscale: "Viridis",
    colorbar: { title: { text: escapeText(valueLabel), side: "right", font: { size: 12 } }, thickness: 12, ypad: 0 },
    hovertemplate: `%{x:.3f} s, ${escapeText(rowLabel)} %{y}: %{z:.3~g}<extra></extra>`,
  };
}

/** Names of rows that are no two alike: plotly would draw rows of one name upon another. */
function uniqueNames(names: readonly string[]): string[] {
  const unique = new Set(names).size === names.length;
  return names.map((name, row) => escapeText(unique ? name : `${name} (row ${row})`));
}

/** The axis of the rows of a map. */
export function rowAxis(map: DrawnMap, theme: Theme, more: Record<string, unknown> = {}): Record<string, unknown> {
  const some = someRows(map);
  const named = { type: "category", tickvals: some, ticktext: some.map((row) => escapeText(rowName(map, row))) };
  return plotlyAxis(theme, map.rowLabel, { showgrid: false, ...(map.even ? {} : named), ...more });
}

/** Space right of a map for its colour bar, pixels. */
export const colourBarSpace = 84;

/** The map in a box, cut at its edges, with its colour bar beside, and the axis of its rows. */
export function mapPanel(
  map: DrawnMap,
  box: PlotBox,
  x: Scale,
  palette: readonly (readonly number[])[] = viridis,
): { axis: SvgAxis; draw: (theme: Theme) => string } {
  const { values, rows, frames, valueLabel } = map;
  const [low, high] = map.range ?? [0, 1];
  const level = scale(low, high, 0, 255);
  const indices = new Uint8Array(rows * frames);
  for (let r = 0; r < rows; r++) {
    for (let f = 0; f < frames; f++) {
      const value = values[r * frames + f]!;
      indices[(rows - 1 - r) * frames + f] = Number.isFinite(value) ? Math.round(level(value)) : 0;
    }
  }
  const picture = { preserveAspectRatio: "none", "image-rendering": "pixelated" };
  const height = box.bottom - box.top;
  const [from, to] = map.edges.map(x) as [number, number];
  const window = { x: box.left, y: box.top, width: box.right - box.left, height };
  const at = scale(-0.5, rows - 0.5, box.bottom, box.top);
  const tickRows = someRows(map);
  return {
    axis: { label: map.rowLabel, ticks: tickRows, names: tickRows.map((row) => rowName(map, row)), at },
    draw: (theme) => {
      const bar = Uint8Array.from({ length: 256 }, (_, i) => 255 - i);
      const place = { x: from - box.left, y: 0, width: to - from, height };
      const barPlace = { x: box.right + 12, y: box.top, width: 10, height };
      const barAt = scale(low, high, box.bottom, box.top);
      const names = ticks(low, high, 4).map((value) =>
        svgText(labelNumber(value), box.right + 26, barAt(value) + 4, { "font-size": 11, fill: theme.muted }),
      );
      return (
        tag("svg", window, tag("image", { ...place, href: palettePng(indices, frames, rows, palette), ...picture })) +
        tag("image", { ...barPlace, href: palettePng(bar, 1, 256, palette), ...picture }) +
        names.join("") +
        verticalText(valueLabel, box.right + colourBarSpace - 10, (box.top + box.bottom) / 2)
      );
    },
  };
}

/** Rows that get a tick: at round values where rows are even, else some of equal distance. */
function someRows({ rows, rowValues, rowNames, even }: DrawnMap): number[] {
  if (rowNames) return rowNames.map((_, row) => row);
  if (!even) return ticks(0, rows - 1, 5).filter(Number.isInteger);
  const step = rows > 1 ? rowValues[1]! - rowValues[0]! : 1;
  return ticks(rowValues[0]!, rowValues[rows - 1]!, 5).map((value) => (value - rowValues[0]!) / step);
}

function rowName({ rowValues, rowNames, even }: DrawnMap, row: number): string {
  if (rowNames) return rowNames[row]!;
  if (!even) return labelNumber(Math.abs(rowValues[row]!) < 100 ? rowValues[row]! : Math.round(rowValues[row]!));
  const step = rowValues.length > 1 ? rowValues[1]! - rowValues[0]! : 1;
  return labelNumber(rowValues[0]! + row * step);
}

/** The map in words. */
export function mapText({ valueLabel, rowLabel, rows, frames, range }: DrawnMap): string {
  const [low, high] = (range ?? [0, 0]).map((value) => value.toPrecision(3));
  return `${valueLabel} over time and ${rowLabel}: ${rows} rows, ${frames} frames, from ${low} to ${high}.`;
}
