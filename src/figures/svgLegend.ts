import { svgText } from "./svg.js";
import { textWidth } from "./text.js";
import type { Theme } from "./theme.js";

/** One entry of a legend: its name, and what is drawn before it in 26 pixels from `x` on, around the line `y`. */
export interface LegendEntry {
  name: string;
  key: (theme: Theme, x: number, y: number) => string;
}

const keyWidth = 26;
const rowHeight = 20;

function places(entries: readonly LegendEntry[], width: number): { x: number; row: number }[] {
  let x = 0;
  let row = 0;
  return entries.map(({ name }) => {
    const needed = keyWidth + 6 + textWidth(name, 12);
    if (x > 0 && x + needed > width) {
      x = 0;
      row++;
    }
    const place = { x, row };
    x += needed + 16;
    return place;
  });
}

/** Height in pixels of a legend in this width. */
export function legendHeight(entries: readonly LegendEntry[], width: number): number {
  const rows = places(entries, width);
  return rows.length === 0 ? 0 : (rows[rows.length - 1]!.row + 1) * rowHeight;
}

/** Entries side by side in as many rows as they need; (left, top) is the legend's corner, pixels. */
export function svgLegend(
  entries: readonly LegendEntry[],
  theme: Theme,
  left: number,
  top: number,
  width: number,
): string {
  return places(entries, width)
    .map(({ x, row }, i) => {
      const y = top + row * rowHeight + 10;
      const { name, key } = entries[i]!;
      return key(theme, left + x, y) + svgText(name, left + x + keyWidth + 6, y + 4);
    })
    .join("");
}
