import { describe, expect, test } from "vitest";
import { readAnnotation, usableMarks } from "../../src/web/listening/annotation.js";
import { Announcer } from "../../src/web/listening/announcer.js";
import { GONE, KEPT_SECONDS, KeptSound } from "../../src/web/listening/keptSound.js";
import { madeUpBreath } from "../../src/web/listening/madeUpBreath.js";
import { pairFiles, roleOf, stemOf } from "../../src/web/listening/pairs.js";
import { PeakMeter, Peaks } from "../../src/web/listening/peaks.js";
import {
  COLUMN_SECONDS,
  FLOOR_DB,
  SPECTRUM_ROWS,
  SpectrumMeter,
  STEP_DB,
  smoothSize,
} from "../../src/web/listening/spectra.js";
import { SpectrumColumns } from "../../src/web/listening/spectrumColumns.js";
import { Speed } from "../../src/web/listening/speed.js";
import { clockText, timeTicks } from "../../src/web/listening/ticks.js";
import { closeTo, liveView, moved, showing, wholeView, zoomed } from "../../src/web/listening/timeView.js";
import { inModelsWords, unitOf } from "../../src/web/listening/unit.js";

describe("a microphone's sound", () => {
  test("can be read again for two minutes, sample by sample, and then says that it has gone", async () => {
    const [rate, piece] = [1000, 250];
    const kept = new KeptSound(rate);
    const heard = Float32Array.from({ length: (KEPT_SECONDS + 30) * rate }, (_, i) => i);
    for (let first = 0; first < heard.length; first += piece) kept.push(heard.subarray(first, first + piece));
    expect(await kept.read(30 * rate, 33 * rate)).toEqual(heard.subarray(30 * rate, 33 * rate));
    expect(await kept.read(heard.length - rate, heard.length)).toEqual(heard.subarray(heard.length - rate));
    await expect(kept.read(30 * rate - 1, 33 * rate)).rejects.toThrow(GONE);
    await expect(kept.read(heard.length - 1, heard.length + 1)).rejects.toThrow(GONE);
  });
});

describe("annotations", () => {
  test("ICBHI's lines and SPRSound's object give marks in the order of time", () => {
    const lines = "2.5\t4.0\t1\t1\n0.0\t2.5\t0\t1\n";
    expect(readAnnotation("A.TXT", lines).marks).toEqual([
      { startSeconds: 0, endSeconds: 2.5, label: "Wheeze" },
      { startSeconds: 2.5, endSeconds: 4, label: "Both" },
    ]);
    const event = (start: string | number, end: string | number, type: string) => ({ start, end, type });
    const events = [event("1500", "2000", "Wheeze & Crackle"), event(100, 900, "Normal")];
    const read = readAnnotation("a.json", JSON.stringify({ record_annotation: "CAS & DAS", event_annotation: events }));
    expect(read).toEqual({
      marks: [
        { startSeconds: 0.1, endSeconds: 0.9, label: "Normal" },
        { startSeconds: 1.5, endSeconds: 2, label: "Wheeze+Crackle" },
      ],
      recordLabel: "CAS & DAS",
      notes: [],
    });
  });

  test.each([
    ["a.txt", "0 1 0\n", /line 1 has 3 columns/],
    ["a.txt", "", /holds no cycles/],
    ["a.json", "[]", /holds \[\] where an object was expected/],
    ["a.json", "", /is empty/],
  ])("%s holding %j is refused", (name, text, message) => expect(() => readAnnotation(name, text)).toThrow(message));

  test("marks are cut at the recording's end; what lies behind it or is too long is left out and said", () => {
    const mark = (startSeconds: number, endSeconds: number) => ({ startSeconds, endSeconds, label: "Normal" });
    const { marks, notes } = usableMarks([mark(0, 2), mark(2, 5), mark(4.995, 6), mark(7, 8)], 5 - 1e-6);
    expect(marks.map(({ endSeconds }) => endSeconds)).toEqual([2, 5 - 1e-6]);
    expect(notes).toEqual(["2 of 4 annotated stretches are left out: behind the end of the recording (5.00 s)"]);
    expect(usableMarks([mark(0, 61)], 90).notes).toEqual(["1 of 1 annotated stretches is left out: longer than 60 s"]);
  });

  test("labels are said in the words of the model's task", () => {
    expect(inModelsWords("Fine Crackle", "sprsound/11", ["Normal", "Adventitious"])).toBe("Adventitious");
    expect(inModelsWords("CAS", "sprsound/21-windows", ["Normal", "Poor Quality", "Adventitious"])).toBe(
      "Adventitious",
    );
    expect(inModelsWords("Both", "icbhi/4-class", ["Normal", "Crackle", "Wheeze", "Both"])).toBe("Both");
    expect(inModelsWords("Wheeze", "icbhi/2-class", ["Normal", "Abnormal"])).toBe("Abnormal");
    expect(inModelsWords("Stridor", "icbhi/4-class", ["Normal", "Crackle", "Wheeze", "Both"])).toBeUndefined();
    expect(["icbhi/4-class", "sprsound/12", "sprsound/22-windows"].map(unitOf)).toEqual([
      "cycle",
      "event",
      "recording",
    ]);
  });
});

test("annotations go with the recording of their name, in any order and case of ending", () => {
  const file = (name: string) => ({ name });
  const files = ["b.TXT", "a.wav", "b.WAV", "c.json", "d.mp3"].map(file);
  const { pairs, lonely } = pairFiles(files);
  expect(pairs.map(({ recording, annotation }) => [recording.name, annotation?.name])).toEqual([
    ["a.wav", undefined],
    ["b.WAV", "b.TXT"],
    ["d.mp3", undefined],
  ]);
  expect(lonely.map(({ name }) => name)).toEqual(["c.json"]);
  expect([roleOf("x.wave"), roleOf("x"), stemOf("folder/a.b.wav")]).toEqual(["recording", "other", "a.b"]);
});

const minOf = (values: Float32Array) => values.reduce((a, b) => Math.min(a, b));
const maxOf = (values: Float32Array) => values.reduce((a, b) => Math.max(a, b));

describe("what pictures show", () => {
  test.each([8000, 11_025, 44_100])("peaks of pieces at %i Hz are those of a loop over all samples", (rate) => {
    const samples = madeUpBreath(3 * rate, rate);
    const [meter, peaks] = [new PeakMeter(rate), new Peaks()];
    for (let first = 0; first < samples.length; first += 777)
      peaks.append(meter.push(samples.subarray(first, first + 777)));
    expect(peaks.seconds).toBeCloseTo(3, 1);
    for (const [from, to] of [
      [0, 3],
      [0.5, 0.51],
      [1, 2.5],
    ] as const) {
      const stretch = samples.subarray(Math.ceil(from * rate), Math.floor(to * rate));
      const [least, greatest] = peaks.between(from, to)!;
      expect(least).toBeLessThanOrEqual(minOf(stretch));
      expect(greatest).toBeGreaterThanOrEqual(maxOf(stretch));
      // No wider than a hundredth of a second, and one sample, around it.
      const around = samples.subarray(Math.max(0, Math.floor((from - 0.16) * rate)), Math.ceil((to + 0.16) * rate));
      expect(least).toBeGreaterThanOrEqual(minOf(around));
      expect(greatest).toBeLessThanOrEqual(maxOf(around));
    }
    expect(peaks.between(3.5, 4)).toBeUndefined();
  });

  test.each([4000, 8000, 44_100])(
    "a sine of full scale at 1 kHz has 0 dB in its row, at %i Hz, however it comes",
    (rate) => {
      const sine = Float32Array.from({ length: 2 * rate }, (_, n) => Math.sin((2 * Math.PI * 1000 * n) / rate));
      const whole = new SpectrumMeter(rate).push(sine);
      const meter = new SpectrumMeter(rate);
      const pieces: number[] = [];
      for (let first = 0; first < sine.length; first += 501)
        pieces.push(...meter.push(sine.subarray(first, first + 501)));
      expect(pieces).toEqual([...whole]);
      // Frames that fit: the first of 64 ms, then one every 20 ms.
      expect(whole.length / SPECTRUM_ROWS).toBe(
        Math.floor((2 - smoothSize(0.064 * rate) / rate) / COLUMN_SECONDS + 1e-9) + 1,
      );
      const column = whole.subarray(20 * SPECTRUM_ROWS, 21 * SPECTRUM_ROWS);
      const loudest = column.indexOf(Math.max(...column));
      expect(Math.abs((loudest + 0.5) * 15.625 - 1000)).toBeLessThan(16);
      // Between two bins a Hann window gives up to 1.42 dB less.
      expect(Math.abs(FLOOR_DB + STEP_DB * column[loudest]!)).toBeLessThan(1.7);
    },
  );

  test("sizes are multiples of 32 that the transform takes", () => {
    expect([1, 256, 2822.4, 705.6].map(smoothSize)).toEqual([32, 256, 2880, 768]);
  });

  test("columns: the greatest between two times, and a range that a single knock does not set", () => {
    const columns = new SpectrumColumns();
    const quiet = new Uint8Array(1000 * SPECTRUM_ROWS).fill(100);
    quiet[500 * SPECTRUM_ROWS + 7] = 255;
    columns.append(quiet);
    const into = new Uint8Array(SPECTRUM_ROWS);
    expect(columns.between(500 * COLUMN_SECONDS, 501 * COLUMN_SECONDS, into)).toBe(true);
    expect(into[7]).toBe(255);
    expect(columns.between(20, 21, into)).toBe(false);
    expect(columns.range()).toEqual({ bright: 100, black: 40 });
  });
});

describe("time", () => {
  test("views stay within the recording", () => {
    expect(wholeView(100)).toMatchObject({ fromSeconds: 0, toSeconds: 100 });
    const close = zoomed(wholeView(100), 100, 0.1, 0.3);
    expect([close.fromSeconds, close.toSeconds]).toEqual([27, 37]);
    expect(moved(close, 100, -10)).toMatchObject({ fromSeconds: 0, toSeconds: 10 });
    expect(moved(close, 100, 10)).toMatchObject({ fromSeconds: 90, toSeconds: 100 });
    expect(zoomed(close, 100, 100)).toMatchObject({ fromSeconds: 0, toSeconds: 100 });
    expect(showing(close, 100, 30, 31)).toBe(close);
    expect(showing(close, 100, 60, 62)).toMatchObject({ fromSeconds: 56, toSeconds: 66 });
    // Of what is looked at closely a sixth of the picture, around it, and not beyond the recording.
    expect(closeTo(wholeView(100), 100, 60, 62)).toMatchObject({ fromSeconds: 55, toSeconds: 67 });
    expect(closeTo(wholeView(100), 100, 0, 2)).toMatchObject({ fromSeconds: 0, toSeconds: 12 });
    expect(closeTo(close, 100, 30, 32)).toBe(close);
    expect(liveView(5, 20)).toEqual({ fromSeconds: 0, toSeconds: 20, follows: true });
    expect(liveView(50, 20)).toMatchObject({ fromSeconds: 30, toSeconds: 50 });
  });

  test("ticks are round, within the axis and no more than wanted", () => {
    expect(timeTicks(0, 20, 10).map(({ text }) => text)).toEqual([
      "0 s",
      "2 s",
      "4 s",
      "6 s",
      "8 s",
      "10 s",
      "12 s",
      "14 s",
      "16 s",
      "18 s",
      "20 s",
    ]);
    expect(timeTicks(59.9, 60.35, 5).map(({ text }) => text)).toEqual([
      "59.9 s",
      "1:00.0",
      "1:00.1",
      "1:00.2",
      "1:00.3",
    ]);
    expect([clockText(59.96, 1), clockText(3725), clockText(75.25, 2)]).toEqual(["1:00.0", "62:05", "1:15.25"]);
  });
});

test("an announcer tells the newest, no more often than it can be listened to", () => {
  const told: string[] = [];
  const announcer = new Announcer((text) => told.push(text), 5000);
  announcer.tell("1", 0);
  for (let ms = 100; ms <= 4900; ms += 100) announcer.tell(String(ms), ms);
  expect(told).toEqual(["1"]);
  announcer.tick(5000);
  expect(told).toEqual(["1", "4900"]);
  announcer.tell("late", 5100);
  announcer.urgent("gone", 5200);
  announcer.tick(20_000);
  expect(told).toEqual(["1", "4900", "gone"]);
});

test("speed is all time over all sound", () => {
  const speed = new Speed();
  expect(speed.msPerSecond).toBeUndefined();
  speed.add(100, 1);
  speed.add(50, 0);
  speed.add(150, 4);
  expect(speed.msPerSecond).toBe(60);
});
