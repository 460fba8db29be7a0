import { SELECTION_LEAK } from "../datasets/overlap.js";
import type { RunSplit } from "../papers/runSplit.js";

/** A test set that shares with train or select; a select role that shares with train; audio that is not there; audio of a lower rate. */
const KINDS = ["leaking split", "selection leak", "part of the data", "empty band"] as const;

/** A fault of the data behind a number, which is said wherever the number stands. */
export interface Caveat {
  /** Short, for a name or a figure. */
  what: (typeof KINDS)[number];
  /** In full, one or more sentences that begin with `what`. */
  says: string;
}

/** A record that was written before splits told their leaks has none known. */
export type RecordedSplit = Omit<RunSplit, "leaks"> & { leaks?: readonly string[] };

/** What must be said of every number that a run on this split gives. */
export function caveatsOf({ leaks = [], partOfData, emptyBand }: RecordedSplit): Caveat[] {
  const onSelect = leaks.filter((leak) => leak.startsWith(SELECTION_LEAK));
  const onTests = leaks.filter((leak) => !leak.startsWith(SELECTION_LEAK));
  const caveats: Caveat[] = [];
  if (onTests.length > 0) caveats.push({ what: "leaking split", says: `Leaking split: ${onTests.join(" ")}` });
  if (onSelect.length > 0) caveats.push({ what: "selection leak", says: onSelect.join(" ") });
  if (partOfData) caveats.push({ what: "part of the data", says: sentence(partOfData) });
  if (emptyBand) caveats.push({ what: "empty band", says: sentence(`empty band: ${emptyBand}`) });
  return caveats;
}

const sentence = (words: string) => `${words[0]!.toUpperCase()}${words.slice(1)}.`;

/** The caveats behind a number that is the mean of several runs: the first run's words, and how many have others. */
export function caveatsOfAll(splits: readonly RecordedSplit[]): Caveat[] {
  const all = splits.flatMap(caveatsOf);
  return KINDS.flatMap((what) => {
    const says = all.filter((caveat) => caveat.what === what).map((caveat) => caveat.says);
    const [first] = says;
    if (first === undefined) return [];
    const others = says.filter((one) => one !== first).length;
    const rest = others > 0 ? ` (So too, in other numbers, ${others} more of the ${splits.length} runs.)` : "";
    return [{ what, says: first + rest }];
  });
}

/** "leaking split, part of the data", or "". */
export function caveatWords(caveats: readonly Caveat[]): string {
  return caveats.map(({ what }) => what).join(", ");
}
