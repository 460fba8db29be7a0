import { sprSoundTask } from "../datasets/sprsound/tasks.js";
import { recordLabelFromWindows } from "../datasets/sprsound/windows.js";

/**
 * The label of a clip from the labels' shares in each of its maps, as runs are evaluated: that of the largest mean share, the first of
 * equals; where the maps are a recording's windows, the one that the labels of the windows give (`recordLabelFromWindows`).
 *
 * @param task such as "icbhi/4-class"
 * @returns from shares, each [labels], to an index into the labels
 * @throws UserError for windows of a task that there is not
 */
export function labelRule(task: string): (shares: readonly Float64Array[]) => number {
  const [, windows] = /^sprsound\/(\d+)-windows$/.exec(task) ?? [];
  if (windows === undefined) return (shares) => largest(meanOf(shares));
  const own = sprSoundTask(windows);
  return (shares) => recordLabelFromWindows(own, shares.map(largest));
}

/**
 * @param rows each of the same length, one at least
 * @returns their mean
 */
export function meanOf(rows: readonly Float64Array[]): Float64Array {
  return rows[0]!.map((_, i) => rows.reduce((sum, row) => sum + row[i]!, 0) / rows.length);
}

/** The index of the largest value, the first of equals. */
function largest(values: Float64Array): number {
  return values.indexOf(Math.max(...values));
}
