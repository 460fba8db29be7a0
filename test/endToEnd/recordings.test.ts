import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { json, readJson, Workplace } from "./commandLine.js";

interface Run {
  task: string;
  state: string;
  madeUp: boolean;
  metrics: Record<string, number | null>;
  folder: string;
}

describe.skipIf(!process.env.AUSCULT_DATA)("recordings: the whole path on SPRSound", () => {
  let place: Workplace;
  let runs: Run[];
  beforeAll(async () => {
    place = new Workplace({ AUSCULT_DATA: process.env.AUSCULT_DATA });
    const args = ["--task", "11", "--task", "22", "--row", "ResNet 18", "--profile", "smoke", "--json"];
    const ended = await place.auscult(["run", "supcon-sprs/table3", ...args]);
    expect(ended.code, ended.stderr).toBe(0);
    runs = json<{ runs: Run[] }>(ended).runs;
  }, 300_000);
  afterAll(() => {
    place?.remove();
  });

  test("recordings: tasks 1-1 and 2-2 run through and call nothing made-up", () => {
    expect(runs.map(({ task, state, madeUp }) => ({ task, state, madeUp }))).toEqual([
      { task: "11", state: "done", madeUp: false },
      { task: "22", state: "done", madeUp: false },
    ]);
    for (const { metrics } of runs) {
      for (const set of ["inter", "intra", "mean"]) {
        for (const key of ["se", "sp", "as", "hs", "score"]) {
          const value = metrics[`${set}/${key}`]!;
          expect(value >= 0 && value <= 1, `${set}/${key} ${value}`).toBe(true);
        }
      }
    }
  });

  test("recordings: the confusion matrices count the smoke profile's 24 items over the full label lists", () => {
    for (const [{ folder }, classes] of [
      [runs[0]!, 2],
      [runs[1]!, 5],
    ] as const) {
      // biome-ignore format: one line
      const { result } = readJson<{ result: { tests: Record<string, { confusion: { counts: number[][] } }> } }>(
        path.join(folder, "result.json"),
      );
      for (const set of ["inter", "intra"]) {
        const { counts } = result.tests[set]!.confusion;
        expect(counts).toHaveLength(classes);
        expect(counts.flat().reduce((sum, count) => sum + count, 0)).toBe(24);
      }
    }
  });

  test("recordings: the report does not compare them with print, and says why", async () => {
    const { cells } = json<{ cells: { variant?: string; ours: object | null; verdict: string; why: string }[] }>(
      await place.auscult(["report", "--json"]),
    );
    const own = cells.filter(({ variant, ours }) => variant?.includes("smoke") && ours !== null);
    expect(own).toHaveLength(2);
    for (const { verdict, why } of own) {
      expect(verdict).toBe("not comparable");
      expect(why).toContain("reduced budget");
      expect(why).not.toContain("made-up");
    }
  });
});
