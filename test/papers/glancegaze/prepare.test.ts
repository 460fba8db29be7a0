import { describe, expect, it } from "vitest";
import { adaptedTestPath } from "../../../src/papers/glancegaze/adapter.js";
import { glancegazeTestPath } from "../../../src/papers/glancegaze/frontEnd.js";
import { paper } from "../../../src/papers/glancegaze/index.js";
import type { GlancegazeRecipe } from "../../../src/papers/glancegaze/recipe.js";
import { whilePlanning } from "../../../src/papers/loadedOnce.js";
import type { RunRequest, TunedSettings } from "../../../src/papers/paper.js";
import { requestsOf } from "../../../src/suite/plan.js";
import { expand } from "../../../src/suite/planning/expand.js";
import { allExperiments, findExperiment } from "../../../src/suite/registry.js";
import { wholeIcbhi } from "../../datasets/icbhi/layoutFixture.js";
import { withMaps } from "../../datasets/icbhiLogmel/mapsFixture.js";

const recordings = process.env.AUSCULT_DATA;
const dataDir = withMaps(wholeIcbhi());
const MAPS = { input: "icbhi-logmel" };
const requested = (over: Partial<RunRequest> = {}): RunRequest => ({
  ...{ experiment: "glancegaze/table2", row: "Proposed", task: "4-class", fold: "official", seed: 0, dataDir },
  ...{ protocol: "published", preset: "paper", profile: "full", ...over },
});
const prepared = (over: Partial<RunRequest> = {}) => paper.prepare(requested(over));
const examplesOf = (over: Partial<RunRequest>) =>
  Object.fromEntries(prepared(over).inputs.map(({ role, examples }) => [role, examples]));
const recipeOf = (over: Partial<RunRequest>) => prepared(over).settings as GlancegazeRecipe;

describe("a prepared run of Glance-and-Gaze", () => {
  it("is there for each row that the registry calls built", async () => {
    const entries = (await allExperiments()).filter((entry) => entry.paper === "glancegaze");
    const own = entries.flatMap((entry) =>
      entry.rows
        .filter(({ state, runs }) => state === "built" && runs === undefined)
        .map((row) => [entry.id, row.name] as const),
    );
    // Three ablations, four networks, three searches, the spectrum.
    expect(own).toHaveLength(11);
    for (const [experiment, row] of own)
      expect(() => paper.options!(requested({ experiment, row })), `${experiment} ${row}`).not.toThrow();
  });

  it("is told apart by row, fold, protocol, input, each setting and seed", () => {
    const settings: NonNullable<RunRequest["set"]>[] = [
      ...[MAPS, { bands: 64 }, { seconds: 4 }, { augmentation: "none" }],
      ...[{ ffm: "se" }, { attentionScale: "none" }, { shareGlance: true }, { glanceKernel: 5 }, { shrinkage: "map" }],
      ...[{ learningRate: 0.01 }, { weightDecay: 0 }, { epochs: 99 }, { stepsPerEpoch: 3 }, { batchSize: 16 }],
      ...[{ trainItems: 40 }, { selectItems: 4 }],
    ];
    const runs: Partial<RunRequest>[] = [
      ...[{}, { row: "CRNN" }, { row: "BiGRU+ATT" }, { row: "VGG16" }],
      ...["w/o glance", "w/o gaze", "w/o FFM"].map((row) => ({ experiment: "glancegaze/table1", row })),
      { experiment: "glancegaze/stft", row: "STFT input" },
      ...[{ fold: "patient-70-30" }, { fold: "random-cycle-70-30" }],
      { protocol: "honest" },
      { profile: "smoke" },
      { seed: 1 },
      ...settings.map((set) => ({ set })),
    ];
    const identities = whilePlanning(() => runs.map((over) => JSON.stringify(prepared(over).identity)));
    expect(new Set(identities).size).toBe(runs.length);
    expect(identities[0]).not.toContain(dataDir);
    // The code that makes inputs is part of it, by its digest.
    expect(prepared().identity.input).toBe(glancegazeTestPath().digest);
    expect(prepared({ set: MAPS }).identity.input).toBe(adaptedTestPath().digest);
  });

  it("is of random cycles where no split is named", () => {
    const { fold: _, ...unnamed } = requested();
    expect(paper.prepare(unnamed).split.digest).toBe(prepared({ fold: "random-cycle-70-30" }).split.digest);
  });

  it("has one pass over the cycles and their copies an epoch: four of both, two of each wheeze", () => {
    const steps = (over: Partial<RunRequest>) => prepared(over).work!.stepsPerEpoch;
    // 13 recordings of a cycle of each class.
    expect(examplesOf({})).toEqual({ train: 52, test: 36 });
    expect(steps({})).toBe(Math.ceil((52 + 13 * 4 + 13 * 2) / 32));
    expect(steps({ set: { augmentation: "none" } })).toBe(Math.ceil(52 / 32));
    expect(steps({ set: MAPS })).toBe(Math.ceil(52 / 32));
    expect(steps({ set: { batchSize: 7 } })).toBe(Math.ceil(130 / 7));
    // 301 and 302 are tested too; about a fifth of the eleven patients left chooses the epoch.
    expect(examplesOf({ protocol: "honest" })).toEqual({ train: 32, select: 12, test: 36 });
    expect(steps({ protocol: "honest" })).toBe(Math.ceil((32 + 8 * 4 + 8 * 2) / 32));
    // Evenly taken of recordings with one of each class, in order: normal and wheeze, 13 each.
    expect(steps({ set: { trainItems: 26 } })).toBe(Math.ceil((26 + 13 * 2) / 32));
  });

  it("counts what it computes, and says what a profile or a budget leaves out", () => {
    // Under published the test set is looked at after each epoch, and once more at the end.
    expect(prepared().work).toMatchObject({ network: "Proposed", epochs: 100, itemsPerEpoch: 36, itemsAtEnd: 36 });
    const honest = prepared({ experiment: "glancegaze/table1", row: "w/o FFM", protocol: "honest" });
    expect(honest.work).toMatchObject({ network: "Proposed without ffm", itemsPerEpoch: 12, itemsAtEnd: 12 + 36 });
    const input = (over: Partial<RunRequest>) => prepared(over).work!.input;
    expect(input({})).toEqual([128, 345, 1]);
    expect(input({ experiment: "glancegaze/stft", row: "STFT input" })).toEqual([256, 345, 1]);
    expect(input({ set: MAPS })).toEqual([90, 173, 1]);
    expect(prepared().reduced).toBeUndefined();
    expect(prepared({ profile: "smoke" }).reduced).toContain("2 epochs of 2 steps of 6 instead of 100 of 5 of 32");
    expect(prepared({ budget: { epochs: 12, says: "1 h" } }).reduced).toBe("reduced budget: 12 of 100 epochs (1 h)");
  });

  it("names its data, and of audio the bands that recordings leave empty", () => {
    expect(prepared().data).toMatchObject({ name: "icbhi", madeUp: false });
    expect(prepared().split.emptyBand).toContain("22,050 Hz");
    const maps = prepared({ set: MAPS });
    expect(maps.data).toMatchObject({ name: "icbhi-logmel", hasPrintedTestSet: false });
    expect(maps.split).not.toHaveProperty("emptyBand");
    expect(maps.settings).toMatchObject({ input: "icbhi-logmel", augmentation: "none" });
    expect(prepared({ fold: "random-cycle-70-30" }).split.leaks.join()).toMatch(/patients .* are also in train/);
  });

  it("refuses what there is not", () => {
    expect(() => prepared({ row: "ResNet" })).toThrow('unknown row "ResNet" of glancegaze/table2');
    expect(() => prepared({ task: "2-class" })).toThrow(
      'task "2-class": Glance-and-Gaze\'s tables are of four classes',
    );
    expect(() => prepared({ task: "3-class" })).toThrow('task "3-class" is not known; there are 4-class, 2-class');
    expect(() => prepared({ init: "vgg16.pth" })).toThrow("--init: no weights of these networks are published");
    expect(() => prepared({ set: { glanceKernel: 2 } })).toThrow("must be odd");
    expect(() => prepared({ fold: "random-cycle-70-30", protocol: "honest" })).toThrow(
      'split "random-cycle-70-30" shares patients between training and test by construction, so it exists under --protocol published only',
    );
    expect(() => prepared({ dataDir: wholeIcbhi(), set: MAPS })).toThrow("no logmel.npy");
  });

  it("refuses copies at other speeds of stored maps, as the command asks for them", async () => {
    const entry = await findExperiment("glancegaze/table2");
    const options = { rows: ["Proposed"], folds: ["official"], protocols: ["published" as const], dataDir };
    const [request] = requestsOf(entry, expand(entry, options), paper, {
      ...options,
      set: { ...MAPS, augmentation: "speed" },
    });
    expect(() => paper.prepare(request!)).toThrow(
      "--set augmentation=speed: stored maps have no samples to change in speed; --set input=audio has",
    );
  });
});

describe("a baseline's learning rate (papers.md 4.6)", () => {
  const baseline = { row: "CRNN" };
  const { digest } = prepared(baseline).data;
  const found = (run: string, learningRate: number, over: Partial<TunedSettings> = {}): TunedSettings => ({
    ...{ run, data: digest, set: { learningRate } },
    ...over,
  });

  it("stays the first without a search, and the run says so; the proposed network has none", () => {
    const run = prepared(baseline);
    expect(run.settings).toMatchObject({ learningRate: 0.001 });
    expect(run.settings).not.toHaveProperty("tunedBy");
    expect(run.reduced).toBe("reduced budget; learning rate not searched");
    expect(run.tuned).toBeUndefined();
    expect(prepared({ ...baseline, budget: { epochs: 12 } }).reduced).toBe(
      "reduced budget: 12 of 100 epochs; learning rate not searched",
    );
    expect(prepared().reduced).toBeUndefined();
  });

  it("is what a search on the same data found, which the run names", () => {
    const run = prepared({ ...baseline, tuned: [found("search", 0.0003), found("a lesser one", 0.0001)] });
    expect(run.identity.recipe).toMatchObject({ learningRate: 0.0003 });
    expect(run.settings).toMatchObject({ learningRate: 0.0003, tunedBy: "search" });
    expect(run.tuned!.run).toBe("search");
    expect(run.reduced).toBeUndefined();
    expect(run.identity).not.toEqual(prepared(baseline).identity);
    // What is trained is what counts, whoever found it.
    expect(run.identity).toEqual(prepared({ ...baseline, set: { learningRate: 0.0003 } }).identity);
  });

  it("says where the search's budget was a reduced one, beside the run's own", () => {
    const tuned = [found("search", 0.0003, { reduced: "reduced budget: 4 of 20 epochs" })];
    expect(prepared({ ...baseline, tuned }).reduced).toBe("reduced budget; of the search: 4 of 20 epochs");
    expect(prepared({ ...baseline, tuned, budget: { epochs: 12 } }).reduced).toBe(
      "reduced budget: 12 of 100 epochs; of the search: 4 of 20 epochs",
    );
  });

  it("of a search on other data is not taken", () => {
    const other = found("other", 0.0001, { data: "0".repeat(32) });
    expect(prepared({ ...baseline, tuned: [other] }).identity).toEqual(prepared(baseline).identity);
    expect(prepared({ ...baseline, tuned: [other] }).reduced).toContain("learning rate not searched");
    expect(recipeOf({ ...baseline, tuned: [other, found("own", 0.0003)] }).learningRate).toBe(0.0003);
    // Stored maps are other data than audio.
    expect(recipeOf({ ...baseline, set: MAPS, tuned: [found("of audio", 0.0003)] }).learningRate).toBe(0.001);
  });

  it("asked for wins over a search's, the first of those searched too", async () => {
    const tuned = [found("search", 0.0003)];
    for (const learningRate of [0.001, 0.02]) {
      const run = prepared({ ...baseline, tuned, set: { learningRate } });
      expect(run.settings).toMatchObject({ learningRate });
      expect(run.tuned).toBeUndefined();
      expect(run.reduced).toContain("learning rate not searched");
    }
    const entry = await findExperiment("glancegaze/table2");
    const options = { rows: ["CRNN"], folds: ["official"], protocols: ["published" as const], dataDir };
    const [request] = requestsOf(entry, expand(entry, options), paper, { ...options, set: { learningRate: 0.001 } });
    expect(recipeOf({ ...request!, tuned }).learningRate).toBe(0.001);
  });
});

describe.skipIf(!recordings)("recordings: all cycles of ICBHI", () => {
  const real = (over: Partial<RunRequest> = {}) => {
    const { work, inputs, split } = prepared({ dataDir: recordings!, ...over });
    const [train] = inputs;
    const { Wheeze = 0, Both = 0 } = train!.classes!;
    const count = (role: string) => inputs.find((one) => one.role === role)?.examples ?? 0;
    const sizes = { train: count("train"), select: count("select"), test: count("test") };
    return { ...sizes, steps: work!.stepsPerEpoch, copies: 4 * Both + 2 * Wheeze, split };
  };
  const random = { fold: "random-cycle-70-30" };

  it("the random split trains on 4,829 and tests on 2,069 (decision 50)", async () => {
    const { train, test, steps, copies } = real({ ...random, set: MAPS });
    expect([train, test]).toEqual([4829, 2069]);
    expect(steps).toBe(151); // 4829 / 32 = 150.9: of stored maps there are no copies
    // 70 % of 886 wheezes and of 506 cycles with both: 620 and 354.
    expect(copies).toBe(4 * 354 + 2 * 620);
    // With the audio of all recordings a run has 100 passes over cycles and copies: what its entry says.
    const { fullRun } = await findExperiment("glancegaze/table2");
    expect(fullRun!.steps).toBe(100 * Math.ceil((4829 + copies) / 32));
  });

  it("patients apart: no cycle is lost, and none shares a patient", () => {
    const apart = real({ fold: "patient-70-30", set: MAPS });
    expect(apart.train + apart.test).toBe(6898);
    // 70 % of the patients of each class and device.
    expect(Math.abs(apart.train / 6898 - 0.7)).toBeLessThan(0.05);
    expect(apart.split.leaks).toEqual([]);
    const honest = real({ fold: "patient-70-30", protocol: "honest", set: MAPS });
    expect([honest.train + honest.select, honest.test]).toEqual([apart.train, apart.test]);
    expect(honest.steps).toBe(Math.ceil(honest.train / 32));
  });

  it("the official split has 4,142 and 2,756, under honest 4,025 to train on or choose by", () => {
    expect(real({ set: MAPS })).toMatchObject({ train: 4142, select: 0, test: 2756, steps: Math.ceil(4142 / 32) });
    const honest = real({ protocol: "honest", set: MAPS });
    expect([honest.train + honest.select, honest.test]).toEqual([4025, 2756]);
  });

  it.each(["random-cycle-70-30", "patient-70-30", "official"])(
    "audio, %s: a pass over the cycles that there are and their copies",
    (fold) => {
      const { train, steps, copies } = real({ fold });
      expect(copies).toBeGreaterThan(0);
      expect(steps).toBe(Math.ceil((train + copies) / 32));
    },
  );
});
