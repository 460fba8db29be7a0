import { describe, expect, it } from "vitest";
import { loadIcbhi } from "../../../src/datasets/icbhi/load.js";
import { icbhiSplit } from "../../../src/datasets/icbhi/split.js";
import { tryGlancegaze } from "../../../src/papers/glancegaze/glancegazeRun.js";
import { paper } from "../../../src/papers/glancegaze/index.js";
import { type GlancegazeRecipe, glancegazeRecipe } from "../../../src/papers/glancegaze/recipe.js";
import { searchRoles } from "../../../src/papers/glancegaze/search.js";
import { icbhiMaps } from "../../../src/papers/icbhiMaps.js";
import { whilePlanning } from "../../../src/papers/loadedOnce.js";
import type { RunRequest, TrialContext } from "../../../src/papers/paper.js";
import { wholeIcbhi } from "../../datasets/icbhi/layoutFixture.js";
import { withMaps } from "../../datasets/icbhiLogmel/mapsFixture.js";

const recordings = process.env.AUSCULT_DATA;
const dataDir = withMaps(wholeIcbhi());
const requested = (over: Partial<RunRequest> = {}): RunRequest => ({
  ...{ experiment: "glancegaze/tune", row: "CRNN", task: "4-class", fold: "official", seed: 0, dataDir },
  ...{ protocol: "published", preset: "paper", profile: "full", ...over },
});
const searched = (over: Partial<RunRequest> = {}) => paper.search!(requested(over))!;
const splitOf = (fold: string, protocol: "published" | "honest") => icbhiSplit(loadIcbhi(dataDir), fold, protocol);
const idsOf = (items: readonly { id: string }[]) => items.map(({ id }) => id);

describe("what a search learns from and looks at", () => {
  it.each(["official", "random-cycle-70-30", "patient-70-30"])(
    "under published every fifth training cycle is held out, and no test cycle is looked at: %s",
    (fold) => {
      const split = splitOf(fold, "published");
      const { train, select } = searchRoles(split);
      const held = idsOf(split.train).filter((_, i) => [4, 9, 14, 19, 24, 29, 34, 39, 44, 49, 54, 59].includes(i));
      expect(idsOf(select)).toEqual(held);
      expect(idsOf(train)).toEqual(idsOf(split.train).filter((id) => !held.includes(id)));
      expect(new Set(select.map(({ role }) => role))).toEqual(new Set(["select"]));
      expect(new Set(train.map(({ role }) => role))).toEqual(new Set(["train"]));
      const tested = new Set(idsOf(split.tests.test.items()));
      expect([...train, ...select].filter(({ id }) => tested.has(id))).toEqual([]);
      // The split's own cycles keep their role, and all else of an example is as it was.
      expect(split.train.every(({ role }) => role === "train")).toBe(true);
      expect(select.map((one) => ({ ...one, role: "train" }))).toEqual(split.train.filter(({ id }) => held.includes(id))); // biome-ignore format: one line
    },
  );

  it("under honest they are the split's own", () => {
    const split = splitOf("official", "honest");
    const { train, select } = searchRoles(split);
    expect([train, select]).toEqual([split.train, split.select]);
  });

  it("is what the search says that it is fed: two roles, no test set", () => {
    const fed = (over: Partial<RunRequest>) => searched(over).inputs.map(({ role, examples }) => [role, examples]);
    // 52 training cycles: ten fifths.
    expect(fed({})).toEqual([["train", 42], ["select", 10]]); // biome-ignore format: one line
    expect(fed({ protocol: "honest" })).toEqual([["train", 32], ["select", 12]]); // biome-ignore format: one line
    expect(fed({ set: { trainItems: 20, selectItems: 6 } })).toEqual([["train", 20], ["select", 6]]); // biome-ignore format: one line
  });

  it.skipIf(!recordings)("recordings: 4,829 random cycles are 3,864 and 965, each class among both", () => {
    const { icbhi, fileOf } = icbhiMaps(recordings!);
    const { train, select } = searchRoles(icbhiSplit(icbhi, "random-cycle-70-30", "published", { fileOf }));
    expect([train.length, select.length]).toEqual([3864, 965]);
    for (const side of [train, select]) expect(new Set(side.map(({ label }) => label)).size).toBe(4);
  });
});

describe("the search of a baseline's learning rate (papers.md 4.6)", () => {
  it("tries each of three rates once, stops none early, and makes the Score on the select role large", () => {
    const { search, metric, valueIs, work } = searched();
    expect(search).toEqual({
      space: { learningRate: { type: "choice", of: [0.001, 0.0003, 0.0001] } },
      ...{ trials: 3, maxSteps: 20, sampler: "grid", startupTrials: 0, seed: 0 },
      halving: { grace: 20, reduction: 2 },
    });
    expect([metric, valueIs]).toEqual(["select/score", "best Score over the epochs, on held-out training cycles"]);
    expect(searched({ protocol: "honest" }).valueIs).toContain("on held-out patients");
    expect(work).toMatchObject({ network: "CRNN, searched", epochs: 60, itemsPerEpoch: 10, itemsAtEnd: 0 });
  });

  it("has passes over what it learns from and its copies: of the cycles held out there are none", () => {
    const { train } = searchRoles(splitOf("official", "published"));
    const count = (label: number) => train.filter((one) => one.label === label).length;
    const [wheezes, both] = [count(2), count(3)];
    expect(searched().work!.stepsPerEpoch).toBe(Math.ceil((42 + 2 * wheezes + 4 * both) / 32));
    expect(searched({ set: { augmentation: "none", batchSize: 8 } }).work!.stepsPerEpoch).toBe(Math.ceil(42 / 8));
  });

  it("gives a trial the row's recipe with its rate and 20 epochs at most, and nothing of tests", () => {
    for (const learningRate of [0.001, 0.0003, 0.0001]) {
      const recipe = glancegazeRecipe({ network: "CRNN" }, "full");
      const { stepsPerEpoch } = searched().work!;
      expect(searched().trial({ learningRate }).settings).toEqual({
        ...recipe,
        epochs: 20,
        learningRate,
        stepsPerEpoch,
      });
    }
    const epochs = (over: Partial<RunRequest>) => (searched(over).settings as GlancegazeRecipe).epochs;
    expect(epochs({ profile: "quick" })).toBe(4);
    expect(epochs({ set: { epochs: 30 } })).toBe(30);
    expect(epochs({ budget: { epochs: 7 } })).toBe(7);
    expect(searched({ budget: { epochs: 7 } }).search.maxSteps).toBe(7);
    expect(searched({ profile: "smoke" }).settings).not.toHaveProperty("testItems");
    expect(searched({ profile: "smoke" }).reduced).toBe(
      `reduced budget: 2 epochs of 2 steps of 6 instead of 20 of ${searched().work!.stepsPerEpoch} of 32; at most 48 items to train on; at most 16 to choose the epoch by`,
    );
    expect(searched().reduced).toBeUndefined();
  });

  it("refuses to hold out what is of another role", async () => {
    const split = splitOf("official", "published");
    const tested = split.tests.test.open("a test", () => {});
    // @ts-expect-error test cycles are of another type
    const { select } = searchRoles({ train: split.train, select: tested });
    expect(select[0]!.role).toBe("test");
    const run = { dataDir, split, recipe: glancegazeRecipe({ network: "CRNN" }, "smoke"), stepsPerEpoch: 1, seed: 0, precision: "float32" } as const; // biome-ignore format: one line
    await expect(tryGlancegaze(run, { train: split.train, select }, {} as TrialContext)).rejects.toThrow(
      'has role "test"; only "select" examples may be used here',
    );
  });

  it("is told apart by row, split, protocol, seed and each setting, not by what it searches", () => {
    const settings: NonNullable<RunRequest["set"]>[] = [
      ...[{ input: "icbhi-logmel" }, { bands: 64 }, { seconds: 4 }, { augmentation: "none" }, { weightDecay: 0 }],
    ];
    const searches: Partial<RunRequest>[] = [
      ...[{}, { row: "VGG16" }, { row: "BiGRU+ATT" }],
      { fold: "patient-70-30" },
      { protocol: "honest" },
      { seed: 1 },
      { profile: "smoke" },
      ...settings.map((set) => ({ set })),
    ];
    const identities = whilePlanning(() => searches.map((over) => JSON.stringify(searched(over).identity)));
    expect(new Set(identities).size).toBe(searches.length);
    const options = paper.options!(requested());
    expect(options).not.toHaveProperty("learningRate");
    expect(options).toHaveProperty("weightDecay");
    expect(options.epochs!.default).toBe(20);
  });

  it("is of the baselines alone: a row of the tables is none, and the proposed network is not tuned", () => {
    expect(paper.search!(requested({ experiment: "glancegaze/table2" }))).toBeUndefined();
    expect(() => searched({ row: "Proposed" })).toThrow('unknown row "Proposed" of glancegaze/tune');
    expect(() => searched({ fold: "random-cycle-70-30", protocol: "honest" })).toThrow("published only");
    expect(() => searched({ set: { input: "icbhi-logmel", augmentation: "speed" } })).toThrow("stored maps have no");
  });
});
