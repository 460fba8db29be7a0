import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { encodeWav } from "../../../src/audio/encodeWav.js";
import { logmelIndexText } from "../../../src/datasets/icbhiLogmel/indexFile.js";
import { clipMap } from "../../../src/datasets/icbhiLogmel/recipe.js";
import type { Example, Item } from "../../../src/datasets/roles.js";
import { type BatchItems, newValues, writeBatch } from "../../../src/node/batches/batchItems.js";
import { BatchRing } from "../../../src/node/batches/batchRing.js";
import { npyHeader } from "../../../src/node/npy.js";
import { readWavFile } from "../../../src/node/wavFile.js";
import { adaptedTestPath } from "../../../src/papers/glancegaze/adapter.js";
import { glancegazeTestPath, SAMPLE_RATE_HZ } from "../../../src/papers/glancegaze/frontEnd.js";
import {
  type GlancegazeInputs,
  glancegazeItems,
  inputShapeOf,
  openInputs,
  testPathOf,
  trainedCycles,
} from "../../../src/papers/glancegaze/inputs.js";
import { type GlancegazeRecipe, glancegazeRecipe } from "../../../src/papers/glancegaze/recipe.js";
import { testPathOf as testPathNamed } from "../../../src/papers/testPaths.js";
import { Streams } from "../../../src/random/streams.js";
import { largestDifference, madeUp } from "../../features/madeUp.js";

const SPEEDS = [0.8, 0.9, 1.1, 1.2];
/** Normal 0, crackle 1, wheeze 2, both 3. */
const example = (i: number, label: number, file = "none"): Example<"train"> => ({
  ...{ id: `r${i}#0`, recording: `r${i}`, file, role: "train", patient: `${i}`, set: "icbhi" },
  ...{ label, className: "NCWB"[label]! },
});
const recipeOf = (over: Partial<GlancegazeRecipe> = {}): GlancegazeRecipe => ({
  ...glancegazeRecipe({ network: "Proposed" }, "full"),
  ...over,
});
const mean = (values: ArrayLike<number>) => Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
const deviation = (values: ArrayLike<number>) => {
  const centre = mean(values);
  return Math.sqrt(mean(Array.from(values, (value) => (value - centre) ** 2)));
};

describe("copies at other speeds (papers.md 4.5)", () => {
  const examples = Array.from({ length: 80 }, (_, i) => example(i, i % 4));
  const speedsOf = (trained: ReturnType<typeof trainedCycles>, { id }: Item) =>
    trained.filter((one) => one.example.id === id && one.factor !== 1).map(({ factor }) => factor);

  test("of each cycle with both one at each speed, of each wheeze two, of the others none; all stand behind the cycles", () => {
    const trained = trainedCycles(examples, { augmentation: "speed" }, 0);
    expect(trained.slice(0, 80)).toEqual(examples.map((one) => ({ example: one, factor: 1 })));
    expect(trained).toHaveLength(80 + 20 * 4 + 20 * 2);
    for (const one of examples) {
      const speeds = speedsOf(trained, one);
      if (one.label === 3) expect(speeds).toEqual(SPEEDS);
      else if (one.label === 2) {
        expect(new Set(speeds).size).toBe(2);
        for (const speed of speeds) expect(SPEEDS).toContain(speed);
      } else expect(speeds).toEqual([]);
    }
  });

  test("are the same for a seed, others for another, and none with augmentation none", () => {
    const drawn = (seed: number) => trainedCycles(examples, { augmentation: "speed" }, seed);
    expect(drawn(5)).toEqual(drawn(5));
    const wheezes = (seed: number) => examples.filter(({ label }) => label === 2).map((one) => speedsOf(drawn(seed), one)); // biome-ignore format: one line
    expect(wheezes(6)).not.toEqual(wheezes(5));
    const plain = trainedCycles(examples, { augmentation: "none" }, 5);
    expect(plain).toEqual(examples.map((one) => ({ example: one, factor: 1 })));
  });

  test.each(["select", "test"])("are of training cycles only: %s", (role) => {
    const others = [...examples, { ...example(80, 3), role }] as Example<"train">[];
    for (const augmentation of ["speed", "none"] as const)
      expect(() => trainedCycles(others, { augmentation }, 0)).toThrow(TypeError);
    expect(() => trainedCycles(others, { augmentation: "none" }, 0)).toThrow(
      `example r80#0 has role "${role}"; only "train" examples may be used here`,
    );
  });
});

describe("the map of a copy", () => {
  /** Two bursts and a silence before and behind each: [pitch in Hz, place and width in seconds]. */
  const BURSTS = [
    [300, 0.6, 0.09],
    [1400, 1.3, 0.07],
  ] as const;
  /** `seconds` of them as they sound at `factor` times the speed: its length is what resampling gives. */
  const soundAt = (factor: number, seconds: number) =>
    Float32Array.from({ length: Math.ceil((seconds * SAMPLE_RATE_HZ) / factor) }, (_, n) => {
      const t = (n * factor) / SAMPLE_RATE_HZ;
      return BURSTS.reduce((sum, [hz, at, width]) => {
        return sum + 0.4 * Math.exp(-(((t - at) / width) ** 2)) * Math.sin(2 * Math.PI * hz * (t - at));
      }, 0);
    });

  test.each(SPEEDS)("is that of the sound at %f times the speed, whether it is tiled or cut after that", (factor) => {
    for (const seconds of [1.5, 3]) {
      const input = { frontEnd: "mel", bands: 64, seconds } as const;
      const [copy] = glancegazeTestPath(input, factor).maps(soundAt(1, 2), SAMPLE_RATE_HZ);
      const [wanted] = glancegazeTestPath(input).maps(soundAt(factor, 2), SAMPLE_RATE_HZ);
      const [asItIs] = glancegazeTestPath(input).maps(soundAt(1, 2), SAMPLE_RATE_HZ);
      // What resampling leaves, 106 dB down, is far below the 80 dB that a map has.
      expect(largestDifference(copy!.data, wanted!.data)).toBeLessThan(5e-4);
      expect(largestDifference(asItIs!.data, wanted!.data)).toBeGreaterThan(1);
    }
  });

  test("of a tone in bin 100 of the spectrum has its peak in bin 80, 90, 110 and 120", () => {
    const hz = (100 * SAMPLE_RATE_HZ) / 2048;
    const tone = Float32Array.from({ length: SAMPLE_RATE_HZ }, (_, n) => Math.sin((2 * Math.PI * hz * n) / SAMPLE_RATE_HZ)); // biome-ignore format: one line
    const peaks = [1, ...SPEEDS].map((factor) => {
      const [map] = glancegazeTestPath({ frontEnd: "stft", bands: 128, seconds: 0.5 }, factor).maps(tone, SAMPLE_RATE_HZ); // biome-ignore format: one line
      const { data, rows, frames } = map!;
      const column = Array.from({ length: rows }, (_, row) => data[row * frames + 10]!);
      return column.indexOf(Math.max(...column));
    });
    expect(peaks).toEqual([100, 80, 90, 110, 120]);
  });
});

let folder: string;
const cacheBefore = process.env.AUSCULT_CACHE;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "glancegaze-inputs-"));
  process.env.AUSCULT_CACHE = path.join(folder, "cache");
});
afterAll(() => {
  if (cacheBefore === undefined) delete process.env.AUSCULT_CACHE;
  else process.env.AUSCULT_CACHE = cacheBefore;
  rmSync(folder, { recursive: true, force: true });
});

const told = { signal: new AbortController().signal, progress() {} };
const shortInput = { frontEnd: "mel", bands: 32, seconds: 1 } as const;
const short = recipeOf({ ...shortInput, batchSize: 5 });

/** Of the first epoch: each step's items. */
function epochOf(items: BatchItems, steps: number) {
  const values = newValues(items);
  return Array.from({ length: steps }, (_, step) => {
    writeBatch(items, 1, step, values);
    const part = (of: Float32Array, size: number, i: number) => of.slice(i * size, (i + 1) * size);
    return Array.from({ length: items.batchSize }, (__, i) => ({
      name: items.nameOf(1, step, i),
      input: part(values.inputs, items.inputSize, i),
      target: [...part(values.targets, items.targetSize, i)],
    }));
  });
}

describe("batches from audio", () => {
  const LABELS = [0, 1, 2, 3, 3];
  /** Cycles of 0.25 to 1.75 s at 8 kHz, the last one silent; behind them one that is evaluated alone. */
  const sounds = [2000, 6000, 9000, 14_000, 5000, 7000].map((count, i) =>
    i === 4 ? new Float32Array(count) : madeUp(count).map((x, n) => x * Math.sin((0.1 + 0.2 * i) * n)),
  );
  let examples: Example<"train">[];
  let other: Item;
  let clips: Float32Array[];
  let trained: ReturnType<typeof trainedCycles>;
  let opened: GlancegazeInputs;
  beforeAll(async () => {
    const files = sounds.map((sound, i) => {
      const file = path.join(folder, `r${i}.wav`);
      writeFileSync(file, encodeWav(sound, 8000));
      return file;
    });
    clips = files.map((file) => readWavFile(file).samples);
    examples = LABELS.map((label, i) => example(i, label, files[i]!));
    other = example(5, 0, files[5]!);
    trained = trainedCycles(examples, short, 3);
    opened = await openInputs(trained, [other], { dataDir: "none", recipe: short, classes: 4, seed: 3 }, told);
  });
  afterAll(() => opened.close());

  test("hold every cycle and every copy once an epoch, with its label: the map of its name", async () => {
    const items = (await glancegazeItems.make(opened.items)) as BatchItems;
    // 5 cycles and 10 copies: 3 batches of 5.
    const epoch = epochOf(items, 3).flat();
    const wanted = trained.map(({ example: { id }, factor }) => (factor === 1 ? id : `${id} at ${factor}`));
    expect(wanted).toContain("r3#0 at 0.8");
    expect(epoch.map(({ name }) => name).sort()).toEqual([...wanted].sort());
    for (const { name, input, target } of epoch) {
      const [, which, factor = "1"] = /^r(\d)#0(?: at (.*))?$/.exec(name)!;
      const label = LABELS[Number(which)]!;
      expect(target).toEqual([0, 1, 2, 3].map((k) => Number(k === label)));
      const [map] = glancegazeTestPath(shortInput, Number(factor)).maps(clips[Number(which)]!, 8000);
      expect(input, name).toEqual(map!.data);
    }
  });

  test("have mean 0 and deviation 1 over each map; silence is zeros, at any speed", async () => {
    const items = (await glancegazeItems.make(opened.items)) as BatchItems;
    for (const { name, input } of epochOf(items, 3).flat()) {
      if (name.startsWith("r4")) expect(input).toEqual(new Float32Array(input.length));
      else {
        expect(Math.abs(mean(input)), name).toBeLessThan(1e-5);
        expect(Math.abs(deviation(input) - 1), name).toBeLessThan(1e-5);
      }
    }
  });

  test("are the same from a worker thread, in another order in the next epoch and with another seed", async () => {
    const here = (await glancegazeItems.make(opened.items)) as BatchItems;
    const ring = await BatchRing.open({ program: glancegazeItems, options: opened.items, workers: 1, epochs: 1, stepsPerEpoch: 3 }); // biome-ignore format: one line
    for (const step of [0, 1, 2]) {
      const values = newValues(here);
      writeBatch(here, 1, step, values);
      const { inputs, targets } = await ring.take(1, step);
      expect(inputs).toEqual(values.inputs);
      expect(targets).toEqual(values.targets);
    }
    await ring.close();
    const namesOf = (items: BatchItems, epoch: number) =>
      Array.from({ length: 15 }, (_, i) => items.nameOf(epoch, Math.floor(i / 5), i % 5));
    const first = namesOf(here, 1);
    const seeded = (await glancegazeItems.make({ ...opened.items, seed: 4 })) as BatchItems;
    for (const names of [namesOf(here, 2), namesOf(seeded, 1)]) {
      expect(names).not.toEqual(first);
      expect(new Set(names)).toEqual(new Set(first));
    }
  });

  test("are not looked at for what is evaluated, which is the test path of the cycle as it is", () => {
    for (const [i, item] of [...examples, other].entries()) {
      const [map] = testPathOf(short).maps(clips[i]!, 8000);
      const out = new Float32Array(map!.data.length + 2).fill(9);
      opened.write(item, out, 1);
      expect([out[0], out.at(-1)]).toEqual([9, 9]);
      expect(out.subarray(1, -1)).toEqual(map!.data);
    }
    const shape = inputShapeOf(short);
    const out = new Float32Array(shape[0] * shape[1]);
    expect(() => opened.write({ id: "x#0" }, out, 0)).toThrow("there are no stored features of x#0");
  });

  test("are refused for fewer cycles than a batch holds", () => {
    expect(() => glancegazeItems.make({ ...opened.items, batchSize: 16 })).toThrow(
      "batch size 16: larger than the set, which has 15 items",
    );
  });
});

describe("batches from stored maps", () => {
  const RECORDING = "301_1b1_Al_sc_Meditron";
  const recipe = recipeOf({ input: "icbhi-logmel", augmentation: "none", batchSize: 2 });
  const rng = new Streams(2).stream("sounds");
  /** 1.5 and 5 s at 4 kHz, and silence. */
  const clips = [6000, 20_000, 8000].map((count, i) =>
    Float32Array.from({ length: count }, (_, n) => (i === 2 ? 0 : 0.3 * Math.sin(0.2 * n) + 0.1 * rng.normal())),
  );
  const bytes = clips.map((clip) => clipMap(clip, 4000));
  const items = clips.map((_, i) => ({ ...example(0, i), id: `${RECORDING}#${i}` }));
  let opened: GlancegazeInputs;
  beforeAll(async () => {
    const dataDir = path.join(folder, "maps");
    mkdirSync(dataDir);
    const rows = clips.map((_, cycle) => ({
      recording: RECORDING,
      cycle,
      crackle: false,
      wheeze: false,
      officialSide: "train" as const,
    }));
    writeFileSync(path.join(dataDir, "logmel_index.csv"), logmelIndexText(rows));
    writeFileSync(path.join(dataDir, "logmel.npy"), Buffer.concat([npyHeader("uint8", [3, 90, 173]), ...bytes]));
    const trained = trainedCycles(items.slice(0, 2), recipe, 0);
    opened = await openInputs(trained, [items[2]!], { dataDir, recipe, classes: 4, seed: 0 }, told);
  });
  afterAll(() => opened.close());

  test("are z-scores of the stored decibels, as the adapter's test path gives them of the clip", async () => {
    const made = (await glancegazeItems.make(opened.items)) as BatchItems;
    const [batch] = epochOf(made, 1);
    expect(batch!.map(({ name }) => name).sort()).toEqual([items[0]!.id, items[1]!.id]);
    for (const { name, input } of batch!) {
      const i = items.findIndex(({ id }) => id === name);
      // A z-score of 80 dB in 255 steps is that of the steps.
      const [centre, spread] = [mean(bytes[i]!), deviation(bytes[i]!)];
      expect(largestDifference(input, Float64Array.from(bytes[i]!, (byte) => (byte - centre) / spread))).toBeLessThan(1e-5); // biome-ignore format: one line
      const [map] = adaptedTestPath().maps(clips[i]!, 4000);
      expect(input).toEqual(map!.data);
      const out = new Float32Array(input.length);
      opened.write({ id: name }, out, 0);
      expect(out).toEqual(input);
    }
  });

  test("are zeros for silence; a cycle without a map is refused", () => {
    const out = new Float32Array(90 * 173).fill(9);
    opened.write(items[2]!, out, 0);
    expect(out).toEqual(new Float32Array(90 * 173));
    expect(() => opened.write({ id: `${RECORDING}#3` }, out, 0)).toThrow(
      `there is no stored map of cycle ${RECORDING}#3`,
    );
  });
});

describe("sizes of inputs (papers.md 4.2)", () => {
  const tone = madeUp(4000);
  test.each([
    ["128 bands, 345 frames of 8 s", {}, [128, 345, 1]],
    ["256 rows of a spectrum", { frontEnd: "stft" }, [256, 345, 1]],
    // 4 s are 88,200 samples: 172 hops and a frame; 2.5 s are 55,125: 107.
    ["other bands and seconds", { bands: 64, seconds: 4 }, [64, 173, 1]],
    ["a part of a second", { bands: 40, seconds: 2.5 }, [40, 108, 1]],
    ["stored maps", { input: "icbhi-logmel" }, [90, 173, 1]],
    ["stored maps, whatever is asked of audio", { input: "icbhi-logmel", bands: 64, seconds: 4 }, [90, 173, 1]],
  ] as const)("%s", (_, over, shape) => {
    const recipe = recipeOf(over);
    expect(inputShapeOf(recipe)).toEqual(shape);
    const [map, ...more] = testPathOf(recipe).maps(tone, 8000);
    expect([map!.rows, map!.frames, map!.data.length]).toEqual([shape[0], shape[1], shape[0] * shape[1]]);
    expect(more).toEqual([]);
  });
});

describe("a clip", () => {
  const sound = madeUp(3 * SAMPLE_RATE_HZ);
  const mapOf = (clip: Float32Array) => glancegazeTestPath(shortInput).maps(clip, SAMPLE_RATE_HZ)[0]!.data;

  test("is the first of a longer one, and a shorter one repeated", () => {
    expect(mapOf(sound)).toEqual(mapOf(sound.slice(0, SAMPLE_RATE_HZ)));
    expect(mapOf(sound)).not.toEqual(mapOf(sound.slice(SAMPLE_RATE_HZ)));
    const once = sound.slice(0, 9000);
    const repeated = Float32Array.from({ length: SAMPLE_RATE_HZ }, (_, n) => once[n % once.length]!);
    expect(mapOf(once)).toEqual(mapOf(repeated));
  });

  test("has one map however loud it is: decibels below its own maximum", () => {
    // A power of two changes no digit of a sample.
    expect(largestDifference(mapOf(sound.map((x) => x / 64)), mapOf(sound))).toBeLessThan(1e-4);
  });
});

describe("what decides an input", () => {
  test("is told by its digest: front end, bands, seconds and speed, maps or audio; bands are none of a spectrum's", () => {
    const paths = [{}, { frontEnd: "stft" }, { bands: 64 }, { seconds: 4 }, { input: "icbhi-logmel" }] as const;
    const digests = paths.map((over) => testPathOf(recipeOf(over)).digest);
    for (const factor of SPEEDS) digests.push(glancegazeTestPath(undefined, factor).digest);
    expect(new Set(digests).size).toBe(paths.length + SPEEDS.length);
    const spectrum = (bands: number) => testPathOf(recipeOf({ frontEnd: "stft", bands })).digest;
    expect(spectrum(64)).toBe(spectrum(128));
    expect(testPathOf(recipeOf()).digest).toBe(testPathNamed("glancegaze").digest);
  });

  test.each([
    { frontEnd: "mel", bands: 64, seconds: 4 },
    { frontEnd: "stft", bands: 128, seconds: 2 },
    { input: "icbhi-logmel" },
  ] as const)("is given back by what a saved model says of it: %j", (over) => {
    const made = testPathOf(recipeOf(over));
    const said = made.parameters === undefined ? undefined : JSON.parse(JSON.stringify(made.parameters));
    const again = testPathNamed(made.recipe, "11", said);
    expect(again.digest).toBe(made.digest);
    expect(again.maps(madeUp(3000), 8000)).toEqual(made.maps(madeUp(3000), 8000));
  });
});

describe("bad input", () => {
  const paths = {
    audio: glancegazeTestPath(shortInput),
    "a spectrum": glancegazeTestPath({ ...shortInput, frontEnd: "stft" }),
    "a copy": glancegazeTestPath(shortInput, 1.2),
    "stored maps": adaptedTestPath(),
  };
  const clips = {
    "one sample": Float32Array.of(0.5),
    "5 ms, less than a window": Float32Array.from({ length: 40 }, (_, i) => Math.sin(i)),
    "2 s of silence": new Float32Array(16_000),
    "2 s of a constant": new Float32Array(16_000).fill(0.25),
  };
  test.each(Object.entries(paths))("of %s: short and silent clips are finite, no samples are refused", (_, of) => {
    for (const [name, clip] of Object.entries(clips))
      expect(of.maps(clip, 8000)[0]!.data.every(Number.isFinite), name).toBe(true);
    expect(() => of.maps(new Float32Array(0), 8000)).toThrow("a clip of 0 samples has no map");
  });
});
