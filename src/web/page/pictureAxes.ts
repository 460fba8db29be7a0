import type { StretchResult } from "../listening/results.js";
import { timeTicks } from "../listening/ticks.js";
import type { TimeView } from "../listening/timeView.js";
import { type Frame, LEFT } from "./canvasFrame.js";
import type { Colours } from "./seriesStyle.js";

/** Whether a cycle is a few pixels wide; of narrower ones borders would hide what lies between. */
export function areWide({ width, x }: Frame, cycles: readonly StretchResult[]): boolean {
  const seen = cycles.filter(({ startSeconds, endSeconds }) => x(endSeconds) > LEFT && x(startSeconds) < width);
  return seen.length === 0 || (width - LEFT) / seen.length > 10;
}

/** Every second cycle is tinted, so that borders are seen where cycles touch. */
export function shadeCycles(frame: Frame, colours: Colours, cycles: readonly StretchResult[]): void {
  const { context, height, x } = frame;
  if (!areWide(frame, cycles)) return;
  context.fillStyle = colours.soft;
  cycles.forEach(({ startSeconds, endSeconds }, i) => {
    if (i % 2 === 0) context.fillRect(x(startSeconds), 0, x(endSeconds) - x(startSeconds), height);
  });
}

export function timeAxis(
  { context, width, x }: Frame,
  colours: Colours,
  { fromSeconds, toSeconds }: TimeView,
  top: number,
): void {
  context.textAlign = "center";
  for (const { seconds, text } of timeTicks(fromSeconds, toSeconds, Math.max(2, (width - LEFT) / 76))) {
    const at = x(seconds);
    context.fillStyle = colours.grid;
    context.fillRect(at, top, 1, 4);
    context.fillStyle = colours.muted;
    const half = context.measureText(text).width / 2;
    context.fillText(text, Math.min(width - half - 1, at), top + 16);
  }
  context.textAlign = "left";
}

export function axisText({ context }: Frame, colours: Colours, text: string, y: number): void {
  context.fillStyle = colours.muted;
  context.textAlign = "right";
  context.fillText(text, LEFT - 6, y);
  context.textAlign = "left";
}
