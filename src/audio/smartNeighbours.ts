/**
 * RespireNet's smart padding: the cycles of the same recording that a short cycle is filled up with. The paper leaves order
 * and continuation open; here it is the one after, the one before, the one after next and so on in turn. A side ends where
 * the recording does, or at a cycle whose label is neither the cycle's own nor `normal`.
 *
 * It looks at labels, so at test time it tells them to the model.
 *
 * @param index of the cycle
 * @param cycles of its recording, in order of time, with their lengths in samples
 * @param length samples wanted
 * @param normal the label of normal cycles
 * @returns indices of cycles in the order in which they are appended; none more than needed
 * @throws RangeError for an index that is not there
 * @see papers.md 5.2, decision 57
 */
export function smartNeighbours<Label>(
  index: number,
  cycles: readonly { label: Label; samples: number }[],
  length: number,
  normal: Label,
): number[] {
  const own = cycles[index];
  if (!own) throw new RangeError(`smartNeighbours: there is no cycle ${index} among ${cycles.length}`);
  const fits = (at: number) => {
    const cycle = cycles[at];
    return cycle !== undefined && (cycle.label === own.label || cycle.label === normal);
  };
  const found: number[] = [];
  let total = own.samples;
  let [after, before] = [true, true];
  for (let distance = 1; (after || before) && total < length; distance++) {
    for (const side of [1, -1]) {
      const at = index + side * distance;
      if (!(side === 1 ? after : before) || total >= length) continue;
      if (fits(at)) {
        found.push(at);
        total += cycles[at]!.samples;
      } else if (side === 1) after = false;
      else before = false;
    }
  }
  return found;
}
