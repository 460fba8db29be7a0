import { expect, test } from "vitest";
import { occupancyOf, similarityOf } from "../../../src/papers/cycleguardian/clusterLook.js";

// Three cycles of two groups and three clusters: cycle 0 in clusters 0 and 1, cycle 1 twice in 0, cycle 2 in 0 and 1.
const ASSIGNED = Float32Array.of(
  ...[1, 0, 0, 0, 1, 0],
  ...[1, 0, 0, 1, 0, 0],
  ...[1, 0, 0, 0, 1, 0], // biome-ignore format: a cycle a line
);

test("occupancy is the share of the groups of a class's cycles, zeros for a class without cycles", () => {
  expect(occupancyOf(ASSIGNED, [0, 0, 1], 3, 3)).toEqual([
    [3 / 4, 1 / 4, 0],
    [1 / 2, 1 / 2, 0],
    [0, 0, 0],
  ]);
});

test("similarity is the mean cosine over cycles that have groups in both clusters, none where no cycle has", () => {
  // Vectors of two numbers: cluster 0 along x; cluster 1 at 60 degrees in cycle 0, at 90 in cycle 2; what cycle 1 has there does not count.
  const half = Math.sqrt(3) / 2;
  const vectors = Float32Array.of(
    ...[2, 0, 0.5, half, 9, 9],
    ...[1, 0, 1, 0, 9, 9],
    ...[3, 0, 0, 5, 9, 9], // biome-ignore format: a cycle a line
  );
  const found = similarityOf(vectors, ASSIGNED, 3, 3);
  expect(found[0]![0]).toBeCloseTo(1, 6);
  expect(found[0]![1]).toBeCloseTo((0.5 + 0) / 2, 6);
  expect(found[1]![0]).toBe(found[0]![1]);
  expect(found[2]).toEqual([null, null, null]);
});

test("nothing to look at is no error", () => {
  expect(occupancyOf(new Float32Array(0), [], 2, 2)).toEqual([
    [0, 0],
    [0, 0],
  ]);
  expect(similarityOf(new Float32Array(0), new Float32Array(0), 0, 1)).toEqual([[null]]);
});
