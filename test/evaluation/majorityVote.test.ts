import { expect, test } from "vitest";
import { majorityVote } from "../../src/evaluation/majorityVote.js";
import { Streams } from "../../src/random/streams.js";

test("most windows decide, the lowest label wins a tie, groups keep the order of their first windows", () => {
  const groups = ["b", "a", "b", "a", "b", "c", "a", "d", "d"];
  const predictions = [3, 2, 1, 1, 1, 0, 2, 3, 1];
  expect([...majorityVote(groups, predictions)]).toEqual([["b", 1], ["a", 2], ["c", 0], ["d", 1]]); // biome-ignore format: one line
});

test("as a loop that counts each group anew", () => {
  const rng = new Streams(7).stream("votes");
  const groups = Array.from({ length: 300 }, () => `cycle ${rng.integer(80)}`);
  const predictions = groups.map(() => rng.integer(4));
  const found = majorityVote(groups, predictions);
  for (const group of new Set(groups)) {
    let best = -1;
    let most = 0;
    for (let label = 0; label < 4; label++) {
      const votes = groups.filter((own, i) => own === group && predictions[i] === label).length;
      if (votes > most) [best, most] = [label, votes];
    }
    expect(found.get(group)).toBe(best);
  }
  expect(found.size).toBe(new Set(groups).size);
});

test("refuses lists of unlike length and what is no class", () => {
  expect(() => majorityVote(["a"], [1, 2])).toThrow("1 windows' groups, but 2 predictions");
  expect(() => majorityVote(["a"], [-1])).toThrow("prediction of window 0 must be a class index, got -1");
  expect(majorityVote([], []).size).toBe(0);
});
