import { expect, test } from "vitest";
import { decodeWav } from "../../src/audio/wav.js";
import { axisAttentionFigure, axisAttentionForms, stageAttention } from "../../src/lab/axisAttention.js";
import { initialiseWeights } from "../../src/nn/init/initialise.js";
import { adaptedTestPath } from "../../src/papers/glancegaze/adapter.js";
import { glancegazeTestPath } from "../../src/papers/glancegaze/frontEnd.js";
import { glancegazeNetwork } from "../../src/papers/glancegaze/network.js";
import type { GlancegazeOptions } from "../../src/papers/glancegaze/networkOptions.js";
import { Streams } from "../../src/random/streams.js";
import { type TensorFlow, tf } from "../../src/tensorflow.js";
import { expectWellFormed } from "../figures/wellFormed.js";

/** 18 rows, and 44 frames of a second: neither halves twice without a rest. */
const path = glancegazeTestPath({ frontEnd: "mel", bands: 18, seconds: 1 });
const inputShape = [18, 44, 1] as const;

function initialised(options: Partial<GlancegazeOptions> = {}): TensorFlow.LayersModel {
  const network = glancegazeNetwork({ inputShape, outputs: 4, ...options });
  initialiseWeights(network, new Streams(3));
  return network;
}

/** A quiet noise of 1 s, and a tone from 0.5 to 0.75 s. */
function clip(toneHz: number) {
  const noise = new Streams(2).stream("noise");
  const samples = Float32Array.from({ length: 22_050 }, (_, i) => {
    const tone = i >= 11_025 && i < 16_538 ? 0.5 * Math.sin((2 * Math.PI * toneHz * i) / 22_050) : 0;
    return tone + 0.005 * noise.normal();
  });
  return { samples, sampleRateHz: 22_050 };
}

/** The paper's formulas in loops: means over one axis, convolution of the means with zeros around, softmax along the other axis, mean over channels. */
function byLoops(map: number[][][], kernel: number[][][], bias: number[], along: "rows" | "frames"): number[] {
  const [rows, frames, channels] = [map.length, map[0]!.length, map[0]![0]!.length];
  const [places, others] = along === "rows" ? [rows, frames] : [frames, rows];
  const mean = (place: number, channel: number) => {
    let sum = 0;
    for (let k = 0; k < others; k++) sum += along === "rows" ? map[place]![k]![channel]! : map[k]![place]![channel]!;
    return sum / others;
  };
  const weights = new Array<number>(places).fill(0);
  bias.forEach((own, filter) => {
    const scores = weights.map((_, place) => {
      let score = own;
      for (let tap = 0; tap < 3; tap++) {
        const at = place + tap - 1;
        if (at < 0 || at >= places) continue;
        for (let c = 0; c < channels; c++) score += kernel[tap]![c]![filter]! * mean(at, c);
      }
      return score;
    });
    const whole = scores.reduce((sum, score) => sum + Math.exp(score), 0);
    scores.forEach((score, place) => {
      weights[place]! += (places * Math.exp(score)) / whole / bias.length;
    });
  });
  return weights;
}

test("of each stage, what loops over the stage's map give", () => {
  const network = initialised();
  const inputs = tf.tensor4d(path.maps(clip(600).samples, 22_050)[0]!.data, [1, ...inputShape]);
  const before = tf.memory().numTensors;
  const found = stageAttention(network, inputs);
  expect(tf.memory().numTensors).toBe(before);
  expect(found.map(({ rows, frames, cells }) => [rows.length, frames.length, cells])).toEqual([
    [18, 44, 1],
    [9, 22, 2],
    [4, 11, 4],
  ]);
  for (const [i, stage] of found.entries()) {
    const seen = i === 0 ? inputs : (tf.model({ inputs: network.inputs, outputs: network.getLayer(`stage${i}.pool`).output }).predict(inputs) as TensorFlow.Tensor4D); // biome-ignore format: one line
    const [map] = (seen as TensorFlow.Tensor4D).arraySync();
    for (const [axis, along] of [
      ["frequency", "rows"],
      ["time", "frames"],
    ] as const) {
      // biome-ignore format: pairs
      const [kernel, bias] = network.getLayer(`stage${i + 1}.glance.${axis}.conv`).getWeights();
      const wanted = byLoops(map!, kernel!.arraySync() as number[][][], bias!.arraySync() as number[], along);
      const off = wanted.map((weight, place) => Math.abs(weight - stage[along][place]!));
      expect(Math.max(...off)).toBeLessThan(1e-5);
      expect(Math.max(...wanted) - Math.min(...wanted)).toBeGreaterThan(1e-3);
    }
  }
  network.dispose();
});

test("the printed softmax, without the axis' length, is shown as the other one", () => {
  const inputs = tf.randomNormal<TensorFlow.Rank.R4>([1, ...inputShape], 0, 1, "float32", 7);
  const [one, printed] = (["length", "none"] as const).map((attentionScale) => {
    const network = initialised({ attentionScale });
    const [stage] = stageAttention(network, inputs);
    network.dispose();
    return stage!;
  });
  for (const along of ["rows", "frames"] as const)
    for (const [place, weight] of one![along].entries()) expect(printed![along][place]).toBeCloseTo(weight, 5);
});

/** A network whose first stage weighs by the means themselves, four times. */
function byLoudness(): TensorFlow.LayersModel {
  const network = initialised();
  for (const axis of ["frequency", "time"]) {
    const layer = network.getLayer(`stage1.glance.${axis}.conv`);
    const filters = Array.from({ length: 32 }, () => 4);
    const none = Array.from({ length: 32 }, () => 0);
    layer.setWeights([tf.tensor3d([[none], [filters], [none]]), tf.zeros([32])]);
  }
  return network;
}

test("in the figure, a stage that weighs what is loud weighs a tone's own hertz and seconds, and steps are as wide as their places", () => {
  const network = byLoudness();
  for (const toneHz of [400, 3000]) {
    const { data } = axisAttentionFigure({ network, path }, clip(toneHz)).plotly();
    const [map, ...lines] = data;
    const names = map!.y as string[];
    const [rows, frames, coarse] = lines as unknown as { x: number[]; y: number[] }[];
    const hertz = Number(names[rows!.x.indexOf(Math.max(...rows!.x))]!.replace(",", ""));
    // 18 bands up to 11 kHz are a quarter of an octave to an octave wide.
    expect(Math.abs(Math.log2(hertz / toneHz))).toBeLessThan(0.5);
    const seconds = frames!.x[frames!.y.indexOf(Math.max(...frames!.y))]!;
    expect(seconds).toBeGreaterThan(0.48);
    expect(seconds).toBeLessThan(0.77);
    expect(frames!.x[1]! - frames!.x[0]!).toBeCloseTo(512 / 22_050, 6);
    for (let row = 0; row < 18; row += 2) expect(coarse!.x[row]).toBe(coarse!.x[row + 1]);
    expect(new Set(coarse!.x).size).toBe(9);
  }
  network.dispose();
});

test("what is left over at the end of a coarse profile has no line", () => {
  const network = initialised();
  const { data } = axisAttentionFigure({ network, path }, clip(600)).plotly();
  const third = data[5]!;
  expect((third.x as unknown[]).slice(-3)).toEqual([expect.any(Number), null, null]);
  network.dispose();
});

test("one output holds the picture, its words and a player with the whole sound; no tensor stays", () => {
  const network = initialised();
  const before = tf.memory().numTensors;
  const forms = axisAttentionForms({ network, path }, clip(600), { title: "A cycle <1>", note: "made-up sounds" });
  expect(tf.memory().numTensors).toBe(before);
  expect(Object.keys(forms)).toEqual(["text/html", "image/svg+xml", "text/plain"]);
  const svg = forms["image/svg+xml"]!;
  expectWellFormed(svg);
  for (const words of ["A cycle &#60;1&#62;", "made-up sounds; mean over channels", "frequency (Hz)", "stage 3", "time (s)"]) // biome-ignore format: one line
    expect(svg).toContain(words);
  const base64 = /src="data:audio\/wav;base64,([^"]*)"/.exec(forms["text/html"]!)![1]!;
  expect(decodeWav(Buffer.from(base64, "base64"), "the player's sound").samples.length).toBe(22_050);
  network.dispose();
});

test("stored maps have their hertz too; a network without glance is refused", () => {
  const stored = initialised({ inputShape: [90, 173, 1] });
  const { data } = axisAttentionFigure({ network: stored, path: adaptedTestPath() }, clip(600)).plotly();
  // The 90th of 128 bands up to 4,096 Hz, by the Auditory Toolbox's scale: linear to 1 kHz, then 27 to a factor of 6.4.
  const mel = (15 + (27 * Math.log(4.096)) / Math.log(6.4)) * (90 / 129);
  const highest = 1000 * 6.4 ** ((mel - 15) / 27);
  expect(Number((data[0]!.y as string[]).at(-1)!.replace(",", ""))).toBeCloseTo(highest, 0);
  stored.dispose();
  const without = initialised({ without: "glance" });
  expect(() => axisAttentionFigure({ network: without, path }, clip(600))).toThrow(
    "glancegaze has no glance: it weighs neither rows nor frames. What it looks at is seen by Grad-CAM++",
  );
  without.dispose();
});
