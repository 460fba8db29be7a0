import type { PlotlyTrace } from "./plotly.js";
import { isNumber, type Scale } from "./scales.js";
import { svgText, tag } from "./svg.js";
import type { PlotBox } from "./svgAxes.js";
import { textWidth } from "./text.js";
import { escapeText, seriesColour, type Theme } from "./theme.js";

/** A labelled stretch of a recording. */
export interface EventMark {
  startSeconds: number;
  endSeconds: number;
  label: string;
}

/** Events of one label: a bar each, in a strip of their own above the plot, so that names never meet. */
export interface EventLane {
  label: string;
  events: EventMark[];
}

/** Height of a lane, pixels. */
export const laneHeight = 16;

/** One lane for each label, in the order in which they first occur. Events without a length or a number are left out. */
export function lanesOf(events: readonly EventMark[]): EventLane[] {
  const lanes = new Map<string, EventMark[]>();
  for (const event of [...events].sort((a, b) => a.startSeconds - b.startSeconds)) {
    if (!(event.endSeconds > event.startSeconds && isNumber(event.endSeconds - event.startSeconds))) continue;
    const lane = lanes.get(event.label);
    if (lane) lane.push(event);
    else lanes.set(event.label, [event]);
  }
  return [...lanes].map(([label, marks]) => ({ label, events: marks }));
}

/** Space left of the plot that the lanes' names need, pixels. */
export function laneSpace(lanes: readonly EventLane[]): number {
  return Math.max(0, ...lanes.map(({ label }) => textWidth(label, 11) + 18));
}

/** The lanes above a box, down to 4 pixels over it, and their colour over the boxes that are to be shaded. */
export function lanesSvg(
  lanes: readonly EventLane[],
  theme: Theme,
  x: Scale,
  above: PlotBox,
  shaded: readonly PlotBox[] = [above],
): string {
  const place = ({ startSeconds, endSeconds }: EventMark) => {
    const left = Math.max(above.left, Math.min(above.right, x(startSeconds)));
    return { x: left, width: Math.max(1, Math.min(above.right, x(endSeconds)) - left) };
  };
  return lanes
    .map(({ label, events }, i) => {
      const y = above.top - 4 - (lanes.length - i) * laneHeight;
      const fill = seriesColour(theme, i);
      const name = svgText(label, above.left - 9, y + 12, { "text-anchor": "end", "font-size": 11 });
      const marks = events.map(
        (event) =>
          tag("rect", { ...place(event), y: y + 3, height: laneHeight - 6, rx: 2, fill }) +
          shaded
            .map(({ top, bottom }) =>
              tag("rect", { ...place(event), y: top, height: bottom - top, fill, "fill-opacity": 0.16 }),
            )
            .join(""),
      );
      return name + marks.join("");
    })
    .join("");
}

/** Boxes around the events, over a map. */
export function outlinesSvg(lanes: readonly EventLane[], x: Scale, { left, right, top, bottom }: PlotBox): string {
  return lanes
    .flatMap(({ events }) => events)
    .map(({ startSeconds, endSeconds }) => {
      const from = Math.max(left, x(startSeconds));
      const width = Math.min(right, x(endSeconds)) - from;
      if (!(width > 0)) return "";
      return tag("rect", { x: from, y: top, width, height: bottom - top, fill: "none", stroke: "#ffffff" });
    })
    .join("");
}

/** The lanes as plotly traces on an axis of their own: a bar for each event, which says what it is under the pointer. */
export function laneTraces(lanes: readonly EventLane[], theme: Theme, yaxis: string): PlotlyTrace[] {
  return lanes.map(({ label, events }, i) => ({
    type: "scatter",
    mode: "lines",
    x: events.flatMap(({ startSeconds, endSeconds }) => [
      startSeconds,
      (startSeconds + endSeconds) / 2,
      endSeconds,
      null,
    ]),
    y: events.flatMap(() => [i, i, i, null]),
    text: events.flatMap((event) => Array<string>(4).fill(eventWords(event))),
    yaxis,
    line: { color: seriesColour(theme, i), width: 9 },
    hovertemplate: `${escapeText(label)}, %{text}<extra></extra>`,
    showlegend: false,
  }));
}

/** The axis that the lanes are on. */
export function laneAxis(lanes: readonly EventLane[], domain: [number, number]): Record<string, unknown> {
  return {
    domain,
    range: [lanes.length - 0.4, -0.6],
    fixedrange: true,
    tickvals: lanes.map((_, i) => i),
    ticktext: lanes.map(({ label }) => escapeText(label)),
    tickfont: { size: 11 },
    showgrid: false,
    zeroline: false,
    automargin: true,
  };
}

/** Events as plotly shapes over the area of an axis: tinted, or outlined where a map is below. */
export function eventShapes(
  lanes: readonly EventLane[],
  theme: Theme,
  yaxis: string,
  kind: "tint" | "outline",
): Record<string, unknown>[] {
  return lanes.flatMap(({ events }, i) =>
    events.map(({ startSeconds: x0, endSeconds: x1 }) => ({
      type: "rect",
      x0,
      x1,
      yref: `${yaxis} domain`,
      y0: 0,
      y1: 1,
      ...(kind === "tint"
        ? { fillcolor: seriesColour(theme, i), opacity: 0.16, layer: "below", line: { width: 0 } }
        : { fillcolor: "rgba(0,0,0,0)", line: { color: "#ffffff", width: 1 } }),
    })),
  );
}

/** The events in words. */
export function lanesText(lanes: readonly EventLane[]): string {
  if (lanes.length === 0) return "No events are marked.";
  return `${lanes.map(({ label, events }) => `${label}: ${events.map(eventWords).join(", ")}`).join("; ")}.`;
}

function eventWords({ startSeconds, endSeconds }: EventMark): string {
  return `${startSeconds.toFixed(2)} to ${endSeconds.toFixed(2)} s`;
}
