import { errorBar } from "./errorBar.js";
import { type Figure, figureOf } from "./figure.js";
import { orGap } from "./lines.js";
import { type PlotlyFigure, plotlyAxis, plotlyConfig, plotlyLayout } from "./plotly.js";
import { isNumber } from "./scales.js";
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

/** Bars by category and group, their numbers written on them, with intervals where they have any. Throws RangeError where a group has not one value for each category. */
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

function plotly({ categories, groups, xLabel, yLabel, log }: BarsData, options: FigureOptions): PlotlyFigure {
  const { theme, layout } = plotlyLayout(options);
  const names = categories.map(escapeText);
  const length = (group: BarGroup, end: "low" | "high") =>
    group.values.map((value, i) => {
      const to = group[end]?.[i];
      return isNumber(value) && isNumber(to) ? Math.abs(to - value) : 0;
    });
  return {
    data: groups.map((group, i) => ({
      type: "bar",
      name: escapeText(group.name),
      x: names,
      y: group.values.map(orGap),
      text: group.values.map((value) => (isNumber(value) ? labelNumber(value) : "")),
      textposition: "outside",
      textfont: { size: 11, color: theme.ink },
      cliponaxis: false,
      ...(group.low &&
        group.high && {
          textposition: "inside",
          insidetextanchor: "start",
          textfont: { size: 11 },
          error_y: {
            type: "data",
            symmetric: false,
            array: length(group, "high"),
            arrayminus: length(group, "low"),
            color: theme.ink,
            thickness: 1.5,
            width: 4,
          },
        }),
      marker: { color: seriesColour(theme, i) },
      hovertemplate: "%{x}: %{y:,}",
    })),
    layout: {
      ...layout,
      barmode: "group",
      showlegend: groups.length > 1,
      xaxis: plotlyAxis(theme, xLabel, { type: "category", showgrid: false }),
      yaxis: plotlyAxis(theme, yLabel, log ? { type: "log", dtick: 1 } : {}),
    },
    config: plotlyConfig,
  };
}

function svg({ categories, groups, xLabel, yLabel, log }: BarsData, options: FigureOptions): string {
  const tops = groups.flatMap(({ values, high = [] }) => [...values, ...high]).filter(isNumber);
  const bottoms = groups.flatMap(({ values, low = [] }) => [...values, ...low]).filter(isNumber);
  const highest = Math.max(0, ...tops);
  const lowest = Math.min(0, ...bottoms);
  const above = bottoms.filter((value) => value > 0);
  const floor = Math.min(1, ...above) * 0.7;
  const range: [number, number] = log ? [floor, Math.max(1, highest) * 1.6] : [lowest * 1.08, highest * 1.08 || 1];
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
      description: `${yLabel} by ${xLabel}. ${groups.map((group) => `${group.name}: ${categories.map((category, i) => `${category} ${group.values[i] ?? "none"}`).join(", ")}`).join("; ")}.`,
      body: ({ theme, x, y, box }) => {
        const each = ((x(1) - x(0)) * 0.8) / groups.length;
        const zero = log ? box.bottom : y(0);
        return groups
          .flatMap(({ values, low, high }, g) =>
            values.map((value, i) => {
              if (!isNumber(value) || (log && value <= 0)) return "";
              const left = x(i) + (g - groups.length / 2) * each;
              const end = y(value);
              const bar = { x: left + 1, y: Math.min(end, zero), width: each - 2, height: Math.abs(zero - end) };
              const [from, to] = [low?.[i], high?.[i]];
              const interval = isNumber(from) && isNumber(to) && !(log && from <= 0);
              const name = labelNumber(value);
              const fits = textWidth(name, 10) <= each + 6;
              const label = svgText(name, left + each / 2, (interval ? Math.min(end, y(to!)) : end) - 5, {
                "text-anchor": "middle",
                "font-size": 10,
              });
              return (
                tag("rect", { ...bar, fill: seriesColour(theme, g) }) +
                (interval ? errorBar(left + each / 2, y(from!), y(to!), theme.ink) : "") +
                (fits ? label : "")
              );
            }),
          )
          .join("");
      },
    },
    options,
  );
}
