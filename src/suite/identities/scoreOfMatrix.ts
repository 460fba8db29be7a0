import type { Flag } from "../flag.js";
import type { Print } from "./print.js";
import { asShare, overlap, type PrintedCell, type Range, rangeOf } from "./printedCell.js";
import { flag, kindOf } from "./recompute.js";
import { SPRSOUND_INTER } from "./testSets.js";

/** A challenge Score is what follows from the printed confusion matrix of the same runs and the classes' counts (papers.md 3.7). */
export function scoreOfMatrix(cells: readonly PrintedCell[], print: Print): Flag[] {
  const matrix = "supcon-sprs/fig3";
  const diagonal = (print.cells.get(matrix) ?? []).filter(({ measure }) => measure.class === measure.predicted);
  return cells.flatMap((cell) => {
    const { task, experiment, row } = cell.source;
    const supports = task === undefined ? undefined : SPRSOUND_INTER[task];
    if (!supports || cell.measure.metric !== "score" || cell.measure.set !== "inter") return [];
    const own = diagonal.filter(
      ({ source }) => source.task === task && source.experiment === experiment && source.row === row,
    );
    if (own.length === 0) return [];
    const at = (pick: (range: Range) => number) => challengeScore(own, supports, pick);
    if (overlap({ from: at(({ from }) => from), to: at(({ to }) => to) }, rangeOf(asShare(cell)))) return [];
    const found = at(({ from, to }) => (from + to) / 2);
    return [flag(cell, found, kindOf(cell, found), `follows from ${matrix} and the classes' counts`)];
  });
}

function challengeScore(
  diagonal: readonly PrintedCell[],
  supports: Readonly<Record<string, number>>,
  pick: (range: Range) => number,
): number {
  let hits = 0;
  let items = 0;
  let specificity = 0;
  for (const cell of diagonal) {
    const label = cell.measure.class!;
    const share = Math.min(1, Math.max(0, pick(rangeOf(cell))));
    if (label === "Normal") specificity = share;
    else if (label !== "Poor Quality") {
      hits += share * (supports[label] ?? 0);
      items += supports[label] ?? 0;
    }
  }
  const sensitivity = hits / items;
  const mean = (sensitivity + specificity) / 2;
  const harmonic = sensitivity + specificity === 0 ? 0 : (2 * sensitivity * specificity) / (sensitivity + specificity);
  return (mean + harmonic) / 2;
}
