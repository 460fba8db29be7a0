import { type Figure, figureOf } from "./figure.js";
import type { FigureOptions } from "./theme.js";
import type { WaveformData } from "./waveformFigure.js";
import { waveformFigure } from "./waveformFigure.js";
import { waveformSvg } from "./waveformSvg.js";

/** Waveform of a recording, its events shaded. */
export function waveform(data: WaveformData, options: FigureOptions = {}): Figure {
  return figureOf(
    options,
    (o) => waveformFigure(data, o),
    (o) => waveformSvg(data, o),
  );
}
