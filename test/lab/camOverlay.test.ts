import { expect, test } from "vitest";
import { decodeWav } from "../../src/audio/wav.js";
import { camFigure, camOverlayForms } from "../../src/lab/camOverlay.js";
import { Conv2d } from "../../src/nn/layers/conv2d.js";
import { Linear } from "../../src/nn/layers/linear.js";
import { Relu } from "../../src/nn/layers/relu.js";
import { BASELINE_INPUT } from "../../src/papers/baseline/frontEnd.js";
import { preprocessingOf } from "../../src/papers/preprocessing.js";
import { testPathOf } from "../../src/papers/testPaths.js";
import { Streams } from "../../src/random/streams.js";
import { type TensorFlow, tf } from "../../src/tensorflow.js";
import { expectWellFormed } from "../figures/wellFormed.js";

type Symbolic = TensorFlow.SymbolicTensor;

/** What is bright in blocks of 16 x 16 speaks for the first label, what is dark for the second. */
function brightness(recipe: string, inputShape: readonly [number, number, number]) {
  const inputs = tf.input({ shape: [...inputShape] });
  const pooled = tf.layers.averagePooling2d({ poolSize: 16, strides: 16 }).apply(inputs) as Symbolic;
  const both = new Conv2d({ filters: 2, kernelSize: 1, name: "both" }).apply(pooled) as Symbolic;
  const map = new Relu({ name: "map" }).apply(both) as Symbolic;
  const sums = tf.layers.globalAveragePooling2d({ name: "pool" }).apply(map) as Symbolic;
  const outputs = new Linear({ units: 2, bias: false, name: "fc" }).apply(sums) as Symbolic;
  const network = tf.model({ inputs, outputs });
  const channels = inputShape[2];
  const signs = Array.from({ length: channels }, () => [1 / channels, -1 / channels]).flat();
  network.getLayer("both").setWeights([tf.tensor4d(signs, [1, 1, channels, 2])]);
  network.getLayer("fc").setWeights([tf.tensor2d([1, 0, 0, 1], [2, 2])]);
  const path = testPathOf(recipe);
  const labels = ["Bright <1>", "Dark"];
  return { network, path, preprocessing: preprocessingOf(path, { inputShape, task: "icbhi/4", labels }) };
}

/** A quiet noise, and a tone in its last quarter. */
function clip(seconds: number, toneHz: number) {
  const noise = new Streams(2).stream("noise");
  const samples = Float32Array.from({ length: seconds * 4000 }, (_, i) => {
    const tone = i >= 3000 * seconds ? 0.5 * Math.sin((2 * Math.PI * toneHz * i) / 4000) : 0;
    return tone + 0.02 * noise.normal();
  });
  return { samples, sampleRateHz: 4000 };
}

const respirenet = brightness("respirenet", [192, 657, 3]);

/** Of the weights drawn, and of the map beneath them: shares of the width and height, from the left and from below. */
function places(figure: ReturnType<typeof camFigure>) {
  return figure.plotly().data.map((trace) => {
    const z = trace.z as number[][];
    const best = Math.max(...z.flat());
    const row = z.findIndex((values) => values.includes(best));
    return { time: (z[row]!.indexOf(best) + 0.5) / z[row]!.length, height: (row + 0.5) / z.length };
  });
}

test.each([
  ["a picture with its highest frequency at the top", respirenet, 300, 1600],
  ["a map with its lowest frequency first", brightness("baseline", BASELINE_INPUT), 300, 1600],
])("a low tone has its weights low, a high tone high, over where each is seen: %s", (_, model, low, high) => {
  const seconds = model === respirenet ? 7 : 4;
  const [lowMap, lowWeights] = places(camFigure(model, clip(seconds, low), { layer: "map", label: "Bright <1>" }));
  const [highMap, highWeights] = places(camFigure(model, clip(seconds, high), { layer: "map", label: "Bright <1>" }));
  for (const place of [lowMap!, lowWeights!]) expect(place.height).toBeLessThan(0.4);
  for (const place of [highMap!, highWeights!]) expect(place.height).toBeGreaterThan(0.6);
  for (const place of [lowMap!, lowWeights!, highMap!, highWeights!]) expect(place.time).toBeGreaterThan(0.7);
});

test("one output holds the overlay, the sound's own picture and a player with the whole sound", () => {
  const sound = clip(12, 300);
  const before = tf.memory().numTensors;
  const forms = camOverlayForms(respirenet, sound, { layer: "map", part: 1, note: "made-up sounds" });
  expect(tf.memory().numTensors).toBe(before);
  expect(Object.keys(forms)).toEqual(["text/html", "image/svg+xml", "text/plain"]);
  const svg = forms["image/svg+xml"]!;
  expectWellFormed(svg);
  for (const words of [
    "Grad-CAM++ for Bright &#60;1&#62;",
    "made-up sounds; the predicted label; at map; part 2 of 3 of the clip",
    "mean of 3 channels over time and row of the picture, from below",
  ])
    expect(svg).toContain(words);
  const html = forms["text/html"]!;
  expect(html).toContain("Grad-CAM++ for Bright");
  expect(html).not.toContain("<1>");
  expect(html).toContain("frequency (Hz)");
  const base64 = /src="data:audio\/wav;base64,([^"]*)"/.exec(html)![1]!;
  expect(decodeWav(Buffer.from(base64, "base64"), "the player's sound").samples.length).toBe(48_000);
  expect(forms["text/plain"]).toBe("Grad-CAM++ for Bright <1>");
});

test("time is the input's own: 7 s of three times 219 frames", () => {
  const [map] = camFigure(respirenet, clip(7, 300), { layer: "map" }).plotly().data;
  const frames = (map!.z as number[][])[0]!.length;
  // 657 frames of a third of 128 samples, drawn in blocks of two.
  expect(frames).toBe(329);
  expect(map!.dx).toBeCloseTo((2 * 128) / 3 / 4000, 6);
});

test("a label or a part that there is not is refused", () => {
  const show = (more: object) => camFigure(respirenet, clip(7, 300), { layer: "map", ...more });
  expect(() => show({ label: "wheeze" })).toThrow('no label "wheeze"; it has Bright <1>, Dark');
  expect(() => show({ part: 1 })).toThrow("there is no part 1: the recipe makes 1 of the clip, from 0");
  expect(() => show({ layer: "fc" })).toThrow('layer "fc" gives [batch, 2], no map');
});
