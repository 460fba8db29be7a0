import type { Rng } from "../random/streams.js";
import { UserError } from "../userError.js";

/**
 * Class-balanced draws with replacement: each present class is equally likely, each item within a class too. The same
 * distribution as weights 1 / classCount per item (torch.utils.data.WeightedRandomSampler; papers.md 3.5, 6.10).
 *
 * @param labels class of each item
 * @param count how many draws
 * @param required names of the classes 0, 1, ... that must all have items; without it, absent classes are not drawn
 * @returns indices into `labels`
 * @throws RangeError without any item, UserError where a required class has none
 */
export function drawBalanced(
  labels: ArrayLike<number>,
  count: number,
  rng: Rng,
  required: readonly string[] = [],
): Int32Array {
  const byClass = new Map<number, number[]>();
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    const items = byClass.get(label);
    if (items) items.push(i);
    else byClass.set(label, [i]);
  }
  if (byClass.size === 0) throw new RangeError("balanced draws: there are no items to draw from");
  const empty = required.filter((_, label) => !byClass.has(label));
  if (empty.length > 0)
    throw new UserError(
      `balanced draws: no item of class ${empty.join(", ")}; each of ${required.join(", ")} needs one`,
    );
  // Ordered by label, so that the draws do not depend on which class happens to come first in the list.
  const classes = [...byClass.entries()].sort(([a], [b]) => a - b).map(([, items]) => items);
  const draws = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const items = classes[rng.integer(classes.length)]!;
    draws[i] = items[rng.integer(items.length)]!;
  }
  return draws;
}
