import { isNumber, type Scale } from "./scales.js";
import { type Attributes, shortNumber, svgLine } from "./svg.js";
import type { LegendEntry } from "./svgLegend.js";
import { seriesColour } from "./theme.js";

/** Dashes that tell series apart without colour, in plotly's words, and the same as an SVG stroke-dasharray. */
export const dashes = ["solid", "dash", "dot", "dashdot", "longdash", "longdashdot"] as const;
const strokeDashes = [undefined, "7 4", "2 3", "8 3 2 3", "12 4", "12 3 2 3"] as const;

/** The dash of a series by its place, for SVG. */
export function strokeDash(index: number): string | undefined {
  return strokeDashes[index % strokeDashes.length];
}

/** Path through points; where a value is missing, the line breaks. `xs`, `ys`: [points]. */
export function linePath(
  xs: readonly number[],
  ys: readonly (number | null | undefined)[],
  x: Scale,
  y: Scale,
): string {
  let path = "";
  let penDown = false;
  xs.forEach((at, i) => {
    const value = ys[i];
    if (!isNumber(value) || !isNumber(at)) {
      penDown = false;
      return;
    }
    path += `${penDown ? "L" : "M"}${shortNumber(x(at))} ${shortNumber(y(value))}`;
    penDown = true;
  });
  return path;
}

/** The key of a line in a legend: that of the series at this place. */
export function lineKey(index: number, more: Attributes = {}): LegendEntry["key"] {
  return (theme, x, y) =>
    svgLine(x, y, x + 26, y, seriesColour(theme, index), {
      "stroke-width": 2,
      "stroke-dasharray": strokeDash(index),
      ...more,
    });
}

/** A number, or null where there is none that can be drawn: what plotly takes as a gap. */
export function orGap(value: number | null | undefined): number | null {
  return isNumber(value) ? value : null;
}
