import { describe, expect, test } from "vitest";
import { drawExtraCopies } from "../../src/augment/extraCopies.js";
import { Streams } from "../../src/random/streams.js";

const rng = () => new Streams(6).stream("copies");

describe("extra copies", () => {
  const values = [0.8, 0.9, 1.1, 1.2];

  test("as many as the class has, each with another value, in order", () => {
    const drawn = drawExtraCopies(
      rng(),
      [0, 2, 3, 1, 2],
      new Map([
        [2, 2],
        [3, 4],
      ]),
      values,
    );
    expect(drawn.map(({ item }) => item)).toEqual([1, 1, 2, 2, 2, 2, 4, 4]);
    expect(drawn.filter(({ item }) => item === 2).map(({ value }) => value)).toEqual(values);
    for (const item of [1, 4]) {
      const [a, b] = drawn.filter((copy) => copy.item === item).map(({ value }) => value);
      expect(values.indexOf(a!)).toBeLessThan(values.indexOf(b!));
    }
  });

  test("every pair of values comes equally often", () => {
    const drawn = drawExtraCopies(rng(), new Array(3000).fill(2), new Map([[2, 2]]), values);
    const pairs = new Map<string, number>();
    for (let i = 0; i < drawn.length; i += 2) {
      const pair = `${drawn[i]!.value} ${drawn[i + 1]!.value}`;
      pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
    }
    expect(pairs.size).toBe(6);
    for (const count of pairs.values()) expect(Math.abs(count - 500)).toBeLessThan(82); // four standard deviations
  });

  test("refused: more copies than values", () => {
    expect(() => drawExtraCopies(rng(), [3], new Map([[3, 5]]), values)).toThrow("0 to 4 copies, got 5");
  });
});
