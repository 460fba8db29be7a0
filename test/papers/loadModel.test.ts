import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { leanCnn } from "../../src/nn/backbones/leanCnn.js";
import { initialiseWeights } from "../../src/nn/init/initialise.js";
import { loadModel } from "../../src/papers/loadModel.js";
import { type Preprocessing, preprocessingOf } from "../../src/papers/preprocessing.js";
import { saveModel } from "../../src/papers/savedModel.js";
import { testPathOf } from "../../src/papers/testPaths.js";
import { Streams } from "../../src/random/streams.js";
import { type TensorFlow, tf } from "../../src/tensorflow.js";

const labels = ["Normal", "Adventitious"];
const shape = { rows: 64, frames: 187, channels: 1 };
const rng = new Streams(1).stream("clip");
const clip = Float32Array.from({ length: 12_000 }, () => 0.1 * rng.normal());

describe("a saved model, loaded", () => {
  let folder: string;
  let logits: Float32Array;
  const copied = (name: string) => {
    const place = path.join(folder, name);
    cpSync(path.join(folder, "model"), place, { recursive: true });
    return place;
  };

  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), "auscult-load-model-"));
    const model = leanCnn(shape, 2, { filters: [2, 4], hidden: [8, 4] });
    initialiseWeights(model, new Streams(2));
    const recipe = testPathOf("supcon-sprs", "11");
    const inputShape = [shape.rows, shape.frames, shape.channels];
    saveModel(model, path.join(folder, "model"), preprocessingOf(recipe, { inputShape, task: "sprsound/11", labels }));
    logits = tf.tidy(() => {
      const input = tf.tensor(recipe.maps(clip, 8000)[0]!.data, [1, 64, 187, 1]);
      return (model.predict(input) as TensorFlow.Tensor).dataSync() as Float32Array;
    });
    model.dispose();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("gives the softmax of the logits that the model gave before it was saved", async () => {
    const before = tf.memory().numTensors;
    const model = await loadModel(path.join(folder, "model"));
    expect(model.preprocessing.labels).toEqual(labels);
    const [answer, ...more] = model.classify(clip, 8000);
    const [a, b] = [...logits].map(Math.exp) as [number, number];
    expect(more).toEqual([]);
    expect(answer![0]).toBeCloseTo(a / (a + b), 6);
    expect(answer![1]).toBeCloseTo(b / (a + b), 6);
    expect([model.labelOf([answer!]), model.labelOf([Float32Array.of(0.9, 0.1), Float32Array.of(0, 1)])]).toEqual([
      a > b ? 0 : 1,
      1,
    ]);
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test("of windows takes a recording's windows, and labels it by the rule of two in a row", async () => {
    const windowed = path.join(folder, "windows");
    const names = ["Normal", "Poor Quality", "CAS", "DAS", "CAS & DAS"];
    const network = leanCnn(shape, names.length, { filters: [2, 4], hidden: [8, 4] });
    initialiseWeights(network, new Streams(3));
    const recipe = testPathOf("supcon-sprs", "22-windows");
    const inputShape = [shape.rows, shape.frames, shape.channels];
    saveModel(network, windowed, preprocessingOf(recipe, { inputShape, task: "sprsound/22-windows", labels: names }));
    network.dispose();
    const model = await loadModel(windowed);
    const recording = Float32Array.from({ length: 73_728 }, () => 0.1 * rng.normal());
    // 9.216 s hold 7 windows; the fourth begins at 3 s.
    const answers = model.classify(recording, 8000);
    expect(answers).toHaveLength(7);
    const alone = testPathOf("supcon-sprs", "11").maps(recording.slice(24_000, 48_000), 8000)[0]!;
    expect(model.path.maps(recording, 8000)[3]!.data).toEqual(alone.data);
    expect(model.classify(recording.slice(0, 2432), 8000)).toHaveLength(1);
    const decided = (...windows: number[]) =>
      names[model.labelOf(windows.map((label) => Float32Array.from(names, (_, i) => (i === label ? 0.9 : 0.01))))];
    expect([decided(0, 2, 0, 2), decided(2, 4, 0), decided(4, 4), decided(1, 1), decided(1, 3)]).toEqual([
      ...["Normal", "CAS", "CAS & DAS", "Poor Quality", "Poor Quality"],
    ]);
    model.dispose();
  });

  test("answers many maps as each alone, wherever it stands", async () => {
    const model = await loadModel(path.join(folder, "model"));
    const [map] = model.path.maps(clip, 8000);
    const others = Array.from({ length: 10 }, (_, i) => map!.data.map((value) => value * Math.sin(i + 1)));
    const [alone] = model.classifyMaps([map!.data]);
    for (let place = 0; place <= others.length; place++) {
      const maps = [...others.slice(0, place), map!.data, ...others.slice(place)];
      const answers = model.classifyMaps(maps);
      expect(answers).toHaveLength(11);
      expect(answers[place]![0]).toBeCloseTo(alone![0]!, 6);
    }
    model.dispose();
  });

  test("a folder without one is refused by what is missing", async () => {
    await expect(loadModel(folder)).rejects.toThrow(
      `${folder} holds no model: there is no model.json, no weights.safetensors, no preprocessing.json`,
    );
    const place = copied("cut");
    rmSync(path.join(place, "weights.safetensors"));
    expect(readdirSync(place)).toHaveLength(2);
    await expect(loadModel(place)).rejects.toThrow("there is no weights.safetensors");
  });

  test.each([
    ["{", "preprocessing.json cannot be read as JSON"],
    ["null", "preprocessing.json: recipe, task, digest, inputShape, labels missing; expected what a run saved"],
    ['{"recipe":"supcon-sprs","digest":"","labels":[]}', "preprocessing.json: task, inputShape missing"],
  ])("one whose preprocessing is %s is refused", async (text, message) => {
    const place = copied("damaged");
    writeFileSync(path.join(place, "preprocessing.json"), text);
    const refused = loadModel(place);
    await expect(refused).rejects.toThrow(message);
    await expect(refused).rejects.toMatchObject({ name: "UserError" });
  });

  test("one whose inputs would be made otherwise is refused", async () => {
    const place = copied("other");
    const file = path.join(place, "preprocessing.json");
    const preprocessing = JSON.parse(readFileSync(file, "utf8")) as Preprocessing;
    writeFileSync(file, JSON.stringify({ ...preprocessing, digest: "0".repeat(32) }));
    await expect(loadModel(place)).rejects.toThrow(
      "trained on inputs that this version of supcon-sprs computes otherwise",
    );
  });
});
