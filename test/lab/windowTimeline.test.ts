import { describe, expect, test } from "vitest";
import { loadSprSound } from "../../src/datasets/sprsound/load.js";
import { windowTimelineForms } from "../../src/lab/windowTimeline.js";
import { soundLayout, writeLayout } from "../datasets/sprsound/layoutFixture.js";
import { expectWellFormed } from "../figures/wellFormed.js";

const changing = {
  ...{ set: "inter2022" as const, name: "31_3.0_0_p2_9", wav: 9.216 },
  json: { record: "CAS & DAS", events: [["Wheeze", 2100, 4600], ["Fine Crackle", 6100, 8000]] as [string, number, number][] }, // biome-ignore format: one line
};
const data = loadSprSound(writeLayout([...soundLayout(), changing]));
const named = (name: string) => data.recordings.find((one) => one.name === name)!;

describe("the timeline", () => {
  test("shows events, both tracks and what they make of the recording, with its sound", () => {
    const forms = windowTimelineForms(named(changing.name), { decided: [0, 2, 4, 0, 0, 3, 0], note: "made-up sounds" });
    const svg = forms["image/svg+xml"]!;
    expectWellFormed(svg);
    expect(forms["text/html"]).toContain("data:audio/wav;base64,");
    for (const words of ["from events", "classifier", "Wheeze", "Fine Crackle", "made-up sounds"])
      expect(svg).toContain(words);
    // CAS at 1 to 4 and 2 to 5 s is two in a row; DAS is in one window alone, and at 5 to 8 s in another.
    expect(svg).toContain("Windows, classifier: the recording CAS, 0 to 3 s Normal, 1 to 4 s CAS (decides)");
    expect(svg).toContain(
      "2 to 5 s CAS &#38; DAS (decides), 3 to 6 s Normal, 4 to 7 s Normal, 5 to 8 s DAS, 6 to 9 s Normal.",
    );
    expect(svg).toContain("Windows, from events: the recording CAS &#38; DAS, 0 to 3 s CAS (decides)");
  });

  test("needs a label for each window, and takes the other step and a recording without events", () => {
    expect(() => windowTimelineForms(named(changing.name), { decided: [0] })).toThrow("has 7 windows every 1 s, got 1");
    const forms = windowTimelineForms(named("12_0.5_1_p4_3"), { stepSeconds: 2, task: "21", decided: [0, 1, 1, 1] });
    expect(forms["image/svg+xml"]).toContain("the recording Normal, 0 to 3 s Normal (decides), 2 to 5 s Poor Quality,");
  });
});
