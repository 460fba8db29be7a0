import { describe, expect, it } from "vitest";
import { listSplits, type SplitSummary } from "../../src/datasets/listSplits.js";
import { splitText } from "../../src/datasets/splitText.js";
import { wholeIcbhi } from "./icbhi/layoutFixture.js";

const dataDir = wholeIcbhi();

describe("listSplits", () => {
  it("lists every split under both protocols, with those that cannot be made", () => {
    const all = listSplits("icbhi", dataDir, {});
    const refused = all.filter((one) => "refused" in one).map(({ split, protocol }) => `${split} ${protocol}`);
    for (const expected of [
      "official-patient-leak honest",
      "random-cycle-70-30 honest",
      "device-only:Litt3200 honest",
    ]) {
      expect(refused).toContain(expected);
    }
    const made = all.filter((one): one is SplitSummary => !("refused" in one));
    expect(new Set(made.map(({ digest }) => digest)).size).toBe(made.length);
    const text = splitText(all);
    expect(text).toMatch(/official +published +52 +0 +36 +[0-9a-f]{8} +leaks/);
    expect(text).toMatch(/official +honest .*[0-9a-f]{8}$/m);
    expect(text).toContain("Not to be made: official-patient-leak (honest)");
  });

  it("tells in words who is on both sides of one split", () => {
    const text = splitText(listSplits("icbhi", dataDir, { split: "official", protocol: "published" }));
    expect(text).toContain("train   Normal 13, Crackle 13, Wheeze 13, Both 13");
    expect(text).toContain("LEAK: 2 of the 9 patients of test are also in train: 301, 302");
    expect(text).toContain("None of the 9 recordings of test is in train.");
  });

  it("refuses what does not exist", () => {
    expect(() => listSplits("coswara", dataDir, {})).toThrow(
      'unknown data set "coswara"; those with splits: icbhi, sprsound',
    );
    expect(() => listSplits("icbhi", dataDir, { split: "fold9", protocol: "honest" })).toThrow('unknown split "fold9"');
  });
});
