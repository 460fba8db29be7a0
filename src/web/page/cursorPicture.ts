import { frameOf, RIGHT } from "./canvasFrame.js";
import type { Scene } from "./scene.js";
import type { Colours } from "./seriesStyle.js";

/** The lines over all pictures: where playing is, and where the pointer is. */
export function drawCursor(canvas: HTMLCanvasElement, colours: Colours, scene: Scene): void {
  const { view, playheadSeconds, pointerSeconds } = scene;
  const { context, width, height, x } = frameOf(canvas, view.fromSeconds, view.toSeconds);
  const line = (seconds: number | undefined, colour: string, thick: number) => {
    if (seconds === undefined || seconds < view.fromSeconds || seconds > view.toSeconds) return;
    const at = x(seconds);
    if (at > width - RIGHT + 1) return;
    context.fillStyle = colour;
    context.fillRect(at - thick / 2, 0, thick, height);
  };
  line(pointerSeconds, colours.muted, 1);
  line(playheadSeconds, colours.warn, 2);
}
