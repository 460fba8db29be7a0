import { describe, expect, it } from "vitest";
import { paper } from "../../../src/papers/baseline/index.js";
import { whilePlanning } from "../../../src/papers/loadedOnce.js";
import type { RunRequest } from "../../../src/papers/paper.js";
import { wholeIcbhi } from "../../datasets/icbhi/layoutFixture.js";
import { withMaps } from "../../datasets/icbhiLogmel/mapsFixture.js";

const dataDir = withMaps(wholeIcbhi());
const prepared = (over: Partial<RunRequest> = {}) =>
  paper.prepare({
    ...{ experiment: "baseline/icbhi-official", row: "lean CNN", task: "4-class", fold: "official", seed: 0, dataDir },
    ...{ protocol: "honest", preset: "paper", profile: "full", ...over },
  });
const examplesOf = ({ inputs }: ReturnType<typeof prepared>) =>
  Object.fromEntries(inputs.map(({ role, examples }) => [role, examples]));

describe("a prepared run of the floor", () => {
  it("has the roles of the split: 22 recordings of four cycles, nine of them on the official test side", () => {
    expect(examplesOf(prepared({ protocol: "published" }))).toEqual({ train: 52, test: 36 });
    const honest = examplesOf(prepared());
    // 301 and 302 are tested too; about a fifth of the eleven patients left chooses the epoch.
    expect(honest).toEqual({ train: 32, select: 12, test: 36 });
    expect(prepared({ protocol: "published" }).split.leaks.join()).toContain("301");
    expect(prepared().split.leaks).toEqual([]);
  });

  it("is told apart by task, fold, protocol and seed", () => {
    const runs = [{}, { task: "2-class" }, { fold: "fold1" }, { protocol: "published" }, { seed: 1 }] as const;
    const identities = whilePlanning(() => runs.map((over) => JSON.stringify(prepared(over).identity)));
    expect(new Set(identities).size).toBe(runs.length);
    expect(prepared({ experiment: "another/entry" }).identity).toEqual(prepared().identity);
  });

  it("takes two classes for normal and all others", () => {
    const [train] = prepared({ task: "2-class", protocol: "published" }).inputs;
    expect(train!.classes).toEqual({ Normal: 13, Abnormal: 39 });
  });

  it("counts what it computes, and says what a profile leaves out", () => {
    // 32 cycles are one batch of 32; select is looked at once more for its calibration.
    expect(prepared().work).toMatchObject({ epochs: 30, stepsPerEpoch: 1, itemsPerEpoch: 12, itemsAtEnd: 12 + 36 });
    expect(prepared({ protocol: "published" }).work).toMatchObject({ itemsPerEpoch: 36, itemsAtEnd: 36 });
    expect(prepared().reduced).toBeUndefined();
    expect(prepared({ profile: "smoke" }).reduced).toContain("reduced budget: 2 epochs of 2 steps of 8");
    expect(prepared({ budget: { epochs: 3, says: "1 h" } }).reduced).toBe("reduced budget: 3 of 30 epochs (1 h)");
  });

  it("refuses what there is not", () => {
    expect(() => prepared({ row: "ResNet" })).toThrow('row "ResNet" is not built');
    expect(() => prepared({ task: "3-class" })).toThrow('task "3-class" is not known; there are 4-class, 2-class');
    expect(() => prepared({ fold: "device-excluded:Litt3200" })).toThrow("the test side is empty");
    expect(() => prepared({ fold: "random-cycle-80-20" })).toThrow("exists under --protocol published only");
    expect(() => prepared({ dataDir: wholeIcbhi() })).toThrow("no logmel.npy");
  });
});
