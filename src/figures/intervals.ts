import { type Figure, figureOf } from "./figure.js";
import { orGap } from "./lines.js";
import { printedMarker } from "./markers.js";
import { type PlotlyFigure, plotlyAxis, plotlyConfig, plotlyLayout } from "./plotly.js";
import { extent, isNumber, scale, ticks } from "./scales.js";
import { headHeight, svgDocument, svgLine, svgText, tag } from "./svg.js";
import { axes } from "./svgAxes.js";
import { type LegendEntry, legendHeight, svgLegend } from "./svgLegend.js";
import { labelNumber, textWidth } from "./text.js";
import { escapeText, type FigureOptions, seriesColour } from "./theme.js";

/** One row of a forest plot. */
export interface IntervalRow {
  label: string;
  /** Rows of one group stand together under its name, in the order of their first rows. */
  group?: string;
  /** The number of the paper. */
  printed?: number | null;
  /** Our number with the ends of its interval. */
  ours?: { mean: number; low: number | null; high: number | null } | null;
}

/** Rows of a forest plot on one axis. */
export interface IntervalsData {
  rows: readonly IntervalRow[];
  /** With its unit, such as "Score (0 to 1)". */
  xLabel: string;
  /** What the bars are; "95 % interval" unless told. */
  intervalLabel?: string;
  /** A line to compare with, such as chance or no difference. */
  reference?: { value: number; label: string };
}

/** Forest plot: our numbers with their intervals, the printed ones as diamonds beside them. */
export function intervals(data: IntervalsData, options: FigureOptions = {}): Figure {
  const lines = linesOf(data.rows);
  const range = rangeOf(data);
  return figureOf(options, {
    empty: !range && `No ${data.xLabel} yet.`,
    plotly: (o) => plotly(data, lines, o),
    svg: (o) => svg(data, lines, range ?? [0, 1], o),
  });
}

/** A line of the plot: the name of a group, or a row. */
type Line = { heading: string } | { row: IntervalRow };

function linesOf(rows: readonly IntervalRow[]): Line[] {
  const groups = new Map<string | undefined, IntervalRow[]>();
  for (const row of rows) groups.set(row.group, [...(groups.get(row.group) ?? []), row]);
  return [...groups].flatMap(([group, members]): Line[] => [
    ...(group === undefined ? [] : [{ heading: group }]),
    ...members.map((row) => ({ row })),
  ]);
}

function rangeOf({ rows, reference }: IntervalsData): [number, number] | undefined {
  const found = extent(rows.flatMap(({ printed, ours }) => [printed, ours?.mean, ours?.low, ours?.high]));
  if (!found) return undefined;
  const [low, high] = extent([...found, reference?.value])!;
  const pad = (high - low || Math.abs(high) || 1) * 0.06;
  return [low - pad, high + pad];
}

function plotly(data: IntervalsData, lines: readonly Line[], options: FigureOptions): PlotlyFigure {
  const { rows, xLabel, intervalLabel = "95 % interval", reference } = data;
  const { theme, layout } = plotlyLayout(options);
  // By number: two rows may have one name.
  const place = new Map(lines.map((line, i) => ["row" in line ? line.row : line, i]));
  const ours = rows.filter((row) => isNumber(row.ours?.mean));
  const printed = rows.filter((row) => isNumber(row.printed));
  const length = (row: IntervalRow, end: "low" | "high") => {
    const { mean, [end]: at } = row.ours!;
    return isNumber(at) ? Math.abs(at - mean) : 0;
  };
  const words = (row: IntervalRow) => {
    const { mean, low, high } = row.ours!;
    const around = isNumber(low) && isNumber(high) ? ` (${labelNumber(low)} to ${labelNumber(high)})` : "";
    return `${escapeText(row.label)}: ${labelNumber(mean)}${around}`;
  };
  const marks = { type: "scatter" as const, mode: "markers" };
  const showlegend = printed.length > 0 || ours.length > 0;
  return {
    data: [
      {
        ...marks,
        name: `ours, ${escapeText(intervalLabel)}`,
        x: ours.map((row) => row.ours!.mean),
        y: ours.map((row) => place.get(row)!),
        text: ours.map(words),
        error_x: {
          type: "data",
          symmetric: false,
          array: ours.map((row) => length(row, "high")),
          arrayminus: ours.map((row) => length(row, "low")),
          thickness: 2,
          width: 5,
        },
        marker: { color: seriesColour(theme, 0), size: 10 },
        hovertemplate: "%{text}<extra>ours</extra>",
      },
      {
        ...marks,
        name: "printed",
        x: printed.map((row) => orGap(row.printed)),
        y: printed.map((row) => place.get(row)!),
        text: printed.map(({ label }) => escapeText(label)),
        marker: { color: seriesColour(theme, 1), size: 11, symbol: "diamond-open", line: { width: 2 } },
        hovertemplate: "%{text}: %{x:.4~g}<extra>printed</extra>",
      },
    ],
    layout: {
      ...layout,
      height: layout.margin.t + layout.margin.b + 40 + lines.length * 32,
      showlegend,
      xaxis: plotlyAxis(theme, xLabel),
      yaxis: plotlyAxis(theme, "", {
        range: [lines.length - 0.5, -0.5],
        tickvals: lines.map((_, i) => i),
        ticktext: lines.map((line) =>
          "row" in line ? escapeText(line.row.label) : `<b>${escapeText(line.heading)}</b>`,
        ),
        showgrid: false,
      }),
      ...(reference && {
        shapes: [
          {
            type: "line",
            x0: reference.value,
            x1: reference.value,
            yref: "paper",
            y0: 0,
            y1: 1,
            line: { color: theme.muted, dash: "dash", width: 1.5 },
          },
        ],
        annotations: [
          {
            x: reference.value,
            yref: "paper",
            y: 1,
            yanchor: "bottom",
            showarrow: false,
            text: escapeText(reference.label),
            font: { size: 11, color: theme.muted },
          },
        ],
      }),
    },
    config: plotlyConfig,
  };
}

const rowHeight = 30;

function svg(
  data: IntervalsData,
  lines: readonly Line[],
  [low, high]: [number, number],
  options: FigureOptions,
): string {
  const { rows, xLabel, intervalLabel = "95 % interval", reference } = data;
  const names = lines.map((line) => ("row" in line ? line.row.label : line.heading));
  const left = 26 + Math.max(20, ...names.map((name) => textWidth(name, 12) * 1.06));
  const width = Math.round(left + 330);
  const top = headHeight(options, width) + (reference ? 18 : 4);
  const box = { left, right: width - 22, top, bottom: top + lines.length * rowHeight };
  const x = scale(low, high, box.left, box.right);
  const legend: LegendEntry[] = [
    {
      name: `ours, ${intervalLabel}`,
      key: (theme, at, y) => interval(at, at + 24, at + 12, y, seriesColour(theme, 0)),
    },
    ...(rows.some(({ printed }) => isNumber(printed))
      ? [{ name: "printed", key: (theme, at, y) => printedMarker(at + 13, y, seriesColour(theme, 1)) } as LegendEntry]
      : []),
  ];
  return svgDocument({
    ...options,
    width,
    height: box.bottom + 48 + legendHeight(legend, width - 24) + 6,
    description: `${xLabel}. ${rows.map(describe).join("; ")}.`,
    body: (theme) => {
      let out = axes(box, theme, { label: xLabel, ticks: ticks(low, high, 6), at: x });
      if (reference) {
        const at = x(reference.value);
        out += svgLine(at, box.top, at, box.bottom, theme.muted, { "stroke-dasharray": "5 3" });
        const half = textWidth(reference.label, 11) / 2;
        const place = Math.min(Math.max(at, 8 + half), width - 8 - half);
        out += svgText(reference.label, place, box.top - 5, {
          "text-anchor": "middle",
          "font-size": 11,
          fill: theme.muted,
        });
      }
      lines.forEach((line, i) => {
        const y = box.top + (i + 0.5) * rowHeight;
        if ("heading" in line) {
          out += svgText(line.heading, 12, y + 4, { "font-weight": "bold" });
          return;
        }
        const { label, ours, printed } = line.row;
        out += svgText(label, box.left - 10, y + 4, { "text-anchor": "end" });
        if (ours && isNumber(ours.mean)) {
          const ends = isNumber(ours.low) && isNumber(ours.high) ? [ours.low, ours.high] : [ours.mean, ours.mean];
          out += interval(x(ends[0]!), x(ends[1]!), x(ours.mean), y, seriesColour(theme, 0));
        }
        if (isNumber(printed)) out += printedMarker(x(printed), y, seriesColour(theme, 1));
      });
      return out + svgLegend(legend, theme, 12, box.bottom + 46, width - 24);
    },
  });
}

/** A dot in its interval. */
function interval(from: number, to: number, at: number, y: number, colour: string): string {
  const dot = tag("circle", { cx: at, cy: y, r: 4.5, fill: colour });
  if (to - from < 1) return dot;
  const ends = [from, to].map((end) => svgLine(end, y - 5, end, y + 5, colour, { "stroke-width": 2 })).join("");
  return svgLine(from, y, to, y, colour, { "stroke-width": 2.5 }) + ends + dot;
}

function describe({ label, printed, ours }: IntervalRow): string {
  const around =
    ours && isNumber(ours.low) && isNumber(ours.high) ? ` (${ours.low.toFixed(3)} to ${ours.high.toFixed(3)})` : "";
  const own = ours && isNumber(ours.mean) ? `${ours.mean.toFixed(3)}${around}` : "not run";
  return `${label}: printed ${isNumber(printed) ? printed : "nothing"}, ours ${own}`;
}
