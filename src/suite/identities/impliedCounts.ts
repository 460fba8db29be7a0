import type { Flag } from "../flag.js";
import type { Print } from "./print.js";
import { asShare, overlap, type PrintedCell, rangeOf } from "./printedCell.js";
import { flag, kindOf } from "./recompute.js";
import { ICBHI_TESTS } from "./testSets.js";

/**
 * Hits of a class are its recall times its items, and Se is all hits over all items: counts of one table, recalls of another and Se of a
 * third are held against each other where they stand on the same runs (papers.md 1.1).
 */
export function impliedCounts(cells: readonly PrintedCell[], print: Print): Flag[] {
  const hits = (print.cells.get("cycleguardian/table4") ?? []).filter(
    ({ measure }) => measure.metric === "count" && measure.class === measure.predicted,
  );
  const recalls = (print.cells.get("cycleguardian/table3") ?? []).filter(({ measure }) => measure.metric === "recall");
  const pairs = hits.flatMap((hit) => {
    const recall = recalls.find(({ measure }) => measure.class === hit.measure.class);
    return recall ? [{ hit, recall }] : [];
  });
  const home = hits[0]?.source;
  if (!home) return [];
  return cells.flatMap((cell) => [...asHits(cell, pairs), ...asSensitivity(cell, pairs, home)]);
}

type Pairs = readonly { hit: PrintedCell; recall: PrintedCell }[];

/** A count of hits against recall x the test set's items. */
function asHits(cell: PrintedCell, pairs: Pairs): Flag[] {
  const pair = pairs.find(({ hit }) => hit.row.name === cell.row.name && hit.column.key === cell.column.key);
  if (!pair || cell.entry.id !== pair.hit.entry.id) return [];
  const items = ICBHI_TESTS[cell.entry.testSet]?.[pair.recall.measure.class!];
  if (items === undefined) return [];
  const recall = asShare(pair.recall);
  const range = rangeOf(recall);
  if (overlap({ from: range.from * items, to: range.to * items }, { from: cell.value - 0.5, to: cell.value + 0.5 }))
    return [];
  const found = recall.value * items;
  const implied = Math.round(cell.value / recall.value);
  const says = `${pair.recall.entry.id} prints a recall of ${pair.recall.value} %: of ${implied} items, where the test set has ${items}`;
  return [flag(cell, found, kindOf(cell, found), says)];
}

/** An Se against the hits over the items that these and the recalls imply. */
function asSensitivity(cell: PrintedCell, pairs: Pairs, home: PrintedCell["source"]): Flag[] {
  const same = cell.source.experiment === home.experiment && cell.source.row === home.row;
  if (!same || cell.measure.metric !== "se" || (cell.source.task ?? home.task) !== home.task) return [];
  const hits = pairs.reduce((sum, { hit }) => sum + hit.value, 0);
  const items = pairs.reduce((sum, { hit, recall }) => sum + Math.round(hit.value / asShare(recall).value), 0);
  const found = (100 * hits) / items;
  if (Math.abs(found - cell.value) < 0.5 * 10 ** -cell.places) return [];
  return [flag(cell, found, kindOf(cell, found), `Tables 3 and 4 of the same run imply ${hits} of ${items}`)];
}
