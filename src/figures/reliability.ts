import { errorBar } from "./errorBar.js";
import { type Figure, figureOf } from "./figure.js";
import { type PlotlyFigure, plotlyAxis, plotlyConfig, plotlyLayout } from "./plotly.js";
import { svgLine, svgText, tag } from "./svg.js";
import { svgChart } from "./svgChart.js";
import { counted } from "./text.js";
import { type FigureOptions, seriesColour } from "./theme.js";
import { wilsonInterval } from "./wilson.js";

/** How sure a model was of what it predicted, and whether it was right. */
export interface ReliabilityData {
  /** Probability of the predicted class, 0 to 1, [items]. */
  confidences: ArrayLike<number>;
  /** Whether the predicted class was the true one, [items]. */
  correct: ArrayLike<boolean>;
  /** Bins of equal width; 10 unless told. */
  bins?: number;
}

/** The same, counted into bins of equal width from 0 to 1, [bins]. */
export interface ReliabilityCounts {
  counts: readonly number[];
  /** Items that were predicted right. */
  right: readonly number[];
  /** Mean probability of the predicted class; null where a bin is empty. */
  confidence: readonly (number | null)[];
}

/** Items of one bin. */
export interface ReliabilityBin {
  from: number;
  to: number;
  count: number;
  /** Means over the items, 0 to 1. */
  confidence: number;
  accuracy: number;
  /** Ends of the 95 % interval of the accuracy, after Wilson. */
  low: number;
  high: number;
}

/**
 * Reliability diagram: accuracy over confidence in bins, with 95 % intervals (Wilson) and how many items each bin
 * holds. Throws RangeError where the two lists differ in length.
 */
export function reliability(data: ReliabilityData | ReliabilityCounts, options: FigureOptions = {}): Figure {
  const bins = "counts" in data ? filledBins(data) : reliabilityBins(data);
  const error = expectedCalibrationError(bins);
  return figureOf(options, {
    empty: bins.length === 0 && "There are no predictions.",
    plotly: (o) => plotly(bins, error, o),
    svg: (o) => svg(bins, error, o),
  });
}

/** The bins that hold items, lowest first. Confidences that are no numbers are left out. */
export function reliabilityBins({ confidences, correct, bins = 10 }: ReliabilityData): ReliabilityBin[] {
  if (confidences.length !== correct.length)
    throw new RangeError(`${confidences.length} confidences need as many outcomes, got ${correct.length}`);
  const sums = Array.from({ length: bins }, () => ({ count: 0, confidence: 0, right: 0 }));
  for (let i = 0; i < confidences.length; i++) {
    const confidence = confidences[i]!;
    if (!(confidence >= 0 && confidence <= 1)) continue;
    const sum = sums[Math.min(bins - 1, Math.floor(confidence * bins))]!;
    sum.count++;
    sum.confidence += confidence;
    if (correct[i]) sum.right++;
  }
  return filledBins({
    counts: sums.map(({ count }) => count),
    right: sums.map(({ right }) => right),
    confidence: sums.map(({ count, confidence }) => (count === 0 ? null : confidence / count)),
  });
}

function filledBins({ counts, right, confidence }: ReliabilityCounts): ReliabilityBin[] {
  const bins = counts.length;
  return counts.flatMap((count, b) => {
    const mean = confidence[b];
    if (count === 0 || typeof mean !== "number") return [];
    const [low, high] = wilsonInterval(right[b]!, count);
    return [{ from: b / bins, to: (b + 1) / bins, count, confidence: mean, accuracy: right[b]! / count, low, high }];
  });
}

/** Mean distance of accuracy and confidence over the items, 0 to 1 (Guo et al. 2017, equation 3). */
export function expectedCalibrationError(bins: readonly ReliabilityBin[]): number {
  const items = bins.reduce((sum, { count }) => sum + count, 0);
  return bins.reduce(
    (sum, { count, accuracy, confidence }) => sum + (count / items) * Math.abs(accuracy - confidence),
    0,
  );
}

const xLabel = "confidence (probability of the predicted class)";
const yLabel = "accuracy (share right)";
const errorWords = (error: number) => `expected calibration error ${error.toFixed(3)}`;

function plotly(bins: readonly ReliabilityBin[], error: number, options: FigureOptions): PlotlyFigure {
  const { theme, layout } = plotlyLayout(options);
  const color = seriesColour(theme, 0);
  return {
    data: [
      {
        type: "scatter",
        mode: "lines",
        name: "as sure as right",
        x: [0, 1],
        y: [0, 1],
        line: { color: theme.muted, dash: "dash", width: 1.5 },
        hoverinfo: "skip",
      },
      {
        type: "scatter",
        mode: "lines+markers",
        name: "the model, 95 % interval",
        x: bins.map(({ confidence }) => confidence),
        y: bins.map(({ accuracy }) => accuracy),
        error_y: {
          type: "data",
          symmetric: false,
          array: bins.map(({ high, accuracy }) => high - accuracy),
          arrayminus: bins.map(({ low, accuracy }) => accuracy - low),
          thickness: 1.5,
          width: 4,
        },
        customdata: bins.map(({ count }) => count),
        line: { color, width: 2 },
        marker: { size: 8 },
        hovertemplate: "confidence %{x:.3f}: %{y:.3f} right of %{customdata} items<extra></extra>",
      },
      {
        type: "bar",
        name: "items",
        x: bins.map(({ from, to }) => (from + to) / 2),
        y: bins.map(({ count }) => count),
        width: bins.map(({ from, to }) => to - from),
        yaxis: "y2",
        marker: { color: theme.muted, opacity: 0.6 },
        hovertemplate: "%{y} items<extra></extra>",
      },
    ],
    layout: {
      ...layout,
      height: layout.margin.t + layout.margin.b + 420,
      showlegend: true,
      xaxis: plotlyAxis(theme, xLabel, { range: [0, 1], anchor: "y2" }),
      yaxis: plotlyAxis(theme, yLabel, { range: [0, 1.02], domain: [0.27, 1] }),
      yaxis2: plotlyAxis(theme, "items", { domain: [0, 0.2] }),
      annotations: [
        {
          x: 0.02,
          y: 0.98,
          xanchor: "left",
          yanchor: "top",
          showarrow: false,
          text: errorWords(error),
          font: { size: 12 },
        },
      ],
    },
    config: plotlyConfig,
  };
}

function svg(bins: readonly ReliabilityBin[], error: number, options: FigureOptions): string {
  const most = Math.max(...bins.map(({ count }) => count));
  return svgChart(
    {
      width: 460,
      plotHeight: 330,
      roomAbove: 60,
      x: { label: xLabel, range: [0, 1] },
      y: { label: yLabel, range: [0, 1] },
      legend: [
        {
          name: "the model, 95 % interval",
          key: (theme, x, y) =>
            svgLine(x, y, x + 26, y, seriesColour(theme, 0), { "stroke-width": 2 }) +
            tag("circle", { cx: x + 13, cy: y, r: 4, fill: seriesColour(theme, 0) }),
        },
        {
          name: "as sure as right",
          key: (theme, x, y) => svgLine(x, y, x + 26, y, theme.muted, { "stroke-dasharray": "5 3" }),
        },
      ],
      description: `Accuracy over confidence, ${errorWords(error)}. ${bins.map(({ confidence, accuracy, count }) => `${confidence.toFixed(2)}: ${accuracy.toFixed(2)} of ${counted(count, "item")}`).join("; ")}.`,
      body: ({ theme, x, y, box }) => {
        const colour = seriesColour(theme, 0);
        const counts = bins.map(({ from, to, count }) => {
          const height = (36 * count) / most;
          const bar = { x: x(from) + 1, y: box.top - 8 - height, width: x(to) - x(from) - 2, height };
          const name = svgText(String(count), (x(from) + x(to)) / 2, box.top - 11 - height, {
            "text-anchor": "middle",
            "font-size": 10,
            fill: theme.muted,
          });
          return tag("rect", { ...bar, fill: theme.muted, "fill-opacity": 0.5 }) + name;
        });
        const d = bins
          .map(({ confidence, accuracy }, i) => `${i ? "L" : "M"}${x(confidence).toFixed(1)} ${y(accuracy).toFixed(1)}`)
          .join("");
        const points = bins.map(
          ({ confidence, accuracy, low, high }) =>
            errorBar(x(confidence), y(low), y(high), colour) +
            tag("circle", { cx: x(confidence), cy: y(accuracy), r: 4, fill: colour }),
        );
        return (
          counts.join("") +
          svgText("items", box.left - 7, box.top - 14, { "text-anchor": "end", "font-size": 11, fill: theme.muted }) +
          svgLine(x(0), y(0), x(1), y(1), theme.muted, { "stroke-dasharray": "5 3" }) +
          tag("path", { d, fill: "none", stroke: colour, "stroke-width": 2 }) +
          points.join("") +
          svgText(errorWords(error), box.left + 10, box.top + 20)
        );
      },
    },
    options,
  );
}
