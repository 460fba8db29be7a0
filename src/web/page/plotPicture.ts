import type { StretchResult } from "../listening/results.js";
import { type Frame, frameOf, LEFT, RIGHT } from "./canvasFrame.js";
import { axisText, shadeCycles, timeAxis } from "./pictureAxes.js";
import type { Scene } from "./scene.js";
import { type Colours, type SeriesStyle, seriesStyle, signPath } from "./seriesStyle.js";

/** Probabilities over time: a line for each output, through the middles of its windows; of cycles, a bar as long as the cycle. */
export function drawPlot(canvas: HTMLCanvasElement, colours: Colours, scene: Scene): void {
  const { view, windows, cycles, outputs } = scene;
  const frame = frameOf(canvas, view.fromSeconds, view.toSeconds);
  const { context, width, height } = frame;
  const [top, bottom] = [8, height - 22];
  const y = (probability: number) => bottom - probability * (bottom - top);
  shadeCycles({ ...frame, height: bottom }, colours, cycles);
  for (const value of [0, 0.25, 0.5, 0.75, 1]) {
    context.fillStyle = colours.grid;
    context.fillRect(LEFT, Math.round(y(value)), width - LEFT - RIGHT, 1);
    if (value % 0.5 === 0) axisText(frame, colours, value === 0.5 ? "0.5" : String(value), y(value) + 4);
  }
  context.save();
  context.beginPath();
  context.rect(LEFT, 0, width - LEFT - RIGHT, height);
  context.clip();
  const seen = windows.filter(
    ({ startSeconds, endSeconds }) => endSeconds >= view.fromSeconds - 10 && startSeconds <= view.toSeconds + 10,
  );
  outputs.forEach((_, output) => {
    const style = seriesStyle(colours, output);
    if (seen.length > 0) drawLine(frame, style, seen, output, y);
    else drawBars(frame, style, cycles, output, y, output - (outputs.length - 1) / 2);
  });
  context.restore();
  timeAxis(frame, colours, view, bottom + 2);
}

function drawLine(
  { context, x }: Frame,
  { colour, dash, sign }: SeriesStyle,
  windows: readonly StretchResult[],
  output: number,
  y: (probability: number) => number,
): void {
  context.strokeStyle = context.fillStyle = colour;
  context.lineWidth = 2;
  context.lineJoin = "round";
  context.setLineDash([...dash]);
  context.beginPath();
  const points = windows.map(({ startSeconds, endSeconds, probabilities }) => ({
    x: x((startSeconds + endSeconds) / 2),
    y: y(probabilities[output]!),
  }));
  points.forEach((point, i) => {
    if (i === 0) context.moveTo(point.x, point.y);
    else context.lineTo(point.x, point.y);
  });
  context.stroke();
  context.setLineDash([]);
  // Signs where there is room for them, and always at the end.
  const apart = points.length > 1 ? points[1]!.x - points[0]!.x : 0;
  const every = Math.max(1, Math.ceil(26 / Math.max(apart, 0.1)));
  points.forEach((point, i) => {
    if ((i + 2 * output) % every === 0 || i === points.length - 1)
      context.fill(new Path2D(signPath(sign, point.x, point.y, 4)));
  });
}

function drawBars(
  { context, x }: Frame,
  { colour, dash, sign }: SeriesStyle,
  cycles: readonly StretchResult[],
  output: number,
  y: (probability: number) => number,
  place: number,
): void {
  context.strokeStyle = context.fillStyle = colour;
  context.lineWidth = 2.5;
  context.setLineDash([...dash]);
  for (const { startSeconds, endSeconds, probabilities } of cycles) {
    const at = y(probabilities[output]!);
    context.beginPath();
    context.moveTo(x(startSeconds) + 2, at);
    context.lineTo(x(endSeconds) - 2, at);
    context.stroke();
    const middle = (x(startSeconds) + x(endSeconds)) / 2;
    if (x(endSeconds) - x(startSeconds) > 24) context.fill(new Path2D(signPath(sign, middle + 9 * place, at, 4.5)));
  }
  context.setLineDash([]);
}
