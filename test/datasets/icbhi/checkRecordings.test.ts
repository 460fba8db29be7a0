import { describe, expect, it } from "vitest";
import { checkIcbhi } from "../../../src/datasets/icbhi/check.js";

// What is at hand of the recordings is a part; the annotations are all there. Counts of the facts sheet, `icbhi/ground-truth`.
describe.skipIf(!process.env.AUSCULT_DATA)("recordings: data check icbhi", () => {
  it("counts annotations whole, and tells the traits of the set and of the copy", async () => {
    const check = await checkIcbhi(process.env.AUSCULT_DATA!);
    expect(check).toMatchObject({
      recordings: 920,
      patients: 126,
      events: 6898,
      byClass: { Normal: 3642, Crackle: 1864, Wheeze: 886, Both: 506 },
      bySplit: {
        officialTrain: { recordings: 539, patients: 79, events: 4142 },
        officialTest: { recordings: 381, patients: 49, events: 2756 },
        fold4: { recordings: 198, patients: 25, events: 1444 },
      },
      byDevice: {
        AKGC417L: { recordings: 646, events: 4346 },
        Meditron: { recordings: 127, events: 1456, withAudio: { recordings: 127, events: 1456 } },
        LittC2SE: { recordings: 87, events: 594 },
        Litt3200: { recordings: 60, events: 502, withAudio: { recordings: 60, events: 502 } },
      },
    });
    const { withAudio, audio, problems } = check;
    expect(audio).toMatchObject({ read: true, files: withAudio.recordings });
    const found = (severity: string) => problems.filter((problem) => problem.severity === severity);
    expect(found("error")).toEqual([]);
    // Traits of the sounds, each told once.
    const traits = found("warning").map(
      ({ what }) => /^(is clipped|holds digital silence|has a DC offset)/.exec(what)?.[0],
    );
    expect(traits).toEqual(expect.arrayContaining(["is clipped", "holds digital silence", "has a DC offset"]));
    expect(traits.length).toBeLessThan(20);
    for (const { files, count = 1 } of found("warning")) if (count > 1) expect(files).toHaveLength(count);
    const notes = found("note").map(({ file, line, what }) => `${file}:${line} ${what}`);
    expect(notes).toContainEqual(
      "ICBHI_challenge_train_test.txt:920 names 226_1b1_Pl_sc_Meditron, the recording is called 226_1b1_Pl_sc_LittC2SE; matched without the device",
    );
    expect(notes.length).toBeLessThan(12);
  });
});
