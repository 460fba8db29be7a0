import type { SearchedTrial, SearchOutcome, SearchSettings } from "./searchResult.js";

/** A search in the record of its run. */
export interface SearchRecord extends Omit<SearchOutcome, "trials"> {
  settings: SearchSettings;
  /** What the value of a trial is, in words. */
  valueIs: string;
  trials: readonly (SearchedTrial & {
    /** Of training and evaluation, over all sittings. */
    seconds: number;
    /** Why it failed. */
    message?: string;
  })[];
}
