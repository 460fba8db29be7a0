import { createHash } from "node:crypto";
import type { FeatureSet } from "../../features/store/featureSet.js";
import { UserError } from "../../userError.js";
import type { IcbhiLogmel } from "./load.js";

/**
 * The stored maps of some cycles as the feature set that training takes, in their order.
 * @throws UserError naming the first cycle of which there is no map
 */
export function logmelFeatures(maps: IcbhiLogmel, items: readonly { readonly id: string }[]): FeatureSet {
  const places = items.map(({ id }) => {
    const place = maps.rowOf(id);
    if (place === undefined) throw new UserError(`${maps.file}: there is no map of cycle ${id}`);
    return place;
  });
  const placeOf = (i: number): number => {
    const place = places[i];
    if (place === undefined) throw new RangeError(`feature set of ${places.length} items has no item ${i}`);
    return place;
  };
  let digest: string | undefined;
  return {
    get digest() {
      digest ??= createHash("sha256")
        .update(JSON.stringify([maps.digest, places]))
        .digest("hex");
      return digest;
    },
    count: places.length,
    rows: maps.bands,
    frames: (i) => {
      placeOf(i);
      return maps.frames;
    },
    map: (i) => maps.map(placeOf(i)),
  };
}
