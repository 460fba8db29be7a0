import { type PlotlyFigure, plotlyConfig, plotlyLayout } from "./plotly.js";
import { headHeight, svgDocument, svgText } from "./svg.js";
import { wrapText } from "./text.js";
import { escapeText, type FigureOptions } from "./theme.js";

/** What stands in a figure's place when there is nothing to draw: a sentence that says why. */
export function messageFigure(message: string): {
  plotly: (options: FigureOptions) => PlotlyFigure;
  svg: (options: FigureOptions) => string;
} {
  return {
    plotly: (options) => {
      const { theme, layout } = plotlyLayout(options);
      const nothing = { visible: false };
      const words = {
        text: wrapText(message, 420, 13).map(escapeText).join("<br>"),
        showarrow: false,
        font: { size: 13, color: theme.muted },
      };
      const middle = { xref: "paper", yref: "paper", x: 0.5, y: 0.5 };
      return {
        data: [],
        layout: { ...layout, height: 180, xaxis: nothing, yaxis: nothing, annotations: [{ ...words, ...middle }] },
        config: plotlyConfig,
      };
    },
    svg: (options) => {
      const width = 460;
      const lines = wrapText(message, width - 60, 13);
      const top = headHeight(options, width) + 24;
      return svgDocument({
        ...options,
        width,
        height: top + lines.length * 18 + 24,
        description: message,
        body: (theme) =>
          lines
            .map((line, i) =>
              svgText(line, width / 2, top + 12 + i * 18, {
                "text-anchor": "middle",
                "font-size": 13,
                fill: theme.muted,
              }),
            )
            .join(""),
      });
    },
  };
}
