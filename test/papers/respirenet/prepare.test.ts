import { describe, expect, it } from "vitest";
import { whilePlanning } from "../../../src/papers/loadedOnce.js";
import type { RunRequest } from "../../../src/papers/paper.js";
import { paper } from "../../../src/papers/respirenet/index.js";
import { allExperiments } from "../../../src/suite/registry.js";
import { wholeIcbhi } from "../../datasets/icbhi/layoutFixture.js";

const dataDir = wholeIcbhi();
const requested = (over: Partial<RunRequest> = {}): RunRequest => ({
  ...{ experiment: "respirenet/table1", row: "CNN", task: "4-class", fold: "official", seed: 0, dataDir },
  ...{ protocol: "honest", preset: "paper", profile: "full", ...over },
});
const prepared = (over: Partial<RunRequest> = {}) => paper.prepare(requested(over));

describe("a prepared run of RespireNet", () => {
  it("is there for each row that the registry calls built", async () => {
    const entries = (await allExperiments()).filter((entry) => entry.paper === "respirenet");
    const own = entries.flatMap((entry) =>
      entry.rows
        .filter(({ state, runs }) => state === "built" && (runs?.row ?? runs?.experiment) === undefined)
        .map((row) => [entry.id, row.name] as const),
    );
    expect(own.length).toBeGreaterThan(15);
    for (const [experiment, row] of own)
      expect(() => paper.options!(requested({ experiment, row })), `${experiment} ${row}`).not.toThrow();
  });

  it("is told apart by row, task, fold, protocol, preset, settings and seed", () => {
    const runs: Partial<RunRequest>[] = [
      {},
      { row: "CNN+CBA+BRC" },
      { row: "CNN+CBA+BRC+FT" },
      { experiment: "respirenet/table2-length", row: "3 s" },
      { experiment: "respirenet/text-ablations", row: "Zero padding" },
      { task: "2-class" },
      { fold: "fold1" },
      { protocol: "published" },
      { preset: "authors" },
      { set: { imageScale: 1 } },
      { set: { smartPaddingAtTest: true } },
      { seed: 1 },
    ];
    const identities = whilePlanning(() => runs.map((over) => JSON.stringify(prepared(over).identity)));
    expect(new Set(identities).size).toBe(runs.length);
  });

  it("has the picture of its length and scale (papers.md 5.2)", () => {
    const input = (over: Partial<RunRequest>) => prepared(over).work!.input;
    expect(input({})).toEqual([192, 657, 3]);
    expect(input({ preset: "authors" })).toEqual([192, 753, 3]);
    expect(input({ set: { imageScale: 1 } })).toEqual([64, 219, 3]);
    expect(() => prepared({ set: { imageScale: 2 } })).toThrow("must be 1 or 3");
    expect(prepared({ set: { imageScale: 1 } }).reduced).toBe("pictures not enlarged (64 rows instead of 192)");
    expect(prepared().reduced).toBeUndefined();
  });

  it("shares the first stage with the row that is fine-tuned, whatever of the second stage is asked for", () => {
    const [first, tuned] = [prepared({ row: "CNN+CBA+BRC" }), prepared({ row: "CNN+CBA+BRC+FT" })];
    expect(first.stages!.map(({ identity }) => identity)).toEqual(tuned.stages!.map(({ identity }) => identity));
    expect(first.identity).toEqual(first.stages![0]!.identity);
    expect(tuned.identity).toEqual({ ...first.identity, fineTuning: { epochs: 50, learningRate: 1e-4 } });
    const budget = { epochs: 40, says: "1 h" };
    expect(prepared({ row: "CNN+CBA+BRC+FT", budget }).identity).toMatchObject({ fineTuning: { epochs: 10 } });
    expect(prepared({ row: "CNN+CBA+BRC+FT", budget }).reduced).toContain("of the second stage 10 of 50 epochs");
    expect(prepared().stages).toBeUndefined();
  });

  it("refuses what there is not", () => {
    expect(() => prepared({ row: "cnn" })).toThrow('unknown row "cnn" of respirenet/table1; there are "CNN"');
    expect(() => prepared({ experiment: "respirenet/fig4" })).toThrow("it has none that is trained");
    expect(() => prepared({ task: "3-class" })).toThrow("there are 4-class, 2-class");
    expect(() => prepared({ fold: "official-patient-leak" })).toThrow("exists under --protocol published only");
    expect(() => prepared({ fold: "device-excluded:LittC2SE@fold9" })).toThrow();
  });
});
