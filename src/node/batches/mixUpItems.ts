import { drawMixUp, type MixUp } from "../../augment/mixDraws.js";
import { Streams } from "../../random/streams.js";
import type { BatchItems } from "./batchItems.js";

/**
 * MixUp of each batch with itself (Zhang et al. 2018; papers.md 3.4): item i becomes `lambda item_i + (1 - lambda) item_j` in inputs
 * and targets. One lambda ~ Beta(alpha, alpha) and one permutation i -> j a batch, of the stream ("mixup", epoch, step); item j is
 * the one that the batch would hold, its random view too. Each item is written twice. Under a loss linear in the target, as
 * cross-entropy is, mixed targets give `lambda L(y_i) + (1 - lambda) L(y_j)`.
 *
 * @throws RangeError unless `alpha` is a positive number
 */
export function mixUpItems(items: BatchItems, { alpha, seed }: { alpha: number; seed: number }): BatchItems {
  if (!(alpha > 0 && alpha < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`mixUpItems: alpha must be a positive number, got ${alpha}`);
  }
  const { batchSize, inputSize, targetSize } = items;
  const streams = new Streams(seed);
  const partnerInput = new Float32Array(inputSize);
  const partnerTarget = new Float32Array(targetSize);
  let drawn: (MixUp & { epoch: number; step: number }) | undefined;
  const drawOf = (epoch: number, step: number): MixUp => {
    if (drawn?.epoch !== epoch || drawn.step !== step) {
      drawn = { epoch, step, ...drawMixUp(streams.stream("mixup", epoch, step), alpha, batchSize) };
    }
    return drawn;
  };
  return {
    batchSize,
    inputSize,
    targetSize,
    nameOf: (epoch, step, i) => items.nameOf(epoch, step, i),
    write(epoch, step, i, input, target) {
      const { lambda, partners } = drawOf(epoch, step);
      const j = partners[i]!;
      items.write(epoch, step, i, input, target);
      if (j === i) return;
      partnerInput.fill(0);
      partnerTarget.fill(0);
      try {
        items.write(epoch, step, j, partnerInput, partnerTarget);
      } catch (error) {
        if (error instanceof Error) error.message = `mixed with ${items.nameOf(epoch, step, j)}: ${error.message}`;
        throw error;
      }
      mixInto(input, partnerInput, lambda);
      mixInto(target, partnerTarget, lambda);
    },
  };
}

function mixInto(own: Float32Array, other: Float32Array, lambda: number): void {
  for (let k = 0; k < own.length; k++) own[k] = lambda * own[k]! + (1 - lambda) * other[k]!;
}
