/**
 * One decision for each group of windows: the class that most of the group's windows were given, the lowest among equals
 * (papers.md 0.3, 5.2).
 * @param groups what each window belongs to, such as its cycle's id, [windows]; windows of a group need not stand together
 * @param predictions class of each window, a whole number from 0 on, [windows]
 * @returns groups in the order of their first windows, with their class
 */
export function majorityVote(groups: readonly string[], predictions: ArrayLike<number>): Map<string, number> {
  if (groups.length !== predictions.length) {
    throw new RangeError(`${groups.length} windows' groups, but ${predictions.length} predictions`);
  }
  const votes = new Map<string, number[]>();
  groups.forEach((group, i) => {
    const label = predictions[i]!;
    if (!Number.isInteger(label) || label < 0) {
      throw new RangeError(`prediction of window ${i} must be a class index, got ${label}`);
    }
    const of = votes.get(group) ?? [];
    of[label] = (of[label] ?? 0) + 1;
    votes.set(group, of);
  });
  return new Map([...votes].map(([group, of]) => [group, mostVotes(of)]));
}

function mostVotes(votes: readonly (number | undefined)[]): number {
  let best = 0;
  for (let label = 1; label < votes.length; label++) {
    if ((votes[label] ?? 0) > (votes[best] ?? 0)) best = label;
  }
  return best;
}
