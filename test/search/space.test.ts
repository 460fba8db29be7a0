import { describe, expect, it } from "vitest";
import { requireGrid, requireSpace, spaceWords } from "../../src/search/space.js";

describe("a space", () => {
  it("may hold one point alone", () => {
    requireSpace({ a: { type: "uniform", from: 1, to: 1 }, b: { type: "choice", of: [3] } });
    requireSpace({ a: { type: "whole number", from: 64, to: 512, step: 32 } });
  });

  it.each([
    [{}, /at least one setting/],
    [{ a: { type: "uniform", from: 1, to: 0 } }, /a, 1 to 0: its lower bound must not be above the upper/],
    [{ a: { type: "uniform", from: 0, to: Number.NaN } }, /must be numbers/],
    [{ a: { type: "log-uniform", from: 0, to: 1 } }, /a logarithm needs a lower bound above 0/],
    [{ a: { type: "whole number", from: 1, to: 2.5 } }, /must be whole/],
    [{ a: { type: "whole number", from: 1, to: 4, step: 0 } }, /the step from 1/],
    [
      { a: { type: "whole number", from: 64, to: 500, step: 32 } },
      /64 to 500 in steps of 32: its range must be a multiple/,
    ],
    [{ a: { type: "choice", of: [] } }, /nothing to choose/],
    [{ a: { type: "choice", of: [2, 4, 2] } }, /stands there twice/],
  ] as const)("%j is refused", (space, message) => {
    expect(() => requireSpace(space)).toThrow(message);
  });

  it("for a grid has choices alone", () => {
    expect(() => requireGrid({ a: { type: "choice", of: [1, 2] }, b: { type: "uniform", from: 0, to: 1 } }, 2)).toThrow(
      /b is none: 0 to 1/,
    );
  });

  it("is told in words", () => {
    expect(spaceWords({ type: "log-uniform", from: 1e-4, to: 0.1 })).toBe("0.0001 to 0.1 (log)");
    expect(spaceWords({ type: "choice", of: [2, 4] })).toBe("2, 4");
    expect(spaceWords({ type: "uniform", from: 0.1, to: 0.9 })).toBe("0.1 to 0.9");
  });
});
