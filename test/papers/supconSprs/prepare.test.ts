import { describe, expect, test } from "vitest";
import type { RunRequest } from "../../../src/papers/paper.js";
import { paper } from "../../../src/papers/supconSprs/index.js";
import { type MadeUpFile, soundLayout, writeLayout } from "../../datasets/sprsound/layoutFixture.js";

const LATER: MadeUpFile = { ...soundLayout()[1]!, set: "test2023", name: "31_3.0_0_p7_9" };

function prepared(files: readonly MadeUpFile[]) {
  const request: RunRequest = {
    ...{ experiment: "supcon-sprs/table3", row: "ResNet 18", task: "21", preset: "paper", profile: "quick", seed: 7 },
    protocol: "published",
    dataDir: writeLayout(files),
  };
  return paper.prepare(request);
}

describe("what a run of the SupCon row says of its data", () => {
  test("the printed test set is there where the folders of 2023 are, and the printed number is held against it", () => {
    expect(prepared(soundLayout()).data).toMatchObject({
      hasPrintedTestSet: false,
      source: "SPRSound, BioCAS 2022 release",
    });
    expect(prepared(soundLayout()).data).not.toHaveProperty("printedTestSet");
    expect(prepared([...soundLayout(), LATER]).data).toMatchObject({
      hasPrintedTestSet: true,
      printedTestSet: "test2023",
      source: "SPRSound, BioCAS 2022 and 2023 releases",
    });
  });

  test("leaks and seed of the split are told", () => {
    const known: MadeUpFile = { ...LATER, name: "12_3.0_0_p7_9" };
    const { split } = prepared([...soundLayout(), known]);
    expect(split.seed).toBe(7);
    expect(split.leaks.join()).toContain("1 of the 1 patients of test2023 are also in train: 12");
    expect(split).not.toHaveProperty("partOfData");
  });
});

describe("what a classifier of windows says of its data", () => {
  const request = (task: string): RunRequest => ({
    ...{ experiment: "supcon-sprs/table2", row: "Event level", task, preset: "paper", profile: "quick", seed: 7 },
    ...{ protocol: "published", dataDir: writeLayout([...soundLayout(), LATER]) },
  });

  test("it learns from clips, its print is on the sets of 2022, and it is fed the test recordings as well", () => {
    const { data, split, inputs, identity, stages } = paper.prepare(request("22"));
    expect(data.hasPrintedTestSet).toBe(true);
    expect(data).not.toHaveProperty("printedTestSet");
    expect(data.description).toContain(" training clips");
    expect(split.name).toBe("sprsound/22-windows/published");
    expect(inputs.map(({ set }) => set).filter(Boolean)).toEqual([
      "inter",
      "intra",
      "test2023",
      "inter records",
      "intra records",
      "test2023 records",
    ]);
    expect(identity.recipe).toMatchObject({ frames: 187, pretraining: { frames: 187 } });
    expect(stages).toHaveLength(1);
  });

  test("tasks of events have no windows", () => {
    expect(() => paper.prepare(request("11"))).toThrow("windows are labelled for tasks 21 and 22");
  });
});
