/**
 * What a notebook cell shows: figures, players, pages. Works in the kernel only, through tslab; elsewhere it throws.
 */
import { createRequire } from "node:module";
import path from "node:path";
import type { Figure } from "../figures/figure.js";
import { projectRoot } from "../node/paths.js";
import { UserError } from "../userError.js";
import { compactNumbers } from "./compactNumbers.js";

/** A plotly figure of any making: plain data. */
export interface FigureLike {
  data: unknown;
  layout?: unknown;
  config?: unknown;
}

type WriteDisplayData = (
  content: { data: Record<string, unknown>; metadata: Record<string, unknown>; transient: { display_id?: string } },
  update: boolean,
) => void;

/**
 * Shows a figure of `src/figures/`, or one output that carries the same thing in several forms: each reader takes the
 * richest that it knows.
 * @param what a figure, or forms by MIME type; text as a string, JSON types as values
 * @param slot the name of an output to be made, or changed if it was made before by this name
 */
export function show(what: Figure | Record<string, unknown>, slot?: Slot): void {
  const forms = isFigure(what) ? formsOf(what) : what;
  const update = slot?.shown === true;
  if (slot) slot.shown = true;
  writer()({ data: forms, metadata: {}, transient: slot ? { display_id: slot.id } : {} }, update);
}

function formsOf(figure: Figure): Record<string, unknown> {
  return { "application/vnd.plotly.v1+json": compactNumbers(figure.plotly()), "image/svg+xml": figure.svg() };
}

function isFigure(what: Figure | Record<string, unknown>): what is Figure {
  return typeof what.plotly === "function" && typeof what.svg === "function";
}

/** A place among a cell's outputs that can be shown again with other content, such as a curve that grows. */
export interface Slot {
  readonly id: string;
  shown: boolean;
}

let slots = 0;

/** A new, empty place; see `show`. */
export function newSlot(): Slot {
  slots += 1;
  return { id: `auscult-${process.pid}-${slots}`, shown: false };
}

/** Shows HTML. Text from data must have been escaped, see `escapeHtml`. */
export function showHtml(html: string, slot?: Slot): void {
  show({ "text/html": html }, slot);
}

/**
 * Shows a player for a sound.
 * @param wav a whole WAV file, 16-bit PCM for every browser's sake
 * @param caption plain text, such as the recording's name
 */
export function showSound(wav: Uint8Array, caption: string): void {
  const source = `data:audio/wav;base64,${Buffer.from(wav).toString("base64")}`;
  const sound = `<audio controls preload="metadata" style="display:block;width:100%" src="${source}"></audio>`;
  const text = `<figcaption style="margin:0 0 .4em;font:inherit">${escapeHtml(caption)}</figcaption>`;
  show({ "text/html": `<figure style="margin:.6em 0;max-width:40em">${text}${sound}</figure>`, "text/plain": caption });
}

/** Text as it may stand in HTML, in and between tags. */
export function escapeHtml(text: string): string {
  const names: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  return text.replace(/[&<>"']/g, (letter) => names[letter]!);
}

/** tslab has no public way to send several forms in one output; this is what its own `display` calls. */
function writer(): WriteDisplayData {
  const require = createRequire(path.join(projectRoot(), "package.json"));
  const { lastWriteDisplayData } = require("tslab/dist/jupyter.js") as {
    lastWriteDisplayData: WriteDisplayData | null;
  };
  if (lastWriteDisplayData) return lastWriteDisplayData;
  throw new UserError("Only a notebook cell can show things; this ran outside of the kernel.", 1);
}
