import { type Figure, figureOf } from "./figure.js";
import { markerPath, svgMarker } from "./markers.js";
import { type PlotlyFigure, plotlyAxis, plotlyConfig, plotlyLayout } from "./plotly.js";
import { isNumber, paddedExtent } from "./scales.js";
import { tag } from "./svg.js";
import { svgChart } from "./svgChart.js";
import { escapeText, type FigureOptions, seriesColour, type Theme } from "./theme.js";

export interface SearchHistoryData {
  /** In the order in which they were tried. */
  trials: readonly {
    /** From 1. */
    number: number;
    state: "running" | "complete" | "pruned" | "failed";
    value?: number;
    /** Its settings, in words. */
    says: string;
  }[];
  /** With its unit, such as "select Score (0 to 1)". */
  yLabel: string;
}

/** The value of each trial of a search: filled where it ran to its end, hollow where it was stopped early; a line for the best so far. */
export function searchHistory(data: SearchHistoryData, options: FigureOptions = {}): Figure {
  return figureOf(options, {
    empty: !data.trials.some(({ value }) => isNumber(value)) && `No trial has a value yet.`,
    plotly: (o) => plotly(data, o),
    svg: (o) => svg(data, o),
  });
}

/** Of the complete trials up to each one; null before the first. */
function bestSoFar({ trials }: SearchHistoryData): (number | null)[] {
  let best: number | null = null;
  return trials.map(({ state, value }) => {
    if (state === "complete" && isNumber(value)) best = Math.max(best ?? value, value);
    return best;
  });
}

const having = (data: SearchHistoryData, state: "complete" | "pruned") =>
  data.trials.filter((trial) => trial.state === state && isNumber(trial.value));

function plotly(data: SearchHistoryData, options: FigureOptions): PlotlyFigure {
  const { theme, layout } = plotlyLayout(options);
  const points = (state: "complete" | "pruned", name: string, symbol: string, colour: number) => {
    const own = having(data, state);
    return {
      type: "scatter" as const,
      mode: "markers",
      name,
      x: own.map(({ number }) => number),
      y: own.map(({ value }) => value!),
      text: own.map(({ says }) => escapeText(says)),
      hovertemplate: "trial %{x}: %{y:.4f}<br>%{text}<extra></extra>",
      marker: { symbol, size: 10, color: seriesColour(theme, colour), line: { width: 2 } },
    };
  };
  return {
    data: [
      {
        type: "scatter",
        mode: "lines",
        name: "best so far",
        x: data.trials.map(({ number }) => number),
        y: bestSoFar(data),
        line: { color: seriesColour(theme, 0), width: 2, shape: "hv" },
        hoverinfo: "skip",
      },
      points("complete", "ran to its end", "circle", 0),
      points("pruned", "stopped early", "diamond-open", 1),
    ],
    layout: {
      ...layout,
      showlegend: true,
      xaxis: plotlyAxis(theme, "trial", { dtick: data.trials.length > 20 ? 5 : 1 }),
      yaxis: plotlyAxis(theme, data.yLabel),
    },
    config: plotlyConfig,
  };
}

function svg(data: SearchHistoryData, options: FigureOptions): string {
  const { trials, yLabel } = data;
  const values = trials.map(({ value }) => value);
  const every = Math.ceil(trials.length / 20);
  const complete = (theme: Theme, x: number, y: number) => svgMarker("circle", x, y, 5, seriesColour(theme, 0));
  const pruned = (theme: Theme, x: number, y: number) =>
    tag("path", {
      d: markerPath("diamond", x, y, 5),
      fill: "none",
      stroke: seriesColour(theme, 1),
      "stroke-width": 2,
    });
  const stepPath = (at: readonly (readonly [number, number])[]) =>
    at.map(([x, y], i) => (i === 0 ? `M${x} ${y}` : `H${x}V${y}`)).join("");
  return svgChart(
    {
      width: 640,
      plotHeight: 240,
      x: {
        label: "trial",
        range: [0.5, trials.length + 0.5],
        ticks: trials.map(({ number }) => number).filter((number) => (number - 1) % every === 0),
      },
      y: { label: yLabel, range: paddedExtent(values) },
      legend: [
        { name: "ran to its end", key: (theme, x, y) => complete(theme, x + 13, y) },
        { name: "stopped early", key: (theme, x, y) => pruned(theme, x + 13, y) },
        {
          name: "best so far",
          key: (theme, x, y) =>
            tag("path", { d: `M${x} ${y}H${x + 26}`, fill: "none", stroke: seriesColour(theme, 0), "stroke-width": 2 }),
        },
      ],
      description: `${yLabel} by trial. ${trials.map(({ number, state, value }) => `${number}: ${isNumber(value) ? value.toFixed(4) : "none"}, ${state}`).join("; ")}.`,
      body({ theme, x, y }) {
        const best = bestSoFar(data).flatMap((value, i) =>
          value === null ? [] : [[x(trials[i]!.number), y(value)] as const],
        );
        return [
          tag("path", { d: stepPath(best), fill: "none", stroke: seriesColour(theme, 0), "stroke-width": 2 }),
          ...having(data, "complete").map(({ number, value }) => complete(theme, x(number), y(value!))),
          ...having(data, "pruned").map(({ number, value }) => pruned(theme, x(number), y(value!))),
        ].join("");
      },
    },
    options,
  );
}
