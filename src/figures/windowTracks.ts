import type { EventLane } from "./eventLanes.js";
import type { PlotlyTrace } from "./plotly.js";
import type { Scale } from "./scales.js";
import { svgText, tag } from "./svg.js";
import type { PlotBox } from "./svgAxes.js";
import { textWidth } from "./text.js";
import { escapeText, seriesColour, type Theme } from "./theme.js";

/** A window of a recording and what it was called. */
export interface WindowMark {
  startSeconds: number;
  endSeconds: number;
  label: string;
  /** Whether it is one of those that decided the recording's label; it is framed. */
  counts?: boolean;
}

/** What one classifier called the windows of a recording, and what it makes of the whole of it. */
export interface WindowTrack {
  /** Such as "ours". */
  name: string;
  windows: readonly WindowMark[];
  /** The recording's label. */
  record?: string;
}

/** Windows of a track in as few rows as they need so that no two of a row overlap, in order of their beginnings. */
export function rowsOf({ windows }: WindowTrack): WindowMark[][] {
  const rows: WindowMark[][] = [];
  for (const one of [...windows].sort((a, b) => a.startSeconds - b.startSeconds)) {
    const row = rows.find((marks) => marks[marks.length - 1]!.endSeconds <= one.startSeconds + 1e-9);
    if (row) row.push(one);
    else rows.push([one]);
  }
  return rows;
}

const rowHeight = 17;
const trackGap = 10;
/** Above the tracks: the place of the word over the column of record labels. */
const headSpace = 14;

/** Height of the tracks, pixels; 0 without any. */
export function tracksHeight(tracks: readonly WindowTrack[]): number {
  if (tracks.length === 0) return 0;
  return headSpace + tracks.reduce((sum, track) => sum + heightOf(track) + trackGap, 0);
}

function heightOf(track: WindowTrack): number {
  return Math.max(1, rowsOf(track).length) * rowHeight;
}

/** Space left of the plot that the tracks' names need, pixels. */
export function tracksSpace(tracks: readonly WindowTrack[]): number {
  return Math.max(0, ...tracks.map(({ name }) => textWidth(name, 12) + 18));
}

/** Each label's place among the colours: a label that names a lane has the lane's. */
function colourOf(
  tracks: readonly WindowTrack[],
  lanes: readonly EventLane[],
): (theme: Theme, label: string) => string {
  const labels = new Set(lanes.map(({ label }) => label));
  for (const { windows } of tracks) for (const { label } of windows) labels.add(label);
  const order = [...labels];
  return (theme, label) => seriesColour(theme, order.indexOf(label));
}

/** The tracks in a box: a bar for each window with its label, in rows where windows overlap; the record's label to the right. */
export function tracksSvg(
  tracks: readonly WindowTrack[],
  lanes: readonly EventLane[],
  theme: Theme,
  x: Scale,
  { left, right, top }: PlotBox,
): string {
  if (tracks.length === 0) return "";
  const colour = colourOf(tracks, lanes);
  let y = top + headSpace;
  const drawn = tracks.map((track) => {
    const height = heightOf(track);
    const middle = y + height / 2 + 4;
    const bars = rowsOf(track).flatMap((row, r) => row.map((mark) => bar(mark, y + r * rowHeight)));
    const name = svgText(track.name, left - 9, middle, { "text-anchor": "end" });
    const record = track.record ? svgText(track.record, right + 10, middle, { "font-weight": "bold" }) : "";
    y += height + trackGap;
    return name + bars.join("") + record;
  });
  function bar(mark: WindowMark, at: number): string {
    const [from, to] = [Math.max(left, x(mark.startSeconds)), Math.min(right, x(mark.endSeconds))];
    if (!(to > from)) return "";
    const fill = colour(theme, mark.label);
    const frame = mark.counts ? { stroke: theme.ink, "stroke-width": 1.5 } : {};
    const place = { x: from + 1, y: at + 1, width: Math.max(1, to - from - 2), height: rowHeight - 3, rx: 2 };
    const fits = textWidth(mark.label, 11) + 8 <= to - from;
    const words = fits
      ? svgText(mark.label, (from + to) / 2, at + rowHeight / 2 + 3, { "text-anchor": "middle", "font-size": 11 })
      : "";
    const title = tag("title", {}, escapeText(wordsOf(mark)));
    return tag("rect", { ...place, fill, "fill-opacity": 0.3, ...frame }, title) + words;
  }
  const head = tracks.some(({ record }) => record)
    ? svgText("recording", right + 10, top + 10, { "font-size": 11, fill: theme.muted })
    : "";
  return head + drawn.join("");
}

/** The tracks as plotly traces on an axis of their own: a bar for each window, which says what it is under the pointer. */
export function trackTraces(
  tracks: readonly WindowTrack[],
  lanes: readonly EventLane[],
  theme: Theme,
  yaxis: string,
): PlotlyTrace[] {
  const colour = colourOf(tracks, lanes);
  return placed(tracks).map(({ mark, track, y }) => ({
    type: "scatter",
    mode: "lines+text",
    x: [mark.startSeconds + 0.03, (mark.startSeconds + mark.endSeconds) / 2, mark.endSeconds - 0.03],
    y: [y, y, y],
    text: ["", escapeText(mark.label), ""],
    textposition: "middle center",
    textfont: { size: 11, color: theme.ink },
    yaxis,
    line: { color: withAlpha(colour(theme, mark.label), mark.counts ? 0.6 : 0.3), width: 13 },
    hovertemplate: `${escapeText(`${track}: ${wordsOf(mark)}`)}<extra></extra>`,
    showlegend: false,
  }));
}

/** The axis that the tracks are on: names to the left, with the record's label where there is one. */
export function trackAxis(tracks: readonly WindowTrack[], domain: [number, number]): Record<string, unknown> {
  const rows = placed(tracks);
  const middle = tracks.map(({ name }) => {
    const own = rows.filter(({ track }) => track === name).map(({ y }) => y);
    return own.length > 0 ? (Math.min(...own) + Math.max(...own)) / 2 : 0;
  });
  const highest = Math.max(0, ...rows.map(({ y }) => y));
  return {
    domain,
    range: [highest + 0.6, -0.6],
    fixedrange: true,
    tickvals: middle,
    ticktext: tracks.map(({ name, record }) =>
      record ? `${escapeText(name)}:<br><b>${escapeText(record)}</b>` : escapeText(name),
    ),
    tickfont: { size: 11 },
    showgrid: false,
    zeroline: false,
    automargin: true,
  };
}

/** Each window with its row, counted over all tracks from the top; half a row lies between tracks. */
function placed(tracks: readonly WindowTrack[]): { mark: WindowMark; track: string; y: number }[] {
  let before = 0;
  return tracks.flatMap((track) => {
    const rows = rowsOf(track);
    const all = rows.flatMap((row, r) => row.map((mark) => ({ mark, track: track.name, y: before + r })));
    before += Math.max(1, rows.length) + trackGap / rowHeight;
    return all;
  });
}

/** A colour of a theme, #rrggbb, let through. */
function withAlpha(colour: string, alpha: number): string {
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  return `rgba(${red},${green},${blue},${alpha})`;
}

/** The tracks in words. */
export function tracksText(tracks: readonly WindowTrack[]): string {
  return tracks
    .map(({ name, windows, record }) => {
      const whole = record ? `the recording ${record}, ` : "";
      return ` Windows, ${name}: ${whole}${windows.map(wordsOf).join(", ")}.`;
    })
    .join("");
}

function wordsOf({ startSeconds, endSeconds, label, counts }: WindowMark): string {
  return `${startSeconds} to ${Number(endSeconds.toFixed(3))} s ${label}${counts ? " (decides)" : ""}`;
}
