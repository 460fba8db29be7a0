import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Example } from "../../datasets/roles.js";
import type { Points } from "../../explain/points.js";
import { writeJsonAtomic } from "../../node/atomicFile.js";
import { WIDTHS } from "./geometry.js";

/** What the clusters of a trained network are like, over some cycles: `clusters.json` in a run's folder. */
export interface ClusterLook {
  format: 1;
  /** Whose cycles: a role's, or a test set's. */
  of: string;
  labels: readonly string[];
  /** Cycles looked at, by class. */
  cycles: readonly number[];
  /** Share of the groups of a class's cycles that each cluster has, [classes, clusters]; a class without cycles has zeros. */
  occupancy: readonly (readonly number[])[];
  /** Mean over the cycles of the cosine of two clusters' vectors, [clusters, clusters]; of cycles that have groups in both. */
  similarity: readonly (readonly (number | null)[])[];
}

/** What `CLUSTER_LAYERS` answer to some cycles. */
export interface LookedAt extends Pick<ClusterLook, "of" | "labels"> {
  examples: readonly Example[];
  assigned: Points;
  vectors: Points;
}

/** Layers of the network: which cluster a group is in, `[groups, clusters]`, and the clusters' vectors, `[clusters, 128]`. */
export const CLUSTER_LAYERS = ["cluster.assignment", "groupFusion.norm2"] as const;

const place = (runFolder: string) => path.join(runFolder, "clusters.json");

/** Leaves in the run's folder where a network puts the groups of some cycles. */
export function leaveClusterLook(runFolder: string, { of, labels, examples, assigned, vectors }: LookedAt): void {
  const classes = examples.map(({ label }) => label);
  const clusters = vectors.size / WIDTHS.embedding;
  const look: ClusterLook = {
    ...{ format: 1, of, labels },
    cycles: labels.map((_, label) => classes.filter((one) => one === label).length),
    occupancy: occupancyOf(assigned.values, classes, labels.length, clusters),
    similarity: similarityOf(vectors.values, assigned.values, examples.length, clusters),
  };
  writeJsonAtomic(place(runFolder), look);
}

/** What `leaveClusterLook` left; undefined where there is nothing. */
export function readClusterLook(runFolder: string): ClusterLook | undefined {
  const file = place(runFolder);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as ClusterLook) : undefined;
}

/** @param assigned `[cycles, groups, clusters]`, a 1 for each group's cluster */
export function occupancyOf(
  assigned: Float32Array,
  classes: readonly number[],
  labels: number,
  clusters: number,
): number[][] {
  const counts = Array.from({ length: labels }, () => new Array<number>(clusters).fill(0));
  const ofCycle = assigned.length / Math.max(1, classes.length);
  for (const [i, label] of classes.entries())
    for (let at = 0; at < ofCycle; at++) counts[label]![at % clusters]! += assigned[i * ofCycle + at]!;
  return counts.map((row) => {
    const all = row.reduce((sum, count) => sum + count, 0);
    return row.map((count) => (all === 0 ? 0 : count / all));
  });
}

/**
 * @param vectors `[cycles, clusters, 128]`
 * @param assigned `[cycles, groups, clusters]`
 */
export function similarityOf(
  vectors: Float32Array,
  assigned: Float32Array,
  cycles: number,
  clusters: number,
): (number | null)[][] {
  const size = vectors.length / Math.max(1, cycles * clusters);
  const groups = assigned.length / Math.max(1, cycles * clusters);
  const vector = (cycle: number, cluster: number) =>
    vectors.subarray((cycle * clusters + cluster) * size, (cycle * clusters + cluster + 1) * size);
  const has = (cycle: number, cluster: number) =>
    Array.from({ length: groups }, (_, g) => assigned[(cycle * groups + g) * clusters + cluster]!).some(
      (one) => one > 0,
    );
  const occupied = Array.from({ length: cycles }, (_, i) => Array.from({ length: clusters }, (_, k) => has(i, k)));
  return Array.from({ length: clusters }, (_, j) =>
    Array.from({ length: clusters }, (_, k) => {
      const cosines = occupied.flatMap((own, i) => (own[j] && own[k] ? [cosine(vector(i, j), vector(i, k))] : []));
      return cosines.length === 0 ? null : cosines.reduce((sum, one) => sum + one, 0) / cosines.length;
    }),
  );
}

function cosine(a: Float32Array, b: Float32Array): number {
  let [product, ofA, ofB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    product += a[i]! * b[i]!;
    ofA += a[i]! ** 2;
    ofB += b[i]! ** 2;
  }
  return product / Math.sqrt(ofA * ofB || 1);
}
