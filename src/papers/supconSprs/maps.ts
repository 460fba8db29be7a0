import type { Item } from "../../datasets/roles.js";
import type { RunContext } from "../paper.js";
import { storedFeatures } from "../storedItems.js";
import { searchedClips, searchedClipsPlace, supconClips, supconClipsPlace } from "./clipBuilder.js";
import type { SupconMfccOptions } from "./frontEnd.js";
import { ItemMaps } from "./inputs.js";

/**
 * The MFCC maps of some items, from the feature store; what is missing there is computed and kept.
 * @param others features that are not the paper's final ones
 */
export async function storedMaps(
  items: readonly Item[],
  context: Pick<RunContext, "signal" | "progress">,
  others?: SupconMfccOptions,
): Promise<ItemMaps> {
  const stored = others
    ? { builder: searchedClips(others), place: searchedClipsPlace(others) }
    : { builder: supconClips, place: supconClipsPlace };
  const { features, sorted } = await storedFeatures(items, stored, context);
  return new ItemMaps(features, sorted);
}
