import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { encodeWav } from "../../src/audio/encodeWav.js";
import { projectRoot } from "../../src/node/paths.js";
import { preprocessingOf } from "../../src/papers/preprocessing.js";
import { saveModel } from "../../src/papers/savedModel.js";
import { testPathOf } from "../../src/papers/testPaths.js";
import { labelFolder } from "../../src/suite/predicting/labelFolder.js";
import { tf } from "../../src/tensorflow.js";
import { type MadeModel, madeClip, madeModel } from "./madeModel.js";

const root = mkdtempSync(path.join(tmpdir(), "auscult-predict-exported-"));
const at = (...parts: string[]) => path.join(root, ...parts);
const LABELS = ["Normal", "Rhonchi", "Wheeze", "Stridor", "Coarse Crackle", "Fine Crackle", "Wheeze & Crackle"];
const SHAPE = [64, 187, 1];

/** Writes an exported folder of one dense layer, and the same layer as a run leaves it. */
async function writeModels(): Promise<MadeModel> {
  const made = await madeModel({ task: "sprsound/12", labels: LABELS });
  mkdirSync(at("exported", "onnx"), { recursive: true });
  writeFileSync(at("exported", "manifest.json"), JSON.stringify(made.manifest));
  writeFileSync(at("exported", "onnx", "model.onnx"), made.files.get("onnx/model.onnx")!);
  const layers = [tf.layers.flatten({ inputShape: SHAPE }), tf.layers.dense({ units: LABELS.length })];
  const network = tf.sequential({ layers });
  network.setWeights([tf.tensor(made.kernel, [64 * 187, LABELS.length]), tf.tensor(made.bias)]);
  const about = { inputShape: SHAPE, task: "sprsound/12", labels: LABELS };
  saveModel(network, at("saved"), preprocessingOf(testPathOf("supcon-sprs", "12"), about));
  network.dispose();
  return made;
}

/** Writes at its end which of the libraries that matter the process has loaded. */
const WATCH = `process.on("exit", () => {
  const loaded = process.report.getReport().sharedObjects.map((file) => require("node:path").basename(file));
  require("node:fs").writeFileSync(process.env.LOADED, JSON.stringify(loaded.filter((name) => /tensorflow|onnxruntime/.test(name))));
});`;

/** `node ARGS` in a process of its own, and what it loaded. */
function watched(args: readonly string[]): { code: number | null; stdout: string; stderr: string; loaded: string } {
  const env = { ...process.env, LOADED: at("loaded.json"), NODE_OPTIONS: `--require ${at("watch.cjs")}` };
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8", env, cwd: projectRoot() });
  return { code: status, stdout, stderr, loaded: readFileSync(at("loaded.json"), "utf8") };
}

describe("labels of a folder by an exported model", () => {
  const wavs = at("wavs");

  beforeAll(async () => {
    await writeModels();
    mkdirSync(wavs);
    for (let i = 0; i < 13; i++) writeFileSync(path.join(wavs, `${i}.wav`), encodeWav(madeClip(i), 8000));
    writeFileSync(path.join(wavs, "silent.wav"), encodeWav(new Float32Array(8000), 8000));
    writeFileSync(path.join(wavs, "fast.wav"), encodeWav(madeClip(3, 0.4, 44_100), 44_100, 24));
    writeFileSync(at("watch.cjs"), WATCH);
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  test("are those of the model that was exported", async () => {
    const saved = await labelFolder({ model: at("saved"), wavs, out: at("saved.json") });
    const exported = await labelFolder({ model: at("exported"), wavs, out: at("exported.json"), task: "12" });
    expect(readFileSync(at("exported.json"), "utf8")).toBe(readFileSync(at("saved.json"), "utf8"));
    expect(new Set(Object.values(JSON.parse(readFileSync(at("saved.json"), "utf8")))).size).toBeGreaterThan(1);
    expect([exported.files, exported.byLabel, exported.notes]).toEqual([15, saved.byLabel, saved.notes]);
    expect(exported.notes.map(({ what }) => what)).toContain("silent: all samples are equal");
    expect(exported.model).not.toBe(saved.model);
  });

  test("from the command line, without the engine", () => {
    const script = path.join(projectRoot(), "scripts", "auscult.mjs");
    const { code, stdout, stderr, loaded } = watched([script, "predict", "--model", at("exported"), "--task", "12", "--json", wavs, at("cli.json")]); // biome-ignore format: one line
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ files: 15, skipped: 0, task: "sprsound/12" });
    expect(loaded).toContain("onnxruntime");
    expect(loaded).not.toContain("tensorflow");
    expect(readFileSync(at("cli.json"), "utf8")).toBe(readFileSync(at("saved.json"), "utf8"));
    // The watch sees the engine where there is one.
    const engine = `import(${JSON.stringify(path.join(projectRoot(), "node_modules/tsx/dist/esm/api/index.mjs"))}).then(({ register }) => { register(); return import(${JSON.stringify(path.join(projectRoot(), "src/tensorflow.ts"))}); })`; // biome-ignore format: one line
    expect(watched(["-e", engine]).loaded).toContain("tensorflow");
  });

  test("bad files refuse all, or are left out and named", async () => {
    writeFileSync(path.join(wavs, "bad.wav"), "no sound");
    const asked = { model: at("exported"), wavs, out: at("bad.json") };
    await expect(labelFolder(asked)).rejects.toThrow("1 of 16 WAV files");
    const done = await labelFolder({ ...asked, skipBad: true });
    expect([done.files, done.skipped, done.bad[0]!.name]).toEqual([15, 1, "bad.wav"]);
    rmSync(path.join(wavs, "bad.wav"));
  });

  test("a task, a precision and an altered network that cannot be", async () => {
    const asked = { model: at("exported"), wavs, out: at("never.json") };
    await expect(labelFolder({ ...asked, task: "21" })).rejects.toThrow("--task 21: the model is for task 12 of sprsound"); // biome-ignore format: one line
    await expect(labelFolder({ ...asked, precision: "int8" })).rejects.toThrow("has no ONNX network in int8");
    await expect(labelFolder({ ...asked, model: at("saved"), precision: "int8" })).rejects.toThrow("is no exported model; `auscult export` makes one in both precisions"); // biome-ignore format: one line
    writeFileSync(at("exported", "onnx", "model.onnx"), "");
    await expect(labelFolder(asked)).rejects.toThrow("onnx/model.onnx has 0 bytes where");
    rmSync(at("exported", "onnx", "model.onnx"));
    await expect(labelFolder(asked)).rejects.toThrow("onnx/model.onnx is missing");
  });
});
