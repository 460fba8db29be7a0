import { mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import {
  readEmbeddings,
  readProjections,
  writeEmbeddings,
  writeProjections,
} from "../../src/explain/embeddingFiles.js";
import { squaredDistances } from "../../src/explain/neighbours.js";
import { projections } from "../../src/explain/projections.js";
import { tsne } from "../../src/explain/tsne.js";
import { umap } from "../../src/explain/umap.js";
import { UserError } from "../../src/userError.js";
import { threeClouds } from "./madeUpPoints.js";

const clouds = threeClouds(90);
const asked = { perplexity: 10, learningRate: 100, seed: 42, iterations: 300 };

describe("t-SNE", () => {
  it("gives the same bits for the same seed, others for another, and keeps clouds and equal points together", async () => {
    const [once, again, other] = [
      await tsne(clouds, asked),
      await tsne(clouds, asked),
      await tsne(clouds, { ...asked, seed: 43 }),
    ];
    expect(again).toEqual(once);
    expect(other).not.toEqual(once);
    expect([...once.x, ...once.y].every(Number.isFinite)).toBe(true);
    const { planes } = await projections(named(clouds), [{ method: "t-SNE", ...asked }], 42);
    const { plane } = planes[0]!;
    if ("refused" in plane) throw new Error(plane.refused);
    expect(plane.agreement.agreement).toBeGreaterThan(0.95);
    expect(plane.trustworthiness).toBeGreaterThan(0.9);
    const apart = (i: number, j: number) => Math.hypot(once.x[i]! - once.x[j]!, once.y[i]! - once.y[j]!);
    expect(apart(8, 9)).toBeLessThan(0.05 * apart(0, 89));
  });

  it.each([
    [{ ...asked, perplexity: 30 }, "90 points are too few for a perplexity of 30: they allow at most 29"],
    [{ ...asked, perplexity: Number.NaN }, "perplexity must be a number from 1, got NaN"],
    [{ ...asked, learningRate: 0 }, "learningRate must be a number above 0, got 0"],
  ])("refuses what it cannot do: %o", async (options, message) => {
    await expect(tsne(clouds, options)).rejects.toThrow(new UserError(message));
  });

  it("refuses points that are not finite, all the same, or no whole number of them", async () => {
    const broken = { ...clouds, values: clouds.values.map((value, i) => (i === 17 ? Number.NaN : value)) };
    await expect(tsne(broken, asked)).rejects.toThrow("dimension 1 of point 2 is NaN");
    const same = { values: new Float32Array(40).fill(0.5), size: 2 };
    await expect(tsne(same, asked)).rejects.toThrow("all 20 points are the same");
    await expect(tsne({ values: new Float32Array(7), size: 2 }, asked)).rejects.toThrow("no whole number of points");
  });

  it("tells progress up to 1, and stops when asked to", async () => {
    const told: number[] = [];
    await tsne(clouds, asked, { onProgress: (fraction) => told.push(fraction) });
    expect(told.at(-1)).toBe(1);
    const stop = new AbortController();
    stop.abort(new Error("enough"));
    await expect(tsne(clouds, asked, { signal: stop.signal })).rejects.toThrow("enough");
  });
});

describe("UMAP", () => {
  it("gives the same bits for the same seed and others for another", async () => {
    const distances = await squaredDistances(clouds);
    const once = await umap(clouds, distances, { epochs: 60, seed: 42 });
    expect(await umap(clouds, distances, { epochs: 60, seed: 42 })).toEqual(once);
    expect(await umap(clouds, distances, { epochs: 60, seed: 1 })).not.toEqual(once);
    expect([...once.x, ...once.y].every(Number.isFinite)).toBe(true);
  });

  it("refuses fewer points than neighbours", async () => {
    const few = threeClouds(15);
    const distances = await squaredDistances(few);
    const message = "15 points are too few for 15 neighbours of each";
    await expect(umap(few, distances, { epochs: 60, seed: 42 })).rejects.toThrow(new UserError(message));
  });
});

it("several ways: one that is refused leaves the others, and all is read back from a run's folder", async () => {
  const few = named(threeClouds(24));
  const methods = [
    { method: "t-SNE" as const, perplexity: 30, learningRate: 200 },
    { method: "UMAP" as const, neighbours: 5, epochs: 60 },
  ];
  const made = await projections(few, methods, 42);
  expect(made.planes.map(({ plane }) => "refused" in plane)).toEqual([true, false]);
  expect(made.neighbours).toBe(11);
  const folder = mkdtempSync(path.join(tmpdir(), "embeddings-"));
  expect(readProjections(folder, "select")).toBeUndefined();
  expect(() => readEmbeddings(folder, "select")).toThrow("holds no embeddings of the select role");
  writeEmbeddings(folder, "select", few);
  writeProjections(folder, "select", made);
  expect(readEmbeddings(folder, "select")).toEqual(few);
  expect(readProjections(folder, "select")).toEqual(made);
  expect(readdirSync(path.join(folder, "embeddings")).sort()).toEqual([
    "select.json",
    "select.projections.json",
    "select.safetensors",
  ]);
  await expect(projections(named(threeClouds(4)), methods, 42)).rejects.toThrow("4 items are too few");
});

function named({ values, size, classes }: ReturnType<typeof threeClouds>) {
  const ids = classes.map((_, i) => `made-up-${i}`);
  return { values, size, layer: "head.normalise", labels: ["N", "R", "W"], ids, classes };
}
