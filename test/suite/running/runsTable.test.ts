import { expect, test } from "vitest";
import { type RunLine, runsTable, secondsLeftOf } from "../../../src/suite/running/runsTable.js";

const running = (secondsLeft: number): RunLine["state"] => ({
  is: "running",
  progress: { phase: "training", fraction: 0.456, secondsLeft, detail: "epoch 3 of 9, step 1 of 2", epoch: 2, score: 0.6371 },
}); // biome-ignore format: one progress

const lines: RunLine[] = [
  { name: "CNN, task 11, honest, smoke, seed 0", state: { is: "done", here: true }, seconds: 20 },
  { name: "CNN, task 11, honest, smoke, seed 1", state: running(10), seconds: 30 },
  { name: "ResNet 18, task 11, honest, smoke, seed 0", state: { is: "failed", error: new Error("no disk\nmore") } },
  { name: "ResNet 18, task 11, honest, smoke, seed 1", state: { is: "waiting" } },
];

test("a line for each, and what is left of all", () => {
  expect(runsTable(lines, 1, { columns: 120, rows: 24 })).toEqual([
    "CNN, task 11, honest, smoke, seed 0        done",
    "CNN, task 11, honest, smoke, seed 1        training 45 %  10 s  0.637  epoch 3 of 9, step 1 of 2",
    "ResNet 18, task 11, honest, smoke, seed 0  failed                      no disk",
    "ResNet 18, task 11, honest, smoke, seed 1  waiting",
    // 10 s, and one run that takes the mean of 20 s and 40 s.
    "1 of 4 done, 1 failed, 1 waiting; about 40 s left",
  ]);
});

test.each([20, 40, 60, 80])("nothing is wider than %i columns, and names keep their ends", (columns) => {
  const table = runsTable(lines, 1, { columns, rows: 24 });
  for (const line of table) expect(line.length).toBeLessThan(columns);
  if (columns >= 60) expect(table[1]).toMatch(/seed 1 {2,}training 45 %/);
});

test("on few rows, those that are done or wait are counted only", () => {
  const many = [...lines, ...lines, ...lines];
  const table = runsTable(many, 2, { columns: 100, rows: 8 });
  expect(table).toHaveLength(7);
  expect(table.at(-1)).toBe("3 of 12 done, 3 failed, 3 waiting; about 1 min 00 s left");
  expect(table.join()).not.toContain("waiting  ");
});

test("no time left is told before one is known, or when all is over", () => {
  expect(secondsLeftOf([{ name: "a", state: { is: "waiting" } }], 1)).toBeUndefined();
  expect(secondsLeftOf([lines[0]!], 1)).toBeUndefined();
});

test("runs of a cluster: where each is, what waits, and the time that as many at once as are seen will need", () => {
  const progress = { phase: "training", fraction: 0.5, secondsLeft: 20, detail: "epoch 1 of 2" };
  const attempt = { attempt: 1, holder: { host: "node7", pid: 4711 }, place: "slurm 12_1", progress };
  const placed = { is: "elsewhere", attempt } as unknown as RunLine["state"];
  const queue: RunLine[] = ["2", "3", "4", "5"].map((seed) => ({ name: `seed ${seed}`, state: { is: "queued", says: `slurm 12_${seed}: pending (Priority)` } })); // biome-ignore format: one line each
  const all = [
    { name: "seed 0", state: placed, seconds: 20 },
    { name: "seed 1", state: placed, seconds: 20 },
    ...queue,
  ];
  expect(runsTable(all, 1, { columns: 90, rows: 24 })).toEqual([
    "seed 0  training 50 %  20 s    slurm 12_1 on node7, epoch 1 of 2",
    "seed 1  training 50 %  20 s    slurm 12_1 on node7, epoch 1 of 2",
    ...["2", "3", "4", "5"].map((seed) => `seed ${seed}  queued                 slurm 12_${seed}: pending (Priority)`),
    // Twice 20 s, and four of 40 s, by two at once.
    "0 of 6 done, 4 queued, 2 elsewhere; about 1 min 40 s left",
  ]);
});
