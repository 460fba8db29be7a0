import { wrapText } from "./text.js";
import { escapeText, type FigureOptions, type Theme, themeOf } from "./theme.js";

/** Attributes of an element; undefined ones are left out. */
export type Attributes = Record<string, string | number | undefined>;

/** An element; text among the attributes is escaped, `content` is not. */
export function tag(name: string, attributes: Attributes, content = ""): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === "number" ? shortNumber(value) : escapeText(value!)}"`)
    .join("");
  return content ? `<${name}${written}>${content}</${name}>` : `<${name}${written}/>`;
}

/** A text element, of 12 pixels unless told; the text is escaped. */
export function svgText(text: string, x: number, y: number, more: Attributes = {}): string {
  return tag("text", { x, y, "font-size": 12, ...more }, escapeText(text));
}

/** A straight line between two points, pixels. */
export function svgLine(x1: number, y1: number, x2: number, y2: number, stroke: string, more: Attributes = {}): string {
  return tag("line", { x1, y1, x2, y2, stroke, ...more });
}

/** A text turned to be read from below, its middle at (x, y). */
export function verticalText(text: string, x: number, y: number, more: Attributes = {}): string {
  const transform = `rotate(-90 ${shortNumber(x)} ${shortNumber(y)})`;
  return svgText(text, x, y, { "text-anchor": "middle", transform, ...more });
}

/** At most two decimals: enough for pixels. */
export function shortNumber(value: number): string {
  return String(Math.round(value * 100) / 100);
}

const titleSize = 15;
const titleLine = 20;
const noteLine = 16;

/** Title and note at the top of a drawing of this width, in as many lines as they need. */
function head({ title = "", note = "" }: FigureOptions, width: number): { titles: string[]; notes: string[] } {
  const room = width - 24;
  // Bold letters are about a tenth wider.
  return { titles: wrapText(title, room / 1.1, titleSize), notes: wrapText(note, room, 12) };
}

/** Height in pixels that title and note take at the top of a drawing of this width. */
export function headHeight(options: FigureOptions, width: number): number {
  const { titles, notes } = head(options, width);
  return 10 + titles.length * titleLine + notes.length * noteLine + (titles.length + notes.length > 0 ? 6 : 0);
}

/** A whole drawing. */
export interface Drawing extends FigureOptions {
  width: number;
  height: number;
  /** Said to those who cannot see it. */
  description: string;
  body: (theme: Theme) => string;
}

/** The drawing as an SVG document with title and description for screen readers. It scales with its container. */
export function svgDocument({ width, height, title, note, template, description, body }: Drawing): string {
  const theme = themeOf(template);
  const solid = template === undefined || template === "light" || template === "dark";
  const background = solid ? tag("rect", { width, height, fill: theme.paper }) : "";
  const { titles, notes } = head({ ...(title && { title }), ...(note && { note }) }, width);
  let y = 6;
  let heading = "";
  for (const line of titles) {
    y += titleLine;
    heading += svgText(line, 12, y, { "font-size": titleSize, "font-weight": "bold" });
  }
  for (const line of notes) {
    y += noteLine;
    heading += svgText(line, 12, y + 1, { fill: theme.muted });
  }
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" ` +
    `font-family="system-ui, sans-serif" font-size="13" fill="${theme.ink}">` +
    `<title>${escapeText(title || description)}</title><desc>${escapeText(description)}</desc>` +
    `${background}${heading}${body(theme)}</svg>`
  );
}
