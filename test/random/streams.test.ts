import { describe, expect, test } from "vitest";
import { Streams } from "../../src/random/streams.js";

const draw = (seed: number, purpose: string, ...indices: number[]) => {
  const rng = new Streams(seed).stream(purpose, ...indices);
  return Array.from({ length: 8 }, () => rng.uint32());
};

/** Philox4x32-10 and 64-bit FNV-1a, written down once more in exact integers from their definitions. */
function philoxByDefinition(counter: bigint[], key: bigint[]): bigint[] {
  let [x0, x1, x2, x3] = counter as [bigint, bigint, bigint, bigint];
  let [k0, k1] = key as [bigint, bigint];
  const word = (n: bigint) => n & 0xffffffffn;
  for (let round = 0; round < 10; round++) {
    const [p0, p1] = [0xd2511f53n * x0, 0xcd9e8d57n * x2];
    [x0, x1, x2, x3] = [(p1 >> 32n) ^ x1 ^ k0, word(p1), (p0 >> 32n) ^ x3 ^ k1, word(p0)];
    [k0, k1] = [word(k0 + 0x9e3779b9n), word(k1 + 0xbb67ae85n)];
  }
  return [x0, x1, x2, x3];
}

function fnv1a(text: string): bigint {
  let hash = 0xcbf29ce484222325n;
  for (const unit of text) hash = BigInt.asUintN(64, (hash ^ BigInt(unit.charCodeAt(0))) * 0x100000001b3n);
  return hash;
}

// FNV-1a's published test vectors (isthe.com/chongo/tech/comp/fnv, "fnv64a").
test.each([
  ["", 0xcbf29ce484222325n],
  ["a", 0xaf63dc4c8601ec8cn],
  ["foobar", 0x85944171f73967e8n],
])("FNV-1a of '%s'", (text, hash) => {
  expect(fnv1a(text)).toBe(hash);
});

describe("what a stream is does not change: the seed is the key, block number and name are the counter", () => {
  test.each([
    [0, "shuffle", [1]],
    [7, "augment", [3, 5000]],
    [2 ** 53 - 1, "batch", [12, 0]],
    [2 ** 32, "init", []],
  ] as [number, string, number[]][])("seed %s, %s %s", (seed, purpose, indices) => {
    const name = fnv1a(`${purpose}\u0000${indices.join(",")}`);
    const key = [BigInt(seed) & 0xffffffffn, BigInt(seed) >> 32n];
    const words = [0n, 1n].flatMap((block) => philoxByDefinition([block, 0n, name & 0xffffffffn, name >> 32n], key));
    expect(draw(seed, purpose, ...indices)).toEqual(words.map(Number));
  });
});

describe("streams", () => {
  test("are functions of seed, purpose and indices, whatever was drawn before", () => {
    const streams = new Streams(7);
    streams.stream("other").uint32();
    const rng = streams.stream("shuffle", 3, 5);
    expect(Array.from({ length: 8 }, () => rng.uint32())).toEqual(draw(7, "shuffle", 3, 5));
  });

  test("differ in seed (high words too), purpose, and how indices are grouped", () => {
    const all = [
      draw(1, "a", 12, 3),
      draw(1, "a", 1, 23),
      draw(1, "a", 123),
      draw(1, "b", 12, 3),
      draw(2, "a", 12, 3),
      draw(1 + 2 ** 32, "a", 12, 3),
      draw(0, "a", 12, 3),
    ].map((words) => words.join());
    expect(new Set(all).size).toBe(all.length);
  });

  test("uniform: mean 1/2 and variance 1/12 within five standard errors", () => {
    const rng = new Streams(1).stream("uniform");
    const n = 200_000;
    let sum = 0;
    let squares = 0;
    let low = 1;
    let high = 0;
    for (let i = 0; i < n; i++) {
      const u = rng.uniform();
      low = Math.min(low, u);
      high = Math.max(high, u);
      sum += u;
      squares += (u - 0.5) ** 2;
    }
    expect(low).toBeGreaterThanOrEqual(0);
    expect(high).toBeLessThan(1);
    expect(Math.abs(sum / n - 0.5)).toBeLessThan(5 * Math.sqrt(1 / 12 / n));
    // Var((U - 1/2)^2) = 1/80 - 1/144 = 1/180.
    expect(Math.abs(squares / n - 1 / 12)).toBeLessThan(5 * Math.sqrt(1 / 180 / n));
  });

  test("normal: mean 0, variance 1, fourth moment 3 within five standard errors", () => {
    const rng = new Streams(2).stream("normal");
    const n = 200_000;
    const moments = [0, 0, 0];
    for (let i = 0; i < n; i++) {
      const x = rng.normal();
      moments[0]! += x / n;
      moments[1]! += x ** 2 / n;
      moments[2]! += x ** 4 / n;
    }
    // Standard errors: Var X = 1, Var X^2 = 2, Var X^4 = 105 - 9 = 96.
    expect(Math.abs(moments[0]!)).toBeLessThan(5 / Math.sqrt(n));
    expect(Math.abs(moments[1]! - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
    expect(Math.abs(moments[2]! - 3)).toBeLessThan(5 * Math.sqrt(96 / n));
  });

  test("integer: every value equally often (chi-square, 6 degrees of freedom, p = 1e-6 at 38.3)", () => {
    const rng = new Streams(3).stream("integer");
    const counts = new Array<number>(7).fill(0);
    for (let i = 0; i < 70_000; i++) counts[rng.integer(7)]!++;
    const chiSquare = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    expect(chiSquare).toBeLessThan(38.3);
  });

  test("shuffle: a permutation, and each of the six orders of three as often", () => {
    const counts = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const order = new Streams(4).stream("shuffle", i).shuffle(["a", "b", "c"]).join("");
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual(["abc", "acb", "bac", "bca", "cab", "cba"]);
    const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect(chiSquare).toBeLessThan(35.9); // 5 degrees of freedom, p = 1e-6
  });

  test.each([-1, 0.5, Number.NaN, 2 ** 53])("seed %s is refused", (seed) => {
    expect(() => new Streams(seed)).toThrow("seed must be a non-negative integer");
  });

  test.each([0, -3, 1.5, 2 ** 32 + 1])("integer(%s) is refused", (limit) => {
    expect(() => new Streams(1).stream("x").integer(limit)).toThrow("limit must be an integer from 1 to 2^32");
  });
});
