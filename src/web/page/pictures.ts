import { MAGMA } from "../../features/magma.js";
import type { Mark } from "../listening/annotation.js";
import type { Peaks } from "../listening/peaks.js";
import type { StretchResult } from "../listening/results.js";
import { SPECTRUM_ROWS, SPECTRUM_TOP_HZ } from "../listening/spectra.js";
import type { SpectrumColumns } from "../listening/spectrumColumns.js";
import { timeTicks } from "../listening/ticks.js";
import type { TimeView } from "../listening/timeView.js";
import { type Frame, frameOf, LEFT, RIGHT } from "./canvasFrame.js";
import { drawSeenOnSpectrum, greys, type SeenScene } from "./seenPicture.js";
import { type Colours, type SeriesStyle, seriesStyle, signPath } from "./seriesStyle.js";

/** What the pictures show. */
export interface Scene {
  view: TimeView;
  peaks: Peaks;
  columns: SpectrumColumns;
  /** Of the recording, or so far. */
  seconds: number;
  windows: readonly StretchResult[];
  cycles: readonly StretchResult[];
  marks: readonly Mark[];
  outputs: readonly string[];
  labels: readonly string[];
  chosen: StretchResult | undefined;
  playheadSeconds: number | undefined;
  pointerSeconds: number | undefined;
  /** What the model looked at in the chosen stretch. */
  seen: SeenScene | undefined;
}

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

/** Whether a cycle is a few pixels wide; of narrower ones borders would hide what lies between. */
function areWide({ width, x }: Frame, cycles: readonly StretchResult[]): boolean {
  const seen = cycles.filter(({ startSeconds, endSeconds }) => x(endSeconds) > LEFT && x(startSeconds) < width);
  return seen.length === 0 || (width - LEFT) / seen.length > 10;
}

/** Every second cycle is tinted, so that borders are seen where cycles touch. */
function shadeCycles(frame: Frame, colours: Colours, cycles: readonly StretchResult[]): void {
  const { context, height, x } = frame;
  if (!areWide(frame, cycles)) return;
  context.fillStyle = colours.soft;
  cycles.forEach(({ startSeconds, endSeconds }, i) => {
    if (i % 2 === 0) context.fillRect(x(startSeconds), 0, x(endSeconds) - x(startSeconds), height);
  });
}

let palette: Uint32Array | undefined;

/** [256] colours as a canvas holds them. */
function magma(): Uint32Array {
  palette ??= Uint32Array.from({ length: 256 }, (_, i) => {
    const [red, green, blue] = [MAGMA[3 * i]!, MAGMA[3 * i + 1]!, MAGMA[3 * i + 2]!];
    return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
  });
  return palette;
}

const picture = document.createElement("canvas");

export function drawSpectrum(
  canvas: HTMLCanvasElement,
  colours: Colours,
  { view, columns, cycles, seconds, seen }: Scene,
): void {
  const frame = frameOf(canvas, view.fromSeconds, view.toSeconds);
  const { context, width, height, x } = frame;
  const inner = Math.max(1, Math.floor(width - LEFT - RIGHT));
  if (picture.width !== inner || picture.height !== SPECTRUM_ROWS) {
    picture.width = inner;
    picture.height = SPECTRUM_ROWS;
  }
  const image = new ImageData(inner, SPECTRUM_ROWS);
  const pixels = new Uint32Array(image.data.buffer);
  // Orange is seen on greys, not among magma's own oranges.
  const table = seen ? greys() : magma();
  const levels = new Uint8Array(SPECTRUM_ROWS);
  const pixel = (view.toSeconds - view.fromSeconds) / inner;
  const { black, bright } = columns.range();
  for (let column = 0; column < inner; column++) {
    const from = view.fromSeconds + column * pixel;
    if (from >= seconds || !columns.between(from, from + pixel, levels)) continue;
    for (let row = 0; row < SPECTRUM_ROWS; row++) {
      const share = Math.max(0, Math.min(1, (levels[row]! - black) / (bright - black)));
      pixels[(SPECTRUM_ROWS - 1 - row) * inner + column] = table[Math.round(255 * share)]!;
    }
  }
  const paper = picture.getContext("2d")!;
  paper.putImageData(image, 0, 0);
  context.fillStyle = colours.soft;
  context.fillRect(LEFT, 0, inner, height);
  context.imageSmoothingEnabled = true;
  context.drawImage(picture, LEFT, 0, inner, height);
  if (seen) drawSeenOnSpectrum(frame, seen, inner);
  context.fillStyle = "rgba(255, 255, 255, 0.75)";
  for (const { startSeconds, endSeconds } of areWide(frame, cycles) ? cycles : []) {
    for (const seconds of [startSeconds, endSeconds]) {
      const at = x(seconds);
      if (at >= LEFT && at <= width - RIGHT) context.fillRect(at - 0.5, 0, 1, height);
    }
  }
  for (const hertz of [0, 500, 1000, 1500, 2000]) {
    const y = height * (1 - hertz / SPECTRUM_TOP_HZ);
    const text = hertz === 0 ? "0 Hz" : hertz >= 1000 ? `${hertz / 1000} kHz` : String(hertz);
    axisText(frame, colours, text, Math.min(height - 2, Math.max(11, y + 4)));
  }
}

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

function timeAxis(
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

function axisText({ context }: Frame, colours: Colours, text: string, y: number): void {
  context.fillStyle = colours.muted;
  context.textAlign = "right";
  context.fillText(text, LEFT - 6, y);
  context.textAlign = "left";
}

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
