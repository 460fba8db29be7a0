/**
 * What a short clip is filled up with: `tile` repeats of itself; `zero-end`, `zero-centre` zeros behind it or on both sides;
 * `reflect` itself backwards and forwards in turn; `random-self-segments` random pieces of itself (CycleGuardian);
 * `double-and-attach` repeats of itself, in front or behind by chance (RespireNet's code); `smart` the cycles beside it
 * (RespireNet's paper), then repeats of itself; `random-offset-zero` zeros, anywhere among which it may stand (SupCon).
 */
export const SHORT_RULES = [
  "tile",
  "zero-end",
  "zero-centre",
  "reflect",
  "random-self-segments",
  "double-and-attach",
  "smart",
  "random-offset-zero",
] as const;
export type ShortRule = (typeof SHORT_RULES)[number];

/** What is kept of a long clip; `split` makes several of it, half a length apart, the last of which is filled up. */
export const LONG_RULES = ["first", "last", "centre", "random", "split"] as const;
export type LongRule = (typeof LONG_RULES)[number];

/** How a part of a clip is filled up to the length; `before` is how many samples come before it. */
export type Filling =
  | { with: "nothing" }
  | { with: "repeats"; before: number }
  | { with: "zeros"; before: number }
  | { with: "reflections" }
  | { with: "segments"; segments: { start: number; count: number }[] }
  /** So many of the neighbours, then repeats. */
  | { with: "neighbours"; count: number };

/** How a clip is brought to a length, as plain JSON: one piece, or several where it is split. */
export interface Alignment {
  length: number;
  pieces: { start: number; count: number; fill: Filling }[];
}

/**
 * Follows what `drawAlignment` drew.
 *
 * @param samples [samples], as many as it was drawn for
 * @param neighbours for `smart`: the samples of the cycles to append, in order
 * @returns one clip of [length] for each piece, new arrays
 * @throws RangeError where a piece or a neighbour is not there
 */
export function applyAlignment(
  samples: Float32Array,
  { length, pieces }: Alignment,
  neighbours: readonly Float32Array[] = [],
): Float32Array[] {
  return pieces.map(({ start, count, fill }) => {
    if (!(start >= 0 && count >= 1 && count <= length && start + count <= samples.length)) {
      throw new RangeError(`applyAlignment: the clip of ${samples.length} samples has no ${count} from ${start}`);
    }
    const part = samples.subarray(start, start + count);
    const out = new Float32Array(length);
    fillUp(out, part, fill, neighbours);
    return out;
  });
}

function fillUp(out: Float32Array, part: Float32Array, fill: Filling, neighbours: readonly Float32Array[]): void {
  switch (fill.with) {
    case "nothing":
      out.set(part);
      return;
    case "zeros":
      place(out, part, fill.before);
      return;
    case "repeats":
      repeat(out, part, (part.length - (fill.before % part.length)) % part.length, 0);
      return;
    case "reflections":
      reflect(out, part);
      return;
    case "segments": {
      let at = place(out, part, 0);
      for (const { start, count } of fill.segments) at = place(out, part.subarray(start, start + count), at);
      return;
    }
    case "neighbours": {
      if (neighbours.length < fill.count) {
        throw new RangeError(`applyAlignment: ${fill.count} neighbours were drawn, ${neighbours.length} are there`);
      }
      let at = place(out, part, 0);
      for (const neighbour of neighbours.slice(0, fill.count)) at = place(out, neighbour, at);
      repeat(out, part, 0, at);
      return;
    }
  }
}

/** Copies what fits; the place behind it. */
function place(out: Float32Array, part: Float32Array, at: number): number {
  const end = Math.min(at + part.length, out.length);
  out.set(part.subarray(0, end - at), at);
  return end;
}

/** Repeats of `part` from `at` on, the first of which begins with its sample `phase`. */
function repeat(out: Float32Array, part: Float32Array, phase: number, at: number): void {
  let next = place(out, part.subarray(phase), at);
  while (next < out.length) next = place(out, part, next);
}

/** Without the samples at the turning points twice, as NumPy's `pad(mode="reflect")`; one sample is repeated. */
function reflect(out: Float32Array, part: Float32Array): void {
  const last = part.length - 1;
  for (let i = 0; i < out.length; i++) {
    const within = last === 0 ? 0 : i % (2 * last);
    out[i] = part[within <= last ? within : 2 * last - within]!;
  }
}
