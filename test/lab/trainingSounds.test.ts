import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { encodeWav } from "../../src/audio/encodeWav.js";
import { excerptOf, trainingSounds, typicalSounds } from "../../src/lab/trainingSounds.js";

const file = path.join(mkdtempSync(path.join(tmpdir(), "auscult-sounds-")), "a.wav");
writeFileSync(
  file,
  encodeWav(
    Float32Array.from({ length: 1000 }, (_, n) => n / 1024),
    100,
  ),
);
const sound = { name: "a", file, label: "Wheeze", startSeconds: 2, endSeconds: 3 };

test("training sides with audio only, cycles and events alike", () => {
  const cycle = { startSeconds: 2, endSeconds: 3, label: "Wheeze", crackle: false, wheeze: true, line: 1 };
  const icbhi = {
    recordings: [
      { name: "a", file, officialSide: "train", cycles: [cycle] },
      { name: "b", file, officialSide: "test", cycles: [cycle] },
      { name: "c", officialSide: "train", cycles: [cycle] },
    ],
  };
  const event = { type: "Wheeze", startSeconds: 2, endSeconds: 3 };
  const sprsound = {
    recordings: [
      { name: "a", file, set: "train2022", events: [event] },
      { name: "d", file, set: "inter2022", events: [event] },
    ],
  };
  expect(trainingSounds({ icbhi, sprsound } as never)).toEqual({ icbhi: [sound], sprsound: [sound] });
  expect(trainingSounds({})).toEqual({ icbhi: [], sprsound: [] });
});

test("typical is what is nearest to the median length of its label", () => {
  const sounds = [1, 9, 4, 5, 100].map((endSeconds) => ({ ...sound, startSeconds: 0, endSeconds }));
  const others = [{ ...sound, label: "Normal", startSeconds: 0, endSeconds: 5 }];
  const lengths = typicalSounds([...others, ...sounds], "Wheeze", 2).map(({ endSeconds }) => endSeconds);
  expect(lengths).toEqual([5, 4]);
  expect(typicalSounds(sounds, "Normal")).toEqual([]);
});

test("an excerpt has its context as far as the recording goes, and its mark in its own time", () => {
  const { samples, sampleRateHz, events } = excerptOf(sound, 0.5);
  expect([samples.length, samples[0], sampleRateHz]).toEqual([200, 150 / 1024, 100]);
  expect(events).toEqual([{ label: "Wheeze", startSeconds: 0.5, endSeconds: 1.5 }]);
  const first = excerptOf({ ...sound, startSeconds: 0.25, endSeconds: 12 }, 1);
  expect([first.samples.length, first.events]).toEqual([
    1000,
    [{ label: "Wheeze", startSeconds: 0.25, endSeconds: 10 }],
  ]);
  expect(() => excerptOf({ ...sound, startSeconds: 11, endSeconds: 12 })).toThrow(/holds no samples/);
});
