import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { encodeWav } from "../../src/audio/encodeWav.js";
import { decodeWav } from "../../src/audio/wav.js";
import { loadModel } from "../../src/papers/loadModel.js";
import { preprocessingOf } from "../../src/papers/preprocessing.js";
import { saveModel } from "../../src/papers/savedModel.js";
import type { TestTask } from "../../src/papers/testPathMakers.js";
import { testPathOf } from "../../src/papers/testPaths.js";
import { tf } from "../../src/tensorflow.js";
import { denseLogits, madeClip } from "./madeModel.js";
import { loadedModel } from "./nodeModel.js";

test("logits are the dense layer's by its formula, probabilities the softmax of them divided by the temperature", async () => {
  const calibration = { temperature: 2.5, errorBefore: 0.2, errorAfter: 0.1, role: "select" };
  const { made, model } = await loadedModel({ calibration });
  const clip = madeClip(1);
  const answer = await model.classify(clip, 8000);
  const logits = denseLogits(made, testPathOf("supcon-sprs", "11").maps(clip, 8000)[0]!.data);
  expect(answer.maps).toHaveLength(1);
  const [a, b] = answer.maps[0]!.logits;
  expect(a).toBeCloseTo(logits[0]!, 5);
  expect(b).toBeCloseTo(logits[1]!, 5);
  expect(Math.abs(logits[0]! - logits[1]!)).toBeGreaterThan(0.01);
  const shown = 1 / (1 + Math.exp((logits[1]! - logits[0]!) / 2.5));
  expect(answer.probabilities[0]).toBeCloseTo(shown, 6);
  expect(answer.probabilities[0]! + answer.probabilities[1]!).toBeCloseTo(1, 12);
  expect([answer.calibrated, model.calibrated, answer.silent]).toEqual([true, true, false]);
  expect(answer.label).toBe(logits[0]! > logits[1]! ? "Normal" : "Adventitious");
  await model.close();
});

test("without a calibration probabilities are the network's, and it is said", async () => {
  const { made, model } = await loadedModel();
  const answer = await model.classify(madeClip(2), 8000);
  const logits = denseLogits(made, testPathOf("supcon-sprs", "11").maps(madeClip(2), 8000)[0]!.data);
  expect(answer.probabilities[0]).toBeCloseTo(1 / (1 + Math.exp(logits[1]! - logits[0]!)), 6);
  expect([answer.calibrated, model.calibrated]).toEqual([false, false]);
  await model.close();
});

const CYCLES = ["normal", "crackle", "wheeze", "both"];
const WINDOWS = ["Normal", "Poor Quality", "CAS", "DAS", "CAS & DAS"];
test.each([
  ["supcon-sprs", "sprsound/22-windows", WINDOWS, [64, 187, 1], 9.3],
  ["respirenet", "icbhi/4-class", CYCLES, [192, 657, 3], 16],
  ["glancegaze", "icbhi/4-class", CYCLES, [128, 345, 1], 3],
])(
  "%s for %s: logits, probabilities and label are those of the engine's model with the same weights",
  async (recipe, task, labels, shape, seconds) => {
    // biome-ignore format: one line
    const { made, model } = await loadedModel({ recipe, task, labels, shape });
    const size = shape.reduce((a, b) => a * b);
    const network = tf.sequential({
      layers: [tf.layers.flatten({ inputShape: [...shape] }), tf.layers.dense({ units: labels.length })],
    });
    network.setWeights([tf.tensor(made.kernel, [size, labels.length]), tf.tensor(made.bias)]);
    const folder = mkdtempSync(path.join(tmpdir(), "auscult-inference-"));
    const own = testPathOf(recipe, task.slice(task.indexOf("/") + 1) as TestTask);
    saveModel(network, folder, preprocessingOf(own, { inputShape: shape, task, labels }));
    network.dispose();
    const native = await loadModel(folder);
    for (const index of [1, 2, 3]) {
      const clip = madeClip(index, seconds, 4000);
      const wanted = native.classify(clip, 4000);
      const answer = await model.classify(clip, 4000);
      expect(answer.maps).toHaveLength(wanted.length);
      for (const [i, { probabilities }] of answer.maps.entries())
        for (const [label, value] of probabilities.entries()) expect(value).toBeCloseTo(wanted[i]![label]!, 5);
      expect(answer.labelIndex).toBe(native.labelOf(wanted));
      expect(answer.label).toBe(labels[answer.labelIndex]);
      const mean = wanted.reduce((sum, row) => sum + row[0]!, 0) / wanted.length;
      expect(answer.probabilities[0]).toBeCloseTo(mean, 5);
    }
    native.dispose();
    await model.close();
    rmSync(folder, { recursive: true });
  },
);

test("any rate and width: a WAV of 24 bits at 44.1 kHz gives what its samples give", async () => {
  const { made, model } = await loadedModel();
  const clip = madeClip(4, 1.3, 44_100);
  const { samples } = decodeWav(encodeWav(clip, 44_100, 24), "made.wav");
  const answer = await model.classify(samples, 44_100);
  const logits = denseLogits(made, testPathOf("supcon-sprs", "11").maps(samples, 44_100)[0]!.data);
  expect(answer.maps[0]!.logits[0]).toBeCloseTo(logits[0]!, 5);
  expect(answer.seconds).toBeCloseTo(1.3, 6);
  await model.close();
});

test("ten minutes: the middle minute stands for them, as in predict; one sample and silence have answers", async () => {
  const { model } = await loadedModel();
  const long = madeClip(3, 600);
  const whole = await model.classify(long, 8000);
  const middle = await model.classify(long.slice(270 * 8000, 330 * 8000), 8000);
  expect(whole.maps[0]!.logits).toEqual(middle.maps[0]!.logits);
  expect([whole.givenSeconds, whole.seconds]).toEqual([600, 60]);
  const quiet = await model.classify(new Float32Array(8000).fill(0.1), 8000);
  expect([quiet.silent, quiet.probabilities.every(Number.isFinite)]).toEqual([true, true]);
  const tiny = await model.classify(Float32Array.of(0.5), 8000);
  expect([tiny.silent, tiny.probabilities.every(Number.isFinite)]).toEqual([true, true]);
  await model.close();
});

test("what is no clip is refused", async () => {
  const { model } = await loadedModel();
  await expect(model.classify(new Float32Array(0), 8000)).rejects.toThrow("a clip of 0 samples has no map");
  await expect(model.classify(Float32Array.of(1, Number.NaN), 8000)).rejects.toThrow("sample 1 is NaN");
  await expect(model.classify(new Float32Array(9), 12)).rejects.toThrow("a sample rate of 12 Hz");
  await expect(model.logits([new Float32Array(9)])).rejects.toThrow("a map has 9 values; the model takes 64 x 187 x 1 = 11968"); // biome-ignore format: one line
  await model.close();
});
