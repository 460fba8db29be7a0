import { describe, expect, it } from "vitest";
import type { SprSoundEvent } from "../../../src/datasets/sprsound/annotation.js";
import { type EventType, recordLabelFromEvents } from "../../../src/datasets/sprsound/labels.js";
import { loadSprSound, type SprSound } from "../../../src/datasets/sprsound/load.js";
import { recordLabelIndex, sprSoundTask } from "../../../src/datasets/sprsound/tasks.js";
import {
  decidingWindows,
  extendedEvent,
  recordLabelFromWindows,
  typesIn,
  windowLabel,
  windowsOf,
} from "../../../src/datasets/sprsound/windows.js";
import { wavSeconds } from "../../../src/node/wavSeconds.js";
import { Streams } from "../../../src/random/streams.js";

const T21 = sprSoundTask("21");
const T22 = sprSoundTask("22");
const event = (type: EventType, startSeconds: number, endSeconds: number): SprSoundEvent => ({
  type,
  startSeconds,
  endSeconds,
});

describe("windowsOf", () => {
  it.each([
    [9.216, 7],
    [15.36, 13],
    [3, 1],
    [3.999, 1],
    [4, 2],
    [0.304, 1],
  ])("%f s have %i windows of 3 s every second", (seconds, count) => {
    const windows = windowsOf(seconds);
    expect(windows).toHaveLength(count);
    windows.forEach(({ startSeconds, endSeconds, padSeconds }, i) => {
      expect(startSeconds).toBe(i);
      expect(endSeconds - startSeconds + padSeconds).toBeCloseTo(3, 12);
      expect(endSeconds).toBeLessThanOrEqual(seconds);
      expect(padSeconds > 0).toBe(seconds < 3);
    });
  });

  it("takes the paper's other step, and steps that are no binary fractions", () => {
    expect(windowsOf(9.216, { stepSeconds: 2 }).map(({ startSeconds }) => startSeconds)).toEqual([0, 2, 4, 6]);
    // (0.7 - 0.4) / 0.1 is 3, and 2.999999999999999 in binary.
    expect(windowsOf(0.7, { windowSeconds: 0.4, stepSeconds: 0.1 })).toHaveLength(4);
    expect(windowsOf(1, { windowSeconds: 3 })).toEqual([{ startSeconds: 0, endSeconds: 1, padSeconds: 2 }]);
  });

  it.each([
    [0, {}, "durationSeconds must be above 0, got 0"],
    [Number.NaN, {}, "durationSeconds must be above 0, got NaN"],
    [9, { windowSeconds: -3 }, "windowSeconds must be above 0, got -3"],
    [9, { stepSeconds: 0 }, "stepSeconds must be above 0, got 0"],
    [Infinity, {}, "durationSeconds must be above 0, got Infinity"],
  ])("refuses %f s with %j", (seconds, options, message) => {
    expect(() => windowsOf(seconds, options)).toThrow(message);
  });
});

describe("windowLabel", () => {
  const events = [
    event("Normal", 0, 1),
    event("Wheeze", 2, 2.5),
    event("Fine Crackle", 4, 5),
    event("Wheeze+Crackle", 9, 9.2),
  ];
  const label = (startSeconds: number, endSeconds = startSeconds + 3) =>
    T22.labels[windowLabel(T22, events, { startSeconds, endSeconds })];

  it("is the record label of the events that share time with the window", () => {
    expect([0, 1, 2, 2.4, 2.5, 6].map((start) => label(start))).toEqual([
      "CAS", // 0 to 3: Normal, Wheeze
      "CAS", // 1 to 4: the crackle touches its end
      "CAS & DAS", // 2 to 5
      "CAS & DAS", // 2.4 to 5.4
      "DAS", // 2.5 to 5.5: the wheeze touches its beginning
      "Normal", // 6 to 9: between events, the mixed one touches its end
    ]);
    expect(label(6.2)).toBe("CAS & DAS");
    expect(label(0, 1)).toBe("Normal");
  });

  it("has one adventitious class in task 21, and poor quality where nothing is marked in the whole recording", () => {
    expect(windowLabel(T21, events, { startSeconds: 2, endSeconds: 5 })).toBe(T21.labels.indexOf("Adventitious"));
    for (const task of [T21, T22]) {
      expect(windowLabel(task, [], { startSeconds: 0, endSeconds: 3 })).toBe(task.labels.indexOf("Poor Quality"));
    }
    expect(() => windowLabel(sprSoundTask("11"), events, { startSeconds: 0, endSeconds: 3 })).toThrow(
      "windows are labelled for tasks 21 and 22, not for 11",
    );
  });

  it("of the whole recording as one window is the record label", () => {
    const rng = new Streams(1).stream("events");
    const types: EventType[] = ["Normal", "Rhonchi", "Coarse Crackle", "Wheeze+Crackle"];
    for (let i = 0; i < 100; i++) {
      const drawn = Array.from({ length: rng.integer(4) }, (_, k) => event(types[rng.integer(4)]!, k, k + 1));
      const whole = { startSeconds: 0, endSeconds: 9 };
      const expected = recordLabelFromEvents(drawn.map(({ type }) => type));
      expect(windowLabel(T22, drawn, whole)).toBe(recordLabelIndex(T22, expected));
      expect(typesIn(drawn, whole)).toHaveLength(drawn.length);
    }
  });
});

describe("recordLabelFromWindows", () => {
  /** N, P, C, D, B (both), A (adventitious) for the labels. */
  const NAMES: Record<string, string> = {
    N: "Normal",
    P: "Poor Quality",
    C: "CAS",
    D: "DAS",
    B: "CAS & DAS",
    A: "Adventitious",
  };
  const rule = (task: typeof T21, windows: string) =>
    task.labels[
      recordLabelFromWindows(
        task,
        [...windows].map((letter) => task.labels.indexOf(NAMES[letter]!)),
      )
    ];

  it.each([
    ["NNCCNNN", "CAS"],
    ["NNDDNNN", "DAS"],
    ["CCNNNDD", "CAS & DAS"],
    ["NNBBNNN", "CAS & DAS"],
    // Each type on its own: CAS before CAS & DAS is CAS twice, and DAS once.
    ["NCBNNNN", "CAS"],
    ["NDBNNNN", "DAS"],
    ["CBDNNNN", "CAS & DAS"],
    // Two in a row of different types, or two that are apart, are not enough.
    ["NCDNNNN", "Normal"],
    ["NCNCNBN", "Normal"],
    ["PPPPPPN", "Normal"],
    ["PPPPPPP", "Poor Quality"],
    ["PPPCPPP", "Poor Quality"],
    ["CDCDCDC", "Poor Quality"],
    ["PPPPPCC", "CAS"],
    // One window is all there is.
    ["C", "CAS"],
    ["B", "CAS & DAS"],
    ["N", "Normal"],
    ["P", "Poor Quality"],
  ])("task 22: %s is %s", (windows, label) => {
    expect(rule(T22, windows)).toBe(label);
  });

  it.each([
    ["NNAANNN", "Adventitious"],
    ["NANANAN", "Normal"],
    ["PAPPPPP", "Poor Quality"],
    ["PPPPPPN", "Normal"],
    ["AA", "Adventitious"],
    ["A", "Adventitious"],
  ])("task 21: %s is %s", (windows, label) => {
    expect(rule(T21, windows)).toBe(label);
  });

  it("equals the paper's words, transcribed for each type by a pattern", () => {
    const rng = new Streams(2).stream("windows");
    for (let i = 0; i < 2000; i++) {
      const windows = Array.from({ length: 2 + rng.integer(12) }, () => "NPCDB"[rng.integer(5)]!).join("");
      const types = [/[CB][CB]/.test(windows) ? "CAS" : "", /[DB][DB]/.test(windows) ? "DAS" : ""].filter(Boolean);
      const expected = types.length > 0 ? types.join(" & ") : windows.includes("N") ? "Normal" : "Poor Quality";
      expect(rule(T22, windows), windows).toBe(expected);
    }
  });

  it.each([
    ["NNCCNNN", "..xx..."],
    ["NCBNDNN", ".xx...."], // DAS is in no two in a row
    ["CBDNNNC", "xxx...."],
    ["NPCNPDP", "x..x..."],
    ["PPPCPPP", "xxxxxxx"],
    ["B", "x"],
  ])("of %s the windows %s decide", (windows, marks) => {
    const labels = [...windows].map((letter) => T22.labels.indexOf(NAMES[letter]!));
    expect(
      decidingWindows(T22, labels)
        .map((one) => (one ? "x" : "."))
        .join(""),
    ).toBe(marks);
  });

  it("refuses nothing to judge by, and what is no label", () => {
    expect(() => recordLabelFromWindows(T22, [])).toThrow("there is no window");
    expect(() => recordLabelFromWindows(T21, [0, 3])).toThrow("task 21 has no label 3");
    expect(() => recordLabelFromWindows(sprSoundTask("12"), [0])).toThrow("tasks 21 and 22, not for 12");
  });
});

describe("extendedEvent", () => {
  it.each([
    ["in the middle", [4, 5], [3, 6]],
    ["at the beginning", [0.2, 1], [0, 3]],
    ["at the end", [8.5, 9.2], [6.216, 9.216]],
    ["with an end rounded beyond the recording", [8.5, 9.217], [6.216, 9.216]],
    ["of exactly three seconds", [2, 5], [2, 5]],
    ["that is longer", [1, 6], [1, 6]],
    ["that is longer than what is left", [2, 9.217], [2, 9.216]],
  ] as const)("%s", (_, [from, to], [start, end]) => {
    const bounds = extendedEvent({ startSeconds: from, endSeconds: to }, 9.216);
    expect(bounds.startSeconds).toBeCloseTo(start, 12);
    expect(bounds.endSeconds).toBeCloseTo(end, 12);
  });

  it("is the whole of a recording that is shorter, and takes another length", () => {
    expect(extendedEvent({ startSeconds: 0.1, endSeconds: 0.2 }, 0.304)).toEqual({
      startSeconds: 0,
      endSeconds: 0.304,
    });
    expect(extendedEvent({ startSeconds: 4, endSeconds: 5 }, 9, { windowSeconds: 2 })).toEqual({
      startSeconds: 3.5,
      endSeconds: 5.5,
    });
  });

  it("holds its event, has the window's length and stays inside, wherever the event is", () => {
    const rng = new Streams(3).stream("clips");
    for (let i = 0; i < 1000; i++) {
      const duration = 0.3 + 15 * rng.uniform();
      const startSeconds = 0.99 * duration * rng.uniform();
      const endSeconds = startSeconds + (duration - startSeconds) * (0.01 + 0.99 * rng.uniform());
      const clip = extendedEvent({ startSeconds, endSeconds }, duration);
      expect(clip.startSeconds).toBeGreaterThanOrEqual(0);
      expect(clip.startSeconds).toBeLessThanOrEqual(startSeconds + 1e-12);
      expect(clip.endSeconds).toBeGreaterThanOrEqual(endSeconds - 1e-12);
      expect(clip.endSeconds).toBeLessThanOrEqual(duration);
      const length = Math.max(endSeconds - startSeconds, Math.min(3, duration));
      expect(clip.endSeconds - clip.startSeconds).toBeCloseTo(length, 9);
    }
  });

  it.each([
    [[9.5, 10], "9.5 to 10 s does not begin within the recording of 9.216 s"],
    [[2, 2], "2 to 2 s does not begin within"],
    [[-1, 2], "-1 to 2 s does not begin within"],
    [[Number.NaN, 2], "does not begin within"],
  ] as const)("refuses %j", ([startSeconds, endSeconds], message) => {
    expect(() => extendedEvent({ startSeconds, endSeconds }, 9.216)).toThrow(message);
  });
});

describe.skipIf(!process.env.AUSCULT_DATA)("recordings: windows of SPRSound", () => {
  let loaded: SprSound | undefined;
  const inSet = (set: string) => {
    loaded ??= loadSprSound(process.env.AUSCULT_DATA!);
    return loaded.recordings.filter((recording) => recording.set === set);
  };

  it("recordings: every event can be extended, and none leaves its recording", () => {
    for (const set of ["train2022", "inter2022", "intra2022"]) {
      for (const { file, events } of inSet(set)) {
        const duration = wavSeconds(file);
        for (const one of events) {
          const { startSeconds, endSeconds } = extendedEvent(one, duration);
          expect(startSeconds >= 0 && endSeconds <= duration).toBe(true);
          expect(endSeconds - startSeconds).toBeGreaterThan(Math.min(3, duration) - 1e-9);
        }
      }
    }
  });
});
