/** Room for the texts of vertical axes on the left, and on the right edge, in CSS pixels. */
export const LEFT = 54;
export const RIGHT = 8;

/** A canvas made ready to be drawn on in CSS pixels, whatever the screen's density. */
export interface Frame {
  context: CanvasRenderingContext2D;
  width: number;
  height: number;
  /** Where a time lies. */
  x(seconds: number): number;
}

/** Sizes a canvas to its place on the page and clears it. */
export function frameOf(canvas: HTMLCanvasElement, fromSeconds: number, toSeconds: number): Frame {
  const ratio = Math.min(3, window.devicePixelRatio || 1);
  const { clientWidth: width, clientHeight: height } = canvas;
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
  }
  const context = canvas.getContext("2d")!;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  context.font = '12px system-ui, -apple-system, "Segoe UI", sans-serif';
  const scale = Math.max(1, width - LEFT - RIGHT) / (toSeconds - fromSeconds);
  return { context, width, height, x: (seconds) => LEFT + (seconds - fromSeconds) * scale };
}
