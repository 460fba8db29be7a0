import { shortNumber, tag } from "./svg.js";

/** Shapes that tell groups apart without colour, by plotly's names. */
const markerSymbols = ["circle", "square", "triangle-up", "diamond", "cross", "x"] as const;
export type MarkerSymbol = (typeof markerSymbols)[number];

/** The symbol of a group by its place. */
export function symbolOf(index: number): MarkerSymbol {
  return markerSymbols[index % markerSymbols.length]!;
}

/** The symbol of a group that has a colour of its own too: where the colours start again, the symbols are one further on. */
export function groupSymbol(index: number): MarkerSymbol {
  return symbolOf(index + Math.floor(index / markerSymbols.length));
}

/** Path of a symbol of radius `r` around (x, y), pixels; all turn one way, so that overlapping ones leave no holes. */
export function markerPath(symbol: MarkerSymbol, x: number, y: number, r: number): string {
  const at = (dx: number, dy: number) => `${shortNumber(x + dx * r)} ${shortNumber(y + dy * r)}`;
  switch (symbol) {
    case "circle":
      return `M${at(-1, 0)}a${r} ${r} 0 1 1 ${2 * r} 0a${r} ${r} 0 1 1 ${-2 * r} 0z`;
    case "square":
      return `M${at(-0.9, -0.9)}H${shortNumber(x + 0.9 * r)}V${shortNumber(y + 0.9 * r)}H${shortNumber(x - 0.9 * r)}z`;
    case "triangle-up":
      return `M${at(0, -1.15)}L${at(1.1, 0.8)}L${at(-1.1, 0.8)}z`;
    case "diamond":
      return `M${at(0, -1.25)}L${at(1.25, 0)}L${at(0, 1.25)}L${at(-1.25, 0)}z`;
    case "cross":
      return `M${at(-0.35, -1.1)}H${shortNumber(x + 0.35 * r)}V${shortNumber(y - 0.35 * r)}H${shortNumber(x + 1.1 * r)}V${shortNumber(y + 0.35 * r)}H${shortNumber(x + 0.35 * r)}V${shortNumber(y + 1.1 * r)}H${shortNumber(x - 0.35 * r)}V${shortNumber(y + 0.35 * r)}H${shortNumber(x - 1.1 * r)}V${shortNumber(y - 0.35 * r)}H${shortNumber(x - 0.35 * r)}z`;
    case "x":
      return `M${at(-1.1, -0.75)}L${at(-0.75, -1.1)}L${at(0, -0.35)}L${at(0.75, -1.1)}L${at(1.1, -0.75)}L${at(0.35, 0)}L${at(1.1, 0.75)}L${at(0.75, 1.1)}L${at(0, 0.35)}L${at(-0.75, 1.1)}L${at(-1.1, 0.75)}L${at(-0.35, 0)}z`;
  }
}

/** A filled symbol. */
export function svgMarker(symbol: MarkerSymbol, x: number, y: number, r: number, colour: string): string {
  return tag("path", { d: markerPath(symbol, x, y, r), fill: colour });
}

/** A hollow diamond: the mark of a printed number. */
export function printedMarker(x: number, y: number, colour: string): string {
  return tag("path", { d: markerPath("diamond", x, y, 5), fill: "none", stroke: colour, "stroke-width": 2 });
}
