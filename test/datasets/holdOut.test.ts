import { describe, expect, it } from "vitest";
import { type HoldOutGroup, holdOut } from "../../src/datasets/holdOut.js";
import { Streams } from "../../src/random/streams.js";

/** Made-up patients: a common class in all, a rarer one in some, a device each. */
function patients(count: number, seed: number): HoldOutGroup[] {
  const rng = new Streams(seed).stream("patients");
  return Array.from({ length: count }, (_, i) => ({
    id: `p${i}`,
    counts: { normal: 1 + rng.integer(30), wheeze: rng.uniform() < 0.3 ? 1 + rng.integer(10) : 0 },
    device: rng.uniform() < 0.6 ? "A" : "B",
  }));
}

describe("holdOut", () => {
  it("takes the exact share where groups are alike", () => {
    const alike = Array.from({ length: 50 }, (_, i) => ({ id: `p${i}`, counts: { normal: 3 } }));
    expect(holdOut(alike, 0.2).size).toBe(10);
    expect(holdOut(alike, 0.5).size).toBe(25);
  });

  it("keeps classes and devices near the share, by items", () => {
    const groups = patients(100, 1);
    const held = holdOut(groups, 0.2);
    const share = (amount: (group: HoldOutGroup) => number) => {
      const sum = (of: HoldOutGroup[]) => of.reduce((total, group) => total + amount(group), 0);
      return sum(groups.filter(({ id }) => held.has(id))) / sum(groups);
    };
    const traits = [
      () => 1,
      ({ counts }: HoldOutGroup) => counts.normal!,
      ({ counts }: HoldOutGroup) => counts.wheeze!,
      ({ device }: HoldOutGroup) => (device === "A" ? 1 : 0),
      ({ device }: HoldOutGroup) => (device === "B" ? 1 : 0),
    ];
    for (const trait of traits) expect(Math.abs(share(trait) - 0.2)).toBeLessThan(0.03);
  });

  it("puts a class of two groups on both sides, and leaves one of a single group in training", () => {
    for (let seed = 0; seed < 20; seed++) {
      const groups = patients(30, seed).map((group, i) => ({
        ...group,
        counts: { ...group.counts, rare: i === 3 || i === 17 ? 1 : 0, single: i === 5 ? 1 : 0 },
      }));
      const held = holdOut(groups, 0.2);
      expect(Number(held.has("p3")) + Number(held.has("p17"))).toBe(1);
      expect(held.has("p5")).toBe(false);
    }
  });

  it("depends on the groups, not on their order", () => {
    const groups = patients(40, 2);
    expect([...holdOut([...groups].reverse(), 0.2)].sort()).toEqual([...holdOut(groups, 0.2)].sort());
  });

  it("refuses what cannot be split", () => {
    const one = { id: "a", counts: { normal: 1 } };
    expect(() => holdOut([one], 0.2)).toThrow("at least two groups are needed, got 1");
    expect(() => holdOut([one, one], 0.2)).toThrow('group "a" occurs twice');
    expect(() => holdOut(patients(4, 1), 1)).toThrow("share must lie between 0 and 1, got 1");
    expect(() => holdOut(patients(4, 1), Number.NaN)).toThrow("got NaN");
  });
});
