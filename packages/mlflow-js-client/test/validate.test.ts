import { describe, expect, it } from "vitest";
import { eachOnce } from "../src/batches.js";
import type { DatasetDescription, Metric } from "../src/types.js";
import {
  checkArtifactPath,
  checkDataset,
  checkExperimentName,
  checkExperimentTag,
  checkId,
  checkKey,
  checkMetric,
  checkParameter,
  checkRunName,
  checkStatus,
  checkTag,
} from "../src/validate.js";
import {
  checkAlias,
  checkDescription,
  checkLoggedModelName,
  checkRegisteredModelName,
  checkRegisteredModelTag,
  checkVersion,
  checkVersionTag,
} from "../src/validateModels.js";

const metric = (change: Record<string, unknown>): Metric =>
  ({ key: "loss", value: 1, step: 1, timestamp: 1_700_000_000_000, ...change }) as Metric;
const dataset = (change: Record<string, unknown>): DatasetDescription =>
  ({ name: "d", digest: "1", source: "s", ...change }) as DatasetDescription;
const tag = (value: unknown, key = "t") => ({ key, value: value as string });

type Row = [what: string, check: () => void, message: string];

function refusedEach(rows: Row[]): void {
  it.each(rows)("%s", (_, check, message) => {
    expect(check).toThrow(message);
  });
}

// The server (3.17.2) answers 200 to each of these, and stores something else.
describe("what the server would corrupt is refused: which, its value, why, and what would be right", () => {
  refusedEach([
    [
      "a metric that is a string",
      () => checkMetric(metric({ value: "abc" })),
      'metric "loss" value: "abc" is a string, it must be a number',
    ],
    [
      "a metric that is null",
      () => checkMetric(metric({ value: null })),
      'metric "loss" value: it is null, it must be a number',
    ],
    [
      "a metric that is nothing",
      () => checkMetric(metric({ value: undefined })),
      "it is undefined, it must be a number",
    ],
    [
      "a big integer",
      () => checkMetric(metric({ value: 3n })),
      'metric "loss" value: 3 is a bigint, it must be a number',
    ],
    ["a boolean", () => checkMetric(metric({ value: true })), "true is a boolean, it must be a number"],
    ["a list", () => checkMetric(metric({ value: [1] })), "[...] is an array, it must be a number"],
    [
      "the largest number",
      () => checkMetric(metric({ value: -Number.MAX_VALUE })),
      "is how the server writes -Infinity and would be read as that",
    ],
    [
      "a fractional step",
      () => checkMetric(metric({ step: 1.5 })),
      'metric "loss": step 1.5 must be an integer between',
    ],
    [
      "a step that is no safe integer",
      () => checkMetric(metric({ step: 2 ** 53 })),
      "step 9007199254740992 must be an integer between",
    ],
    ["a step that is a string", () => checkMetric(metric({ step: "1" })), 'step "1" must be an integer'],
    [
      "performance.now()",
      () => checkMetric(metric({ timestamp: 12.25 })),
      'metric "loss": time 12.25 must be whole milliseconds since 1970 (Date.now();',
    ],
    ["a negative time", () => checkMetric(metric({ timestamp: -1 })), "time -1 must be whole milliseconds"],
    ["a date", () => checkMetric(metric({ timestamp: new Date(0) })), "time {...} must be whole milliseconds"],
    [
      "a digest alone",
      () => checkMetric(metric({ dataset_digest: "1" })),
      "dataset_digest stands only beside dataset_name",
    ],
    [
      "a parameter that is a number",
      () => checkParameter(tag(0.1, "lr")),
      'parameter "lr": 0.1 is a number, it must be a string',
    ],
    ["a long parameter", () => checkParameter(tag("x".repeat(6001))), "has 6001 characters, at most 6000 are kept"],
    [
      "two values of one parameter",
      () => eachOnce([tag("1", "p"), tag("2", "p")]),
      'parameter "p": it is given twice, as "1" and as "2"',
    ],
    ["a long tag", () => checkTag(tag("😀".repeat(8001))), "has 8001 characters, at most 8000 are kept"],
    ["a NUL", () => checkTag(tag("a\0b")), 'tag "t": "a\\u0000b" contains a NUL character, which databases refuse'],
    ["half a character", () => checkTag(tag("\ud800")), "contains half of a character (a lone surrogate)"],
    ["a run without a name", () => checkRunName(""), "run name: it must not be empty"],
    [
      "a run's name taken away",
      () => checkTag(tag("", "mlflow.runName")),
      'tag "mlflow.runName": it must not be empty',
    ],
    ["a long run name", () => checkRunName("x".repeat(251)), "has 251 characters, at most 250 are kept"],
    [
      "an unknown status",
      () => checkStatus("DONE"),
      'run status: "DONE" is none of RUNNING, SCHEDULED, FINISHED, FAILED, KILLED',
    ],
    [
      "a dataset without a source",
      () => checkDataset(dataset({ source: "" })),
      'dataset "d" source: it must not be empty',
    ],
    ["a long digest", () => checkDataset(dataset({ digest: "a".repeat(40) })), 'dataset "d" digest: "aaa'],
    [
      "a profile with NaN",
      () => checkDataset(dataset({ profile: { a: [1, Number.NaN] } })),
      'dataset "d" profile.a.1: NaN has no place in JSON',
    ],
    [
      "a schema with a function",
      () => checkDataset(dataset({ schema: { f: () => 1 } })),
      "schema.f: () => 1 is a function, it must be a number, a string",
    ],
    [
      "a long tag of a registered model",
      () => checkRegisteredModelTag(tag("x".repeat(5001))),
      "has 5001 characters, at most 5000",
    ],
    [
      "a heavy tag of a version",
      () => checkVersionTag(tag("漢".repeat(30_000))),
      "has 90000 bytes, at most 65535 are kept",
    ],
  ]);
});

// The server answers 400 to these, or 500; a queue that was accepted would come to know it much later.
describe("what the server would refuse is refused before", () => {
  refusedEach([
    ["a key that is a number", () => checkKey("metric", 1), "name of a metric: 1 is a number, it must be a string"],
    ["an empty key", () => checkKey("metric", ""), 'metric "": its name must not be empty'],
    [
      "a key with a bracket",
      () => checkKey("metric", "loss(train)"),
      'metric "loss(train)": a name may hold letters, digits, spaces and _ - . / :',
    ],
    ["a key with a line break at its end", () => checkKey("tag", "a\n"), 'tag "a\\n": a name may hold'],
    ["a key with a quote", () => checkKey("tag", "a`b"), "a name may hold letters"],
    [
      "a key that climbs",
      () => checkKey("parameter", "a/../b"),
      'parameter "a/../b": a name must be a normal relative path',
    ],
    ["a key that begins as if it climbed", () => checkKey("tag", "..a"), "normal relative path"],
    ["an absolute key", () => checkKey("tag", "/a"), "normal relative path"],
    ["a key ending with a slash", () => checkKey("tag", "a/"), "normal relative path"],
    ["a key that is here", () => checkKey("tag", "."), "normal relative path"],
    ["the key that no object holds", () => checkKey("parameter", "__proto__"), 'parameter "__proto__": an object'],
    ["an artefact with a long part", () => checkArtifactPath(`a/${"ü".repeat(128)}.x`), "more than 255 bytes"],
    ["a long key", () => checkKey("tag", "k".repeat(251)), "name of a tag: "],
    ["no run", () => checkId("run", undefined), "run id: it is undefined, it must be a string"],
    ["a run that is none", () => checkId("run", "../x"), 'run id: "../x" is none: an id holds letters'],
    ["an artefact that climbs", () => checkArtifactPath("../x"), 'artefact path "../x": it must be a relative path'],
    ["an artefact with #", () => checkArtifactPath("a#b"), 'it must hold no "#", "%", backslash'],
    ["a blank experiment", () => checkExperimentName("  "), 'experiment name: "  " is blank'],
    ["a long experiment", () => checkExperimentName("x".repeat(257)), "has 257 characters, at most 256 are kept"],
    ["a long tag of an experiment", () => checkExperimentTag(tag("x".repeat(20_001))), "at most 20000 are kept"],
    [
      "a logged model with a dot",
      () => checkLoggedModelName("a.b"),
      'logged model name: "a.b" must hold none of / : . %',
    ],
    [
      "a registered model with a slash",
      () => checkRegisteredModelName("a/b"),
      'registered model name: "a/b" must hold no "/" and no ":"',
    ],
    ["a registered model that climbs", () => checkRegisteredModelName(".."), 'must not be "." and not begin with ".."'],
    ["a blank registered model", () => checkRegisteredModelName("\t"), "is blank"],
    ["an alias with a dot", () => checkAlias("a.b", true), 'alias: "a.b" may hold letters, digits, "_" and "-" only'],
    [
      "the alias that the server has",
      () => checkAlias("Latest", true),
      'alias: "Latest" is kept by the server for itself',
    ],
    ["an alias like a version", () => checkAlias("V12", true), 'alias: "V12" is kept by the server for itself'],
    ["a version as text", () => checkVersion("1"), 'model version: "1" is a string, it must be a number'],
    ["version 0", () => checkVersion(0), "model version: 0 must be a whole number from 1 on"],
    ["a long description", () => checkDescription("x".repeat(5001)), "description: "],
  ]);
});

it("keeps what is right: infinities, NaN, letters of any language, characters counted as Python does", () => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, -0, 5e-324, 1.797e308]) checkMetric(metric({ value }));
  for (const step of [-3, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER]) checkMetric(metric({ step }));
  for (const key of ["train/loss", "a b:c-d_e.f", "Größe", "损失", ".a", "a..b", "a/..b"]) checkKey("metric", key);
  checkTag(tag("😀".repeat(8000)));
  checkAlias("latest", false);
  checkRegisteredModelName("Netz 'a' \"b\" .");
});
