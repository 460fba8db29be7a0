import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeWindows } from "../../../src/evaluation/windowsFile.js";
import { type Cams, writeCams } from "../../../src/explain/camFiles.js";
import { writeProjections } from "../../../src/explain/embeddingFiles.js";
import type { Projections } from "../../../src/explain/projections.js";
import { findExperiment } from "../../../src/suite/registry.js";
import { picturesOf } from "../../../src/suite/reporting/pictures.js";
import { reportModel } from "../../../src/suite/reporting/report.js";
import { renderReport } from "../../../src/suite/reporting/reportPage.js";
import { madeUpRecord } from "../madeUpRecord.js";

const projections: Projections = {
  ...{ format: 1, layer: "head.normalise", seed: 42, neighbours: 2 },
  ...{ labels: ["Normal", "Adventitious"], ids: ["a#0", "a#1", "b#0"], classes: [0, 1, 1] },
  agreement: { agreement: 0.5, chance: 1 / 3 },
  planes: [
    { asked: { method: "t-SNE", perplexity: 30, learningRate: 200 }, plane: { refused: "3 points are too few" } },
    {
      asked: { method: "UMAP", neighbours: 2 },
      plane: { x: [0, 1, 2], y: [0, 1, 0], trustworthiness: 0.9, agreement: { agreement: 0.75, chance: 1 / 3 } },
    },
  ],
};

const before = process.env.AUSCULT_MLRUNS;
beforeEach(() => {
  process.env.AUSCULT_MLRUNS = mkdtempSync(path.join(tmpdir(), "pictures-"));
});
afterEach(() => {
  if (before === undefined) delete process.env.AUSCULT_MLRUNS;
  else process.env.AUSCULT_MLRUNS = before;
});

const folderOf = (runId: string) => path.join(process.env.AUSCULT_MLRUNS!, "runs", runId);
const ran = (row: string, task: string, runId: string) => madeUpRecord({ request: { row, task }, runId });

test("Figure 2: what runs left is drawn, and for each other task stands the command that makes it", async () => {
  const entry = await findExperiment("supcon-sprs/fig2");
  const runs = [ran("ResNet 18 + SupCon", "11", "here"), ran("ResNet 18 + SupCon", "12", "elsewhere")];
  writeProjections(folderOf("here"), "select", projections);
  const { pictures, missingPictures } = picturesOf(entry, runs);
  expect(pictures).toEqual([
    {
      kind: "embeddings",
      task: "11",
      title: "Task 1-1: ResNet 18 + SupCon",
      note: "honest, full, seed 0",
      projections,
    },
  ]);
  expect(missingPictures!.map(({ what }) => what)).toEqual([
    expect.stringContaining("Task 1-2: its runs left no embeddings on this machine"),
    "Task 2-1: no run yet.",
    "Task 2-2: no run yet.",
  ]);
  const page = renderReport({ ...reportModel(entry, runs), pictures, missingPictures }, { plotlyScript: "" });
  expect(page).toContain("3 points are too few");
  expect(page).toContain("trustworthiness 0.900; 75 % of");
  expect(page).toContain("--row &#34;ResNet 18 + SupCon&#34; --task 21 --protocol published --profile full");
  expect(page).not.toContain("No cell was run yet.");
});

test("Figure 3: each task's matrix of ours beside print's, which sums to about one a class", async () => {
  const entry = await findExperiment("supcon-sprs/fig3");
  const { pictures, missingPictures } = picturesOf(entry, [ran("ResNet 18 + SupCon + MixUp", "11", "here")]);
  expect(pictures!.map(({ title }) => title)).toEqual([
    "Task 1-1, ours, inter",
    ...["1-1", "1-2", "2-1", "2-2"].map((task) => `Task ${task}, printed, inter`),
  ]);
  expect(pictures![1]).toMatchObject({ matrix: { labels: ["Normal", "Adventitious"], shares: [[0.73, 0.27], [0.01, 0.99]] } }); // biome-ignore format: one line
  for (const picture of pictures!.slice(1)) {
    if (picture.kind !== "confusion" || !("shares" in picture.matrix)) throw new Error("print has shares");
    for (const row of picture.matrix.shares) {
      const sum = row.reduce((total, share) => total + share, 0);
      // Read by eye to two places; a class without items has none.
      if (sum > 0) expect(Math.abs(sum - 1)).toBeLessThan(0.03);
    }
  }
  expect(missingPictures!.map(({ what }) => what.slice(0, 8))).toEqual(["Task 1-2", "Task 2-1", "Task 2-2"]);
});

test("Figures 3 and 5: the mean of each row; cycles that the first network gets wrong, those before that the last one mends", async () => {
  const [three, five] = await Promise.all(["fig3", "fig5"].map((id) => findExperiment(`respirenet/${id}`)));
  const request = { experiment: "respirenet/table1", task: "4-class", fold: "fold4" };
  const runs = ["CNN", "CNN+CBA+BRC"].map((row) =>
    madeUpRecord({ request: { ...request, row }, runId: row.replaceAll("+", "-") }),
  );
  const map = { rows: 1, frames: 2, values: Float32Array.of(0, 1) };
  const cams = (decided: readonly number[]): Cams => ({
    ...{ layer: "last", labels: ["Normal", "Crackle"], hopSeconds: 1, windows: 4, items: 4, mean: map },
    examples: decided.map((one, i) => ({ id: `cycle ${i}`, label: 0, decided: one, input: map, map })),
  });
  writeCams(folderOf("CNN"), cams([1, 1, 0, 1]));
  expect(picturesOf(five!, runs).missingPictures!.map(({ what }) => what)).toEqual([
    expect.stringContaining("CNN+CBA+BRC: its runs left nothing"),
  ]);
  writeCams(folderOf("CNN-CBA-BRC"), cams([1, 1, 1, 0]));
  expect(picturesOf(five!, runs).pictures!.map(({ kind, title }) => [kind, title])).toEqual([
    ["cam-mean", "CNN"],
    ["cam-mean", "CNN+CBA+BRC"],
  ]);
  const { pictures, missingPictures } = picturesOf(three!, runs);
  expect(missingPictures).toEqual([]);
  expect(pictures!.map(({ title }) => title)).toEqual([
    "CNN, cycle 3",
    "CNN+CBA+BRC, cycle 3",
    "CNN, cycle 0",
    "CNN+CBA+BRC, cycle 0",
  ]);
  const page = renderReport({ ...reportModel(three!, runs), pictures, missingPictures }, { plotlyScript: "" });
  expect(page).toContain("Normal, taken for Crackle");
});

test("an entry of numbers alone has no pictures", async () => {
  expect(picturesOf(await findExperiment("supcon-sprs/table3"), [])).toEqual({});
});

test("Figure 4: the windows of one recording, as its events make them and as they were decided, at both steps", async () => {
  const entry = await findExperiment("supcon-sprs/fig4");
  const home = { experiment: "supcon-sprs/table2", row: "Event level" };
  const runs = ["21", "22"].map((task) => madeUpRecord({ request: { ...home, task }, runId: `run${task}` }));
  writeWindows(folderOf("run22"), {
    ...{ format: 2, task: "22", labels: ["Normal", "Poor Quality", "CAS", "DAS", "CAS & DAS"] },
    ...{ windowSeconds: 3, stepSeconds: 1 },
    sets: { inter: [{ recording: "31_3.0_0_p2_9", windows: [2, 0, 2, 0, 4, 3, 0], decided: 3 }], intra: [] },
    shown: {
      ...{ recording: "31_3.0_0_p2_9", seconds: 9.216, recordLabel: "CAS & DAS" },
      events: [
        { type: "Wheeze", startSeconds: 2.1, endSeconds: 4.6 },
        { type: "Fine Crackle", startSeconds: 6.1, endSeconds: 8 },
      ],
    },
  });
  const { pictures, missingPictures } = picturesOf(entry, runs);
  expect(pictures!.map(({ kind, title, note }) => [kind, title, note])).toEqual([
    ["windows", "Task 2-2: Event level", "honest, full, seed 0"],
  ]);
  expect(missingPictures!.map(({ what }) => what)).toEqual([
    expect.stringContaining("Task 2-1: its runs left no labels of windows on this machine"),
  ]);
  const page = renderReport({ ...reportModel(entry, runs), pictures, missingPictures }, { plotlyScript: "" });
  // By hand: DAS is in two windows in a row at 4 and 5 s; every second window is CAS, CAS, CAS & DAS, Normal.
  for (const words of [
    "Windows, annotated: the recording CAS &#38; DAS, 0 to 9.216 s CAS &#38; DAS.",
    "Windows, from events, every 1 s: the recording CAS &#38; DAS, 0 to 3 s CAS (decides)",
    "Windows, decided, every 1 s: the recording DAS, 0 to 3 s CAS, 1 to 4 s Normal, 2 to 5 s CAS, 3 to 6 s Normal, 4 to 7 s CAS &#38; DAS (decides), 5 to 8 s DAS (decides), 6 to 9 s Normal.",
    "Windows, from events, every 2 s: the recording CAS &#38; DAS, 0 to 3 s CAS (decides), 2 to 5 s CAS (decides), 4 to 7 s CAS &#38; DAS (decides), 6 to 9 s DAS (decides).",
    "Windows, decided, every 2 s: the recording CAS, 0 to 3 s CAS (decides), 2 to 5 s CAS (decides), 4 to 7 s CAS &#38; DAS (decides), 6 to 9 s Normal.",
  ])
    expect(page).toContain(words);
});

test("a figure of matrices without print has one for each row and fold that was run, and commands for the others", async () => {
  const entry = await findExperiment("cycleguardian/fig8");
  const request = { experiment: "cycleguardian/fig8", row: "Ours (cos)", task: "4-class" };
  const runs = ["fold0", "fold3"].map((fold) => madeUpRecord({ request: { ...request, fold }, runId: fold }));
  const { pictures, missingPictures } = picturesOf(entry, runs);
  expect(pictures!.map(({ kind, title }) => [kind, title])).toEqual([
    ["confusion", "Ours (cos), fold0"],
    ["confusion", "Ours (cos), fold3"],
  ]);
  expect(missingPictures!.map(({ what }) => what)).toEqual(
    ["fold1", "fold2", "fold4"].map((fold) => `Ours (cos), ${fold}: no run yet.`),
  );
  expect(missingPictures![0]!.command).toContain(
    'run cycleguardian/fig8 --row "Ours (cos)" --task 4-class --fold fold1',
  );
});

test("training curves have the parts of the loss, named without their prefix, and no learning rate", async () => {
  const entry = await findExperiment("cycleguardian/fig6");
  const request = {
    ...{ experiment: "cycleguardian/table2", row: "Ours (soft cos)", task: "4-class" },
    fold: "official-patient-leak",
  };
  const run = madeUpRecord({ request });
  const metrics = { "train/loss": 3, "train/clustering": 2, "train/learningRate": 0.01, "select/score": 0.5 };
  const history = [1, 2].map((epoch) => ({ epoch, seconds: 1, metrics }));
  const { pictures } = picturesOf(entry, [{ ...run, result: { ...run.result, history } }]);
  const [drawn] = pictures!;
  if (drawn?.kind !== "curves") throw new Error("no curves");
  expect(drawn.data.series.map(({ name, values }) => [name, ...values])).toEqual([
    ["total", 3, 3],
    ["clustering", 2, 2],
  ]);
});

test("a sweep stands over its numbers, a series for each column", async () => {
  const entry = await findExperiment("cycleguardian/fig11");
  const cell = (row: string, column: string, mean: number | null) =>
    ({
      row,
      column,
      unit: "percent",
      variant: "honest, full",
      why: "reduced budget",
      ours: { mean, low: 40, high: 60, n: 1 },
    }) as never;
  const cells = [
    cell("20 frames", "Sp", 55),
    cell("2 frames", "Sp", 50),
    cell("2 frames", "Se", 45),
    cell("5 frames", "Sp", null),
  ];
  const { pictures, missingPictures } = picturesOf(entry, [], { cells });
  const [drawn] = pictures!;
  if (drawn?.kind !== "sweep") throw new Error("no sweep");
  expect(drawn.note).toBe("honest, full, reduced budget");
  expect(drawn.data.series.map(({ name, points }) => [name, points.map(({ at, mean }) => [at, mean])])).toEqual([
    ["Sp", [[2, 50], [20, 55]]],
    ["Se", [[2, 45]]],
  ]); // biome-ignore format: as a table
  expect(missingPictures!.map(({ what }) => what)).toEqual(
    ["5", "10", "15", "25"].map((width) => `${width} frames: no run yet.`),
  );
});
