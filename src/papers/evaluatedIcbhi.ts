import type { IcbhiSplit } from "../datasets/icbhi/split.js";
import { evenly } from "./evenly.js";
import type { ShortenedRecipe } from "./shortenedRecipe.js";

/**
 * Which cycles of ICBHI are looked at: under `published` the test set, which chooses the epoch as in the papers (papers.md, decision 2), else
 * the select role.
 */
export function evaluatedIcbhi({
  split,
  recipe: { selectItems, testItems },
}: {
  split: IcbhiSplit;
  recipe: Pick<ShortenedRecipe, "selectItems" | "testItems">;
}) {
  const published = split.protocol === "published";
  return {
    published,
    chooseBy: published ? ("test" as const) : ("select" as const),
    select: evenly(split.select, selectItems),
    tests: split.tests,
    ...(testItems !== undefined && { testItems }),
  };
}
