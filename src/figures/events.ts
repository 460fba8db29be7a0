import type { Theme } from "./theme.js";
import { escapeText } from "./theme.js";

/** A labelled stretch of a recording. */
export interface EventMark {
  startSeconds: number;
  endSeconds: number;
  label: string;
}

/** The distinct labels in the order they occur: the order of their colours. */
export function eventLabels(events: readonly EventMark[]): string[] {
  return [...new Set(events.map((event) => event.label))];
}

/** Events as plotly shapes with their labels above the plot: filled bands, or outlines only (over a heat map). */
export function eventShapes(
  events: readonly EventMark[],
  theme: Theme,
  filled: boolean,
): { shapes: Record<string, unknown>[]; annotations: Record<string, unknown>[] } {
  const labels = eventLabels(events);
  const colourOf = (event: EventMark) => theme.series[labels.indexOf(event.label) % theme.series.length];
  return {
    shapes: events.map((event) => ({
      type: "rect",
      x0: event.startSeconds,
      x1: event.endSeconds,
      yref: "paper",
      y0: 0,
      y1: 1,
      fillcolor: colourOf(event),
      opacity: filled ? 0.18 : 1,
      ...(filled
        ? { layer: "below", line: { width: 0 } }
        : { fillcolor: "rgba(0,0,0,0)", line: { color: "#ffffff", width: 1.5 } }),
    })),
    annotations: events.map((event) => ({
      x: (event.startSeconds + event.endSeconds) / 2,
      yref: "paper",
      y: 1,
      yanchor: "bottom",
      showarrow: false,
      text: escapeText(event.label),
      font: { size: 10, color: theme.ink },
    })),
  };
}
