import { svgLine } from "./svg.js";

/** A vertical interval with its two ends, pixels. */
export function errorBar(x: number, from: number, to: number, colour: string): string {
  const ends = [from, to].map((y) => svgLine(x - 4, y, x + 4, y, colour, { "stroke-width": 2 })).join("");
  return svgLine(x, from, x, to, colour, { "stroke-width": 2 }) + ends;
}
