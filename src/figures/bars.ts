import { errorBar } from "./errorBar.js";
import { type Figure, figureOf } from "./figure.js";
import { orGap } from "./lines.js";
import { type PlotlyFigure, type PlotlyTrace, plotlyAxis, plotlyConfig, plotlyLayout } from "./plotly.js";
import { extent, isNumber } from "./scales.js";
import { svgText, tag } from "./svg.js";
import { svgChart } from "./svgChart.js";
import { labelNumber, textWidth } from "./text.js";
import { escapeText, type FigureOptions, seriesColour } from "./theme.js";

/** Bars of one colour, one for each category. */
export interface BarGroup {
  name: string;
  /** [categories]; null where there is none. */
  values: readonly (number | null)[];
  /** Ends of the intervals, [categories]. */
  low?: readonly (number | null)[];
  high?: readonly (number | null)[];
}

export interface BarsData {
  /** Such as the classes. */
  categories: readonly string[];
  groups: readonly BarGroup[];
  /** What the categories are, such as "kind of event". */
  xLabel: string;
  /** With its unit, such as "events (count)". */
  yLabel: string;
  /** By the logarithm, so that rare classes are seen beside frequent ones. */
  log?: boolean;
}

/**
 * Bars by category and group, their numbers written on them, with intervals where they have any. Throws RangeError
 * where a group has not one value for each category.
 */
export function bars(data: BarsData, options: FigureOptions = {}): Figure {
  for (const { name, values } of data.groups)
    if (values.length !== data.categories.length)
      throw new RangeError(`${name}: ${data.categories.length} categories need as many values, got ${values.length}`);
  return figureOf(options, {
    empty: !data.groups.some(({ values }) => values.some(isNumber)) && `There is no ${data.yLabel}.`,
    plotly: (o) => plotly(data, o),
    svg: (o) => svg(data, o),
  });
}

/** The range of the values' axis: with room for the numbers, from below 1 on a logarithmic one. */
function rangeOf({ groups, log }: BarsData): [number, number] {
  const tops = groups.flatMap(({ values, high = [] }) => [...values, ...high]);
  const bottoms = groups.flatMap(({ values, low = [] }) => [...values, ...low]);
  const [, highest] = extent([0, ...tops])!;
  const [lowest] = extent([0, ...bottoms])!;
  if (!log) return [lowest * 1.1, highest * 1.1 || 1];
  const [smallest] = extent([1, ...bottoms.filter((value) => isNumber(value) && value > 0)])!;
  return [smallest * 0.7, Math.max(1, highest) * 1.8];
}

function plotly(data: BarsData, options: FigureOptions): PlotlyFigure {
  const { categories, groups, xLabel, yLabel, log } = data;
  const { theme, layout } = plotlyLayout(options);
  const names = categories.map(escapeText);
  const range = rangeOf(data);
  return {
    data: groups.flatMap((group, i): PlotlyTrace[] => {
      const { values, low, high } = group;
      const color = seriesColour(theme, i);
      const distance = (ends: BarGroup["low"]) =>
        values.map((value, k) => {
          const end = ends?.[k];
          return isNumber(value) && isNumber(end) ? Math.abs(end - value) : 0;
        });
      const place = { x: names, offsetgroup: String(i), legendgroup: String(i) };
      const bar: PlotlyTrace = {
        type: "bar",
        name: escapeText(group.name),
        ...place,
        y: values.map(orGap),
        marker: { color: low ? `${color}${tint}` : color, line: { color, width: low ? 1 : 0 } },
        hovertemplate: "%{x}: %{y:,}",
      };
      const error = { type: "data", symmetric: false, array: distance(high), arrayminus: distance(low), color };
      const numbers: PlotlyTrace = {
        type: "scatter",
        // The unseen marker keeps the number off the bar.
        mode: "markers+text",
        marker: { size: 8, opacity: 0 },
        ...place,
        y: values.map((value, k) =>
          isNumber(value) ? Math.max(value, high?.[k] ?? value, log ? range[0] : value) : null,
        ),
        text: values.map((value) => (isNumber(value) ? labelNumber(value) : "")),
        textposition: "top center",
        textfont: { size: 11, color: theme.ink },
        showlegend: false,
        hoverinfo: "skip",
      };
      return [low && high ? { ...bar, error_y: { ...error, thickness: 2, width: 4 } } : bar, numbers];
    }),
    layout: {
      ...layout,
      barmode: "group",
      scattermode: "group",
      showlegend: groups.length > 1,
      xaxis: plotlyAxis(theme, xLabel, { type: "category", showgrid: false }),
      yaxis: plotlyAxis(theme, log ? `${yLabel}, logarithmic` : yLabel, {
        range: log ? range.map(Math.log10) : range,
        ...(log && { type: "log", dtick: 1 }),
      }),
    },
    config: plotlyConfig,
  };
}

/** Of bars that carry an interval, as two hexadecimal digits and as a share: the interval is seen on them. */
const tint = "59";
const tintShare = 0.35;

function svg(data: BarsData, options: FigureOptions): string {
  const { categories, groups, xLabel, yLabel, log } = data;
  const range = rangeOf(data);
  const width = Math.min(960, Math.max(460, 110 + categories.length * Math.max(46, groups.length * 34)));
  return svgChart(
    {
      width,
      plotHeight: 240,
      x: {
        label: xLabel,
        range: [-0.5, categories.length - 0.5],
        ticks: categories.map((_, i) => i),
        names: categories,
      },
      y: { label: log ? `${yLabel}, logarithmic` : yLabel, range, ...(log && { log }) },
      legend:
        groups.length > 1
          ? groups.map(({ name }, i) => ({
              name,
              key: (theme, x, y) => tag("rect", { x, y: y - 6, width: 26, height: 12, fill: seriesColour(theme, i) }),
            }))
          : [],
      description: `${yLabel} by ${xLabel}. ${groups.map((group) => `${group.name}: ${categories.map((category, i) => `${category} ${isNumber(group.values[i]) ? group.values[i] : "none"}`).join(", ")}`).join("; ")}.`,
      body: ({ theme, x, y, box }) => {
        const each = ((x(1) - x(0)) * 0.8) / groups.length;
        const zero = log ? box.bottom : y(0);
        return groups
          .flatMap(({ values, low, high }, g) =>
            values.map((value, i) => {
              if (!isNumber(value)) return "";
              const colour = seriesColour(theme, g);
              const left = x(i) + (g - groups.length / 2) * each;
              const end = log && value <= 0 ? box.bottom : y(value);
              const bar = { x: left + 1, y: Math.min(end, zero), width: each - 2, height: Math.abs(zero - end) };
              const [from, to] = [low?.[i], high?.[i]];
              const interval = isNumber(from) && isNumber(to) && !(log && from <= 0);
              const fill = interval ? { "fill-opacity": tintShare, stroke: colour } : {};
              const name = labelNumber(value);
              const middle = { "text-anchor": "middle", "font-size": 10 };
              const label = svgText(name, left + each / 2, (interval ? Math.min(end, y(to)) : end) - 5, middle);
              return (
                tag("rect", { ...bar, fill: colour, ...fill }) +
                (interval ? errorBar(left + each / 2, y(from), y(to), colour) : "") +
                (textWidth(name, 10) <= each + 6 ? label : "")
              );
            }),
          )
          .join("");
      },
    },
    options,
  );
}
