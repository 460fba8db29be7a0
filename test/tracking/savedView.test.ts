import { expect, test } from "vitest";
import { savedView, savedViewTag } from "../../src/tracking/savedView.js";

test("a view is a tag of the form that MLflow's page reads, and always the same text", () => {
  const columns = [
    { kind: "metrics", key: "summary/score", width: 120 },
    { kind: "tags", key: "seed", width: 60 },
  ] as const;
  const view = savedView("scores", "Scores", { search: "tags.seed != ''", columns });
  expect(savedView("scores", "Scores", { search: "tags.seed != ''", columns })).toEqual(view);
  expect(Object.keys(view)).toEqual([savedViewTag("scores")]);
  const value = view["mlflow.sharedViewState.scores"]!;
  // What an experiment's tag holds.
  expect(value.length).toBeLessThan(5000);
  const { name, createdAt, state } = JSON.parse(value) as { name: string; createdAt: number; state: string };
  expect([name, typeof createdAt]).toEqual(["Scores", "number"]);
  expect(JSON.parse(state)).toMatchObject({
    selectedColumns: ["metrics.`summary/score`", "tags.`seed`"],
    columnWidths: { "metrics.`summary/score`": 120, "tags.`seed`": 60 },
    searchFilter: "tags.seed != ''",
  });
});
