import type { Scale } from "./scales.js";
import { svgLine, svgText, verticalText } from "./svg.js";
import { labelNumber, textWidth } from "./text.js";
import type { Theme } from "./theme.js";

/** The box that a chart is drawn in, pixels. */
export interface PlotBox {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** An axis of a chart: its title with the unit, where its ticks stand, and what they say if not their numbers. */
export interface SvgAxis {
  label: string;
  ticks: readonly number[];
  at: Scale;
  /** [ticks] */
  names?: readonly string[];
}

/** Space left of a box that an axis with these ticks needs, its title included. */
export function leftSpace({ ticks, names }: Pick<SvgAxis, "ticks" | "names">): number {
  return 38 + Math.max(14, ...(names ?? ticks.map(labelNumber)).map((name) => textWidth(name, 12)));
}

/** Space below a box for ticks and title. */
export const bottomSpace = 46;

/** Grid, tick labels and axis titles around a box. Names below are slanted where they would touch. */
export function axes(box: PlotBox, theme: Theme, x: SvgAxis, y?: SvgAxis): string {
  let out = "";
  const small = { fill: theme.muted };
  const names = x.names ?? x.ticks.map(labelNumber);
  const slanted = namesTouch(x);
  x.ticks.forEach((value, i) => {
    const px = x.at(value);
    out += svgLine(px, box.top, px, box.bottom, theme.grid);
    out += slanted
      ? svgText(names[i]!, px + 5, box.bottom + 14, {
          ...small,
          "text-anchor": "end",
          transform: `rotate(-35 ${Math.round(px + 5)} ${Math.round(box.bottom + 14)})`,
        })
      : svgText(names[i]!, px, box.bottom + 17, { ...small, "text-anchor": "middle" });
  });
  out += svgText(x.label, (box.left + box.right) / 2, box.bottom + 36 + slantedSpace(x), { "text-anchor": "middle" });
  y?.ticks.forEach((value, i) => {
    const py = y.at(value);
    out += svgLine(box.left, py, box.right, py, theme.grid);
    const name = y.names?.[i] ?? labelNumber(value);
    out += svgText(name, box.left - 7, py + 4, { ...small, "text-anchor": "end" });
  });
  if (y?.label) out += verticalText(y.label, box.left - leftSpace(y) + 16, (box.top + box.bottom) / 2);
  return out;
}

/** How much more than `bottomSpace` the names of this axis need below the box, because they are slanted. */
export function slantedSpace(x: SvgAxis): number {
  if (!namesTouch(x)) return 0;
  return Math.max(...(x.names ?? []).map((name) => textWidth(name, 12))) * Math.sin((35 * Math.PI) / 180);
}

function namesTouch({ names, ticks, at }: SvgAxis): boolean {
  if (!names) return false;
  return names.some((name, i) => {
    if (i === 0) return false;
    const room = Math.abs(at(ticks[i]!) - at(ticks[i - 1]!)) - 6;
    return (textWidth(name, 12) + textWidth(names[i - 1]!, 12)) / 2 > room;
  });
}
