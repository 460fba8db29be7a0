import type { Flag } from "../flag.js";
import type { PrintedCell } from "./printedCell.js";
import { recompute } from "./recompute.js";

const WEIGHTS: Readonly<Record<string, number>> = { "11": 0.2, "12": 0.3, "21": 0.2, "22": 0.3 };

/** Total = 0.2 S11 + 0.3 S12 + 0.2 S21 + 0.3 S22 + 0.1 x the normalised bonus, which print states with its weight (papers.md 0.3). */
export function challengeTotal(cells: readonly PrintedCell[]): Flag[] {
  return cells.flatMap((total) => {
    if (total.measure.metric !== "total") return [];
    const own = cells.filter(({ row }) => row === total.row);
    const tasks = Object.keys(WEIGHTS).map((task) =>
      own.find(({ measure, source }) => measure.metric === "score" && source.task === task),
    );
    const parts = [...tasks, own.find(({ measure }) => measure.metric === "bonus")];
    if (!parts.every((part) => part !== undefined)) return [];
    const weights = [...Object.values(WEIGHTS), 1];
    const sum = (values: number[]) => values.reduce((all, value, i) => all + weights[i]! * value, 0);
    // The bonus is a constant of the challenge, not a rounded number.
    const bonus = { ...parts.at(-1)!, places: 9 };
    return recompute(total, [...parts.slice(0, -1), bonus], sum, "weighted sum") ?? [];
  });
}
