import { escapeText, type FigureOptions, type Theme, themeOf } from "./theme.js";

/** Turns `svgText("a & b", ...)` and numbers into attributes; undefined ones are left out. */
export function tag(name: string, attributes: Record<string, string | number | undefined>, content = ""): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === "number" ? shortNumber(value) : escapeText(value!)}"`)
    .join("");
  return content ? `<${name}${written}>${content}</${name}>` : `<${name}${written}/>`;
}

/** A text element; the text is escaped. */
export function svgText(
  text: string,
  x: number,
  y: number,
  more: Record<string, string | number | undefined> = {},
): string {
  return tag("text", { x, y, ...more }, escapeText(text));
}

/** A whole drawing. */
export interface Drawing extends FigureOptions {
  width: number;
  height: number;
  /** Said to those who cannot see it. */
  description: string;
  body: (theme: Theme) => string;
}

/** Height in pixels that title and note take at the top of a drawing. */
export function headHeight({ title, note }: FigureOptions): number {
  return (title ? 26 : 0) + (note ? 18 : 0) + 10;
}

/** Width in pixels that title and note need, from the usual width of a letter at their sizes. */
export function headWidth({ title = "", note = "" }: FigureOptions): number {
  return 24 + Math.max(title.length * 9, note.length * 6.6);
}

/** The drawing as an SVG document with title and description for screen readers. It scales with its container. */
export function svgDocument({ width, height, title, note, template, description, body }: Drawing): string {
  const theme = themeOf(template);
  const background = theme.paper === "none" ? "" : tag("rect", { width, height, fill: theme.paper });
  const head =
    (title ? svgText(title, 12, 24, { "font-size": 15, "font-weight": "bold" }) : "") +
    (note ? svgText(note, 12, title ? 43 : 20, { "font-size": 12, fill: theme.muted }) : "");
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" ` +
    `font-family="system-ui, sans-serif" font-size="13" fill="${theme.ink}">` +
    `<title>${escapeText(title ?? description)}</title><desc>${escapeText(description)}</desc>` +
    `${background}${head}${body(theme)}</svg>`
  );
}

/** Maps a value range to pixels. */
export function scale(from: number, to: number, pixelFrom: number, pixelTo: number): (value: number) => number {
  const span = to - from || 1;
  return (value) => pixelFrom + ((value - from) / span) * (pixelTo - pixelFrom);
}

/** Round tick values within [low, high], about `count` of them. */
export function ticks(low: number, high: number, count = 5): number[] {
  const span = high - low;
  if (!(span > 0)) return [low];
  const raw = span / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * (raw / power >= 7 ? 10 : raw / power >= 3.5 ? 5 : raw / power >= 1.5 ? 2 : 1);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** At most two decimals: enough for pixels. */
export function shortNumber(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** The box that a chart is drawn in, pixels. */
export interface PlotBox {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Grid, tick labels and axis titles around a box. `y` may carry no ticks. */
export function axes(
  box: PlotBox,
  theme: Theme,
  x: { label: string; ticks: number[]; at: (value: number) => number },
  y?: { label: string; ticks: number[]; at: (value: number) => number },
): string {
  let out = "";
  for (const value of x.ticks) {
    const px = x.at(value);
    out += tag("line", { x1: px, x2: px, y1: box.top, y2: box.bottom, stroke: theme.grid });
    out += svgText(String(value), px, box.bottom + 17, { "text-anchor": "middle", "font-size": 12, fill: theme.muted });
  }
  out += svgText(x.label, (box.left + box.right) / 2, box.bottom + 36, { "text-anchor": "middle", "font-size": 12 });
  for (const value of y?.ticks ?? []) {
    const py = y!.at(value);
    out += tag("line", { x1: box.left, x2: box.right, y1: py, y2: py, stroke: theme.grid });
    out += svgText(String(value), box.left - 7, py + 4, { "text-anchor": "end", "font-size": 12, fill: theme.muted });
  }
  if (y) {
    const middle = (box.top + box.bottom) / 2;
    const left = Math.max(14, box.left - 48);
    out += svgText(y.label, left, middle, {
      "text-anchor": "middle",
      "font-size": 12,
      transform: `rotate(-90 ${shortNumber(left)} ${shortNumber(middle)})`,
    });
  }
  return out;
}
