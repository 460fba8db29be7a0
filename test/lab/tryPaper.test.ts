import { existsSync } from "node:fs";
import { expect, test, vi } from "vitest";
import { tryPaper } from "../../src/lab/tryPaper.js";
import type { Paper, RunContext, RunRequest } from "../../src/papers/paper.js";
import { Interrupted } from "../../src/training/interrupted.js";

// There is no kernel here to show anything.
const shown = vi.hoisted(() => ({ forms: [] as Record<string, unknown>[] }));
vi.mock("../../src/lab/display.js", async (original) => ({
  ...(await original<typeof import("../../src/lab/display.js")>()),
  show: (forms: Record<string, unknown>) => shown.forms.push(forms),
  showHtml() {},
}));

/** A paper that leaves it to the test what a run does. */
function paperOf(execute: (context: RunContext) => Promise<object>, over: object = {}) {
  const asked: RunRequest[] = [];
  const paper = {
    id: "mine",
    citation: "mine",
    prepare(request: RunRequest) {
      asked.push(request);
      return { identity: { recipe: 1 }, data: { madeUp: true }, reduced: "reduced budget", execute, ...over };
    },
  } as unknown as Paper;
  return { paper, asked };
}

test("a paper in a cell runs in a folder of its own, with nobody to record it", async () => {
  let seen: RunContext | undefined;
  const { paper, asked } = paperOf(async (context) => {
    seen = context;
    context.recorder.metrics({ score: 1 }, 1);
    context.recorder.end("FINISHED");
    context.progress({ phase: "training", fraction: 0.5, detail: "half" });
    return { epochs: 3 };
  });
  const result = await tryPaper(paper, { experiment: "mine/table1", row: "a row", seed: 4, set: { batchSize: 8 } });
  expect(result).toEqual({ epochs: 3, folder: seen!.runFolder });
  expect(existsSync(result.folder)).toBe(true);
  expect(shown.forms.at(-1)!["text/plain"]).toMatch(/a row\ndone\nmade-up sounds; reduced budget/);
  expect(seen!.identity.settings).toEqual({ recipe: 1 });
  const defaults = { task: "4-class", fold: "official", protocol: "honest", preset: "paper", profile: "smoke" };
  expect(asked).toEqual([expect.objectContaining({ ...defaults, row: "a row", seed: 4, set: { batchSize: 8 } })]);
});

test("an interrupt of the kernel ends it in order, and what fails is thrown", async () => {
  const { paper } = paperOf(async ({ signal }) => {
    process.emit("SIGINT");
    expect(signal.aborted).toBe(true);
    throw new Interrupted("stopped");
  });
  await expect(tryPaper(paper, { experiment: "mine/table1", row: "a row" })).rejects.toThrow(Interrupted);
});

test("a paper with stages needs a folder", async () => {
  const { paper } = paperOf(async () => ({}), { stages: [] });
  await expect(tryPaper(paper, { experiment: "mine/table1", row: "a row" })).rejects.toThrow(
    "mine has stages before its run: give it a folder",
  );
});
