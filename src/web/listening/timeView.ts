/** The stretch of time that pictures show, within a recording that may still grow. */
export interface TimeView {
  fromSeconds: number;
  toSeconds: number;
  /** Moves on with the newest sound. */
  follows: boolean;
}

/** Closer, a sample would be wider than a pixel. */
const SHORTEST_SECONDS = 0.25;
/** A recording that grows is shown through a window of this length. */
export const LIVE_SECONDS = 20;

/** All of a recording. */
export function wholeView(seconds: number): TimeView {
  return { fromSeconds: 0, toSeconds: Math.max(SHORTEST_SECONDS, seconds), follows: false };
}

/** The newest sound of a recording that grows; empty time to the right as long as there is less than a window of it. */
export function liveView(seconds: number, length: number = LIVE_SECONDS): TimeView {
  const to = Math.max(length, seconds);
  return { fromSeconds: to - length, toSeconds: to, follows: true };
}

/**
 * Closer or farther, around a place that stays where it is.
 * @param factor of the length that is shown: below 1 is closer
 * @param at between 0, the left edge, and 1
 */
export function zoomed(view: TimeView, seconds: number, factor: number, at = 0.5): TimeView {
  const length = view.toSeconds - view.fromSeconds;
  const most = Math.max(SHORTEST_SECONDS, seconds);
  const next = Math.min(most, Math.max(SHORTEST_SECONDS, length * factor));
  const from = view.fromSeconds + at * (length - next);
  return placed(from, next, most);
}

/** Earlier (below 0) or later by a share of what is shown. */
export function moved(view: TimeView, seconds: number, share: number): TimeView {
  const length = view.toSeconds - view.fromSeconds;
  return placed(view.fromSeconds + share * length, length, Math.max(SHORTEST_SECONDS, seconds));
}

/** Shows a stretch, with a margin, moving no more than needed. */
export function showing(view: TimeView, seconds: number, startSeconds: number, endSeconds: number): TimeView {
  if (startSeconds >= view.fromSeconds && endSeconds <= view.toSeconds) return view;
  const length = Math.max(view.toSeconds - view.fromSeconds, 1.2 * (endSeconds - startSeconds));
  return placed((startSeconds + endSeconds - length) / 2, length, Math.max(SHORTEST_SECONDS, seconds));
}

/** Of what is looked at closely, so much of the picture at least. */
const CLOSE_SHARE = 1 / 6;

/** Shows a stretch as `showing` does, and so large that something can be seen within it. */
export function closeTo(view: TimeView, seconds: number, startSeconds: number, endSeconds: number): TimeView {
  const shown = showing(view, seconds, startSeconds, endSeconds);
  const most = Math.max(SHORTEST_SECONDS, (endSeconds - startSeconds) / CLOSE_SHARE);
  if (shown.toSeconds - shown.fromSeconds <= most) return shown;
  return placed((startSeconds + endSeconds - most) / 2, most, Math.max(SHORTEST_SECONDS, seconds));
}

function placed(from: number, length: number, seconds: number): TimeView {
  const start = Math.max(0, Math.min(from, seconds - length));
  return { fromSeconds: start, toSeconds: start + length, follows: false };
}
