import { describe, expect, it } from "vitest";
import { evenly } from "../../src/papers/evenly.js";

describe("evenly", () => {
  it("takes every k-th, all where there are fewer, none for a limit of 0", () => {
    const ten = Array.from({ length: 10 }, (_, i) => i);
    expect(evenly(ten, 5)).toEqual([0, 2, 4, 6, 8]);
    expect(evenly(ten, 3)).toEqual([0, 3, 6]);
    expect(evenly(ten, 10)).toEqual(ten);
    expect(evenly(ten, 11)).toEqual(ten);
    expect(evenly(ten, undefined)).toEqual(ten);
    expect(evenly(ten, 0)).toEqual([]);
  });
});
