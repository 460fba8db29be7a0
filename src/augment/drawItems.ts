import type { Json } from "../features/canonicalJson.js";
import type { Streams } from "../random/streams.js";
import type { Drawable } from "./augmentation.js";

/** Whether each item has parameters of its own, or all items of a batch have the same. */
export type DrawnPer = "item" | "batch";

/**
 * Parameters for each item of a batch: a function of the streams' seed, the epoch, the step and the item's place in the
 * batch alone, so that any worker draws the same.
 *
 * @returns [batchSize]
 */
export function drawItems<Parameters extends Json>(
  augmentation: Drawable<Parameters>,
  streams: Streams,
  { epoch, step, batchSize, per }: { epoch: number; step: number; batchSize: number; per: DrawnPer },
): Parameters[] {
  if (per === "batch") {
    const shared = augmentation.draw(streams.stream("augment batch", epoch, step));
    return new Array<Parameters>(batchSize).fill(shared);
  }
  return Array.from({ length: batchSize }, (_, item) =>
    augmentation.draw(streams.stream("augment item", epoch, step, item)),
  );
}
