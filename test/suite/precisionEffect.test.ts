import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { projectRoot } from "../../src/node/paths.js";
import { type RunRecord, readRecord, resultsFolder } from "../../src/suite/runRecord.js";
import type { Precision } from "../../src/training/runIdentity.js";

const page = readFileSync(path.join(projectRoot(), "docs", "precision.md"), "utf8");
const records: RunRecord[] = readdirSync(resultsFolder("supcon-sprs"))
  .filter((name) => name.includes("_cnn_11_honest_quick_"))
  .map((name) => readRecord(path.join(resultsFolder("supcon-sprs"), name)));
const seeds = [0, 1, 2];
const recordOf = (seed: number, precision: Precision) =>
  records.find((record) => record.request.seed === seed && record.precision === precision)!;
const three = (value: number) => value.toFixed(3);
const signed = (value: number) => `${value < 0 ? "" : "+"}${three(value)}`;

describe("the numbers of docs/precision.md are those of the committed runs", () => {
  test("which differ in seed and precision alone, one thread each", () => {
    expect(records).toHaveLength(6);
    for (const key of ["threads", "reduced", "codeRevision", "engine"] as const)
      expect(new Set(records.map((record) => record[key])).size, key).toBe(1);
    expect(new Set(records.map(({ data, split }) => `${data.digest} ${split.digest}`)).size).toBe(1);
    expect(records[0]!.threads).toBe(1);
  });

  test.each(["train", "select"])("%s loss by epoch", (role) => {
    for (const epoch of [1, 2, 3, 4]) {
      const losses = (precision: Precision) =>
        seeds.map((seed) => recordOf(seed, precision).result.history[epoch - 1]!.metrics[`${role}/loss`]!);
      const [usual, rough] = [losses("float32"), losses("bf16")];
      const added = rough.map((loss, i) => loss - usual[i]!);
      const [, median] = [...added].sort((a, b) => a - b);
      const columns = [
        `${role}, ${epoch}`,
        usual.map(three).join(", "),
        rough.map(three).join(", "),
        added.map(signed).join(", "),
        signed(median!),
        three(Math.max(...usual) - Math.min(...usual)),
      ];
      expect(page).toContain(`| ${columns.join(" | ")} |`);
    }
  });

  test("scores at the end with their intervals", () => {
    for (const seed of seeds) {
      for (const precision of ["float32", "bf16"] as const) {
        const { tests, chosenEpoch } = recordOf(seed, precision).result;
        const { scores, intervals } = tests.inter!;
        const score = (key: "se" | "sp" | "score") => {
          const { low, high } = intervals![key];
          return `${three(scores[key])} (${three(low)} to ${three(high)})`;
        };
        const columns = [seed, precision, chosenEpoch, score("se"), score("sp"), score("score")];
        expect(page).toContain(`| ${columns.join(" | ")} |`);
      }
    }
    const score = (seed: number, precision: Precision) => recordOf(seed, precision).result.tests.inter!.scores.score;
    const change = (seed: number) => score(seed, "bf16") - score(seed, "float32");
    const [first, second, third] = seeds.map((seed) => signed(change(seed)));
    expect(page).toContain(`The Score changes by ${first}, ${second} and ${third};`);
  });
});
