import { mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { loadedOnce } from "../../../src/papers/loadedOnce.js";
import type { Paper, RunRequest } from "../../../src/papers/paper.js";
import type { ExperimentEntry } from "../../../src/suite/entry.js";
import { keepCost, measuredCost } from "../../../src/suite/planning/costStore.js";
import { dryRunOf } from "../../../src/suite/planning/dryRun.js";
import { renderDryRun } from "../../../src/suite/planning/dryRunText.js";
import {
  type Loaded,
  loadExperiments,
  planExperiments,
  requireSomethingToRun,
} from "../../../src/suite/planning/planExperiments.js";
import { selectIds } from "../../../src/suite/planning/selectIds.js";
import { markDone } from "../../../src/suite/running/doneMarker.js";
import { MissingData, UserError } from "../../../src/userError.js";

let reads = 0;

/** Its runs are told apart by row, task and seed alone; of task "far" there is no data; a step is of 8 items, ten an epoch. */
const paper: Paper = {
  id: "p",
  citation: "",
  prepare({ row, task, seed, dataDir, budget }: RunRequest) {
    loadedOnce(["p", dataDir], () => reads++);
    if (task === "far") throw new MissingData(`no far recordings in ${dataDir}`);
    const epochs = Math.min(100, budget?.epochs ?? 100);
    return {
      identity: { paper: "p", row, task, seed, epochs },
      data: { name: "d", digest: "d", madeUp: false, source: "", description: "", hasPrintedTestSet: false },
      split: { name: "s", digest: "s", leaks: [] },
      inputs: [],
      settings: {},
      reduced: epochs < 100 ? `reduced budget: ${epochs} of 100 epochs` : undefined,
      work: {
        network: row,
        input: [8, 8, 1],
        batchSize: 8,
        epochs,
        stepsPerEpoch: 10,
        itemsPerEpoch: 5,
        itemsAtEnd: 100,
      },
      execute: () => Promise.reject(new Error("not here")),
    };
  },
};

function entryOf(id: string, over: Partial<ExperimentEntry> = {}): ExperimentEntry {
  return {
    ...{ id, paper: "p", kind: "ablation", title: `title of ${id}`, citation: "", vary: "", metric: "", testSet: "" },
    ...{ tasks: ["near"], protocols: ["honest"], presets: ["paper"], columns: [], flags: [], ambiguities: [] },
    rows: [
      { name: "small", printed: {}, state: "built" },
      { name: "large", printed: {}, state: "not built" },
    ],
    ...{ fullRun: { steps: 2000, hours: 2 }, cost: { smoke: "", quick: "", full: "" }, command: "" },
    ...over,
  };
}

function loaded(entries: readonly (ExperimentEntry & { asked?: "by pattern" })[]): Loaded {
  return {
    entries: entries.map(({ asked, ...entry }) => ({ entry, named: asked === undefined })),
    byId: new Map(entries.map((entry) => [entry.id, entry])),
    papers: new Map([["p", paper]]),
  };
}

const options = { dataDir: "/d" };
const ids = (asked: string[]) => selectIds(asked, ["a/table1", "a/table2", "b/fig1"]);

beforeAll(() => {
  vi.stubEnv("AUSCULT_MLRUNS", mkdtempSync(path.join(tmpdir(), "auscult-plans-")));
  vi.stubEnv("AUSCULT_CACHE", mkdtempSync(path.join(tmpdir(), "auscult-costs-")));
});
afterAll(() => {
  vi.unstubAllEnvs();
});

describe("ids", () => {
  test("are taken in order, each once; ALL and patterns name many", () => {
    expect(ids(["b/fig1", "a/*"]).map(({ id, named }) => [id, named])).toEqual([
      ["b/fig1", true],
      ["a/table1", false],
      ["a/table2", false],
    ]);
    expect(ids(["ALL"])).toHaveLength(3);
    expect(ids(["ALL", "a/table1"])[0]).toEqual({ id: "a/table1", named: true });
  });

  test("that are not there are refused with the nearest", () => {
    expect(() => ids(["a/tabel1"])).toThrow('experiment "a/tabel1" is not known (did you mean "a/table1"');
    expect(() => ids(["c/*"])).toThrow(/no experiment is called c\/\*.*`npx auscult list` shows all/);
    expect(() => ids(["a/table."])).toThrow(UserError);
  });

  test("of what is not built, or holds constants only, are refused where they are named", async () => {
    const later = entryOf("p/later", { rows: [{ name: "theirs", printed: {}, state: "not built" }] });
    expect(() => requireSomethingToRun(later)).toThrow(/p\/later is not built yet: nothing of it can be run/);
    await expect(loadExperiments(["reference/scl-icbhi"])).rejects.toThrow(
      /constants that a paper quotes: there is nothing to run/,
    );
  });
});

describe("plans of several experiments", () => {
  test("hold each run once, whoever asks for it, and read data once", () => {
    reads = 0;
    const table = entryOf("p/other", {
      rows: [{ name: "best", printed: {}, state: "built", runs: { experiment: "p/one", row: "small" } }],
    });
    const [one, other] = planExperiments(loaded([entryOf("p/one"), table]), { ...options, seeds: [0, 1, 2] });
    expect(one!.runs).toHaveLength(3);
    expect(other!.runs).toEqual(one!.runs);
    other!.runs.forEach((run, i) => {
      expect(run).toBe(one!.runs[i]);
    });
    expect(reads).toBe(1);
    planExperiments(loaded([entryOf("p/one")]), options);
    expect(reads).toBe(2);
  });

  test("runs that the data does not allow are told, the others planned; where none is allowed it is the mistake", () => {
    const [plan] = planExperiments(loaded([entryOf("p/one", { tasks: ["near", "far"] })]), options);
    expect(plan!.runs.map(({ request }) => request.task)).toEqual(["near"]);
    expect(plan!.cannot.map(({ request, why }) => [request.task, why])).toEqual([["far", "no far recordings in /d"]]);
    expect(() => planExperiments(loaded([entryOf("p/far", { tasks: ["far"] })]), options)).toThrow(
      "no far recordings in /d",
    );
  });

  test("what an experiment does not have is a mistake where it was named, and left out where a pattern named it", () => {
    const far = { ...entryOf("p/far", { tasks: ["far"] }), asked: "by pattern" } as const;
    const near = { ...entryOf("p/near"), asked: "by pattern" } as const;
    const plans = planExperiments(loaded([far, near]), { ...options, tasks: ["near"] });
    expect(plans.map(({ runs }) => runs.length)).toEqual([0, 1]);
    expect(() => planExperiments(loaded([far, near]), { ...options, tasks: ["nowhere"] })).toThrow(
      "--task nowhere: p/far",
    );
    expect(() =>
      planExperiments(loaded([entryOf("p/far", { tasks: ["far"] }), near]), { ...options, tasks: ["near"] }),
    ).toThrow("--task near: p/far has no such task");
  });

  test("a budget changes the runs of its experiment alone", () => {
    const two = entryOf("p/two", { tasks: ["near2"] });
    const budgets = new Map([["p/one", { epochs: 7, says: "1 h for 1 run" }]]);
    const [a, b] = planExperiments(loaded([entryOf("p/one"), two]), options, budgets);
    expect([a, b].map((plan) => plan!.runs[0]!.prepared.work!.epochs)).toEqual([7, 100]);
  });
});

describe("dry run", () => {
  test("says what is to do, what was done, what cannot be and what the rest takes", () => {
    const entry = entryOf("p/shown", { tasks: ["shown", "far"] });
    const all = loaded([entry]);
    const plans = planExperiments(all, { ...options, seeds: [0, 1] });
    const [first, second] = plans[0]!.runs;
    // 1,000 steps of the entry's 2,000 in 2 hours.
    const before = dryRunOf(plans, all.byId, 1);
    expect(before.experiments[0]!.runs.map(({ cost }) => [cost.how, cost.steps, cost.seconds])).toEqual([
      ["estimated", 1000, 3600],
      ["estimated", 1000, 3600],
    ]);
    // The middle of three; 1,000 steps and 5 x 100 + 100 items.
    for (const step of [9, 1, 0.5]) keepCost(first!, first!.prepared.work!, { step, item: 0.5, folderBytes: 4e6 });
    mkdirSync(first!.folder, { recursive: true });
    markDone(first!.folder, 1);
    const after = dryRunOf(plans, all.byId, 1);
    expect(after.total).toMatchObject({
      toDo: 1,
      done: 1,
      cannot: 2,
      steps: 1000,
      seconds: 1300,
      estimated: 0,
      folderBytes: 4e6,
      foldersOfOthers: 0,
    });
    expect(after.experiments[0]!.runs.map(({ run, state }) => [run, state])).toEqual([
      [first, "done"],
      [second, "to do"],
    ]);
    const text = renderDryRun(after);
    expect(text).toContain("p/shown: title of p/shown");
    expect(text).toMatch(/small +shown +honest +0 +done +1,000 +-\n/);
    expect(text).toMatch(/small +shown +honest +1 +to do +1,000 +22 min\n/);
    expect(text).toContain("cannot be: small, task far, honest, seed 1: no far recordings in /d");
    expect(text).toContain("cells will be not comparable (other test set)");
    expect(text).toContain("Runs: 1 to do, 1 done, 2 cannot be.");
    expect(text).toContain("Disk: about 4 MB for run folders.");
    const guessed = renderDryRun({ ...after, total: { ...after.total, foldersOfOthers: 1 } });
    expect(guessed).toContain("Disk: about 4 MB for run folders (1 as other networks of their paper have it");
  });

  test("of many experiments is a line each, with totals", () => {
    const many = ["a", "b"].map(
      (name) => ({ ...entryOf(`p/${name}`, { tasks: [`many ${name}`] }), asked: "by pattern" }) as const,
    );
    const others = [
      entryOf("p/count", { kind: "dataset", rows: [{ name: "cycles", printed: {}, state: "counted" }] }),
      entryOf("p/quoted", { rows: [{ name: "theirs", printed: {}, state: "literature" }] }),
      entryOf("p/later", { rows: [{ name: "theirs", printed: {}, state: "not built" }] }),
    ];
    const all = loaded([...many, ...others]);
    const text = renderDryRun(dryRunOf(planExperiments(all, options), all.byId, 2));
    expect(text).toContain("5 experiments: 2 to run, 1 counted, 1 not built, 1 of constants.");
    expect(text).toMatch(/p\/a +1 row, 1 not built +1 +0 +0 /);
    expect(text).toMatch(/p\/count +counted from annotations, 1 row/);
    expect(text).toMatch(/2 runs at once/);
  });

  test("of a programme tells hours, threads, disk and points of each paper, and what the rest takes on nodes", () => {
    const many = ["c", "d", "e", "f"].map(
      (name) => ({ ...entryOf(`p/${name}`, { tasks: [`whole ${name}`] }), asked: "by pattern" }) as const,
    );
    const all = loaded(many);
    const plans = planExperiments(all, { ...options, threads: 3, seeds: [0, 1] });
    for (const { prepared, ...run } of plans[0]!.runs.slice(0, 1))
      keepCost({ prepared, ...run }, prepared.work!, { step: 3, item: 1, folderBytes: 2e9 });
    const plan = dryRunOf(plans, all.byId, 1, { nodes: [1, 8], hoursBetweenLosses: Number.POSITIVE_INFINITY });
    // Eight runs of 1,000 steps of 3 s and 600 items of 1 s: an hour each.
    expect(plan.total.whole).toMatchObject({ wallHours: 8, threadHours: 24, gpuUnknown: 8, folderBytes: 16e9 });
    // 100 epochs of 12 points, 40 besides, 3,600 of the machine.
    expect(plan.total.whole.points).toBe(8 * (1240 + 3600));
    expect(plan.total.simulated!.times.map(({ seconds }) => seconds.mean)).toEqual([8 * 3610, 3610]);
    const text = renderDryRun(plan);
    expect(text).toMatch(/ p +8 +0 +8 +24 +\? +16 +38,720\n/);
    expect(text).toContain("no step was measured on one");
    expect(text).toMatch(/ one run after the other, 3 threads each/);
    expect(renderDryRun(plan, "slurm")).toContain("slurm takes as many at once as it has room for, 3 threads each");
    expect(text).toMatch(/\n +8 +60 min +60 min to 60 min +0 % /);
  });
});

describe("measured costs", () => {
  test("are of one network, input, batch and number of threads; a damaged or senseless measurement counts as none", () => {
    const [plan] = planExperiments(
      loaded([entryOf("p/cost", { rows: [{ name: "costly", printed: {}, state: "built" }] })]),
      options,
    );
    const run = plan!.runs[0]!;
    keepCost(run, run.prepared.work!, { step: 0, item: 1 });
    keepCost(run, run.prepared.work!, { step: Number.NaN, item: 1 });
    expect(measuredCost(run, run.prepared.work!)).toBeUndefined();
    keepCost(run, run.prepared.work!, { step: 2, item: 0.1 });
    expect(measuredCost(run, run.prepared.work!)).toEqual({ step: 2, item: 0.1 });
    expect(measuredCost({ ...run, threads: run.threads + 1 }, run.prepared.work!)).toBeUndefined();
    expect(measuredCost({ ...run, precision: "bf16" }, run.prepared.work!)).toBeUndefined();
    const { work } = run.prepared;
    expect(measuredCost(run, { ...work!, batchSize: 9 })).toBeUndefined();
  });
});
