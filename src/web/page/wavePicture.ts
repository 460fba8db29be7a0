import { frameOf, LEFT, RIGHT } from "./canvasFrame.js";
import { axisText, shadeCycles } from "./pictureAxes.js";
import type { Scene } from "./scene.js";
import type { Colours } from "./seriesStyle.js";

export function drawWave(canvas: HTMLCanvasElement, colours: Colours, { view, peaks, cycles, seconds }: Scene): void {
  const frame = frameOf(canvas, view.fromSeconds, view.toSeconds);
  const { context, width, height } = frame;
  const pixel = (view.toSeconds - view.fromSeconds) / Math.max(1, width - LEFT - RIGHT);
  const pairs: ([number, number] | undefined)[] = [];
  let most = 1e-4;
  for (let x = LEFT; x < width - RIGHT; x++) {
    const from = view.fromSeconds + (x - LEFT) * pixel;
    const pair = from < seconds ? peaks.between(from, from + pixel) : undefined;
    pairs.push(pair);
    if (pair) most = Math.max(most, -pair[0], pair[1]);
  }
  const middle = height / 2;
  const scale = (middle - 6) / most;
  shadeCycles(frame, colours, cycles);
  context.fillStyle = colours.grid;
  context.fillRect(LEFT, middle, width - LEFT - RIGHT, 1);
  context.fillStyle = colours.accent;
  pairs.forEach((pair, i) => {
    if (!pair) return;
    const top = middle - pair[1] * scale;
    context.fillRect(LEFT + i, top, 1, Math.max(1, (pair[1] - pair[0]) * scale));
  });
  axisText(frame, colours, `${most >= 0.0995 ? most.toFixed(1) : most.toFixed(most >= 0.00995 ? 2 : 3)}`, 12);
  axisText(frame, colours, "0", middle + 4);
}
