import { MAGMA } from "../../features/magma.js";
import { SPECTRUM_ROWS, SPECTRUM_TOP_HZ } from "../listening/spectra.js";
import { frameOf, LEFT, RIGHT } from "./canvasFrame.js";
import { areWide, axisText } from "./pictureAxes.js";
import type { Scene } from "./scene.js";
import { drawSeenOnSpectrum, greys } from "./seenPicture.js";
import type { Colours } from "./seriesStyle.js";

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
