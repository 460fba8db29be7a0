import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { writeDemo } from "../../src/datasets/demo/writeDemo.js";
import type { Paper, RunRequest } from "../../src/papers/paper.js";
import { paper as supcon } from "../../src/papers/supconSprs/index.js";
import type { ExperimentEntry } from "../../src/suite/entry.js";
import { planRun, planRuns } from "../../src/suite/plan.js";
import { REQUEST_IN_SIGNATURE } from "../../src/suite/planning/signature.js";
import { findExperiment } from "../../src/suite/registry.js";
import { keepPlan } from "../../src/suite/runPlan.js";

/** A paper that says of itself what it was asked, but for the folder. */
const echo: Paper = {
  id: "echo",
  citation: "",
  prepare({ dataDir: _, ...identity }: RunRequest) {
    const data = { name: "d", digest: "d", madeUp: true, source: "", description: "", hasPrintedTestSet: false };
    return {
      identity: { ...identity, optional: undefined },
      data,
      split: { name: "s", digest: "s", leaks: [] },
      inputs: [],
      settings: {},
      reduced: undefined,
      execute: () => Promise.reject(new Error("not here")),
    };
  },
};

describe("plan", () => {
  let entry: ExperimentEntry;
  beforeAll(async () => {
    vi.stubEnv("AUSCULT_MLRUNS", "/runs-of-this-test");
    const whole = await findExperiment("supcon-sprs/table3");
    // A tuned row needs a search; one that is not built is kept for its message.
    const rows = whole.rows.map((row) => (row.tunedBy ? { ...row, state: "not built" as const } : row));
    entry = { ...whole, rows };
  });
  afterAll(() => {
    vi.unstubAllEnvs();
  });

  test("without options: every built row and every task, honest, paper, full, seed 0", () => {
    const runs = planRuns(entry, echo, { dataDir: "/d" });
    const common = { experiment: entry.id, protocol: "honest", preset: "paper", profile: "full", seed: 0, dataDir: "/d" }; // biome-ignore format: one line
    const rows = ["CNN", "CNN + MixUp", "ResNet 18", "ResNet 18 + SupCon", "ResNet 18 + SupCon + MixUp"];
    const cells = rows.flatMap((row) => ["11", "12", "21", "22"].map((task) => ({ row, task })));
    expect(runs.map(({ request }) => request)).toEqual(cells.map((cell) => ({ ...common, ...cell })));
  });

  test("tasks, protocols and seeds multiply; every run has its own name, signature and folder", () => {
    const runs = planRuns(entry, echo, {
      rows: ["ResNet 18"],
      tasks: ["11", "22"],
      protocols: ["honest", "published"],
      seeds: [0, 1, 2],
      dataDir: "/d",
    });
    expect(runs).toHaveLength(12);
    for (const key of ["signature", "runId", "folder"] as const)
      expect(new Set(runs.map((run) => run[key])).size).toBe(12);
    const { signature, runId, folder } = runs[0]!;
    expect(signature).toMatch(/^[0-9a-f]{16}$/);
    expect(runId).toBe(`supcon-sprs-table3_resnet-18_11_honest_full_seed0_${signature.slice(0, 8)}`);
    expect(folder).toBe(`/runs-of-this-test/runs/${runId}`);
  });

  test.each([
    [{ rows: ["ResNet18"] }, /--row "ResNet18": .* no such row \(did you mean "ResNet 18"/],
    [{ rows: ["Transformer"] }, /no such row.*it has "CNN", "CNN \+ MixUp", "ResNet 18"/],
    [
      { rows: ["ResNet 18 + SupCon + MixUp + Tune"] },
      /--row "ResNet 18 \+ SupCon \+ MixUp \+ Tune" of supcon-sprs\/table3 is not built yet; built: "CNN", "CNN \+ MixUp"/,
    ],
    [
      { tasks: ["11", "1-2"] },
      /--task 1-2: supcon-sprs\/table3 has no such task \(did you mean "12" or "11" or "22"\?\); it has 11, 12, 21, 22/,
    ],
  ])("%j is refused", (options, message) => {
    expect(() => planRuns(entry, echo, { ...options, dataDir: "/d" })).toThrow(message);
    expect(() => planRuns(entry, echo, { ...options, dataDir: "/d" })).toThrow(
      expect.objectContaining({ name: "UserError", exitCode: 2 }),
    );
  });

  describe("signature of the SupCon row", () => {
    let folder: string;
    const at = (name: string) => path.join(folder, name);
    const signature = (dataDir: string, over: Parameters<typeof planRuns>[2] | object = {}) =>
      planRuns(entry, supcon, { tasks: ["11"], profile: "quick", dataDir, ...over })[0]!.signature;
    beforeAll(() => {
      folder = mkdtempSync(path.join(tmpdir(), "auscult-plan-"));
      writeDemo(at("one"), { seed: 1 });
      cpSync(at("one"), at("moved"), { recursive: true });
      cpSync(at("one"), at("two"), { recursive: true });
      const training = path.join(at("two"), "sprsound", "BioCAS2022", "train2022_json");
      rmSync(path.join(training, readdirSync(training).sort()[0]!));
      utimesSync(path.join(at("moved"), "sprsound"), 1, 1);
    });
    afterAll(() => {
      rmSync(folder, { recursive: true, force: true });
    });

    test("is the same wherever the data lies, and every time", () => {
      expect(signature(at("one"))).toBe(signature(at("one")));
      expect(signature(at("moved"))).toBe(signature(at("one")));
    });

    /** Another value of each thing that a run can be asked for; folds, weights and what searches found are other tests'. */
    const OTHER: Readonly<
      Record<Exclude<keyof RunRequest, "fold" | "init" | "tuned">, (one: RunRequest) => Partial<RunRequest>>
    > = {
      experiment: () => ({ experiment: "supcon-sprs/another" }),
      row: () => ({ row: "ResNet 18" }),
      task: () => ({ task: "12" }),
      protocol: () => ({ protocol: "published" }),
      preset: () => ({ preset: "authors" }),
      profile: () => ({ profile: "full" }),
      seed: () => ({ seed: 1 }),
      dataDir: () => ({ dataDir: at("moved") }),
      precision: () => ({ precision: "bf16" }),
      set: () => ({ set: { batchSize: 16 } }),
      budget: () => ({ budget: { epochs: 2 } }),
    };

    test.each(Object.entries(OTHER))("%s: in it, or left out, as the table says", (field, other) => {
      const { request } = planRuns(entry, supcon, { tasks: ["11"], profile: "quick", dataDir: at("one") })[0]!;
      const one = planRun(supcon, request).signature;
      const two = planRun(supcon, { ...request, ...other(request) }).signature;
      const standing = REQUEST_IN_SIGNATURE[field as keyof RunRequest];
      expect(two === one, JSON.stringify(standing)).toBe(typeof standing === "object");
    });

    test("neither the hours of a budget, nor a budget or settings that change nothing, nor threads are in it", () => {
      const asked = { tasks: ["11"], profile: "quick", dataDir: at("one") } as const;
      const of = (over: object) => planRuns(entry, supcon, { ...asked, ...over, tasks: ["11"] })[0]!.signature;
      const one = of({});
      const reduced = of({ budget: { epochs: 2, says: "3 h for 8 runs" } });
      expect(reduced).not.toBe(one);
      expect(of({ budget: { epochs: 2, says: "1 h for 1 run" } })).toBe(reduced);
      for (const same of [{ budget: { epochs: 100 } }, { set: { epochs: 4, batchSize: "32" } }, { threads: 1 }])
        expect(of(same), JSON.stringify(same)).toBe(one);
    });

    test("a run that was done, or begun, under another experiment's or row's name is that run", () => {
      const mlruns = at("mlruns");
      vi.stubEnv("AUSCULT_MLRUNS", mlruns);
      const [planned] = planRuns(entry, supcon, { tasks: ["11"], profile: "quick", dataDir: at("one") });
      const { request, signature, settings, precision, threads } = planned!;
      const other = { ...request, experiment: "supcon-sprs/another" };
      const begin = (folder: string) => {
        mkdirSync(folder, { recursive: true });
        keepPlan(folder, { signature, settings, threads: threads + 1, precision });
      };
      begin(planned!.folder);
      expect(planRun(supcon, other)).toMatchObject({ runId: planned!.runId, threads: threads + 1 });
      // A folder of its own goes before; one with the same first digits is not the same run.
      const own = path.join(mlruns, "runs", planned!.runId.replace("table3", "another"));
      begin(own);
      expect(planRun(supcon, other).folder).toBe(own);
      for (const folder of [own, planned!.folder]) rmSync(folder, { recursive: true });
      const twin = path.join(mlruns, "runs", `twin_${signature.slice(0, 8)}`);
      mkdirSync(twin, { recursive: true });
      keepPlan(twin, { signature: `${signature.slice(0, 8)}00000000`, settings, threads, precision });
      expect(planRun(supcon, other).folder).toBe(own);
      vi.stubEnv("AUSCULT_MLRUNS", "/runs-of-this-test");
    });

    test("a budget says itself in words, beside its profile's", () => {
      const words = (over: object) =>
        planRuns(entry, supcon, {
          tasks: ["11"],
          dataDir: at("one"),
          budget: { epochs: 2, says: "3 h for 8 runs" },
          ...over,
        })[0]!.prepared.reduced;
      expect(words({})).toBe("reduced budget: 2 of 100 epochs (3 h for 8 runs)");
      expect(words({ profile: "quick" })).toMatch(
        /^reduced budget: 2 epochs of 30 steps of 32 instead of 100 .* \(3 h for 8 runs\)/,
      );
      expect(words({ budget: { epochs: 100 } })).toBeUndefined();
    });

    test("settings of a row are refused where it has none such, and beside a budget where both decide", () => {
      const ask = (over: object) => () => planRuns(entry, supcon, { dataDir: at("one"), ...over });
      expect(ask({ set: { epoch: "3" } })).toThrow(/--set epoch: "CNN" of supcon-sprs\/table3 .*did you mean "epochs"/);
      expect(ask({ set: { epochs: "3" }, budget: { epochs: 2 } })).toThrow("--budget and --set epochs both decide");
      expect(ask({ set: { flipProbability: "0.5" }, preset: "authors" })).toThrow(
        /--preset authors: the preset decides/,
      );
    });

    test("changes with everything that decides the result", () => {
      const changes = [
        { seeds: [1] },
        { tasks: ["12"] },
        { preset: "authors" },
        { profile: "full" },
        { profile: "smoke" },
        { protocols: ["published"] },
      ];
      const all = [signature(at("one")), signature(at("two")), ...changes.map((over) => signature(at("one"), over))];
      expect(new Set(all).size).toBe(all.length);
    });
  });
});
