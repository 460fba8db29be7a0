import type { CurvesData } from "./curvesFigure.js";
import { axes, headHeight, scale, shortNumber, svgDocument, svgText, tag, ticks } from "./svg.js";
import type { FigureOptions } from "./theme.js";

const strokeDashes = ["", "7 4", "2 3", "8 3 2 3", "12 4", "12 3 2 3"];

/** Learning curves as a static picture, the chosen epoch marked. */
export function curvesSvg({ series, yLabel, yRange, chosenEpoch }: CurvesData, options: FigureOptions = {}): string {
  const width = 460;
  const legendRows = Math.ceil(series.length / 3);
  const box = { left: 62, right: width - 16, top: headHeight(options) + 16, bottom: headHeight(options) + 236 };
  const epochs = series.flatMap((curve) => curve.epochs);
  const values = series.flatMap((curve) => curve.values).filter((v): v is number => v !== null && Number.isFinite(v));
  const first = epochs.length ? Math.min(...epochs) : 1;
  const last = epochs.length ? Math.max(...epochs) : 1;
  const [low, high] = yRange ?? paddedRange(values);
  const x = scale(first - (first === last ? 1 : 0), last + (first === last ? 1 : 0), box.left, box.right);
  const y = scale(low, high, box.bottom, box.top);

  return svgDocument({
    ...options,
    width,
    height: box.bottom + 46 + legendRows * 20,
    description: describe({ series, yLabel, chosenEpoch: chosenEpoch ?? null }),
    body: (theme) => {
      const epochTicks = ticks(first, last, 8).filter(Number.isInteger);
      let out = axes(
        box,
        theme,
        { label: "epoch", ticks: epochTicks, at: x },
        { label: yLabel, ticks: ticks(low, high), at: y },
      );
      if (chosenEpoch !== undefined && chosenEpoch !== null) {
        const px = x(chosenEpoch);
        out += tag("line", {
          x1: px,
          x2: px,
          y1: box.top,
          y2: box.bottom,
          stroke: theme.muted,
          "stroke-dasharray": "3 3",
        });
        out += svgText(`chosen: ${chosenEpoch}`, Math.min(Math.max(px, box.left + 34), box.right - 34), box.top - 5, {
          "text-anchor": "middle",
          "font-size": 11,
          fill: theme.muted,
        });
      }
      series.forEach((curve, i) => {
        const colour = theme.series[i % theme.series.length]!;
        const dash = strokeDashes[i % strokeDashes.length] || undefined;
        let path = "";
        let penDown = false;
        let points = "";
        curve.epochs.forEach((epoch, k) => {
          const value = curve.values[k];
          if (value === null || value === undefined || !Number.isFinite(value)) {
            penDown = false;
            return;
          }
          path += `${penDown ? "L" : "M"}${shortNumber(x(epoch))} ${shortNumber(y(value))}`;
          penDown = true;
          if (curve.epochs.length <= 40) points += tag("circle", { cx: x(epoch), cy: y(value), r: 2.5, fill: colour });
        });
        out +=
          tag("path", { d: path, fill: "none", stroke: colour, "stroke-width": 2, "stroke-dasharray": dash }) + points;
        const legendX = box.left + (i % 3) * ((box.right - box.left) / 3);
        const legendY = box.bottom + 58 + Math.floor(i / 3) * 20;
        out += tag("line", {
          x1: legendX,
          x2: legendX + 26,
          y1: legendY - 4,
          y2: legendY - 4,
          stroke: colour,
          "stroke-width": 2,
          "stroke-dasharray": dash,
        });
        out += svgText(curve.name, legendX + 32, legendY, { "font-size": 12 });
      });
      return out;
    },
  });
}

function paddedRange(values: number[]): [number, number] {
  if (values.length === 0) return [0, 1];
  const low = Math.min(...values);
  const high = Math.max(...values);
  const pad = (high - low || Math.abs(high) || 1) * 0.06;
  return [low >= 0 ? Math.max(0, low - pad) : low - pad, high + pad];
}

function describe({ series, yLabel, chosenEpoch }: CurvesData): string {
  const parts = series.map((curve) => {
    const known = curve.values.filter((v): v is number => v !== null && Number.isFinite(v));
    return known.length === 0
      ? `${curve.name}: no values`
      : `${curve.name}: from ${known[0]!.toPrecision(3)} to ${known[known.length - 1]!.toPrecision(3)}`;
  });
  return `${yLabel} over epochs. ${parts.join("; ")}.${chosenEpoch ? ` Chosen epoch: ${chosenEpoch}.` : ""}`;
}
