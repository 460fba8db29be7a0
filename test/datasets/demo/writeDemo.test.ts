import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { decodeWav } from "../../../src/audio/wav.js";
import { writeSprSoundDemo } from "../../../src/datasets/demo/sprsound.js";
import { writeDemo } from "../../../src/datasets/demo/writeDemo.js";
import { checkSprSound } from "../../../src/datasets/sprsound/check.js";
import { sprSoundCheckTable } from "../../../src/datasets/sprsound/checkTable.js";
import { EVENT_TYPES, RECORD_LABELS } from "../../../src/datasets/sprsound/labels.js";
import { loadSprSound } from "../../../src/datasets/sprsound/load.js";
import { sprSoundSplit } from "../../../src/datasets/sprsound/split.js";
import { SPRSOUND_TASK_IDS, sprSoundTask } from "../../../src/datasets/sprsound/tasks.js";
import { temporaryFolder } from "../sprsound/layoutFixture.js";

const SMALL = { train: 32, inter: 18, intra: 9 };

function digestOfFolder(folder: string): string {
  const hash = createHash("sha256");
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
    /\.(wav|json|txt|csv)$/.test(name),
  );
  for (const name of names.sort()) hash.update(name).update(readFileSync(path.join(folder, name)));
  return hash.digest("hex");
}

describe("writeDemo", () => {
  const folder = temporaryFolder();
  const written = writeDemo(folder, { seed: 5, size: SMALL });

  it("passes the check without a problem and says that it is made up", async () => {
    const check = await checkSprSound(folder);
    expect(check.problems).toEqual([]);
    expect(check.madeUp).toBe(true);
    expect(sprSoundCheckTable(check)).toContain("MADE-UP SOUNDS");
    expect(loadSprSound(folder).madeUp).toBe(true);
    expect(readFileSync(path.join(folder, "sprsound", "MADE_UP.txt"), "utf8")).toContain("made up");
    const { recordings, patients, events } = check;
    expect(written.sprsound).toEqual({
      recordings,
      patients,
      events,
      bySet: { train2022: 32, inter2022: 18, intra2022: 9 },
    });
    expect(recordings).toBe(59);
  });

  it("has every event type and record label in every set", async () => {
    const { bySplit } = await checkSprSound(folder);
    for (const set of ["train2022", "inter2022", "intra2022"] as const) {
      const { records, eventTypes } = bySplit[set]!;
      for (const label of RECORD_LABELS) expect(records[label], `${set} ${label}`).toBeGreaterThan(0);
      for (const type of EVENT_TYPES) expect(eventTypes[type], `${set} ${type}`).toBeGreaterThan(0);
    }
  });

  it("sounds: 8 kHz, 16 bits, neither silent nor clipped", () => {
    for (const { file, name } of loadSprSound(folder).recordings) {
      const { samples, sampleRateHz, bitsPerSample, warnings } = decodeWav(readFileSync(file), name);
      expect({ sampleRateHz, bitsPerSample, warnings }).toEqual({
        sampleRateHz: 8000,
        bitsPerSample: 16,
        warnings: [],
      });
      const peak = samples.reduce((high, x) => Math.max(high, Math.abs(x)), 0);
      expect(peak).toBeGreaterThan(0.2);
      expect(peak).toBeLessThan(0.95);
    }
  });

  it("is the same for the same seed, and another for another", () => {
    const other = temporaryFolder();
    writeDemo(other, { seed: 6, size: SMALL });
    for (const set of ["sprsound", "icbhi"]) {
      expect(digestOfFolder(path.join(other, set))).not.toBe(digestOfFolder(path.join(folder, set)));
    }
    // Again into the same folder: made-up sets may be replaced.
    writeDemo(other, { seed: 5, size: SMALL });
    expect(digestOfFolder(other)).toBe(digestOfFolder(folder));
    expect(readdirSync(other)).toEqual(["icbhi", "sprsound"]);
  });

  it("never touches what is not made up, and leaves nothing half-made", () => {
    const real = temporaryFolder();
    mkdirSync(path.join(real, "sprsound"));
    writeFileSync(path.join(real, "sprsound", "keep.wav"), "precious");
    expect(() => writeDemo(real, { size: SMALL })).toThrow("holds something that is not a made-up data set");
    expect(readFileSync(path.join(real, "sprsound", "keep.wav"), "utf8")).toBe("precious");

    const realIcbhi = temporaryFolder();
    mkdirSync(path.join(realIcbhi, "icbhi"));
    writeFileSync(path.join(realIcbhi, "icbhi", "keep.wav"), "precious");
    expect(() => writeDemo(realIcbhi, { size: SMALL })).toThrow("icbhi holds something that is not a made-up data set");
    expect(readdirSync(realIcbhi)).toEqual(["icbhi"]);

    const small = temporaryFolder();
    expect(() => writeDemo(small, { size: { train: 10, inter: 18, intra: 9 } })).toThrow(
      "a made-up train set of 10 recordings is too small; at least 30 are needed",
    );
    expect(readdirSync(small)).toEqual([]);
  });

  it("can be split honestly for all four tasks at its usual size", () => {
    const usual = temporaryFolder();
    expect(writeSprSoundDemo(path.join(usual, "sprsound"), { seed: 1 })).toMatchObject({ recordings: 180 });
    const data = loadSprSound(usual);
    for (const id of SPRSOUND_TASK_IDS) {
      const { counts } = sprSoundSplit(data, sprSoundTask(id), "honest", { seed: 1 });
      for (const side of [counts.train, counts.select]) expect(Math.min(...Object.values(side))).toBeGreaterThan(0);
    }
  });
});
