import type { CurvesData } from "./curvesFigure.js";
import { curvesFigure } from "./curvesFigure.js";
import { curvesSvg } from "./curvesSvg.js";
import { type Figure, figureOf } from "./figure.js";
import type { FigureOptions } from "./theme.js";

/** Learning curves. */
export function curves(data: CurvesData, options: FigureOptions = {}): Figure {
  return figureOf(
    options,
    (o) => curvesFigure(data, o),
    (o) => curvesSvg(data, o),
  );
}
