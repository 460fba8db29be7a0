import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { resample } from "../../../src/audio/resample.js";
import { decodeWav } from "../../../src/audio/wav.js";
import { loadIcbhi } from "../../../src/datasets/icbhi/load.js";
import { cycleExample } from "../../../src/datasets/icbhi/tasks.js";
import { loadIcbhiLogmel } from "../../../src/datasets/icbhiLogmel/load.js";
import { newValues, writeBatch } from "../../../src/node/batches/batchItems.js";
import { adaptedInputWriter } from "../../../src/papers/cycleguardian/adapterInputs.js";
import { storedCycles } from "../../../src/papers/cycleguardian/clips.js";
import { cycleguardianFrontEnd } from "../../../src/papers/cycleguardian/frontEnd.js";
import { cycleItems, cycleTrainingItems } from "../../../src/papers/cycleguardian/inputs.js";
import { Streams } from "../../../src/random/streams.js";
import { sameBits } from "./sameBits.js";

const dataDir = process.env.AUSCULT_DATA;
const context = { signal: new AbortController().signal, progress() {} };

describe.skipIf(!dataDir)("recordings: CycleGuardian's inputs", () => {
  const data = dataDir ? loadIcbhi(dataDir) : undefined!;
  // 4 kHz, 11,025 Hz and 10 kHz.
  const names = ["104_1b1_Lr_sc_Litt3200", "101_1b1_Al_sc_Meditron", "110_1p1_Ll_sc_Meditron"];
  const examples = names.flatMap((name) => {
    const recording = data?.recordings.find((one) => one.name === name);
    return recording ? [0, 1].map((index) => cycleExample({ recording, index }, 4, "train", recording.file!)) : [];
  });
  /** papers.md 0.1: the whole recording at the rate, then samples from trunc(start * rate) to trunc(end * rate). */
  const cycleOf = ({ file, startSeconds, endSeconds }: (typeof examples)[number], rateHz: number) => {
    const { samples, sampleRateHz } = decodeWav(readFileSync(file), file);
    const whole = sampleRateHz === rateHz ? samples : resample(samples, sampleRateHz, rateHz, "high");
    return whole.slice(Math.trunc(startSeconds! * rateHz + 1e-6), Math.trunc(endSeconds! * rateHz + 1e-6));
  };

  const cacheBefore = process.env.AUSCULT_CACHE;
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), "cycleguardian-"));
    process.env.AUSCULT_CACHE = folder;
  });
  afterAll(() => {
    if (cacheBefore === undefined) delete process.env.AUSCULT_CACHE;
    else process.env.AUSCULT_CACHE = cacheBefore;
    rmSync(folder, { recursive: true, force: true });
  });

  test("stored maps are the front end's of the tiled cycle; training without changes takes them", async () => {
    const stored = await storedCycles("map", "paper", examples, context);
    const frontEnd = cycleguardianFrontEnd();
    const maps = new Map(
      examples.map((example) => {
        const cycle = cycleOf(example, 10_000);
        const tiled = Float32Array.from({ length: 80_000 }, (_, n) => cycle[n % cycle.length]!);
        return [example.id, frontEnd.compute(tiled).data];
      }),
    );
    for (const { id } of examples) expect(sameBits(stored.map({ id }), maps.get(id)!)).toBe(true);
    const recipe = { preset: "paper", augmentation: "none", padding: "tile", batchSize: examples.length } as const;
    const made = await cycleItems.make(cycleTrainingItems(examples, stored, recipe, 4, new Streams(1)));
    const values = newValues(made);
    writeBatch(made, 1, 0, values);
    for (let i = 0; i < examples.length; i++) {
      const map = values.inputs.slice(i * made.inputSize, (i + 1) * made.inputSize);
      expect(sameBits(map, maps.get(made.nameOf(1, 0, i))!)).toBe(true);
    }
  });

  test("in single precision, 99 of 100 cells are within a fiftieth of a row's deviation", () => {
    const [double, single] = [cycleguardianFrontEnd(), cycleguardianFrontEnd("paper", "single")];
    const apart: number[][] = [[], [], []];
    for (const example of examples) {
      const cycle = cycleOf(example, 10_000);
      const tiled = Float32Array.from({ length: 80_000 }, (_, n) => cycle[n % cycle.length]!);
      const exact = double.compute(tiled).data;
      single.compute(tiled).data.forEach((value, i) => {
        apart[i % 3]!.push(Math.abs(value - exact[i]!));
      });
    }
    const [mel, gammatone, constantQ] = apart.map((differences) => Float64Array.from(differences).sort());
    expect(mel![Math.floor(0.99 * mel!.length)]).toBeLessThan(0.02);
    expect(mel![mel!.length >> 1]).toBeLessThan(1e-4);
    expect(gammatone!.at(-1)).toBeLessThan(1e-5);
    expect(constantQ!.at(-1)).toBe(0);
  });

  test.each([
    ["paper", 10_000],
    ["authors", 22_000],
  ] as const)("stored sounds are the cycles cut from the resampled recording: %s", async (preset, rateHz) => {
    const stored = await storedCycles("waveform", preset, examples, context);
    for (const example of examples) expect(sameBits(stored.map(example), cycleOf(example, rateHz))).toBe(true);
  });

  test("the adapter's input has the stored bytes' decibels in its rows, shifted and scaled", () => {
    const maps = loadIcbhiLogmel(dataDir!);
    const input = new Float32Array(84 * 173 * 3);
    try {
      for (const { id } of examples) {
        adaptedInputWriter(maps)({ id }, input, 0);
        const decibels = maps.map(maps.rowOf(id)!);
        for (let row = 0; row < 84; row++) {
          const cells = [...decibels.subarray(row * 173, (row + 1) * 173)];
          const mean = cells.reduce((a, b) => a + b) / 173;
          const deviation = Math.sqrt(cells.reduce((a, b) => a + (b - mean) ** 2, 0) / 172);
          const worst = cells.flatMap((cell, t) =>
            [0, 1, 2].map((channel) =>
              Math.abs(input[(row * 173 + t) * 3 + channel]! * (deviation + 1e-6) + mean - cell),
            ),
          );
          // Decibels of 80 in single precision have a step of 8e-6.
          expect(Math.max(...worst)).toBeLessThan(4e-5);
        }
      }
    } finally {
      maps.close();
    }
  });
});
