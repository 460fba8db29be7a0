import type { Item } from "../../datasets/roles.js";
import { openOrBuildFeatures } from "../../node/featureStore/openOrBuild.js";
import type { RunContext } from "../paper.js";
import { searchedClips, searchedClipsPlace, supconClips, supconClipsPlace } from "./clipBuilder.js";
import type { SupconMfccOptions } from "./frontEnd.js";
import { ItemMaps } from "./inputs.js";

/**
 * The MFCC maps of some items, from the feature store; what is missing there is computed and kept.
 * @param others features that are not the paper's final ones
 */
export async function storedMaps(
  items: readonly Item[],
  { signal, progress }: Pick<RunContext, "signal" | "progress">,
  others?: SupconMfccOptions,
): Promise<ItemMaps> {
  const sorted = [...items].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  const features = await openOrBuildFeatures({
    items: sorted,
    builder: others ? searchedClips(others) : supconClips,
    place: others ? searchedClipsPlace(others) : supconClipsPlace,
    signal,
    onProgress: ({ done, total, secondsLeft }) =>
      progress({ phase: "features", fraction: done / total, secondsLeft, detail: `${done} of ${total} items` }),
  });
  return new ItemMaps(features, sorted);
}
