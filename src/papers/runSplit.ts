import type { LeakedPatient } from "../datasets/overlap.js";
import { partOfData, type Split } from "../datasets/split.js";

/** A split as a run's record names it. */
export interface RunSplit {
  name: string;
  digest: string;
  /** What is on both sides and should not be, a sentence each; empty for a clean split. */
  leaks: readonly string[];
  /** The patients behind the leaks; absent where there are none, and in records from before they were kept. */
  leakedPatients?: readonly LeakedPatient[];
  /** How much of the data has audio, in words; absent where all of it has. */
  partOfData?: string;
  /** Which recordings have nothing in a part of the spectrum, in words; absent where none is known to. */
  emptyBand?: string;
  /** Of a split that was drawn at random. */
  seed?: number;
}

/** What every run tells of its split, whatever the paper. */
export function runSplitOf(split: Split, { emptyBand }: Pick<RunSplit, "emptyBand"> = {}): RunSplit {
  const { name, digest, leaks, leakedPatients, seed } = split;
  const part = partOfData(split);
  return {
    ...{ name, digest, leaks },
    ...(leakedPatients.length > 0 && { leakedPatients }),
    ...(part !== undefined && { partOfData: part }),
    ...(emptyBand !== undefined && { emptyBand }),
    ...(seed !== undefined && { seed }),
  };
}
