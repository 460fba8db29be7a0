import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { encodeWav } from "../../../src/audio/encodeWav.js";
import { decodeWav } from "../../../src/audio/wav.js";
import { dataCommand } from "../../../src/cli/data.js";
import { loadIcbhi } from "../../../src/datasets/icbhi/load.js";
import { compareLogmel } from "../../../src/datasets/icbhiLogmel/agreement.js";
import { loadIcbhiLogmel } from "../../../src/datasets/icbhiLogmel/load.js";
import { makeIcbhiLogmel } from "../../../src/datasets/icbhiLogmel/make.js";
import { bandLimit, cycleMap } from "../../../src/datasets/icbhiLogmel/recipe.js";
import { MADE_UP_MARKER } from "../../../src/datasets/madeUp.js";
import { Streams } from "../../../src/random/streams.js";
import { FOUR_CYCLES, writeIcbhi } from "../icbhi/layoutFixture.js";

const NAMES = ["301_1b1_Al_sc_Meditron", "302_1b1_Tc_mc_Litt3200", "303_1b1_Pl_sc_AKGC417L"];
let dataDir: string;
let folder: string;

beforeEach(() => {
  vi.stubEnv("AUSCULT_CACHE", mkdtempSync(path.join(tmpdir(), "auscult-cache-")));
  dataDir = writeIcbhi(
    [...NAMES, "304_1b1_Pl_sc_AKGC417L"].map((name) => ({
      name,
      annotation: FOUR_CYCLES,
      audio: name !== NAMES.at(-1),
    })),
    { "ICBHI_challenge_train_test.txt": `${NAMES[0]}\ttrain\n${NAMES[1]}\ttest\n` },
  );
  // 303 has no audio; the others differ in rate and sound.
  [4000, 10000, undefined, 4000].forEach((rate, i) => {
    if (rate === undefined) return;
    const rng = new Streams(i).stream("noise");
    const noise = Float32Array.from({ length: rate }, () => 0.1 * rng.normal());
    const name = [...NAMES, "304_1b1_Pl_sc_AKGC417L"][i]!;
    writeFileSync(path.join(dataDir, "icbhi", "ICBHI_final_database", `${name}.wav`), encodeWav(noise, rate));
  });
  folder = path.join(dataDir, "maps");
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const written = () => readFileSync(path.join(folder, "logmel.npy"));

describe("makeIcbhiLogmel", () => {
  it("makes a map of each cycle with audio, which the reader takes", async () => {
    const done: number[] = [];
    const made = await makeIcbhiLogmel(loadIcbhi(dataDir), folder, { onProgress: ({ cycles }) => done.push(cycles) });
    expect(made).toMatchObject({ recordings: 3, cycles: 12, ofRecordings: 4, ofCycles: 16, earlier: 0 });
    expect(done).toEqual([4, 8, 12]);
    expect(readdirSync(folder).sort()).toEqual(["logmel.json", "logmel.npy", "logmel_index.csv"]);
    const maps = loadIcbhiLogmel(folder);
    expect(maps.rows.map(({ id }) => id)).toEqual(
      [0, 1, 3].flatMap((n) =>
        [0, 1, 2, 3].map((cycle) => `30${n + 1}${loadIcbhi(dataDir).recordings[n]!.name.slice(3)}#${cycle}`),
      ),
    );
    expect(maps.rows.map(({ officialSide }) => officialSide)).toEqual(
      ["train", "test", undefined].flatMap((side) => [side, side, side, side]),
    );
    const file = loadIcbhi(dataDir).recordings[1]!.file!;
    const { samples, sampleRateHz } = decodeWav(readFileSync(file), file);
    expect(maps.bytes(6)).toEqual(cycleMap(bandLimit(samples, sampleRateHz), 0.5, 0.75));
  });

  it("does nothing where the maps are there, and refuses a folder with other maps", async () => {
    const first = await makeIcbhiLogmel(loadIcbhi(dataDir), folder);
    expect(await makeIcbhiLogmel(loadIcbhi(dataDir), folder)).toEqual({ ...first, earlier: 12 });
    rmSync(path.join(dataDir, "icbhi", "ICBHI_final_database", `${NAMES[0]}.wav`));
    await expect(makeIcbhiLogmel(loadIcbhi(dataDir), folder)).rejects.toThrow("holds other maps already (logmel.npy)");
    expect(loadIcbhiLogmel(folder).rows.length).toBe(12);
  });

  it("goes on from the last whole recording after an abort, with the same bytes", async () => {
    await makeIcbhiLogmel(loadIcbhi(dataDir), folder);
    const whole = written();
    rmSync(folder, { recursive: true });
    const stop = new AbortController();
    const making = makeIcbhiLogmel(loadIcbhi(dataDir), folder, {
      signal: stop.signal,
      onProgress: ({ cycles }) => cycles === 8 && stop.abort(),
    });
    await expect(making).rejects.toThrow(expect.objectContaining({ name: "AbortError" }));
    expect(readdirSync(folder).sort()).toEqual(["logmel.npy.part", "logmel.npy.part.json"]);
    // A kill in the middle of a map: half of it is there.
    truncateSync(path.join(folder, "logmel.npy.part"), 128 + 7.5 * 90 * 173);
    const { earlier } = await makeIcbhiLogmel(loadIcbhi(dataDir), folder);
    expect(earlier).toBe(4);
    expect(written()).toEqual(whole);
  });

  it("begins anew where recordings or the note have changed", async () => {
    const stop = new AbortController();
    const half = (signal: AbortSignal) =>
      makeIcbhiLogmel(loadIcbhi(dataDir), folder, { signal, onProgress: () => stop.abort() }).catch(() => {});
    await half(stop.signal);
    const file = loadIcbhi(dataDir).recordings[0]!.file!;
    writeFileSync(file, encodeWav(new Float32Array(4000).fill(0.25), 4000));
    expect((await makeIcbhiLogmel(loadIcbhi(dataDir), folder)).earlier).toBe(0);
    rmSync(folder, { recursive: true });
    await half(stop.signal);
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, "logmel.npy.part"), "not maps");
    writeFileSync(path.join(folder, "logmel.npy.part.json"), "{");
    expect((await makeIcbhiLogmel(loadIcbhi(dataDir), folder)).earlier).toBe(0);
  });

  it("notices that another process put another file in the place", async () => {
    const making = makeIcbhiLogmel(loadIcbhi(dataDir), folder, {
      onProgress: () => {
        rmSync(path.join(folder, "logmel.npy.part"));
        writeFileSync(path.join(folder, "logmel.npy.part"), "of another");
      },
    });
    await expect(making).rejects.toThrow("was changed by another process");
    expect(existsSync(path.join(folder, "logmel.npy"))).toBe(false);
  });

  it("says where a cycle lies beyond its recording, and that there is no audio", async () => {
    writeFileSync(
      path.join(dataDir, "icbhi", "ICBHI_final_database", `${NAMES[1]}.txt`),
      "0.0\t0.5\t0\t0\n1.5\t2\t0\t0\n",
    );
    await expect(makeIcbhiLogmel(loadIcbhi(dataDir), folder)).rejects.toThrow(
      `${NAMES[1]}.txt:2: the cycle from 1.5 to 2 s holds no millisecond of the recording, which ends at 1 s`,
    );
    const silent = writeIcbhi([{ name: NAMES[0]!, annotation: FOUR_CYCLES, audio: false }]);
    await expect(makeIcbhiLogmel(loadIcbhi(silent), folder)).rejects.toThrow(
      "none of the 1 annotated recordings has a WAV",
    );
  });

  it("marks maps of made-up sounds", async () => {
    writeFileSync(path.join(dataDir, "icbhi", MADE_UP_MARKER), "made up");
    await makeIcbhiLogmel(loadIcbhi(dataDir), folder);
    expect(loadIcbhiLogmel(folder).madeUp).toBe(true);
  });
});

describe("compareLogmel", () => {
  it("counts steps: same bytes, mean, 95 %, most", async () => {
    await makeIcbhiLogmel(loadIcbhi(dataDir), folder);
    const other = path.join(dataDir, "other");
    cpSync(folder, other, { recursive: true });
    // Of map 5 (Litt3200) the loudest value and nine others are two steps off.
    const bytes = readFileSync(path.join(other, "logmel.npy"));
    const start = 128 + 5 * 90 * 173;
    const map = bytes.subarray(start, start + 90 * 173);
    const near = [...map.keys()].filter((i) => map[i]! >= 80).slice(0, 10);
    for (const i of near) map[i]! -= 2;
    writeFileSync(path.join(other, "logmel.npy"), bytes);
    const maps = loadIcbhiLogmel(folder);
    const result = compareLogmel(loadIcbhiLogmel(other), maps)!;
    const values = maps.bytes(5).filter((byte) => (byte / 255) * 80 - 80 > -60).length;
    const all = maps.rows.reduce(
      (sum, _, i) => sum + maps.bytes(i).filter((byte) => (byte / 255) * 80 - 80 > -60).length,
      0,
    );
    const step = 80 / 255;
    expect(result.cycles).toBe(12);
    expect(result.equalShare).toBeCloseTo(1 - 10 / (12 * 90 * 173), 10);
    expect(result.meanDb).toBeCloseTo((20 * step) / all, 6);
    expect([result.p95Db, result.maxDb]).toEqual([0, expect.closeTo(2 * step, 5)]);
    expect(Object.keys(result.byDevice)).toEqual(["AKGC417L", "Meditron", "Litt3200"]);
    expect(result.byDevice.Meditron).toMatchObject({ cycles: 4, equalShare: 1, maxDb: 0 });
    expect(values).toBeGreaterThan(10);
    const one = compareLogmel(loadIcbhiLogmel(other), maps, (id) => id === maps.rows[5]!.id)!;
    expect([one.cycles, one.meanDb]).toEqual([1, expect.closeTo((20 * step) / values, 6)]);
    expect(compareLogmel(maps, maps, () => false)).toBeUndefined();
  });
});

describe("auscult data logmel", () => {
  async function run(...words: string[]): Promise<{ stdout: string; stderr: string }> {
    const out = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const) {
      vi.spyOn(process[name], "write").mockImplementation((chunk) => {
        out[name] += chunk;
        return true;
      });
    }
    try {
      await dataCommand().parseAsync(["logmel", ...words], { from: "user" });
    } finally {
      vi.restoreAllMocks();
    }
    return out;
  }

  it("prints how many of how many, and the agreement with maps that are there", async () => {
    const { stdout, stderr } = await run(folder, "--data", dataDir, "--json");
    expect(JSON.parse(stdout)).toMatchObject({ folder, cycles: 12, ofCycles: 16, agreement: null });
    expect(stderr).toContain("of 12 cycles");
    for (const name of ["logmel.npy", "logmel_index.csv"]) {
      cpSync(path.join(folder, name), path.join(dataDir, "icbhi", name));
    }
    const compared = JSON.parse((await run(path.join(dataDir, "again"), "--data", dataDir, "--json")).stdout);
    expect(compared.agreement).toMatchObject({ cycles: 12, equalShare: 1, meanDb: 0, maxDb: 0 });
    const { stdout: text } = await run(folder, "--data", dataDir);
    expect(text).toContain("maps of 12 of 16 cycles (3 of 4 recordings have audio); they were there already");
    expect(text).toMatch(/all devices +12 +100\.00 % +0\.00 +0\.00 +0\.00/);
  });
});
