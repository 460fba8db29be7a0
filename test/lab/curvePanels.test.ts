import { expect, test } from "vitest";
import { panelData, thinned } from "../../src/lab/curvePanels.js";

const epoch = (number: number, metrics: Record<string, number>) => ({ epoch: number, seconds: 1, metrics });
const history = [
  epoch(1, {
    "train/loss": 0.9,
    "select/loss": 1,
    "select/score": 0.5,
    "select/auc": Number.NaN,
    "train/learningRate": 0.1,
  }),
  epoch(2, {
    "train/loss": 0.7,
    "select/loss": 0.8,
    "select/score": 0.6,
    "select/auc": 0.7,
    "train/learningRate": 0.1,
  }),
];

test("metrics of one unit share a figure; what is no number is a gap; a constant learning rate is left out", () => {
  const panels = panelData([{ name: "a", history, chosenEpoch: 2 }]);
  expect(panels.map(({ title, data }) => [title, data.series.map(({ name }) => name)])).toEqual([
    ["Loss", ["train/loss", "select/loss"]],
    ["Score and AUC", ["select/score", "select/auc"]],
  ]);
  expect(panels[1]!.data).toMatchObject({ yRange: [0, 1], chosenEpoch: 2 });
  expect(panels[1]!.data.series[1]).toEqual({ name: "select/auc", epochs: [1, 2], values: [null, 0.7] });
});

test("a learning rate that changes has a figure, and so has a metric that nobody knew of", () => {
  const later = epoch(3, { "train/learningRate": 0.01, "train/temperature": 0.07 });
  const titles = panelData([{ name: "a", history: [...history, later] }]).map(({ title }) => title);
  expect(titles).toEqual(["Loss", "Score and AUC", "Learning rate", "temperature"]);
});

test("the parts of a loss share a figure", () => {
  const parts = { "train/classification": 1.2, "train/clustering": 0.4, "train/contrast": 3 };
  const [panel, ...others] = panelData([{ name: "a", history: [epoch(1, parts)] }]);
  expect(panel!.title).toBe("Parts of the training loss");
  expect(panel!.data.series.map(({ name }) => name)).toEqual(Object.keys(parts));
  expect(others).toEqual([]);
});

test("of several runs loss and Score are drawn, under the runs' names; no epoch is marked", () => {
  const panels = panelData([
    { name: "seed 0", history, chosenEpoch: 2 },
    { name: "seed 1", history: history.slice(0, 1), chosenEpoch: 1 },
  ]);
  expect(panels.map(({ title }) => title)).toEqual(["Loss", "Score"]);
  expect(panels.map(({ data }) => data.series.map(({ name }) => name))).toEqual([
    ["seed 0: train/loss", "seed 0: select/loss", "seed 1: train/loss", "seed 1: select/loss"],
    ["seed 0: select/score", "seed 1: select/score"],
  ]);
  expect(panels[0]!.data.series[2]!.epochs).toEqual([1]);
  for (const { data } of panels) expect(data).not.toHaveProperty("chosenEpoch");
});

test("thinned histories are short and keep the last epoch", () => {
  const long = Array.from({ length: 1001 }, (_, index) => epoch(index + 1, {}));
  const kept = thinned(long, 80);
  expect(kept.length).toBeLessThanOrEqual(80);
  expect(kept.length).toBeGreaterThan(40);
  expect(kept.at(-1)!.epoch).toBe(1001);
  expect(thinned(history, 80)).toEqual(history);
  expect(thinned([])).toEqual([]);
});
