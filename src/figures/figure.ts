import type { PlotlyFigure } from "./plotly.js";
import type { FigureOptions, Template } from "./theme.js";

/**
 * One picture in its two forms, from the same data. The static one is drawn here, so it is there without a browser; the
 * template is the one of the options unless another is asked for.
 */
export interface Figure {
  /** Plain JSON for plotly: to hover, zoom and select. */
  plotly(template?: Template): PlotlyFigure;
  /** A whole SVG document. */
  svg(template?: Template): string;
}

/** A figure from what draws its two forms. */
export function figureOf(
  options: FigureOptions,
  plotly: (options: FigureOptions) => PlotlyFigure,
  svg: (options: FigureOptions) => string,
): Figure {
  const by = (template?: Template) => (template ? { ...options, template } : options);
  return { plotly: (template) => plotly(by(template)), svg: (template) => svg(by(template)) };
}
