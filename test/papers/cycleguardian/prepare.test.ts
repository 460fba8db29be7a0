import { describe, expect, it } from "vitest";
import { paper } from "../../../src/papers/cycleguardian/index.js";
import { whilePlanning } from "../../../src/papers/loadedOnce.js";
import type { RunRequest } from "../../../src/papers/paper.js";
import { allExperiments } from "../../../src/suite/registry.js";
import { wholeIcbhi } from "../../datasets/icbhi/layoutFixture.js";
import { withMaps } from "../../datasets/icbhiLogmel/mapsFixture.js";

const dataDir = withMaps(wholeIcbhi());
const MAPS = { input: "icbhi-logmel" };
const requested = (over: Partial<RunRequest> = {}): RunRequest => ({
  ...{
    experiment: "cycleguardian/table2",
    row: "Ours (soft cos)",
    task: "4-class",
    fold: "official",
    seed: 0,
    dataDir,
  },
  ...{ protocol: "honest", preset: "paper", profile: "full", ...over },
});
const prepared = (over: Partial<RunRequest> = {}) => paper.prepare(requested(over));

describe("a prepared run of CycleGuardian", () => {
  it("is there for each row that the registry calls built", async () => {
    const entries = (await allExperiments()).filter((entry) => entry.paper === "cycleguardian");
    const own = entries.flatMap((entry) =>
      entry.rows
        .filter(({ state, runs }) => state === "built" && runs?.row === undefined)
        .map((row) => [entry, row] as const),
    );
    expect(own.length).toBeGreaterThan(20);
    for (const [entry, { name, runs }] of own) {
      const over = { experiment: entry.id, row: name, fold: runs?.fold ?? "fold1" };
      expect(() => paper.options!(requested(over)), `${entry.id} ${name}`).not.toThrow();
    }
  });

  it("is told apart by row, task, fold, protocol, preset, input, settings and seed", () => {
    const runs: Partial<RunRequest>[] = [
      {},
      { row: "Ours (cos)" },
      { task: "2-class" },
      { fold: "fold1" },
      { protocol: "published" },
      { preset: "authors" },
      { set: MAPS },
      { set: { clusters: 3 } },
      { seed: 1 },
    ];
    const identities = whilePlanning(() => runs.map((over) => JSON.stringify(prepared(over).identity)));
    expect(new Set(identities).size).toBe(runs.length);
  });

  it("has the groups of its input and its row (papers.md 1.2, 1.7)", () => {
    const groups = (over: Partial<RunRequest>) => (prepared(over).settings as { groups: number }).groups;
    expect(groups({})).toBe(41);
    expect(groups({ preset: "authors" })).toBe(45);
    const widths = [2, 5, 10, 15, 20, 25].map((width) =>
      groups({ experiment: "cycleguardian/fig11", row: `${width} frames` }),
    );
    expect(widths).toEqual([313, 125, 62, 41, 31, 25]);
    // 173 frames of 23.2 ms.
    expect(groups({ set: MAPS })).toBe(11);
    expect(() => prepared({ set: { ...MAPS, framesPerGroup: 200 } })).toThrow("at most 173 would");
  });

  it("of stored maps leaves waveforms alone and says so; rows about sound alone are refused", async () => {
    const { reduced, data, settings } = prepared({ set: MAPS });
    expect(reduced).toBe("stored maps: augmentation of waveforms left out");
    expect(data).toMatchObject({ name: "icbhi-logmel", hasPrintedTestSet: false });
    expect(settings).toMatchObject({ augmentation: "spectrogram" });
    const audio = { experiment: "cycleguardian/table8", row: "Audio Aug", set: MAPS };
    expect(() => prepared(audio)).toThrow("it needs the recordings");
  });

  it("says what a profile leaves out", () => {
    expect(prepared().reduced).toBeUndefined();
    expect(prepared({ profile: "smoke" }).reduced).toContain("2 epochs of 2 steps of 6 instead of 600 of 1 of 128");
    expect(prepared({ budget: { epochs: 12, says: "1 h" } }).reduced).toBe("reduced budget: 12 of 600 epochs (1 h)");
  });

  it("refuses what there is not", () => {
    expect(() => prepared({ row: "Ours" })).toThrow(
      'unknown row "Ours" of cycleguardian/table2; there are "Ours (cos)"',
    );
    expect(() => prepared({ experiment: "cycleguardian/table1" })).toThrow("it has none that is trained");
    expect(() => prepared({ task: "3-class" })).toThrow("there are 4-class, 2-class");
    expect(() => prepared({ fold: "official-patient-leak" })).toThrow("exists under --protocol published only");
  });
});
