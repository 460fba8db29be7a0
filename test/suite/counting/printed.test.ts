import { describe, expect, it } from "vitest";
import { agrees, isCut, isWithinOneUnit, printedPlaces } from "../../../src/suite/counting/printed.js";

describe("a printed number and what it stands for", () => {
  it("has the places of its literal, or the column's where zeros end it", () => {
    expect(printedPlaces(0.49)).toBe(2);
    expect(printedPlaces(0.1, 2)).toBe(2);
    expect(printedPlaces(4262)).toBe(0);
    expect(printedPlaces(83.125, 2)).toBe(3);
  });

  it.each([
    [0.5, 0.4950001, 2, true],
    [0.5, 0.4949, 2, false],
    // Of a tie both neighbours are right, whatever double precision makes of it.
    [0.12, 0.115, 2, true],
    [0.11, 0.115, 2, true],
    [1.01, 1.005, 2, true],
    [65, 64.77, 0, true],
    [4262, 4262, 0, true],
    [4263, 4262, 0, false],
  ])("%s for %s with %s places: %s", (printed, found, places, right) => {
    expect(agrees(printed, found, places)).toBe(right);
  });

  it("may be cut instead of rounded", () => {
    expect(isCut(0.11, 215 / 1864, 2)).toBe(true);
    expect(isCut(0.12, 215 / 1864, 2)).toBe(false);
    expect(isCut(0.29, 0.29, 2)).toBe(true); // 0.29 * 100 is 28.999999999999996
  });

  it("may be one unit of its last place off", () => {
    expect(isWithinOneUnit(0.08, 0.0749, 2)).toBe(true);
    expect(isWithinOneUnit(95, 93.67, 0)).toBe(false);
  });
});
