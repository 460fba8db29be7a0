import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { TrainingWork } from "../../../src/papers/trainingWork.js";
import type { PlannedRun } from "../../../src/suite/plan.js";
import { keepCost } from "../../../src/suite/planning/costStore.js";
import { Programme, totalOf } from "../../../src/suite/planning/programme.js";
import { simulatedProgramme, simulatedText } from "../../../src/suite/planning/simulatedProgramme.js";

let cache: string;
beforeEach(() => {
  cache = mkdtempSync(path.join(tmpdir(), "auscult-programme-"));
  vi.stubEnv("AUSCULT_CACHE", cache);
  vi.stubEnv("MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL", undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(cache, { recursive: true, force: true });
});

/** 1,000 steps and 100 items. */
const WORK: TrainingWork = {
  ...{ network: "small", input: [8, 8, 1], batchSize: 8, epochs: 100 },
  ...{ stepsPerEpoch: 10, itemsPerEpoch: 0, itemsAtEnd: 100 },
};

function runOf(work: TrainingWork | undefined, paper = "p"): PlannedRun {
  const prepared = { identity: { paper }, work };
  const request = { experiment: `${paper}/table`, row: "row" };
  return { request, prepared, precision: "float32", threads: 4, folder: "/nowhere" } as unknown as PlannedRun;
}

const needsOf = (run: PlannedRun) => new Programme(new Map()).needsOf(run, undefined);

/** A measurement as another machine left it. */
function measuredElsewhere(engine: string, step: number, over: object = {}): void {
  const key = {
    paper: "p",
    network: "small",
    input: [8, 8, 1],
    batchSize: 8,
    precision: "float32",
    threads: 4,
    engine,
    ...over,
  };
  mkdirSync(path.join(cache, "costs"), { recursive: true });
  writeFileSync(path.join(cache, "costs", `${step}.json`), JSON.stringify({ key, measured: [{ step, item: 0.01 }] }));
}

describe("what a run takes", () => {
  test("hours by the clock and of threads, from what its steps took here", () => {
    const run = runOf(WORK);
    keepCost(run, WORK, { step: 3.5, item: 1, folderBytes: 9e6 });
    // 3,500 s of steps and 100 s of items.
    expect(needsOf(run)).toMatchObject({
      wallHours: 1,
      threadHours: 4,
      hoursAre: "measured",
      folderBytes: 9e6,
      folderIs: "measured",
    });
    // 12 points an epoch and 40 besides, where no run is finished; 10 of the machine each 10 s.
    expect(needsOf(run)).toMatchObject({ points: 1240 + 3600, systemPoints: 3600, pointsAre: "usual numbers" });
  });

  test("nothing is invented: unknown hours, folders and a GPU's hours stay unknown, and totals say of how many", () => {
    const needs = needsOf(runOf(WORK));
    expect(needs).toMatchObject({ hoursAre: "not known", gpu: "not known", folderIs: "not known" });
    for (const what of ["wallHours", "threadHours", "gpuHours", "folderBytes"]) expect(needs).not.toHaveProperty(what);
    const known = runOf({ ...WORK, batchSize: 4 });
    keepCost(known, known.prepared.work!, { step: 3.5, item: 1 });
    const total = totalOf([needs, needsOf(known)]);
    expect(total).toMatchObject({ wallHours: 1, gpuUnknown: 2, hours: { measured: 1, estimated: 0, unknown: 1 } });
    expect(total).not.toHaveProperty("gpuHours");
  });

  test("a GPU's hours are those of a step that was measured on one, of the same work", () => {
    measuredElsewhere("some processor, avx; cpu 2.21.0; NVIDIA H100", 2);
    measuredElsewhere("some processor, avx; gpu 2.21.0; ", 3);
    measuredElsewhere("some processor, avx; gpu 2.21.0; NVIDIA A100", 4, { batchSize: 16 });
    expect(needsOf(runOf(WORK)).gpu).toBe("not known");
    measuredElsewhere("some processor, avx; gpu 2.21.0; NVIDIA H100", 0.0359);
    expect(needsOf(runOf(WORK))).toMatchObject({ gpu: "measured", gpuModel: "NVIDIA H100" });
    expect(needsOf(runOf(WORK)).gpuHours).toBeCloseTo(36.9 / 3600, 10);
  });

  test("a folder that was not measured is as others of its network, else of its paper, and says so", () => {
    const measured = (network: string, batchSize: number, folderBytes: number) => {
      const work = { ...WORK, network, batchSize };
      keepCost(runOf(work), work, { step: 1, item: 1, folderBytes });
    };
    measured("other", 8, 5e6);
    expect(needsOf(runOf(WORK))).toMatchObject({ folderBytes: 5e6, folderIs: "of its paper" });
    measured("small", 64, 7e6);
    expect(needsOf(runOf(WORK))).toMatchObject({ folderBytes: 7e6, folderIs: "of its network" });
    expect(needsOf(runOf(WORK, "another")).folderIs).toBe("not known");
  });
});

describe("a programme on nodes", () => {
  const piece = (over: object = {}) => ({
    needs: { wallHours: 10, folderBytes: 9e6, points: 36_000 } as never,
    ...{ epochs: 10, secondsLeft: 36_000, after: [] },
    ...over,
  });

  test("counts what is left of a run alone, a checkpoint of four ninths of its folder each epoch, and its stages first", () => {
    const asked = { nodes: [2], hoursBetweenLosses: Number.POSITIVE_INFINITY };
    const { times } = simulatedProgramme([piece(), piece({ after: [0], secondsLeft: 18_000 })], asked);
    // One after the other, each 10 s after its beginning.
    expect(times[0]!.seconds.mean).toBe(36_000 + 18_000 + 20);
    expect(times[0]!.pointsPerSecond).toBeCloseTo(2, 10);
    // 15 checkpoints of 4 MB, two models of 1 MB, 54,000 points of 60 bytes, in 54,000 s, two at once.
    expect(times[0]!.megabytesPerSecond).toBeCloseTo((2 * (60 + 2 + 3.24)) / 54_000, 10);
  });

  test("refuses nodes that are lost before any checkpoint comes, in words for who asked", () => {
    expect(() => simulatedProgramme([piece()], { nodes: [1], hoursBetweenLosses: 0.1 })).toThrow(
      /--nodes: hoursBetweenLosses: 0.1; of attempts at work whose checkpoint comes after 1.0 h/,
    );
  });

  test("leaves out what nobody knows the cost of, and says so", () => {
    const simulated = simulatedProgramme([piece({ secondsLeft: undefined }), piece({ after: [0] })], { nodes: [1] });
    expect(simulated).toMatchObject({ pieces: 1, leftOut: 1, programmes: 200 });
    const text = simulatedText(simulated);
    expect(text).toContain("1 of unknown cost left out; 200 simulated programmes for each line");
    expect(text).toContain("a node is lost every 1000 h on average");
    expect(text).toContain("after 3 min from their last checkpoint");
  });
});
