import { type HeatmapData, refuseWrongShape } from "./heatmapFigure.js";
import { palettePng } from "./palettePng.js";
import { axes, headHeight, scale, svgDocument, svgText, tag, ticks } from "./svg.js";
import type { FigureOptions } from "./theme.js";

/** Anchors of matplotlib's and plotly's Viridis, evenly spaced. */
const viridis = [
  [68, 1, 84],
  [72, 40, 120],
  [62, 74, 137],
  [49, 104, 142],
  [38, 130, 142],
  [31, 158, 137],
  [53, 183, 121],
  [109, 205, 89],
  [180, 222, 44],
  [253, 231, 37],
];

/** Feature map or spectrogram as a static picture over seconds, events outlined. Row 0 is at the bottom. */
export function heatmapSvg(data: HeatmapData, options: FigureOptions = {}): string {
  refuseWrongShape(data);
  const { values, rows, frames, hopSeconds, startSeconds = 0, rowLabel, rowValues, valueLabel, events = [] } = data;
  const width = 720;
  const top = headHeight(options) + (events.length > 0 ? 16 : 4);
  const box = { left: 70, right: width - 84, top, bottom: top + 200 };
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) continue;
    low = Math.min(low, values[i]!);
    high = Math.max(high, values[i]!);
  }
  const level = scale(low, high, 0, 255);
  const indices = new Uint8Array(rows * frames);
  for (let r = 0; r < rows; r++) {
    for (let f = 0; f < frames; f++) {
      const value = values[r * frames + f]!;
      indices[(rows - 1 - r) * frames + f] = Number.isFinite(value) ? Math.round(level(value)) : 0;
    }
  }
  const palette = Array.from({ length: 256 }, (_, i) => viridisAt(i / 255));
  const from = startSeconds - hopSeconds / 2;
  const x = scale(from, from + frames * hopSeconds, box.left, box.right);
  const y = scale(-0.5, rows - 0.5, box.bottom, box.top);
  const rowTicks = ticks(0, rows - 1, 5).filter(Number.isInteger);
  const picture = { preserveAspectRatio: "none", "image-rendering": "pixelated" };

  return svgDocument({
    ...options,
    width,
    height: box.bottom + 46,
    description: `${valueLabel} over time and ${rowLabel}: ${rows} rows, ${frames} frames, from ${low.toPrecision(3)} to ${high.toPrecision(3)}.`,
    body: (theme) => {
      let out = axes(
        box,
        theme,
        { label: "time (s)", ticks: ticks(Math.max(0, from), from + frames * hopSeconds, 8), at: x },
        { label: rowLabel, ticks: [], at: y },
      );
      for (const row of rowTicks) {
        const value = rowValues?.[row] ?? row;
        const name = String(Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3)));
        out += svgText(name, box.left - 7, y(row) + 4, { "text-anchor": "end", "font-size": 12, fill: theme.muted });
      }
      out += tag("image", {
        x: box.left,
        y: box.top,
        width: box.right - box.left,
        height: box.bottom - box.top,
        href: palettePng(indices, frames, rows, palette),
        ...picture,
      });
      for (const event of events) {
        const left = x(event.startSeconds);
        const outline = { x: left, y: box.top, width: x(event.endSeconds) - left, height: box.bottom - box.top };
        out += tag("rect", { ...outline, fill: "none", stroke: "#ffffff", "stroke-width": 1.5 });
        out += svgText(event.label, left + 2, box.top - 4, { "font-size": 11 });
      }
      const bar = Uint8Array.from({ length: 256 }, (_, i) => 255 - i);
      const barLeft = box.right + 12;
      const barPlace = { x: barLeft, y: box.top, width: 10, height: box.bottom - box.top };
      out += tag("image", { ...barPlace, href: palettePng(bar, 1, 256, palette), ...picture });
      for (const value of ticks(low, high, 4)) {
        const py = scale(low, high, box.bottom, box.top)(value);
        out += svgText(String(value), barLeft + 14, py + 4, { "font-size": 11, fill: theme.muted });
      }
      const middle = (box.top + box.bottom) / 2;
      return (
        out +
        svgText(valueLabel, width - 10, middle, {
          "text-anchor": "middle",
          "font-size": 12,
          transform: `rotate(-90 ${width - 10} ${middle})`,
        })
      );
    },
  });
}

function viridisAt(share: number): number[] {
  const position = share * (viridis.length - 1);
  const below = Math.min(Math.floor(position), viridis.length - 2);
  return [0, 1, 2].map((c) => {
    const start = viridis[below]![c]!;
    return Math.round(start + (position - below) * (viridis[below + 1]![c]! - start));
  });
}
