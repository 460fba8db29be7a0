import { afterEach, expect, it, vi } from "vitest";
import { largestDifference, madeUp } from "./madeUp.js";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

async function maps(): Promise<[recipe: string, map: Float32Array][]> {
  vi.resetModules();
  const { TEST_PATH_RECIPES, testPathOf } = await import("../../src/papers/testPaths.js");
  return TEST_PATH_RECIPES.map((recipe) => [recipe, testPathOf(recipe).maps(madeUp(20_000), 8000)[0]!.data]);
}

/** A step of stored decibels. */
const STEP = 80 / 255;

/** Most that a value may differ, in the unit of the map; rounding in nearly empty rows is standardised too. */
const LIMITS: Record<string, number> = {
  // z-scores, the third's of stored steps
  cycleguardian: 0.02,
  "cycleguardian-authors": 0.02,
  "cycleguardian-logmel": 0.2,
  glancegaze: 1e-3,
  "glancegaze-logmel": 0.2,
  // decibels
  multibreath: 0.01,
  "multibreath-logmel": 2 * STEP,
  "supcon-sprs": 1e-3,
  // parts of full scale
  respirenet: 2 / 255,
  // of the stored decibels' deviation, 40
  baseline: (2 * STEP) / 40,
};

it("front ends give the same without WebAssembly's vectors", async () => {
  const fast = await maps();
  vi.stubGlobal("WebAssembly", undefined);
  const plain = await maps();
  expect(fast.map(([recipe]) => recipe).sort()).toEqual(Object.keys(LIMITS).sort());
  fast.forEach(([recipe, map], i) => {
    expect(largestDifference(map, plain[i]![1]), recipe).toBeLessThan(LIMITS[recipe]!);
  });
});
