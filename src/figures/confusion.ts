import type { ConfusionData } from "./confusionFigure.js";
import { confusionFigure } from "./confusionFigure.js";
import { confusionSvg } from "./confusionSvg.js";
import { type Figure, figureOf } from "./figure.js";
import type { FigureOptions } from "./theme.js";

/** Confusion matrix, counts and rates. */
export function confusion(data: ConfusionData, options: FigureOptions = {}): Figure {
  return figureOf(
    options,
    (o) => confusionFigure(data, o),
    (o) => confusionSvg(data, o),
  );
}
