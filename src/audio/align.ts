import type { Rng } from "../random/streams.js";
import {
  type Alignment,
  applyAlignment,
  type Filling,
  LONG_RULES,
  type LongRule,
  SHORT_RULES,
  type ShortRule,
} from "./alignment.js";

export interface AlignOptions {
  /** Samples wanted, a positive integer. */
  length: number;
  /** For clips below that length. */
  short: ShortRule;
  /** For clips above it. */
  long: LongRule;
  /** For `smart`: the lengths of the cycles to be appended, as `smartNeighbours` found them; default none. */
  neighbours?: readonly number[];
}

/**
 * How a clip of so many samples is brought to a length: plain data, which `applyAlignment` follows.
 *
 * @param rng needed by the rules `random`, `random-self-segments`, `double-and-attach`, `random-offset-zero`; others draw nothing
 * @throws RangeError for a clip of no samples, a length that is no positive integer, an unknown rule, a missing `rng`
 * @see papers.md 6.6
 */
export function drawAlignment(sampleCount: number, options: AlignOptions, rng?: Rng): Alignment {
  const { length, long, short } = options;
  for (const [name, value] of Object.entries({ sampleCount, length })) {
    if (!Number.isInteger(value) || value < 1) {
      throw new RangeError(`drawAlignment: ${name} must be a positive integer, got ${value}`);
    }
  }
  if (!LONG_RULES.includes(long)) throw unknownRule("long", long, LONG_RULES);
  if (!SHORT_RULES.includes(short)) throw unknownRule("short", short, SHORT_RULES);
  const pieces = takenParts(sampleCount, length, long, rng).map(({ start, count }) => ({
    start,
    count,
    fill: count < length ? drawFilling(count, options, rng) : ({ with: "nothing" } as const),
  }));
  return { length, pieces };
}

/**
 * A clip brought to a length by rules that draw nothing: as `drawAlignment` and `applyAlignment` do it one after the other.
 *
 * @returns pieces of `length` samples; several only for a long clip that is split
 */
export function align(samples: Float32Array, options: AlignOptions): Float32Array[] {
  return applyAlignment(samples, drawAlignment(samples.length, options));
}

/** What is kept of a clip: all of a short one, `length` samples of a long one, several times where it is split. */
function takenParts(
  sampleCount: number,
  length: number,
  rule: LongRule,
  rng: Rng | undefined,
): { start: number; count: number }[] {
  const tooMany = sampleCount - length;
  if (tooMany <= 0) return [{ start: 0, count: sampleCount }];
  switch (rule) {
    case "first":
      return [{ start: 0, count: length }];
    case "last":
      return [{ start: tooMany, count: length }];
    case "centre":
      return [{ start: Math.floor(tooMany / 2), count: length }];
    case "random":
      return [{ start: needed(rng, rule).integer(tooMany + 1), count: length }];
    case "split": {
      // RespireNet's loader: whole windows half a window apart, and what follows the last one's first half.
      const hop = Math.max(1, Math.floor(length / 2));
      const windows = Math.floor(tooMany / hop) + 1;
      const parts = Array.from({ length: windows }, (_, i) => ({ start: i * hop, count: length }));
      const start = windows * hop;
      if (start < sampleCount) parts.push({ start, count: sampleCount - start });
      return parts;
    }
  }
}

function drawFilling(count: number, { length, short, neighbours = [] }: AlignOptions, rng: Rng | undefined): Filling {
  const missing = length - count;
  switch (short) {
    case "tile":
      return { with: "repeats", before: 0 };
    case "double-and-attach":
      // Doubling a clip until it is long enough and attaching its start, or its end in front, is repeating it.
      return { with: "repeats", before: needed(rng, short).uniform() < 0.5 ? missing : 0 };
    case "zero-end":
      return { with: "zeros", before: 0 };
    case "zero-centre":
      return { with: "zeros", before: Math.floor(missing / 2) };
    case "random-offset-zero":
      return { with: "zeros", before: needed(rng, short).integer(missing + 1) };
    case "reflect":
      return { with: "reflections" };
    case "random-self-segments":
      return { with: "segments", segments: drawSegments(count, missing, needed(rng, short)) };
    case "smart": {
      let used = 0;
      for (let total = count; used < neighbours.length && total < length; used++) total += neighbours[used]!;
      return { with: "neighbours", count: used };
    }
  }
}

/**
 * Segments until nothing is missing; the last one is cut. The paper leaves their lengths open: uniform from half of the clip
 * to all of it, from any place, so that no clip is shredded.
 */
function drawSegments(count: number, missing: number, rng: Rng): { start: number; count: number }[] {
  const segments: { start: number; count: number }[] = [];
  const least = Math.ceil(count / 2);
  for (let rest = missing; rest > 0; ) {
    const drawn = least + rng.integer(count - least + 1);
    const start = rng.integer(count - drawn + 1);
    segments.push({ start, count: Math.min(drawn, rest) });
    rest -= drawn;
  }
  return segments;
}

function needed(rng: Rng | undefined, rule: string): Rng {
  if (!rng) throw new RangeError(`drawAlignment: "${rule}" draws at random, so it needs an rng`);
  return rng;
}

function unknownRule(name: string, value: unknown, known: readonly string[]): RangeError {
  return new RangeError(`drawAlignment: ${name} must be one of ${known.join(", ")}, got ${JSON.stringify(value)}`);
}
