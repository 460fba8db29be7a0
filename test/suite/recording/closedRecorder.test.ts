import { expect, test } from "vitest";
import { closedRecorder } from "../../../src/suite/recording/closedRecorder.js";
import type { Recorder } from "../../../src/training/recorder.js";

test("takes everything but metrics of test sets, which it refuses whole", () => {
  const calls: unknown[][] = [];
  const names = ["parameters", "metrics", "tags", "dataset", "artifact", "description", "end"];
  const noted = names.map((name) => [name, (...args: unknown[]) => calls.push([name, ...args])]);
  const recorder = closedRecorder(Object.fromEntries(noted) as unknown as Recorder);
  expect(() => recorder.metrics({ "train/loss": 1, "test/inter/score": 0.5 }, 3)).toThrow(
    'metric "test/inter/score": under the protocol "honest" no test set is looked at before the end',
  );
  expect(() => recorder.metrics({ test: 1 }, 3)).toThrow(/metric "test"/);
  expect(calls).toEqual([]);
  recorder.metrics({ "select/score": 1, "train/tested": 2 }, 1);
  recorder.artifact("a.svg", "figures");
  recorder.end("FAILED", "why");
  recorder.parameters({ a: 1 });
  recorder.tags({ b: "2" });
  recorder.description("c");
  recorder.dataset({ name: "d", digest: "e", source: "f", role: "train" });
  expect(calls.map(([name]) => name)).toEqual([
    "metrics",
    "artifact",
    "end",
    "parameters",
    "tags",
    "description",
    "dataset",
  ]);
  expect(calls[1]).toEqual(["artifact", "a.svg", "figures"]);
  expect(calls[2]).toEqual(["end", "FAILED", "why"]);
});
