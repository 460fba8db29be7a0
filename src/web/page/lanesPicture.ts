import type { Mark } from "../listening/annotation.js";
import { type Frame, frameOf, LEFT, RIGHT } from "./canvasFrame.js";
import { axisText } from "./pictureAxes.js";
import type { Scene } from "./scene.js";
import { type Colours, seriesStyle, signPath } from "./seriesStyle.js";

const LANE = 26;

/** A row for what a person marked, where there is one, and a row for what the model decided. */
export function drawLanes(canvas: HTMLCanvasElement, colours: Colours, scene: Scene): void {
  const { view, cycles, marks, chosen } = scene;
  const frame = frameOf(canvas, view.fromSeconds, view.toSeconds);
  let top = 2;
  if (marks.length > 0) {
    axisText(frame, colours, "marked", top + 17);
    for (const mark of marks) drawLabel(frame, colours, scene, mark, top, false, true);
    top += LANE;
  }
  axisText(frame, colours, "model", top + 17);
  for (const cycle of cycles) drawLabel(frame, colours, scene, cycle, top, cycle === chosen, false);
}

function drawLabel(
  { context, width, x }: Frame,
  colours: Colours,
  { labels, outputs }: Scene,
  { startSeconds, endSeconds, label }: Mark,
  top: number,
  isChosen: boolean,
  outlined: boolean,
): void {
  const from = Math.max(LEFT, x(startSeconds));
  const to = Math.min(width - RIGHT, x(endSeconds));
  if (to <= from) return;
  const index = styleIndex(label, labels, outputs);
  const colour = index < 0 ? colours.muted : seriesStyle(colours, index).colour;
  const [w, h] = [Math.max(1, to - from - 1), LANE - 4];
  context.save();
  context.beginPath();
  context.roundRect(from + 0.5, top, w, h, 4);
  context.globalAlpha = outlined ? 0 : isChosen ? 0.5 : 0.24;
  context.fillStyle = colour;
  context.fill();
  context.globalAlpha = 1;
  context.strokeStyle = isChosen ? colours.ink : colour;
  context.lineWidth = isChosen ? 2 : 1;
  if (w > 4 || isChosen || outlined) context.stroke();
  context.clip();
  const style = index < 0 ? undefined : seriesStyle(colours, index);
  let left = from + 6;
  if (style && w > 14) {
    context.fillStyle = colour;
    context.fill(new Path2D(signPath(style.sign, left + 4, top + h / 2, 4)));
    left += 13;
  }
  if (context.measureText(label).width < from + w - left - 3) {
    context.fillStyle = colours.ink;
    context.fillText(label, left, top + h / 2 + 4);
  }
  context.restore();
}

/** A label has the colour and sign of the output of its name; those without one come behind. -1 for what is no label. */
function styleIndex(label: string, labels: readonly string[], outputs: readonly string[]): number {
  if (outputs.includes(label)) return outputs.indexOf(label);
  const others = labels.filter((one) => !outputs.includes(one));
  return others.includes(label) ? outputs.length + others.indexOf(label) : -1;
}
