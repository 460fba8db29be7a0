import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { decodeWav } from "../../../src/audio/wav.js";
import { loadIcbhi } from "../../../src/datasets/icbhi/load.js";
import { icbhiSplit } from "../../../src/datasets/icbhi/split.js";
import { STEP_DB } from "../../../src/datasets/icbhiLogmel/format.js";
import { loadIcbhiLogmel } from "../../../src/datasets/icbhiLogmel/load.js";
import { logmelFileOf } from "../../../src/datasets/icbhiLogmel/match.js";
import { bandLimit, cycleMap } from "../../../src/datasets/icbhiLogmel/recipe.js";

const dataDir = process.env.AUSCULT_DATA;

/**
 * The whole figures, over all cycles with audio (`auscult data logmel` prints them by device), as same bytes, and mean and
 * most dB within 60 dB of the maximum:
 *   whole, stored at 4 kHz (196 cycles)        99.9 %    0.001    0.31
 *   whole, stored at 10 kHz (31)               99.3 %    0.001    0.31
 *   whole, 44.1 kHz stored at 11,025 (1,536)   89 to 96  0.02     4.4
 *   put together from clips (1,099)            86 to 99  0.05    19.8 (at the edges of cycles)
 */
const SOME = [
  { name: "104_1b1_Lr_sc_Litt3200", equal: 0.999, mean: 0.001, most: 1 },
  { name: "110_1p1_Ll_sc_Meditron", equal: 0.99, mean: 0.005, most: 2 },
  { name: "223_1b1_Ar_sc_Meditron", equal: 0.95, mean: 0.01, most: 2 },
  // The rest was made from 44.1 kHz originals; what is at hand was rounded to 16 bits once more, at 11,025 Hz.
  { name: "101_1b1_Al_sc_Meditron", equal: 0.85, mean: 0.1, most: 6 },
  { name: "142_1b1_Pl_mc_LittC2SE", equal: 0.4, mean: 0.3, most: 16 },
  { name: "151_2p2_Ar_mc_AKGC417L", equal: 0.4, mean: 0.3, most: 16 },
  // Put together from clips: what lies between cycles is silence, so the edges differ.
  { name: "124_1b1_Ar_sc_Litt3200", equal: 0.9, mean: 0.5, most: 60 },
];

describe.skipIf(!dataDir)("recordings: icbhi-logmel", () => {
  const data = dataDir ? loadIcbhi(dataDir) : undefined!;
  const maps = dataDir ? loadIcbhiLogmel(dataDir) : undefined!;

  it.each(SOME)("maps of $name agree with the stored ones", ({ name, equal, mean, most }) => {
    const recording = data.recordings.find((one) => one.name === name)!;
    const { samples, sampleRateHz } = decodeWav(readFileSync(recording.file!), recording.file!);
    const limited = bandLimit(samples, sampleRateHz);
    let same = 0;
    let near = 0;
    let sum = 0;
    let largest = 0;
    recording.cycles.forEach(({ startSeconds, endSeconds }, index) => {
      const ours = cycleMap(limited, startSeconds, endSeconds);
      maps.bytes(maps.rowOf(`${name}#${index}`)!).forEach((byte, i) => {
        const steps = Math.abs(byte - ours[i]!);
        if (steps === 0) same++;
        if ((byte / 255) * 80 <= 20) return;
        near++;
        sum += steps;
        largest = Math.max(largest, steps);
      });
    });
    expect(same / (recording.cycles.length * 90 * 173)).toBeGreaterThan(equal);
    expect((STEP_DB * sum) / near).toBeLessThan(mean);
    expect(largest).toBeLessThanOrEqual(most);
  });

  // An untouched original: 44.1 kHz, 24 bits.
  it("maps of an original at 44.1 kHz agree better than those of its stored copy", () => {
    const name = "202_1b1_Ar_sc_Meditron";
    const file = path.join(data.root, "native_headers", `${name}.wav`);
    const { samples, sampleRateHz } = decodeWav(readFileSync(file), file);
    const limited = bandLimit(samples, sampleRateHz);
    let same = 0;
    let largest = 0;
    const { cycles } = data.recordings.find((one) => one.name === name)!;
    cycles.forEach(({ startSeconds, endSeconds }, index) => {
      const ours = cycleMap(limited, startSeconds, endSeconds);
      const stored = maps.bytes(maps.rowOf(`${name}#${index}`)!);
      stored.forEach((byte, i) => {
        if (byte === ours[i]) same++;
        if ((byte / 255) * 80 > 20) largest = Math.max(largest, Math.abs(byte - ours[i]!));
      });
    });
    expect(sampleRateHz).toBe(44100);
    expect(same / (cycles.length * 90 * 173)).toBeGreaterThan(0.95);
    expect(largest).toBeLessThanOrEqual(2);
  });

  it("stands for all 6,898 cycles in every split", () => {
    expect([maps.complete, maps.rows.length]).toEqual([true, 6898]);
    const fileOf = logmelFileOf(maps, data);
    const official = icbhiSplit(data, "official", "published", { fileOf });
    expect([official.train.length, official.tests.test.count, official.absent]).toEqual([4142, 2756, undefined]);
    const honest = icbhiSplit(data, "official", "honest", { fileOf });
    expect(honest.train.length + honest.select.length).toBe(4025);
    // The recording that the official list names with another device is here as its annotation has it.
    expect(maps.rowOf("226_1b1_Pl_sc_LittC2SE#10")).toBe(6897);
  });
});
