import { existsSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { projectRoot } from "../../src/node/paths.js";
import { allExperiments, experimentIds, findExperiment, findPaper } from "../../src/suite/registry.js";

/** Table III as printed, transcribed apart from the registry: tasks 1-1, 1-2, 2-1, 2-2. */
const tableThree = {
  CNN: [0.728, 0.526, 0.537, 0.413],
  "CNN + MixUp": [0.744, 0.552, 0.531, 0.415],
  "ResNet 18": [0.708, 0.576, 0.557, 0.443],
  "ResNet 18 + SupCon": [0.754, 0.617, 0.648, 0.49],
  "ResNet 18 + SupCon + MixUp": [0.769, 0.625, 0.658, 0.494],
  "ResNet 18 + SupCon + MixUp + Tune": [0.762, 0.632, 0.662, 0.512],
};

describe("registry", () => {
  test("finds the files that are there, and nothing of the results beside them", () => {
    const ids = experimentIds();
    expect(ids).toContain("supcon-sprs/table3");
    for (const id of ids) expect(existsSync(path.join(projectRoot(), "experiments", `${id}.ts`)), id).toBe(true);
  });

  test("the code of every paper with a built row is there", async () => {
    for (const { paper, rows } of await allExperiments())
      if (rows.some(({ state }) => state === "built")) expect((await findPaper(paper)).id).toBe(paper);
  });

  test("Table III holds the printed numbers", async () => {
    const { rows, columns } = await findExperiment("supcon-sprs/table3");
    expect(columns.map(({ key }) => key)).toEqual(["11", "12", "21", "22"]);
    expect(Object.fromEntries(rows.map(({ name, printed }) => [name, columns.map(({ key }) => printed[key])]))).toEqual(
      tableThree,
    );
  });

  test("an unknown id is refused with the nearest", async () => {
    await expect(findExperiment("supcon-sprs/tabel3")).rejects.toThrow(
      /^experiment "supcon-sprs\/tabel3" is not known \(did you mean "supcon-sprs\/table3"/,
    );
    await expect(findExperiment("../package")).rejects.toThrow("is not known");
  });
});
