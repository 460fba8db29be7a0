import { UserError } from "../userError.js";

/** Points of a space of many dimensions. */
export interface Points {
  /** Row-major `[points, size]`. */
  values: Float32Array;
  /** Dimensions of each. */
  size: number;
}

/** Embeddings of the items of a role, with what must be known to look at them. */
export interface Embeddings extends Points {
  /** The layer that they are the output of. */
  layer: string;
  /** Names of the classes. */
  labels: readonly string[];
  /** [items] */
  ids: readonly string[];
  /** Index into `labels`, [items]. */
  classes: readonly number[];
}

/** Every pair of points is compared, which takes memory and time by the square of their number. */
export const MOST_POINTS = 5000;

/**
 * How many points there are.
 *
 * @throws UserError for values that are no whole number of points, are not finite, or are all the same, and for too many points
 */
export function countPoints({ values, size }: Points): number {
  const count = values.length / size;
  if (!Number.isInteger(size) || size < 1 || !Number.isInteger(count)) {
    throw new UserError(`${values.length} values are no whole number of points of ${size} dimensions`);
  }
  if (count > MOST_POINTS) {
    throw new UserError(`${count} points are more than the ${MOST_POINTS} that are compared in pairs; take a sample`);
  }
  const broken = values.findIndex((value) => !Number.isFinite(value));
  if (broken >= 0) {
    throw new UserError(
      `dimension ${broken % size} of point ${Math.floor(broken / size)} is ${values[broken]}; points must be finite`,
    );
  }
  if (count > 1 && values.every((value, i) => value === values[i % size])) {
    throw new UserError(`all ${count} points are the same: there is nothing to project`);
  }
  return count;
}

/** A projection to a plane. */
export interface Plane {
  /** [points] */
  x: number[];
  y: number[];
}

/** The plane as points, for what compares neighbours in both. */
export function pointsOf({ x, y }: Plane): Points {
  return { values: Float32Array.from({ length: 2 * x.length }, (_, i) => (i % 2 === 0 ? x : y)[i >> 1]!), size: 2 };
}

/** What a projection, which may take minutes, tells and hears meanwhile. */
export interface Watch {
  /** From 0 to 1. */
  onProgress?(fraction: number): void;
  /** @throws its reason, where it is aborted */
  signal?: AbortSignal;
}

/** Milliseconds of work between two looks at the event loop. */
const STRETCH_MS = 50;

/** Answers a function that, called often, tells progress and lets the event loop have its turn now and then. */
export function breather({ onProgress, signal }: Watch): (fraction: number) => Promise<void> {
  let since = performance.now();
  return async (fraction) => {
    signal?.throwIfAborted();
    if (performance.now() - since < STRETCH_MS && fraction < 1) return;
    onProgress?.(fraction);
    await new Promise((resolve) => setImmediate(resolve));
    since = performance.now();
  };
}
