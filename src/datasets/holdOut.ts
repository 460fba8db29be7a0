import { Streams } from "../random/streams.js";

/** A unit that must stay on one side: a patient with all its items. */
export interface HoldOutGroup {
  id: string;
  /** Items by class; classes without any may be left out. */
  counts: Readonly<Record<string, number>>;
  /** A further trait to spread evenly, such as the recording device. */
  device?: string;
}

/** The hold-out is fixed per split whatever the training seed, so it has a seed of its own. */
export const HOLD_OUT_SEED = 20;
const DRAWS = 200;

/**
 * Chooses about `share` of the groups so that each class and device is held out in that share too: iterative
 * stratification over groups (Sechidis, Tsoumakas and Vlahavas 2011; the rarest class first), drawn 200 times with ties
 * broken differently, of which the draw with the smallest mean square error of the held-out shares is taken, by groups and
 * by items. A class that occurs in two groups or more is held out at least once and kept at least once where possible.
 *
 * @param groups in any order; the result depends on their content only
 * @param share 0 < share < 1
 * @returns the ids of the groups held out
 * @throws RangeError for a share out of range, fewer than two groups, or an id that occurs twice
 */
export function holdOut(groups: readonly HoldOutGroup[], share: number): Set<string> {
  if (!(share > 0 && share < 1)) throw new RangeError(`holdOut: share must lie between 0 and 1, got ${share}`);
  if (groups.length < 2) throw new RangeError(`holdOut: at least two groups are needed, got ${groups.length}`);
  const sorted = [...groups].sort((a, b) => (a.id < b.id ? -1 : 1));
  const twice = sorted.find((group, i) => i > 0 && group.id === sorted[i - 1]!.id);
  if (twice) throw new RangeError(`holdOut: group "${twice.id}" occurs twice`);

  const traits = sorted.map(traitsOf);
  const streams = new Streams(HOLD_OUT_SEED);
  let best: { held: Set<number>; error: number } | undefined;
  for (let draw = 0; draw < DRAWS; draw++) {
    const order = streams.stream("hold-out", draw).shuffle(sorted.map((_, index) => index));
    const held = stratify(traits, order, share);
    const error = shareError(traits, held, share);
    if (!best || error < best.error) best = { held, error };
  }
  return new Set([...best!.held].map((index) => sorted[index]!.id));
}

/** Amount of each trait in a group: of its classes, its device, and itself. */
function traitsOf({ counts, device }: HoldOutGroup): Map<string, number> {
  const traits = new Map<string, number>([["group", 1]]);
  for (const [name, count] of Object.entries(counts)) if (count > 0) traits.set(`class ${name}`, count);
  if (device !== undefined) traits.set(`device ${device}`, 1);
  return traits;
}

function stratify(traits: readonly Map<string, number>[], order: readonly number[], share: number): Set<number> {
  // Wanted on the held-out side, in groups; on the other side is the rest.
  const holders = new Map<string, number>();
  for (const trait of traits) for (const name of trait.keys()) holders.set(name, (holders.get(name) ?? 0) + 1);
  const wanted = new Map<string, { held: number; kept: number }>();
  for (const [name, count] of holders) {
    const held = count < 2 ? 0 : Math.min(count - 1, Math.max(1, share * count));
    wanted.set(name, { held, kept: count - held });
  }

  const held = new Set<number>();
  const left = new Set(order);
  while (left.size > 0) {
    const name = rarest(traits, left);
    for (const index of order) {
      if (!left.has(index) || !traits[index]!.has(name)) continue;
      const of = wanted.get(name)!;
      const all = wanted.get("group")!;
      // Sechidis: the side that wants the class more; where they want it alike, the side that wants groups more.
      const hold = of.held / share !== of.kept / (1 - share) ? of.held / share > of.kept / (1 - share) : all.held > 0;
      if (hold) held.add(index);
      left.delete(index);
      for (const other of traits[index]!.keys()) wanted.get(other)![hold ? "held" : "kept"] -= 1;
    }
  }
  return held;
}

/** The trait with the fewest groups left; the name decides between equals, so that no order of insertion does. */
function rarest(traits: readonly Map<string, number>[], left: ReadonlySet<number>): string {
  const counts = new Map<string, number>();
  for (const index of left) for (const name of traits[index]!.keys()) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort(([a, m], [b, n]) => m - n || (a < b ? -1 : 1))[0]![0];
}

/** Mean over traits of the squared errors of the held-out share, by groups and by items; a trait lost on a side costs 1. */
function shareError(traits: readonly Map<string, number>[], held: ReadonlySet<number>, share: number): number {
  const sums = new Map<string, { items: number; heldItems: number; groups: number; heldGroups: number }>();
  traits.forEach((trait, index) => {
    for (const [name, amount] of trait) {
      const sum = sums.get(name) ?? { items: 0, heldItems: 0, groups: 0, heldGroups: 0 };
      sums.set(name, sum);
      sum.items += amount;
      sum.groups++;
      if (held.has(index)) {
        sum.heldItems += amount;
        sum.heldGroups++;
      }
    }
  });
  let error = 0;
  for (const { items, heldItems, groups, heldGroups } of sums.values()) {
    error += (heldItems / items - share) ** 2 + (heldGroups / groups - share) ** 2;
    if (groups > 1 && (heldGroups === 0 || heldGroups === groups)) error += 1;
  }
  return error / sums.size;
}
