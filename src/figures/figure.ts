import { messageFigure } from "./message.js";
import type { PlotlyFigure } from "./plotly.js";
import type { FigureOptions, Template } from "./theme.js";

/**
 * One picture in its two forms, from the same data. The static one is drawn here, so it is there without a browser. The
 * template is the one of the options; without any, plotly's form is "clear" and the static one "light".
 */
export interface Figure {
  /** Plain JSON for plotly: to hover, zoom and select. */
  plotly(template?: Template): PlotlyFigure;
  /** A whole SVG document. */
  svg(template?: Template): string;
}

/** What a figure is drawn by. `empty` says why there is nothing to draw; it is then shown in the figure's place. */
export interface FigureDrawings {
  empty?: string | false | undefined;
  plotly: (options: FigureOptions) => PlotlyFigure;
  svg: (options: FigureOptions) => string;
}

/** The options with more said in the line under the title. */
export function withNote(options: FigureOptions, ...more: readonly (string | false | undefined)[]): FigureOptions {
  const note = [options.note, ...more].filter(Boolean).join("; ");
  return note ? { ...options, note } : options;
}

/** A figure from what draws its two forms. */
export function figureOf(options: FigureOptions, drawings: FigureDrawings): Figure {
  const { plotly, svg } = drawings.empty ? messageFigure(drawings.empty) : drawings;
  const by = (template?: Template) => (template ? { ...options, template } : options);
  return { plotly: (template) => plotly(by(template)), svg: (template) => svg(by(template)) };
}
