import { expect, test } from "vitest";
import type { TrainingReport } from "../../src/lab/trainChild.js";
import { noteOf, nothingYet, takeIn, watchedHtml, watchedText, whereTheyDiffer } from "../../src/lab/watchedRuns.js";
import { madeUpRecord } from "../suite/madeUpRecord.js";

const run = (seed: number) => ({
  name: `CNN, seed ${seed}`,
  runId: `cnn_${seed}`,
  folder: `/runs/${seed}`,
  madeUp: true,
  reduced: "2 epochs",
});
const epoch = (number: number, score: number) => ({ epoch: number, seconds: 1, metrics: { "select/score": score } });
/** What is known after some reports. */
function after(...reports: TrainingReport[]) {
  const watched = nothingYet();
  for (const report of reports) takeIn(watched, report, () => madeUpRecord({ score: 0.7 }));
  return watched;
}
const planned: TrainingReport = { planned: [run(0)] };
const begun: TrainingReport = { run: 0, state: "training" };
const lines = (watched: ReturnType<typeof after>) => watchedText(watched).split("\n");

test("before a run, and where none was begun", () => {
  expect(lines(after())).toEqual(["reading the data set"]);
  expect(watchedText({ ...after(), phase: "ended" })).toBe("nothing was run");
  expect(watchedHtml({ ...after(), phase: "ended" })).not.toContain("<progress");
});

test("under way: phase, step and time left, the last Score and the best; what is true of the numbers", () => {
  const progress = {
    phase: "training",
    fraction: 0.25,
    secondsLeft: 75,
    detail: "epoch 3 of 8, step 2 of 9, loss 0.5",
  };
  const watched = after(
    planned,
    begun,
    { run: 0, epoch: epoch(1, 0.6) },
    { run: 0, epoch: epoch(2, 0.55) },
    { run: 0, progress },
  );
  expect(lines(watched)).toEqual([
    "CNN, seed 0",
    "training: epoch 3 of 8, step 2 of 9, loss 0.5, 1 min 15 s left",
    "select/score 0.550 after epoch 2, best 0.600 (epoch 1)",
    "made-up sounds; 2 epochs",
  ]);
  expect(watchedHtml(watched)).toContain('<progress max="1" value="0.250"');
  expect(noteOf(watched)).toBe("made-up sounds; reduced budget");
  expect(watchedText({ ...watched, phase: "stopping" })).toContain("stopping after the step under way");
});

test("an epoch told again takes the place of its first telling; a warning is said once", () => {
  const again = after(
    planned,
    begun,
    { run: 0, epoch: epoch(1, 0.6) },
    { run: 0, epoch: epoch(1, 0.4) },
    { warning: "w" },
    { warning: "w" },
  );
  expect(again.runs[0]!.history).toEqual([epoch(1, 0.4)]);
  expect(again.warnings).toEqual(["w"]);
});

test("done: the chosen epoch, the headline with its interval; a run that was done before says so", () => {
  expect(lines(after(planned, begun, { run: 0, state: "done" })).slice(1, 3)).toEqual([
    "100 epochs in 1 s; epoch 40 was chosen (best select Score)",
    "Score 0.700 (0.680 to 0.720) on inter",
  ]);
  expect(lines(after(planned, { run: 0, state: "done before" }))[1]).toMatch(/^done before, 100 epochs/);
});

test("several runs: a line for each, what failed with its reason; names from data are escaped", () => {
  const watched = after(
    { planned: [run(0), run(1), { ...run(2), name: "<b>, seed 2" }] },
    { run: 0, state: "done" },
    { run: 1, state: "training" },
    { run: 1, failed: "the loss became NaN" },
  );
  const text = lines(watched);
  expect(text[1]).toBe("failed: the loss became NaN");
  expect(text.slice(2, 6)).toEqual([
    "run\tstate\tepoch\tScore (95 % interval)\ttime left",
    "CNN, seed 0\tdone\t100\t0.700 (0.680 to 0.720)\t",
    "CNN, seed 1\tfailed\t\t\t",
    "<b>, seed 2\twaiting\t\t\t",
  ]);
  expect(watchedHtml(watched)).toContain("&lt;b&gt;, seed 2");
  expect(watchedHtml(watched)).not.toContain("<b>, seed 2");
  expect(lines({ ...watched, phase: "ended" }).slice(0, 2)).toEqual([
    "3 runs: 1 done, 1 failed, 1 waiting",
    "CNN, seed 1 failed: the loss became NaN",
  ]);
});

test("runs are named by what differs", () => {
  const names = ["CNN, task 11, seed 0 (made-up sounds)", "CNN, task 11, seed 1 (made-up sounds)"];
  expect(whereTheyDiffer(names)).toEqual(["seed 0", "seed 1"]);
  expect(whereTheyDiffer(names.slice(0, 1))).toEqual(names.slice(0, 1));
});
