import { type ConfusionData, sharesOfRows } from "./confusionFigure.js";
import { headHeight, headWidth, svgDocument, svgText, tag } from "./svg.js";
import type { FigureOptions } from "./theme.js";

/** Opacity of a full cell: low enough for the text on it to be read in the colour of all other text, light and dark. */
const strongestFill = 0.55;

/** Confusion matrix as a static picture: counts and percentages of the true class, [classes, classes]. */
export function confusionSvg({ labels, counts }: ConfusionData, options: FigureOptions = {}): string {
  const classes = labels.length;
  const shares = sharesOfRows(counts);
  const rowTotals = counts.map((row) => row.reduce((sum, count) => sum + count, 0));
  const cellWidth = classes <= 3 ? 96 : 72;
  const cellHeight = classes <= 3 ? 64 : 50;
  const longest = Math.max(...labels.map((label) => label.length));
  const left = 34 + Math.max(64, longest * 7.2 + 8);
  const slanted = longest * 7 > cellWidth - 6;
  const top = headHeight(options);
  const right = left + classes * cellWidth;
  const bottom = top + classes * cellHeight;
  const overhang = slanted ? 12 + longest * 5 : 24;

  return svgDocument({
    ...options,
    width: Math.round(Math.max(right + (slanted ? 10 : 14), 260, headWidth(options))),
    height: Math.round(bottom + overhang + 26),
    description: describe(labels, counts),
    body: (theme) => {
      let out = "";
      const middle = (top + bottom) / 2;
      out += svgText("true", 16, middle, {
        "text-anchor": "middle",
        "font-size": 12,
        fill: theme.muted,
        transform: `rotate(-90 16 ${middle})`,
      });
      for (let i = 0; i < classes; i++) {
        const y = top + i * cellHeight;
        const text = { "text-anchor": "end", "font-size": 12 };
        out += svgText(labels[i]!, left - 8, y + cellHeight / 2 - 2, text);
        out += svgText(`${rowTotals[i]} items`, left - 8, y + cellHeight / 2 + 13, {
          ...text,
          fill: theme.muted,
          "font-size": 11,
        });
        for (let j = 0; j < classes; j++) {
          const share = shares[i]![j]!;
          const x = left + j * cellWidth;
          out += tag("rect", {
            x: x + 1,
            y: y + 1,
            width: cellWidth - 2,
            height: cellHeight - 2,
            fill: theme.accent,
            "fill-opacity": strongestFill * share,
            stroke: i === j ? theme.ink : theme.grid,
          });
          const centre = { "text-anchor": "middle", fill: theme.ink };
          if (rowTotals[i] === 0) {
            out += svgText("–", x + cellWidth / 2, y + cellHeight / 2 + 4, {
              "text-anchor": "middle",
              fill: theme.muted,
            });
            continue;
          }
          out += svgText(String(counts[i]![j]), x + cellWidth / 2, y + cellHeight / 2 - 2, {
            ...centre,
            "font-weight": "bold",
          });
          out += svgText(`${(100 * share).toFixed(0)} %`, x + cellWidth / 2, y + cellHeight / 2 + 14, {
            ...centre,
            "font-size": 11,
          });
        }
        const x = left + (i + 0.5) * cellWidth;
        out += slanted
          ? svgText(labels[i]!, x + 6, bottom + 14, {
              "text-anchor": "end",
              "font-size": 12,
              transform: `rotate(-38 ${x + 6} ${bottom + 14})`,
            })
          : svgText(labels[i]!, x, bottom + 17, { "text-anchor": "middle", "font-size": 12 });
      }
      out += svgText("predicted; percent of the true class", right, bottom + overhang + 17, {
        "text-anchor": "end",
        "font-size": 12,
        fill: theme.muted,
      });
      return out;
    },
  });
}

function describe(labels: readonly string[], counts: readonly (readonly number[])[]): string {
  const rows = labels.map((label, i) => {
    const total = counts[i]!.reduce((sum, count) => sum + count, 0);
    return total === 0 ? `${label}: no items` : `${label}: ${counts[i]![i]} of ${total} right`;
  });
  return `Confusion matrix. ${rows.join("; ")}.`;
}
