import { UMAP } from "umap-js";
import { Streams } from "../random/streams.js";
import { UserError } from "../userError.js";
import { nearest } from "./neighbours.js";
import { breather, countPoints, type Plane, type Points, type Watch } from "./points.js";

export interface UmapOptions {
  /** Counted with the point itself, as in umap-learn; 15 unless told. */
  neighbours?: number;
  /** How close points may come to lie; 0.1 unless told. */
  minDistance?: number;
  /** As many as umap-learn's unless told: 500 for up to 2,500 points, 400 for more. */
  epochs?: number;
  /** A non-negative integer. */
  seed: number;
}

/**
 * UMAP to a plane (McInnes, Healy and Melville, 2018), by umap-js from exact neighbours and a random start. The same points, options
 * and version of Node give the same bits.
 *
 * @param distances squared, of every pair, row-major `[points, points]`
 * @throws UserError as `countPoints` does, and for no more points than `neighbours`
 */
export async function umap(
  points: Points,
  distances: Float64Array,
  { neighbours = 15, minDistance = 0.1, epochs = 0, seed }: UmapOptions,
  watch: Watch = {},
): Promise<Plane> {
  const count = countPoints(points);
  if (!Number.isInteger(neighbours) || neighbours < 2) {
    throw new UserError(`neighbours must be a whole number from 2, got ${neighbours}`);
  }
  if (count <= neighbours) throw new UserError(`${count} points are too few for ${neighbours} neighbours of each`);
  const rng = new Streams(seed).stream("umap");
  const projection = new UMAP({
    ...{ nNeighbors: neighbours, minDist: minDistance, nEpochs: epochs },
    random: () => rng.uniform(),
  });
  const others = neighbours - 1;
  const found = nearest(distances, others);
  const indices = Array.from({ length: count }, (_, i) => [i, ...found.subarray(i * others, (i + 1) * others)]);
  projection.setPrecomputedKNN(
    indices,
    indices.map((own, i) => own.map((j) => Math.sqrt(distances[i * count + j]!))),
  );
  const breathe = breather(watch);
  // Of the points only their number is read once neighbours are known.
  const steps = projection.initializeFit(indices);
  for (let step = 1; step <= steps; step++) {
    projection.step();
    await breathe(step / steps);
  }
  const places = projection.getEmbedding();
  return { x: places.map((place) => place[0]!), y: places.map((place) => place[1]!) };
}
