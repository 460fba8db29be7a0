import { describe, expect, it } from "vitest";
import { sprSoundTask } from "../../src/datasets/sprsound/tasks.js";
import {
  assessRecords,
  integratedLabel,
  integratedRecords,
  type WindowedRecording,
} from "../../src/evaluation/sprsoundRecords.js";
import { Streams } from "../../src/random/streams.js";

const T22 = sprSoundTask("22");
const LETTERS = "NPCDB"; // in the order of the task's labels
const indices = (letters: string) => [...letters].map((letter) => LETTERS.indexOf(letter));
const recording = (truth: string, windows: string, patient: string): WindowedRecording => ({
  label: LETTERS.indexOf(truth),
  patient,
  windows: indices(windows),
});

describe("integratedLabel", () => {
  it.each([
    ["NCCNNNN", 1, "C"],
    ["NCCNNNN", 2, "N"], // N C N N
    ["CNCNNNN", 1, "N"],
    ["CNCNNNN", 2, "C"], // C C N N
    ["CDBNNNN", 2, "C"], // C B N N
    ["CD", 2, "C"], // one window is left, and enough
  ])("%s, every window of %i, is %s", (windows, every, label) => {
    expect(LETTERS[integratedLabel(T22, indices(windows), every)]).toBe(label);
  });
});

describe("assessRecords", () => {
  const inter = [
    recording("N", "NNNNNNN", "1"),
    recording("N", "NNCCNNN", "1"),
    recording("C", "NCBNNNN", "2"),
    recording("B", "CBDNNNN", "2"),
    recording("D", "DNDNNNN", "3"), // two DAS windows, never in a row
    recording("P", "PPPPPPP", "3"), // counts for neither
  ];

  it("counts whole recordings by the challenge's rule", () => {
    const { scores, confusion, byPatient, auc, loss, examples } = assessRecords(inter, T22);
    expect([scores.sp, scores.se]).toEqual([1 / 2, 2 / 3]);
    // AS = 7/12, HS = 2 (1/3) / (7/6) = 4/7
    expect(scores.score).toBeCloseTo((7 / 12 + 4 / 7) / 2, 12);
    expect([scores.normalCount, scores.adventitiousCount, examples]).toEqual([2, 3, 6]);
    expect(confusion.counts).toEqual([
      [1, 0, 1, 0, 0],
      [0, 1, 0, 0, 0],
      [0, 0, 1, 0, 0],
      [1, 0, 0, 0, 0],
      [0, 0, 0, 0, 1],
    ]);
    expect(byPatient.map(({ patient }) => patient)).toEqual(["1", "2", "3"]);
    expect([auc, loss]).toEqual([Number.NaN, Number.NaN]);
  });

  it("both steps and the mean of the sets, from one set of windows", () => {
    const intra = [recording("N", "NNNN", "4"), recording("C", "CNCN", "5")];
    const [every, second] = integratedRecords({ inter, intra }, T22, { draws: 50, streams: new Streams(0) });
    expect([every!.stepSeconds, second!.stepSeconds]).toEqual([1, 2]);
    expect(every!.tests.intra!.scores.se).toBe(0);
    expect(second!.tests.intra!.scores.score).toBe(1);
    const score = (set: "inter" | "intra") => second!.tests[set]!.scores.score;
    expect(second!.mean!.scores.score).toBeCloseTo((score("inter") + score("intra")) / 2, 12);
    for (const one of [every!.mean, second!.tests.inter]) expect(one).toHaveProperty("intervals.score");
    expect(integratedRecords({ inter }, T22)[0]).not.toHaveProperty("mean");
  });
});
