import { TSNE } from "@saehrimnir/druidjs";
import { UserError } from "../userError.js";
import { breather, countPoints, type Plane, type Points, type Watch } from "./points.js";

export interface TsneOptions {
  /** About how many neighbours of each point count. */
  perplexity: number;
  learningRate: number;
  /** A non-negative integer. */
  seed: number;
  /** 1,000 unless told, as in scikit-learn. */
  iterations?: number;
}

/**
 * t-SNE to a plane, exact (van der Maaten and Hinton, 2008), by DruidJS. The same points, options and version of Node give the same
 * bits. Equal points are kept and come to lie beside each other.
 *
 * @throws UserError as `countPoints` does, and for fewer points than three times the perplexity and one
 */
export async function tsne(points: Points, options: TsneOptions, watch: Watch = {}): Promise<Plane> {
  const { perplexity, learningRate, seed, iterations = 1000 } = options;
  const count = countPoints(points);
  if (!(perplexity >= 1)) throw new UserError(`perplexity must be a number from 1, got ${perplexity}`);
  if (!(learningRate > 0)) throw new UserError(`learningRate must be a number above 0, got ${learningRate}`);
  if (count < 3 * perplexity + 1) {
    const most = Math.floor((count - 1) / 3);
    const advice = most >= 1 ? `they allow at most ${most}` : "there are too few for any";
    throw new UserError(`${count} points are too few for a perplexity of ${perplexity}: ${advice}`);
  }
  const { values, size } = points;
  const rows = Array.from({ length: count }, (_, i) => Float64Array.from(values.subarray(i * size, (i + 1) * size)));
  const breathe = breather(watch);
  const steps = new TSNE(rows, { perplexity, epsilon: learningRate, d: 2, seed }).generator(iterations);
  let last: readonly ArrayLike<number>[] = rows;
  let done = 0;
  // Leaving the loop, by an abort too, gives back the library's memory.
  for (const projection of steps) {
    last = projection;
    await breathe(++done / iterations);
  }
  return { x: last.map((row) => row[0]!), y: last.map((row) => row[1]!) };
}
