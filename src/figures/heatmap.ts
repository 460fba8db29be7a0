import { type Figure, figureOf } from "./figure.js";
import type { HeatmapData } from "./heatmapFigure.js";
import { heatmapFigure } from "./heatmapFigure.js";
import { heatmapSvg } from "./heatmapSvg.js";
import type { FigureOptions } from "./theme.js";

/** Spectrogram or feature map over seconds, its events outlined. */
export function heatmap(data: HeatmapData, options: FigureOptions = {}): Figure {
  return figureOf(
    options,
    (o) => heatmapFigure(data, o),
    (o) => heatmapSvg(data, o),
  );
}
