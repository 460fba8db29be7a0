import { describe, expect, test } from "vitest";
import { placeAt } from "../../src/augment/range.js";
import { partOfZone } from "../../src/augment/zone.js";

describe("places", () => {
  test("are all reached, and none beyond", () => {
    expect([0, 0.32, 0.34, 0.99, 1].map((share) => placeAt(share, 3))).toEqual([0, 0, 1, 2, 2]);
    for (const places of [1, 3, 5, 7, 1023, 80_000]) expect(placeAt(1 - 2 ** -53, places)).toBe(places - 1);
    expect(() => placeAt(1.01, 3)).toThrow("place must be from 0 to 1, got 1.01");
  });

  test("a part of a zone lies within it", () => {
    expect(partOfZone([0.2, 0.8], 1, 0.7, 1000)).toEqual([200, 800]);
    expect(partOfZone([0.2, 0.8], 0.5, 0, 1000)).toEqual([200, 500]);
    expect(partOfZone([0.2, 0.8], 0.5, 1, 1000)).toEqual([500, 800]);
    expect(partOfZone([0, 1], 0.1, 0.5, 0)).toEqual([0, 0]);
  });
});
