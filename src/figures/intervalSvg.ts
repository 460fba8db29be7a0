import type { IntervalRow } from "./intervalFigure.js";
import { axes, headHeight, scale, shortNumber, svgDocument, svgText, tag, ticks } from "./svg.js";
import type { FigureOptions } from "./theme.js";

/** Forest plot as a static picture: a dot with its interval is ours, a diamond is the printed number. */
export function intervalSvg(rows: readonly IntervalRow[], xLabel: string, options: FigureOptions = {}): string {
  const rowHeight = 34;
  const longest = Math.max(4, ...rows.map((row) => row.label.length));
  const left = 20 + longest * 7;
  const width = left + 300;
  const top = headHeight(options);
  const box = { left, right: width - 22, top, bottom: top + rows.length * rowHeight };
  const values = rows
    .flatMap((row) => [row.printed, row.ours?.mean, row.ours?.low, row.ours?.high])
    .filter((value): value is number => typeof value === "number" && Number.isFinite(value));
  const low = values.length ? Math.max(0, Math.min(...values) - 0.03) : 0;
  const high = values.length ? Math.min(1, Math.max(...values) + 0.03) : 1;
  const x = scale(low, high, box.left, box.right);
  return svgDocument({
    ...options,
    width,
    height: box.bottom + 72,
    description: `${xLabel}. ${rows.map(describe).join("; ")}.`,
    body: (theme) => {
      let out = axes(box, theme, { label: xLabel, ticks: ticks(low, high, 6), at: x });
      rows.forEach((row, i) => {
        const y = box.top + (i + 0.5) * rowHeight;
        out += svgText(row.label, box.left - 10, y + 4, { "text-anchor": "end", "font-size": 12 });
        if (row.ours) {
          const { mean, low: from, high: to } = row.ours;
          if (from !== null && to !== null) {
            out += tag("line", { x1: x(from), x2: x(to), y1: y, y2: y, stroke: theme.series[0], "stroke-width": 2.5 });
            for (const end of [from, to]) {
              out += tag("line", {
                x1: x(end),
                x2: x(end),
                y1: y - 5,
                y2: y + 5,
                stroke: theme.series[0],
                "stroke-width": 2,
              });
            }
          }
          out += tag("circle", { cx: x(mean), cy: y, r: 5, fill: theme.series[0] });
        }
        if (row.printed !== null) out += diamond(x(row.printed), y, theme.series[1]!);
      });
      const y = box.bottom + 58;
      out += tag("circle", { cx: box.left + 6, cy: y - 4, r: 5, fill: theme.series[0] });
      out += svgText("ours, 95 % interval", box.left + 18, y, { "font-size": 12 });
      out += diamond(box.left + 160, y - 4, theme.series[1]!);
      out += svgText("printed", box.left + 172, y, { "font-size": 12 });
      return out;
    },
  });
}

function diamond(x: number, y: number, colour: string): string {
  const d = `M${shortNumber(x)} ${shortNumber(y - 6)}l6 6l-6 6l-6 -6z`;
  return tag("path", { d, fill: "none", stroke: colour, "stroke-width": 2 });
}

function describe({ label, printed, ours }: IntervalRow): string {
  const interval =
    ours && ours.low !== null && ours.high !== null ? ` (${ours.low.toFixed(3)} to ${ours.high.toFixed(3)})` : "";
  return `${label}: printed ${printed ?? "nothing"}, ours ${ours ? `${ours.mean.toFixed(3)}${interval}` : "not run"}`;
}
