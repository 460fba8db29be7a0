import type { Json } from "../features/canonicalJson.js";
import type { Streams } from "../random/streams.js";
import type { Drawable } from "./augmentation.js";

/** Whether each item has parameters of its own, or all items of a batch have the same. */
export type DrawnPer = "item" | "batch";

/**
 * Parameters for each item of a batch: a function of the streams' seed, the epoch, the step and the item's place in the
 * batch alone, so that any worker draws the same. What draws beside another names its streams by a `purpose` of its own.
 *
 * @returns [batchSize]
 */
export function drawItems<Parameters extends Json>(
  augmentation: Drawable<Parameters>,
  streams: Streams,
  {
    epoch,
    step,
    batchSize,
    per,
    purpose = "augment",
  }: { epoch: number; step: number; batchSize: number; per: DrawnPer; purpose?: string },
): Parameters[] {
  if (per === "batch") {
    const shared = augmentation.draw(streams.stream(`${purpose} batch`, epoch, step));
    return new Array<Parameters>(batchSize).fill(shared);
  }
  return Array.from({ length: batchSize }, (_, item) =>
    augmentation.draw(streams.stream(`${purpose} item`, epoch, step, item)),
  );
}
