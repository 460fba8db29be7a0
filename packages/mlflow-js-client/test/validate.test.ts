import { describe, expect, it } from "vitest";
import type { Metric } from "../src/types.js";
import {
  checkArtifactPath,
  checkDataset,
  checkExperimentName,
  checkKey,
  checkMetric,
  checkParameter,
  checkStatus,
  checkTag,
} from "../src/validate.js";

const metric = (change: Record<string, unknown>): Metric =>
  ({ key: "loss", value: 1, step: 1, timestamp: 1_700_000_000_000, ...change }) as Metric;

// The server (3.17.2) answers 200 to each of these but the bad names, and stores something else.
describe("what the server would corrupt is refused by name", () => {
  const refused: [string, () => void, RegExp][] = [
    [
      "a metric that is a string",
      () => checkMetric(metric({ value: "abc" })),
      /metric "loss": value "abc" is a string/,
    ],
    [
      "a metric that is null",
      () => checkMetric(metric({ value: null })),
      /value null is a object, it must be a number/,
    ],
    ["a big integer", () => checkMetric(metric({ value: 3n })), /value 3 is a bigint/],
    ["a fractional step", () => checkMetric(metric({ step: 1.5 })), /metric "loss": step 1.5 must be an integer/],
    ["a step that is a string", () => checkMetric(metric({ step: "1" })), /step "1" must be an integer/],
    ["performance.now()", () => checkMetric(metric({ timestamp: 12.25 })), /time 12.25 must be whole milliseconds/],
    ["a negative time", () => checkMetric(metric({ timestamp: -1 })), /time -1 must be whole milliseconds/],
    [
      "a parameter that is a number",
      () => checkParameter({ key: "lr", value: 0.1 as never }),
      /parameter "lr": 0.1 is a number/,
    ],
    ["a long parameter", () => checkParameter({ key: "p", value: "x".repeat(6001) }), /6001 characters, at most 6000/],
    ["a long tag", () => checkTag({ key: "t", value: "x".repeat(8001) }), /8001 characters, at most 8000/],
    ["a NUL", () => checkTag({ key: "t", value: "a\0b" }), /tag "t": it contains a NUL/],
    ["half a character", () => checkTag({ key: "t", value: "\ud800" }), /lone surrogate/],
    ["an empty key", () => checkKey("metric", ""), /metric "": it must not be empty/],
    ["a key with a bracket", () => checkKey("metric", "loss(train)"), /letters, digits, spaces and _ - . \/ :/],
    [
      "a key that climbs",
      () => checkKey("parameter", "a/../b"),
      /parameter "a\/..\/b": a name must be a normal relative/,
    ],
    ["an absolute key", () => checkKey("tag", "/a"), /normal relative path/],
    ["a key ending with a slash", () => checkKey("tag", "a/"), /normal relative path/],
    ["a long key", () => checkKey("tag", "k".repeat(251)), /251 characters, at most 250/],
    ["an unknown status", () => checkStatus("DONE"), /run status: "DONE" is none of RUNNING, SCHEDULED, FINISHED/],
    [
      "a dataset without a source",
      () => checkDataset({ name: "d", digest: "1", source: "" }),
      /dataset "d" source: .*empty/,
    ],
    [
      "a long digest",
      () => checkDataset({ name: "d", digest: "a".repeat(40), source: "s" }),
      /digest: it has 40 characters/,
    ],
    ["an artefact that climbs", () => checkArtifactPath("../x"), /artefact path "..\/x": it must be a relative path/],
    ["an artefact with #", () => checkArtifactPath("a#b"), /it must hold no "#", "%", backslash/],
    ["a blank experiment", () => checkExperimentName("  "), /experiment name: it must not be blank/],
  ];
  it.each(refused)("%s", (_, check, message) => {
    expect(check).toThrow(message);
  });

  it("keeps what is right: infinities, NaN, letters of any language", () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, -0, 5e-324]) checkMetric(metric({ value }));
    for (const key of ["train/loss", "a b:c-d_e.f", "Größe", "损失"]) checkKey("metric", key);
  });
});
