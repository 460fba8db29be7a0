import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { studentTQuantile } from "../../src/evaluation/studentT.js";
import { projectRoot } from "../../src/node/paths.js";
import { type RunRecord, readRecord, resultsFolder } from "../../src/suite/runRecord.js";
import type { Precision } from "../../src/training/runIdentity.js";

const page = readFileSync(path.join(projectRoot(), "docs", "precision.md"), "utf8");
const names = readdirSync(resultsFolder("supcon-sprs"));
const seeds = Array.from({ length: 15 }, (_, seed) => seed);

/** Seeds that showed something, and those that were run to see whether it holds. */
const first = seeds.slice(0, 5);
const further = seeds.slice(5);

const three = (value: number) => value.toFixed(3);
const signed = (value: number) => `${value < 0 ? "" : "+"}${three(value)}`;

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const standardDeviation = (values: readonly number[]) => {
  const middle = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1));
};

/** A mean with its 95 % interval over the seeds (Student's t). */
function withInterval(differences: readonly number[]): string {
  const middle = mean(differences);
  const count = differences.length;
  const half = (studentTQuantile(0.975, count - 1) * standardDeviation(differences)) / Math.sqrt(count);
  return `${signed(middle)} (${signed(middle - half)} to ${signed(middle + half)})`;
}

describe.each([
  ["CNN", "cnn"],
  ["ResNet 18", "resnet-18"],
])("the numbers of docs/precision.md are those of the committed runs of %s", (network, part) => {
  const records: RunRecord[] = names
    .filter((name) => name.includes(`_${part}_11_honest_quick_`))
    .map((name) => readRecord(path.join(resultsFolder("supcon-sprs"), name)));
  const resultOf = (seed: number, precision: Precision) =>
    records.find((record) => record.request.seed === seed && record.precision === precision)!.result;
  type Result = RunRecord["result"];

  const differences = (of: (result: Result) => number, some: readonly number[]) =>
    some.map((seed) => of(resultOf(seed, "bf16")) - of(resultOf(seed, "float32")));

  /** Means of both precisions, what bf16 adds, and how far float32's seeds lie apart. */
  function columns(of: (result: Result) => number): string[] {
    const usual = seeds.map((seed) => of(resultOf(seed, "float32")));
    const rough = seeds.map((seed) => of(resultOf(seed, "bf16")));
    return [
      three(mean(usual)),
      three(mean(rough)),
      withInterval(differences(of, seeds)),
      three(standardDeviation(usual)),
    ];
  }

  const lossAt = (role: string, epoch: number) => (result: Result) =>
    result.history[epoch - 1]!.metrics[`${role}/loss`]!;

  test("which differ in seed and precision alone", () => {
    expect(records).toHaveLength(2 * seeds.length);
    for (const key of ["threads", "reduced", "codeRevision", "engine"] as const)
      expect(new Set(records.map((record) => record[key])).size, key).toBe(1);
    expect(new Set(records.map(({ data, split }) => `${data.digest} ${split.digest}`)).size).toBe(1);
    expect(records[0]!.threads).toBe(2);
  });

  test.each(["train", "select"])("%s loss by epoch", (role) => {
    for (const epoch of [1, 2, 3, 4])
      expect(page).toContain(
        `| ${[network, `${role} loss, epoch ${epoch}`, ...columns(lossAt(role, epoch))].join(" | ")} |`,
      );
  });

  test.each(["inter", "intra"])("what the chosen epochs come to on the %s test set", (set) => {
    for (const key of ["score", "se", "sp"] as const)
      expect(page).toContain(
        `| ${[network, `${set} ${key === "score" ? "Score" : key.toUpperCase()}`, ...columns(({ tests }) => tests[set]!.scores[key])].join(" | ")} |`,
      );
    expect(page).toContain(`| ${[network, `${set} AUC`, ...columns(({ tests }) => tests[set]!.auc!)].join(" | ")} |`);
  });

  test("what the first seeds showed, and whether others do", () => {
    const held: [string, (result: Result) => number][] = [
      ["train loss, epoch 4", lossAt("train", 4)],
      ["inter AUC", ({ tests }) => tests.inter!.auc!],
      ["intra AUC", ({ tests }) => tests.intra!.auc!],
    ];
    for (const [what, of] of held) {
      const both = [first, further].map((some) => withInterval(differences(of, some)));
      expect(page).toContain(`| ${[network, what, ...both].join(" | ")} |`);
    }
  });
});
