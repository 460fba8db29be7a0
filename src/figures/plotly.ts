/** A plotly trace; only the fields that this project sets. */
export interface PlotlyTrace {
  type: "scatter" | "heatmap" | "bar";
  [field: string]: unknown;
}

/** What `Plotly.newPlot` and `application/vnd.plotly.v1+json` take: plain JSON. */
export interface PlotlyFigure {
  data: PlotlyTrace[];
  layout: Record<string, unknown>;
}
