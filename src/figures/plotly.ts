import { wrapText } from "./text.js";
import { escapeText, type FigureOptions, type Theme, themeOf } from "./theme.js";

/** A plotly trace; only the fields that this project sets. */
export interface PlotlyTrace {
  type: "scatter" | "scattergl" | "heatmap" | "contour" | "bar";
  [field: string]: unknown;
}

/** What `Plotly.newPlot` and `application/vnd.plotly.v1+json` take: plain JSON. */
export interface PlotlyFigure {
  data: PlotlyTrace[];
  layout: Record<string, unknown>;
  config: Record<string, unknown>;
}

/** Width that titles are broken at: a cell of a notebook is seldom narrower. */
const titleWidth = 720;

/** Layout shared by all plotly figures. Plotly knows no CSS variables: what is not light or dark is "clear". */
export function plotlyLayout({ title = "", note = "", template = "clear" }: FigureOptions): {
  theme: Theme;
  layout: Record<string, unknown> & { margin: { l: number; r: number; t: number; b: number } };
} {
  const theme = themeOf(template === "page" ? "clear" : template);
  const titles = wrapText(title, titleWidth / 1.1, 15).map((line) => `<b>${escapeText(line)}</b>`);
  const notes = wrapText(note, titleWidth, 12).map((line) => `<span style="font-size:12px">${escapeText(line)}</span>`);
  const lines = [...titles, ...notes];
  return {
    theme,
    layout: {
      title: {
        text: lines.join("<br>"),
        font: { size: 15 },
        x: 0,
        xanchor: "left",
        y: 1,
        yanchor: "top",
        yref: "container",
        pad: { t: 12, l: 12 },
      },
      font: { family: "system-ui, sans-serif", size: 13, color: theme.ink },
      paper_bgcolor: theme.paper,
      plot_bgcolor: theme.paper,
      colorway: [...theme.series],
      // What is under the pointer has its own ground: a figure without one would let the curves through.
      hoverlabel: { bgcolor: "#262b33", bordercolor: "#262b33", font: { color: "#ffffff", size: 12 } },
      modebar: { bgcolor: "rgba(0,0,0,0)", color: theme.muted, activecolor: theme.accent },
      margin: { l: 60, r: 20, t: 22 + titles.length * 20 + notes.length * 16, b: 50 },
      legend: { orientation: "h", x: 0, y: 0, yref: "container", yanchor: "bottom", font: { size: 12 } },
      height: 400,
    },
  };
}

/** How plotly behaves in every figure: it takes the width there is, and carries no maker's mark. */
export const plotlyConfig = { responsive: true, displaylogo: false };

/** An axis with a grid in the theme's colours. `label` carries the unit. */
export function plotlyAxis(theme: Theme, label: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    title: { text: escapeText(label), font: { size: 13 }, standoff: 10 },
    gridcolor: theme.grid,
    linecolor: theme.grid,
    zeroline: false,
    automargin: true,
    ...more,
  };
}
