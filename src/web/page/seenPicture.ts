import { frameAt, rowAt, type SeenMap, valueAt } from "../listening/seenPart.js";
import { SPECTRUM_ROWS, SPECTRUM_TOP_HZ } from "../listening/spectra.js";
import { type Frame, frameOf, LEFT, RIGHT } from "./canvasFrame.js";
import type { Colours } from "./seriesStyle.js";

/** What the model looked at in a stretch, ready to be drawn. */
export interface SeenScene {
  startSeconds: number;
  endSeconds: number;
  /** Of one output, one for each input. */
  maps: readonly SeenMap[];
  /** Where it is drawn: on the spectrogram; as a line beneath it, of time alone; or over the input, in a picture of its own. */
  form: "spectrum" | "strip" | "own";
  view: { fromSeconds: number; toSeconds: number };
}

/** The figures' orange. */
const ORANGE = [255, 122, 26] as const;
/** As dark as the greys beneath may become: what is looked at shall still be seen through it. */
const OPACITY = 0.72;
/** Rows of the picture of an input. */
const OWN_ROWS = 128;

let table: Uint32Array | undefined;

/** [256] greys as a canvas holds them. */
export function greys(): Uint32Array {
  table ??= Uint32Array.from({ length: 256 }, (_, level) => {
    const value = Math.round(20 + 0.85 * level);
    return ((255 << 24) | (value << 16) | (value << 8) | value) >>> 0;
  });
  return table;
}

/** The map over the spectrogram, or only the frame of its stretch where it is drawn elsewhere. */
export function drawSeenOnSpectrum(frame: Frame, seen: SeenScene, inner: number): void {
  if (seen.form === "spectrum")
    drawMap(frame, seen, inner, SPECTRUM_ROWS, (map, share) => rowAt(map, share * SPECTRUM_TOP_HZ));
  drawBorder(frame, seen);
}

/** The picture beneath the spectrogram, in the same time: how much at each moment, or the map over the input. */
export function drawSeenBeneath(canvas: HTMLCanvasElement, colours: Colours, seen: SeenScene): void {
  const frame = frameOf(canvas, seen.view.fromSeconds, seen.view.toSeconds);
  const { context, width, height } = frame;
  context.fillStyle = colours.soft;
  context.fillRect(LEFT, 0, width - LEFT - RIGHT, height);
  context.fillStyle = colours.muted;
  context.textAlign = "right";
  if (seen.form === "strip") {
    context.fillText("looks", LEFT - 6, height / 2 + 4);
    context.textAlign = "left";
    drawStrip(frame, colours, seen);
  } else {
    context.fillText("last row", LEFT - 6, 12);
    context.fillText("first", LEFT - 6, height - 3);
    context.textAlign = "left";
    drawOwn(frame, seen);
    drawBorder(frame, seen);
  }
}

function drawOwn(frame: Frame, seen: SeenScene): void {
  const inner = Math.max(1, Math.floor(frame.width - LEFT - RIGHT));
  drawPixels(frame, inner, OWN_ROWS, (pixels, secondsAt) => {
    for (let column = 0; column < inner; column++) {
      for (const { input, place, ...map } of seen.maps) {
        if (!input) continue;
        const at = frameAt({ ...map, place, frames: input.frames }, secondsAt(column));
        if (at < 0) continue;
        for (let row = 0; row < OWN_ROWS; row++) {
          const value = input.values[Math.floor((row * input.rows) / OWN_ROWS) * input.frames + Math.round(at)]!;
          pixels[(OWN_ROWS - 1 - row) * inner + column] = greys()[Math.round(255 * value)]!;
        }
      }
    }
  });
  const rowOf = ({ rows }: SeenMap, share: number) => Math.max(0, Math.min(rows - 1, share * rows - 0.5));
  drawMap(frame, seen, inner, OWN_ROWS, rowOf);
}

/** @param rowOf the map's row at a share of the picture's height, from below; -1 where it has none */
function drawMap(
  frame: Frame,
  seen: SeenScene,
  inner: number,
  rows: number,
  rowOf: (map: SeenMap, share: number) => number,
): void {
  const values = new Float32Array(rows * inner);
  drawPixels(frame, inner, rows, (pixels, secondsAt) => {
    for (const map of seen.maps) {
      const rowsAt = Float32Array.from({ length: rows }, (_, row) => rowOf(map, (row + 0.5) / rows));
      for (let column = 0; column < inner; column++) {
        const at = frameAt(map, secondsAt(column));
        if (at < 0) continue;
        for (let row = 0; row < rows; row++) {
          if (rowsAt[row]! < 0) continue;
          const cell = (rows - 1 - row) * inner + column;
          // Where inputs overlap, what either of them looked at.
          values[cell] = Math.max(values[cell]!, valueAt(map, rowsAt[row]!, at));
        }
      }
    }
    paint(values, inner, rows, pixels);
  });
}

/** Orange by value, and a line around what is above half of the most, for whom colours tell little. */
function paint(values: Float32Array, columns: number, rows: number, pixels: Uint32Array): void {
  const [red, green, blue] = ORANGE;
  const colour = (alpha: number) => ((Math.round(255 * alpha) << 24) | (blue << 16) | (green << 8) | red) >>> 0;
  const isHigh = (row: number, column: number) => values[row * columns + column]! >= 0.5;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const at = row * columns + column;
      const here = isHigh(row, column);
      const isBorder =
        (row + 1 < rows && here !== isHigh(row + 1, column)) ||
        (column + 1 < columns && here !== isHigh(row, column + 1));
      pixels[at] = isBorder ? colour(1) : colour(OPACITY * Math.min(1, values[at]!));
    }
  }
}

const picture = document.createElement("canvas");

/** Draws pixels, [rows, columns] from the top, over the picture's whole place. */
function drawPixels(
  { context, height, x }: Frame,
  columns: number,
  rows: number,
  fill: (pixels: Uint32Array, secondsAt: (column: number) => number) => void,
): void {
  const image = new ImageData(columns, rows);
  const scale = x(1) - x(0);
  const from = -(x(0) - LEFT) / scale;
  fill(new Uint32Array(image.data.buffer), (column) => from + (column + 0.5) / scale);
  [picture.width, picture.height] = [columns, rows];
  picture.getContext("2d")!.putImageData(image, 0, 0);
  context.imageSmoothingEnabled = true;
  context.drawImage(picture, LEFT, 0, columns, height);
}

/** Around the stretch that is explained. */
function drawBorder({ context, width, height, x }: Frame, { startSeconds, endSeconds }: SeenScene): void {
  context.save();
  context.beginPath();
  context.rect(LEFT, 0, width - LEFT - RIGHT, height);
  context.clip();
  context.strokeStyle = "#ffffff";
  context.lineWidth = 2;
  context.strokeRect(x(startSeconds) + 1, 1, x(endSeconds) - x(startSeconds) - 2, height - 2);
  context.restore();
}

/** A filled line, as high as the model looked there. */
function drawStrip({ context, width, height, x }: Frame, colours: Colours, { maps }: SeenScene): void {
  context.save();
  context.beginPath();
  context.rect(LEFT, 0, width - LEFT - RIGHT, height);
  context.clip();
  context.fillStyle = `rgb(${ORANGE.join()})`;
  for (const map of maps) {
    const { soundStartSeconds: from, soundEndSeconds: to } = map.place;
    for (let at = Math.max(LEFT, Math.floor(x(from))); at < Math.min(width - RIGHT, x(to)); at++) {
      const seconds = (at + 0.5 - x(0)) / (x(1) - x(0));
      const frame = frameAt(map, seconds);
      if (frame < 0) continue;
      const high = valueAt(map, 0, frame) * (height - 4);
      context.fillRect(at, height - high, 1, high);
    }
  }
  context.fillStyle = colours.muted;
  context.fillRect(LEFT, height - 1, width - LEFT - RIGHT, 1);
  context.restore();
}
