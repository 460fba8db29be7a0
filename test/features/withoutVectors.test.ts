import { afterEach, expect, it, vi } from "vitest";
import { largestDifference, madeUp } from "./madeUp.js";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

async function maps(): Promise<Float32Array[]> {
  vi.resetModules();
  const { TEST_PATH_RECIPES, testPathOf } = await import("../../src/papers/testPaths.js");
  return TEST_PATH_RECIPES.map((recipe) => testPathOf(recipe).maps(madeUp(20_000), 8000)[0]!.data);
}

it("front ends give the same without WebAssembly's vectors", async () => {
  const fast = await maps();
  vi.stubGlobal("WebAssembly", undefined);
  const plain = await maps();
  // In z-scores (the third's of stored steps), decibels, z-scores, parts of full scale, and steps of stored decibels; rounding in
  // nearly empty rows is standardised too.
  const limits = [0.02, 0.02, 0.2, 0.01, 1e-3, 1e-3, 2 / 255, (2 * 80) / 255 / 40];
  expect(fast).toHaveLength(limits.length);
  fast.forEach((map, i) => {
    expect(largestDifference(map, plain[i]!)).toBeLessThan(limits[i]!);
  });
});
