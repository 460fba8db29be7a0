import { describe, expect, test } from "vitest";
import { loadSprSound } from "../../../src/datasets/sprsound/load.js";
import { recordingSeconds } from "../../../src/datasets/sprsound/recordingSeconds.js";
import { recordingToShow, recordingWithTypeChange } from "../../../src/datasets/sprsound/typeChange.js";
import { soundLayout, writeLayout } from "./layoutFixture.js";

const changing = {
  ...{ set: "inter2022" as const, name: "31_3.0_0_p2_9", wav: 9.216 },
  json: { record: "CAS & DAS", events: [["Wheeze", 2100, 4600], ["Fine Crackle", 6100, 8000]] as [string, number, number][] }, // biome-ignore format: one line
};
const data = loadSprSound(writeLayout([...soundLayout(), changing]));
const others = data.recordings.filter(({ name }) => name !== changing.name);

test("the recording of the timeline has CAS right before CAS & DAS", () => {
  expect(recordingWithTypeChange(data.recordings, recordingSeconds(data))?.name).toBe(changing.name);
  expect(recordingWithTypeChange(others, recordingSeconds(data))).toBeUndefined();
});

test("where there is none, one with adventitious sounds is shown, else the first by name", () => {
  const shown = (recordings = data.recordings) => recordingToShow(recordings, recordingSeconds(data));
  expect(shown()?.name).toBe(changing.name);
  expect(["CAS", "DAS", "CAS & DAS"]).toContain(shown(others)?.recordLabel);
  const quiet = others.filter(({ recordLabel }) => recordLabel === "Normal" || recordLabel === "Poor Quality");
  expect(shown([...quiet].reverse())?.name).toBe(quiet.map(({ name }) => name).sort()[0]);
  expect(shown([])).toBeUndefined();
});

describe.skipIf(!process.env.AUSCULT_DATA)("recordings: the timeline of Figure 4", () => {
  test("recordings: of the unseen patients' recordings, the first by name that changes from CAS to CAS & DAS", () => {
    const real = loadSprSound(process.env.AUSCULT_DATA!);
    const inter = real.recordings.filter(({ set }) => set === "inter2022");
    expect(recordingWithTypeChange(inter, recordingSeconds(real))?.name).toBe("41225759_7.2_1_p2_4202");
  });
});
