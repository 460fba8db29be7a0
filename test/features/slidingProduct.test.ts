import { describe, expect, it } from "vitest";
import { SlidingProduct } from "../../src/features/slidingProduct.js";

/** Integers, so that sums are exact. */
const value = (i: number) => ((i * 7919) % 17) - 8;

describe("SlidingProduct", () => {
  it("is the sum of products, for sizes around its panels, rows and taps", () => {
    for (const [columns, taps, step, rows] of [
      [1, 1, 1, 1],
      [3, 5, 2, 7],
      [8, 4, 4, 4],
      [9, 13, 13, 5],
      [24, 128, 2, 9],
    ] as const) {
      const weights = Array.from({ length: columns }, (_, c) =>
        Array.from({ length: taps }, (_, k) => value(31 * c + k)),
      );
      const product = new SlidingProduct({ weights, step });
      const input = product.input(rows);
      for (let i = 0; i < input.length; i++) input[i] = value(i + 5);
      const out = product.compute(rows);
      expect(out.length).toBe(rows * product.stride);
      for (let row = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++) {
          let sum = 0;
          for (let k = 0; k < taps; k++) sum += value(row * step + k + 5) * weights[column]![k]!;
          expect(out[row * product.stride + column]).toBe(sum);
        }
      }
    }
  });

  it("refuses weights that are no matrix, steps below 1 and more rows than it has input for", () => {
    expect(() => new SlidingProduct({ weights: [], step: 1 })).toThrow(/at least 1/);
    expect(() => new SlidingProduct({ weights: [[1, 2], [1]], step: 1 })).toThrow(/equal length/);
    expect(() => new SlidingProduct({ weights: [[1]], step: 0 })).toThrow(/step/);
    expect(() => new SlidingProduct({ weights: [[1]], step: 1 }).compute(1)).toThrow(/room for 0 rows, not 1/);
  });
});
