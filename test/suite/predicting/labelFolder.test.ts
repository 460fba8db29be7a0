import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { encodeWav } from "../../../src/audio/encodeWav.js";
import { loadModel } from "../../../src/papers/loadModel.js";
import { preprocessingOf } from "../../../src/papers/preprocessing.js";
import { saveModel } from "../../../src/papers/savedModel.js";
import { testPathOf } from "../../../src/papers/testPaths.js";
import { challengeJson } from "../../../src/suite/predicting/challengeFile.js";
import { labelFolder } from "../../../src/suite/predicting/labelFolder.js";
import { PartialLabels } from "../../../src/suite/predicting/partialLabels.js";
import { type TensorFlow, tf } from "../../../src/tensorflow.js";
import { madeClip } from "../../inference/madeModel.js";

const root = mkdtempSync(path.join(tmpdir(), "auscult-predict-"));
const model = path.join(root, "model");
const LABELS = ["Normal", "Rhonchi", "Wheeze", "Stridor", "Coarse Crackle", "Fine Crackle", "Wheeze & Crackle"];

function wavs(name: string, files: Record<string, Uint8Array | string>): string {
  const folder = path.join(root, name);
  mkdirSync(folder, { recursive: true });
  for (const [file, bytes] of Object.entries(files)) writeFileSync(path.join(folder, file), bytes);
  return folder;
}

const wav = (index: number, seconds?: number, rateHz = 8000) => encodeWav(madeClip(index, seconds, rateHz), rateHz);
const labelsIn = (file: string) => JSON.parse(readFileSync(file, "utf8")) as Record<string, string>;
const out = (name: string) => path.join(root, `${name}.json`);

/** Interleaved channels of 32-bit floating point. */
function floatWav(channels: readonly Float32Array[], rateHz: number): Uint8Array {
  const frames = channels[0]!.length;
  const bytes = Buffer.alloc(44 + 4 * frames * channels.length);
  bytes.set(encodeWav(new Float32Array(1), rateHz).subarray(0, 44));
  bytes.writeUInt32LE(bytes.length - 8, 4);
  bytes.writeUInt16LE(3, 20);
  bytes.writeUInt16LE(channels.length, 22);
  bytes.writeUInt32LE(4 * channels.length * rateHz, 28);
  bytes.writeUInt16LE(4 * channels.length, 32);
  bytes.writeUInt16LE(32, 34);
  bytes.writeUInt32LE(bytes.length - 44, 40);
  for (let i = 0; i < frames; i++)
    channels.forEach((channel, c) => {
      bytes.writeFloatLE(channel[i]!, 44 + 4 * (i * channels.length + c));
    });
  return bytes;
}

beforeAll(() => {
  // One layer of random weights, with biases that make the labels of clips differ.
  const network = tf.sequential({
    layers: [
      tf.layers.flatten({ inputShape: [64, 187, 1] }),
      tf.layers.dense({ units: LABELS.length, kernelInitializer: tf.initializers.randomNormal({ seed: 3 }) }),
    ],
  });
  const inputShape = [64, 187, 1];
  const recipe = testPathOf("supcon-sprs", "12");
  const maps = Array.from({ length: 19 }, (_, i) => recipe.maps(madeClip(i), 8000)[0]!.data);
  tf.tidy(() => {
    const answers = network.predict(
      tf.concat(maps.map((map) => tf.tensor(map, [1, ...inputShape]))),
    ) as TensorFlow.Tensor;
    const [kernel] = network.getWeights();
    network.setWeights([kernel!, answers.mean(0).neg()]);
  });
  saveModel(network, model, preprocessingOf(recipe, { inputShape, task: "sprsound/12", labels: LABELS }));
  network.dispose();
});

describe("labels of a folder", () => {
  it("are what the model says of each file alone, whatever else is in the folder", async () => {
    const files = Object.fromEntries(Array.from({ length: 19 }, (_, i) => [`clip ${i}.wav`, wav(i)]));
    const folder = wavs("many", files);
    const tensors = tf.memory().numTensors;
    const done = await labelFolder({ model, wavs: folder, out: out("many"), task: "12" });
    expect(tf.memory().numTensors).toBe(tensors);
    const labels = labelsIn(out("many"));
    expect(Object.keys(labels)).toEqual(Object.keys(files).sort());
    const loaded = await loadModel(model);
    for (let i = 0; i < 19; i++) {
      const samples = madeClip(i).map((value) => Math.round(value * 32768) / 32768);
      const [answer] = loaded.classify(samples, 8000);
      expect(labels[`clip ${i}.wav`]).toBe(LABELS[answer!.indexOf(Math.max(...answer!))]);
    }
    loaded.dispose();
    expect(new Set(Object.values(labels)).size).toBeGreaterThan(1);
    const { mean, median, p95 } = done.secondsPerFile;
    expect([done.files, done.skipped, done.resumed, done.notes, mean > 0 && median > 0 && p95 >= median]).toEqual([
      19,
      0,
      0,
      [],
      true,
    ]);
    expect(done.seconds).toBeCloseTo(done.startSeconds + done.checkSeconds + 19 * mean, 9);
    expect(Object.values(done.byLabel).reduce((a, b) => a + b)).toBe(19);
    expect(existsSync(`${out("many")}.partial`)).toBe(false);
  });

  it("of other rates, channels and codings, of short, long and silent files", async () => {
    const [left, right] = [madeClip(1), madeClip(2)];
    const mean = left.map((value, i) => (value + right[i]!) / 2);
    const long = madeClip(4, 200);
    const folder = wavs("kinds", {
      "fast.WAV": wav(0, 1.3, 44_100),
      "short.wav": wav(3, 0.3),
      "silent.wav": encodeWav(new Float32Array(8000), 8000),
      "stereo.wav": floatWav([left, right], 8000),
      "mono.wav": floatWav([mean], 8000),
      "cut.wav": wav(6).subarray(0, 9001),
      "long.wav": encodeWav(long, 8000),
      "longMiddle.wav": encodeWav(long.subarray(70 * 8000, 130 * 8000), 8000),
      "Sägezahn 呼吸.wav": wav(5),
      "notes.txt": "",
      ".hidden.wav": "",
    });
    mkdirSync(path.join(folder, "deeper.wav"), { recursive: true });
    symlinkSync(path.join(folder, "short.wav"), path.join(folder, "link.wav"));
    const done = await labelFolder({ model, wavs: folder, out: out("kinds") });
    const labels = labelsIn(out("kinds"));
    expect([done.files, done.ignored]).toEqual([10, { folders: 1, hidden: 1, otherEndings: 1 }]);
    expect(labels["link.wav"]).toBe(labels["short.wav"]);
    expect(labels["stereo.wav"]).toBe(labels["mono.wav"]);
    expect(labels["long.wav"]).toBe(labels["longMiddle.wav"]);
    expect(LABELS).toContain(labels["Sägezahn 呼吸.wav"]);
    const said = Object.fromEntries(done.notes.map(({ what, examples }) => [examples.join(" "), what]));
    expect(said["fast.WAV"]).toBe("resampled from 44100 Hz to 8000 Hz");
    expect(said["stereo.wav"]).toBe("2 channels; their mean is taken");
    expect(said["long.wav"]).toBe("longer than 60 s; its centre 60 s stand for it");
    expect(said["silent.wav"]).toBe("silent: all samples are equal");
    expect(done.notes.filter(({ examples }) => examples.includes("cut.wav"))).toHaveLength(2);
    expect(done.notes).toHaveLength(6);
  });

  it("stand in the file as Python writes them", () => {
    const entries = [
      ['a "b" \\ \u0007.wav', "Wheeze & Crackle"],
      ["ä 呼吸.wav", "Normal"],
    ] as const;
    const program =
      "import json, sys; print(json.dumps(dict(json.load(sys.stdin)), ensure_ascii=False, indent=4), end='')";
    const env = { ...process.env, PYTHONIOENCODING: "utf8" };
    const python = execFileSync("python3", ["-c", program], { input: JSON.stringify(entries), encoding: "utf8", env });
    expect(challengeJson(entries)).toBe(python);
  });
});

describe("an interrupted command", () => {
  it("goes on where it stopped, with files that changed done anew, and ends with the same file", async () => {
    const folder = wavs("stopped", Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`${i}.wav`, wav(i)])));
    await labelFolder({ model, wavs: folder, out: out("whole") });
    const stop = new AbortController();
    const place = out("stopped");
    const options = { model, wavs: folder, out: place };
    const stopped = labelFolder({
      ...options,
      signal: stop.signal,
      onProgress: ({ phase, detail }) => {
        if (phase === "classifying" && detail === "12 of 20 files") stop.abort();
      },
    });
    await expect(stopped).rejects.toThrow("stopped after 12 of 20 files");
    expect(existsSync(place)).toBe(false);
    // A write that a loss of power cut off.
    appendFileSync(`${place}.partial`, "\n0123456789ab [");
    utimesSync(path.join(folder, "0.wav"), 1e9, 1e9);
    const said: string[] = [];
    const done = await labelFolder({ ...options, warn: (message) => said.push(message) });
    expect([done.files, done.resumed]).toEqual([20, 11]);
    expect(said).toEqual(["11 of 20 files have their label from before; going on with the others"]);
    expect(readFileSync(place)).toEqual(readFileSync(out("whole")));
  });

  it("begins anew with another model, and says so", async () => {
    const folder = wavs("anew", { "a.wav": wav(1) });
    const header = { bytes: 1, modifiedMs: 1 } as never;
    new PartialLabels(out("anew"), "another").add([
      { file: path.join(folder, "a.wav"), clip: header, label: 0, seconds: 1, silent: false },
    ]);
    const said: string[] = [];
    const done = await labelFolder({ model, wavs: folder, out: out("anew"), warn: (message) => said.push(message) });
    expect([done.resumed, said]).toEqual([0, [`${out("anew")}.partial held labels of another model; begun anew`]]);
  });
});

describe("what cannot be classified", () => {
  const nan = madeClip(1);
  nan[777] = Number.NaN;
  const bad: Record<string, Uint8Array | string> = {
    "empty.wav": "",
    "text.wav": "not a sound",
    "noSamples.wav": wav(0).subarray(0, 44),
    "inHeader.wav": wav(0).subarray(0, 20),
    "nan.wav": floatWav([nan], 8000),
    "slow.wav": encodeWav(madeClip(1), 5),
  };

  it("refuses all before anything is classified, naming the first and counting the rest", async () => {
    const folder = wavs("bad", { ...bad, "good.wav": wav(1) });
    symlinkSync(path.join(folder, "nowhere"), path.join(folder, "link.wav"));
    const refused = labelFolder({ model, wavs: folder, out: out("bad") });
    await expect(refused).rejects.toThrow(/^7 of 8 WAV files in .* cannot be classified, so nothing was; --skip-bad/);
    await expect(refused).rejects.toThrow(/\n {2}empty\.wav: the file is empty[\s\S]*\n {2}and 2 more$/);
    await expect(refused).rejects.toThrow("link.wav: is missing, or a symbolic link that leads nowhere");
    await expect(refused).rejects.toThrow("nan.wav: sample 777 is NaN");
    expect([existsSync(out("bad")), existsSync(`${out("bad")}.partial`)]).toEqual([false, false]);
  });

  it("is left out, counted and named on request", async () => {
    const done = await labelFolder({ model, wavs: path.join(root, "bad"), out: out("bad"), skipBad: true });
    expect([done.files, done.skipped, done.bad.map(({ name }) => name)]).toEqual([
      1,
      7,
      [...Object.keys(bad), "link.wav"].sort(),
    ]);
    expect(done.bad.find(({ name }) => name === "slow.wav")!.what).toContain("a sample rate of 5 Hz");
    expect(Object.keys(labelsIn(out("bad")))).toEqual(["good.wav"]);
  });

  it.runIf(process.getuid?.() !== 0)("a file that may not be read", async () => {
    const folder = wavs("closed", { "a.wav": wav(1) });
    chmodSync(path.join(folder, "a.wav"), 0);
    await expect(labelFolder({ model, wavs: folder, out: out("closed") })).rejects.toThrow("may not be read");
  });

  it("a name that is not UTF-8", async () => {
    const folder = wavs("names", { "a.wav": wav(1) });
    copyFileSync(
      path.join(folder, "a.wav"),
      Buffer.concat([Buffer.from(`${folder}/b`), Buffer.of(0xe4), Buffer.from(".wav")]),
    );
    await expect(labelFolder({ model, wavs: folder, out: out("names") })).rejects.toThrow("its name is not UTF-8");
  });

  it("a folder, a task, a model and an output that cannot be", async () => {
    const folder = wavs("good", { "a.wav": wav(1) });
    const nothing = wavs("nothing", { "a.mp3": "" });
    mkdirSync(path.join(nothing, "below"), { recursive: true });
    const given = { model, wavs: folder, out: out("never") };
    for (const [wrong, message] of [
      [{ wavs: path.join(root, "absent") }, "there is no such folder"],
      [{ wavs: path.join(folder, "a.wav") }, "is a file where a folder was expected"],
      [{ wavs: nothing }, "has no file that ends with .wav: it holds a.mp3, below; sub-folders are not looked into"],
      [{ task: "21" }, "--task 21: the model is for task 12 of sprsound"],
      [{ model: root }, "holds no model"],
      [{ out: folder }, "is a folder"],
      [{ out: path.join(folder, "a.wav") }, "must not end with .wav"],
      [{ out: path.join(folder, "a.wav", "b.json") }, "is no folder"],
    ] as const) {
      await expect(labelFolder({ ...given, ...wrong })).rejects.toThrow(message);
    }
    rmSync(folder, { recursive: true });
  });
});
