import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CompileOptions, compile } from "../../../src/engine/compile.js";
import { initialiseWeights } from "../../../src/nn/init/initialise.js";
import { readWeights, weightShapes, writeWeights } from "../../../src/nn/weights/modelWeights.js";
import {
  ATTENTION_OVER,
  CLASSIFIER,
  glancegazeAttention,
  glancegazeNetwork,
  LAST_MAP,
  meanAttention,
} from "../../../src/papers/glancegaze/network.js";
import type { GlancegazeOptions } from "../../../src/papers/glancegaze/networkOptions.js";
import { Streams } from "../../../src/random/streams.js";
import { type TensorFlow, tf } from "../../../src/tensorflow.js";
import { noise } from "../../nn/torchNames.js";

type Options = Partial<GlancegazeOptions>;

const SMALL = [16, 24, 1] as const;

const network = (options: Options = {}) => glancegazeNetwork({ inputShape: SMALL, outputs: 4, ...options });

function initialised(options: Options = {}): TensorFlow.LayersModel {
  const model = network(options);
  initialiseWeights(model, new Streams(1));
  return model;
}

const input = () => tf.tensor4d(Float32Array.from(noise(2 * 16 * 24, 5)), [2, ...SMALL]);

const answer = (model: TensorFlow.LayersModel) =>
  tf.tidy(() => [...(model.apply(input()) as TensorFlow.Tensor).dataSync()]);

const product = (sides: readonly (number | null)[]) => sides.reduce<number>((all, side) => all * side!, 1);
const shapeOf = (model: TensorFlow.LayersModel, layer: string) =>
  (model.getLayer(layer).output as TensorFlow.SymbolicTensor).shape;
const has = (model: TensorFlow.LayersModel, pattern: RegExp) => model.layers.some(({ name }) => pattern.test(name));

/** Trained numbers of the layers whose names begin so. */
const size = (model: TensorFlow.LayersModel, beginning = "") =>
  model.layers
    .filter(({ name }) => name.startsWith(beginning))
    .flatMap(({ trainableWeights }) => trainableWeights)
    .reduce((sum, { shape }) => sum + product(shape), 0);

// glancegaze/params of papers.md 4.3.
describe("the proposed network for 8 s", () => {
  let model: TensorFlow.LayersModel;
  beforeAll(() => {
    model = network({ inputShape: [128, 345, 1] });
  });
  afterAll(() => {
    model.dispose();
  });

  test("has 824,884 parameters: 32,336 and 158,880 and 633,152 of the stages, 516 of the head", () => {
    expect(["stage1.", "stage2.", "stage3.", "head"].map((part) => size(model, part))).toEqual([
      32_336, 158_880, 633_152, 516,
    ]);
    expect(size(model)).toBe(824_884);
  });

  test("halves the map's sides at each stage, down to LAST_MAP; logits are one for each output", () => {
    const maps = [1, 2, 3].map((stage) => shapeOf(model, `stage${stage}.pool`));
    expect(maps).toEqual([
      [null, 64, 172, 32],
      [null, 32, 86, 64],
      [null, 16, 43, 128],
    ]);
    expect(model.getLayer("head.pool").input).toBe(model.getLayer(LAST_MAP).output);
    expect(model.outputs[0]).toBe(model.getLayer(CLASSIFIER).output);
    expect(model.outputs[0]!.shape).toEqual([null, 4]);
    expect(model.name).toBe("glancegaze");
  });

  test("takes 4.12 billion multiply-adds in its two-dimensional convolutions", () => {
    const multiplyAdds = [...weightShapes(model)].map(([name, shape]) => {
      if (shape.length !== 4) return 0;
      return product(shape) * product(shapeOf(model, name.slice(0, name.lastIndexOf("/"))).slice(1, -1));
    });
    expect(Math.abs(multiplyAdds.reduce((sum, one) => sum + one, 0) / 1e9 - 4.12)).toBeLessThan(0.005);
  });

  test("weighs as many rows and frames as each stage's map has, for each of its channels", () => {
    const shapes = ATTENTION_OVER.map(({ frequency, time }) => [shapeOf(model, frequency), shapeOf(model, time)]);
    expect(shapes).toEqual([
      [
        [null, 128, 32],
        [null, 345, 32],
      ],
      [
        [null, 64, 64],
        [null, 172, 64],
      ],
      [
        [null, 32, 128],
        [null, 86, 128],
      ],
    ]);
  });
});

/** [input channels, channels] of each stage. */
const stages = [
  [1, 32],
  [32, 64],
  [64, 128],
] as const;
const each = (count: (from: number, to: number) => number) =>
  stages.reduce<number>((sum, [from, to]) => sum + count(from, to), 0);

/** Numbers of each part, from papers.md 4.3. */
const glance = each((from, to) => 2 * (3 * from * to + to));
const gaze = each((from, to) => 9 * from * to + 2 * to + 25 * to * to + 2 * to + 2 * (to * to + to) + 2 * to);
const fusion = each((_, to) => 2 * (to * to + 2 * to) + (to * to) / 2 + to / 2 + to * to + 2 * to);

describe("ablations and options", () => {
  test.each<[Options, number, RegExp[]]>([
    [{ without: "glance" }, 824_884 - glance - fusion, [/glance/, /weighed/, /ffm/]],
    [{ without: "gaze" }, 824_884 - gaze, [/gaze/]],
    [{ without: "ffm" }, 824_884 - fusion, [/ffm/]],
    // The second linear layer has half as many outputs.
    [{ ffm: "se" }, 824_884 - each((_, to) => (to * to) / 2 + to), []],
    [{ shareGlance: true }, 824_884 - glance / 2, [/glance\.frequency\.conv/, /glance\.time\.conv/]],
    [{ attentionScale: "none" }, 824_884, []],
    [{ shrinkage: "map" }, 824_884, [/shrink\.threshold/]],
    // Two taps more in each convolution of glance.
    [{ glanceKernel: 5 }, 824_884 + each((from, to) => 2 * 2 * from * to), []],
    [{ outputs: 2 }, 824_884 - 2 * 129, []],
    // A kernel's tap more for each of the two attentions, the convolution of 3x3 and the shortcut.
    [{ inputShape: [16, 24, 2] }, 824_884 + 32 * (2 * 3 + 9 + 1), []],
  ])("%o has %i parameters, maps as before, and finite logits", (options, total, gone) => {
    const model = initialised({ inputShape: SMALL, ...options });
    expect(size(model)).toBe(total);
    for (const pattern of gone) expect(has(model, pattern), `${pattern}`).toBe(false);
    expect(shapeOf(model, LAST_MAP)).toEqual([null, 2, 3, 128]);
    expect(model.outputs[0]!.shape).toEqual([null, options.outputs ?? 4]);
    const logits = tf.tidy(() => {
      const x = tf.tensor4d(Float32Array.from(noise(2 * 16 * 24 * 2, 5)), [2, 16, 24, 2]);
      const given = tf.slice(x, 0, [2, 16, 24, model.inputs[0]!.shape[3]!]);
      return [...(model.apply(given) as TensorFlow.Tensor).dataSync()];
    });
    expect(logits.every(Number.isFinite)).toBe(true);
    expect(new Set(logits).size).toBe(logits.length);
    model.dispose();
  });

  test("options change what the same weights say, and only where they should", () => {
    const whole = initialised();
    const weights = readWeights(whole);
    const wanted = answer(whole);
    const said = (options: Options) => {
      const model = network(options);
      const own = new Set(weightShapes(model).keys());
      writeWeights(model, new Map([...weights].filter(([name]) => own.has(name))));
      const found = answer(model);
      model.dispose();
      return found;
    };
    expect(said({ without: undefined, ffm: "selective", attentionScale: "length", shareGlance: false })).toEqual(
      wanted,
    );
    for (const options of [
      { attentionScale: "none" },
      { shrinkage: "map" },
      { without: "glance" },
      { without: "gaze" },
      { without: "ffm" },
    ] as const) {
      const off = said(options).map((value, i) => Math.abs(value - wanted[i]!));
      expect(Math.max(...off), JSON.stringify(options)).toBeGreaterThan(1e-4);
    }
    whole.dispose();
  });

  test("a stage whose channels do not change has no shortcut of its own", () => {
    const model = network({ inputShape: [8, 8, 32] });
    expect(has(model, /^stage1\.shortcut/)).toBe(false);
    expect(has(model, /^stage2\.shortcut/)).toBe(true);
    expect((model.getLayer("stage1.gaze.add").input as TensorFlow.SymbolicTensor[])[0]).toBe(model.inputs[0]);
    model.dispose();
  });

  test.each<[Options, string]>([
    [
      { inputShape: [128, 1, 1] },
      "Glance-and-Gaze halves a map's sides 3 times, so that they must be at least 8 rows and 8 frames, got 128 and 1",
    ],
    [{ inputShape: [7, 24, 1] }, "at least 8 rows and 8 frames, got 7 and 24"],
    [{ outputs: 0 }, "head: units must be whole numbers of at least 1, got 0"],
    [{ without: "FFM" as never }, `Glance-and-Gaze's without must be glance, gaze, ffm, got "FFM"`],
    [{ ffm: "sum" as never }, `Glance-and-Gaze's ffm must be selective, se, got "sum"`],
    [{ attentionScale: 2 as never }, "Glance-and-Gaze's attentionScale must be length, none, got 2"],
    [{ shrinkage: "soft" as never }, `Glance-and-Gaze's shrinkage must be channel, map, got "soft"`],
    [{ glanceKernel: 4 }, "Glance-and-Gaze's glanceKernel must be odd, got 4"],
    [{ without: "ffm", ffm: "se" }, "Glance-and-Gaze without ffm has no part for ffm se"],
    [{ without: "glance", ffm: "se" }, "Glance-and-Gaze without glance has no part for ffm se"],
    [{ without: "glance", attentionScale: "none" }, "without glance has no part for attentionScale none"],
    [{ without: "glance", shareGlance: true }, "without glance has no part for shareGlance"],
  ])("%o is refused", (options, message) => {
    expect(() => network(options)).toThrow(RangeError);
    expect(() => network(options)).toThrow(message);
  });

  test("the smallest map has one position left", () => {
    const model = network({ inputShape: [8, 8, 1] });
    expect(shapeOf(model, LAST_MAP)).toEqual([null, 1, 1, 128]);
    model.dispose();
  });
});

describe("attention", () => {
  const looks = (model: TensorFlow.LayersModel, x: TensorFlow.Tensor) =>
    glancegazeAttention(model).apply(x, { training: false }) as TensorFlow.Tensor3D[];

  test("w_f and w_t of each stage, with mean 1 for each channel; the mean over channels is one number a place", () => {
    const model = initialised();
    tf.tidy(() => {
      const found = looks(model, input());
      expect(found.map(({ shape }) => shape)).toEqual([
        [2, 16, 32],
        [2, 24, 32],
        [2, 8, 64],
        [2, 12, 64],
        [2, 4, 128],
        [2, 6, 128],
      ]);
      for (const weights of found) {
        for (const mean of tf.mean(weights, 1).dataSync()) expect(Math.abs(mean - 1)).toBeLessThan(1e-5);
        const values = weights.arraySync();
        const means = meanAttention(weights).arraySync();
        expect(means).toHaveLength(2);
        values.forEach((places, b) => {
          expect(means[b]).toHaveLength(places.length);
          places.forEach((channels, place) => {
            const wanted = channels.reduce((sum, value) => sum + value, 0) / channels.length;
            expect(Math.abs(means[b]![place]! - wanted)).toBeLessThan(1e-5);
          });
        });
      }
    });
    model.dispose();
  });

  test("a band moves the weights of rows alone, a click those of frames alone", () => {
    const model = initialised();
    tf.tidy(() => {
      const at = (cell: (row: number, frame: number) => boolean) => {
        const cells = Array.from({ length: 16 * 24 }, (_, i) => Number(cell(Math.floor(i / 24), i % 24)));
        const [frequency, time] = looks(model, tf.tensor4d(cells, [1, ...SMALL]));
        // Away from the ends, whose convolutions see the padding.
        const spread = (weights: TensorFlow.Tensor3D, places: number) => {
          const inner = tf.slice(weights, [0, 1, 0], [1, places - 2, 32]);
          return tf.max(tf.sub(tf.max(inner, 1), tf.min(inner, 1))).dataSync()[0]!;
        };
        return [spread(frequency!, 16), spread(time!, 24)] as const;
      };
      const band = at((row) => row === 5);
      expect(band[0]).toBeGreaterThan(0.1);
      expect(band[1]).toBeLessThan(1e-5);
      const click = at((_, frame) => frame === 11);
      expect(click[0]).toBeLessThan(1e-5);
      expect(click[1]).toBeGreaterThan(0.1);
    });
    model.dispose();
  });

  test("the literal softmax sums to 1", () => {
    const model = initialised({ attentionScale: "none" });
    tf.tidy(() => {
      for (const weights of looks(model, input())) {
        for (const sum of tf.sum(weights, 1).dataSync()) expect(Math.abs(sum - 1)).toBeLessThan(1e-5);
      }
    });
    model.dispose();
  });

  test("a network that is saved and loaded says the same, its attention too", async () => {
    const model = initialised({ shareGlance: true, ffm: "se" });
    let saved: unknown;
    await model.save(
      tf.io.withSaveHandler(async ({ weightData, ...rest }) => {
        saved = { ...JSON.parse(JSON.stringify(rest)), weightData };
        return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" } };
      }),
    );
    const loaded = await tf.loadLayersModel(tf.io.fromMemory(saved as never));
    expect(answer(loaded)).toEqual(answer(model));
    tf.tidy(() => {
      const [first, second] = [model, loaded].map((one) => looks(one, input()).map((weights) => weights.dataSync()));
      expect(second).toEqual(first);
    });
    for (const one of [model, loaded]) one.dispose();
  });

  test("a network without glance is refused with the layer that it lacks", () => {
    const model = network({ without: "glance", name: "ablation" });
    expect(() => glancegazeAttention(model)).toThrow(RangeError);
    expect(() => glancegazeAttention(model)).toThrow(
      "ablation has no attention: there is no layer stage1.glance.frequency",
    );
    model.dispose();
  });
});

test("a captured training step is the eager one, bit for bit; nothing leaks, one convolution used twice neither", () => {
  const run = (mode: CompileOptions["mode"]) => {
    const model = initialised({ inputShape: [8, 9, 1], shareGlance: true });
    const variables = model.trainableWeights.map((weight) => weight.read() as TensorFlow.Variable);
    const step = compile(
      (x: TensorFlow.Tensor) => {
        const logits = () => model.apply(x, { training: true }) as TensorFlow.Tensor;
        const loss = () => tf.sum(tf.square(logits())) as TensorFlow.Scalar;
        const { value, grads } = tf.variableGrads(loss, variables);
        return [value as TensorFlow.Tensor, ...variables.map(({ name }) => grads[name]!)];
      },
      { mode },
    );
    expect(step.captured).toBe(mode === "captured");
    const x = tf.tensor4d(Float32Array.from(noise(3 * 72, 5)), [3, 8, 9, 1]);
    const outputs = step(x);
    const found = [...outputs, ...model.weights.map((weight) => weight.read())];
    const bytes = found.map((tensor) => Buffer.from((tensor.dataSync() as Float32Array).slice().buffer));
    tf.dispose([x, outputs]);
    step.dispose();
    model.dispose();
    return bytes;
  };
  const before = tf.memory().numTensors;
  const [captured, eager] = [run("captured"), run("eager")];
  expect(captured.map((bytes, i) => bytes.equals(eager[i]!))).toEqual(captured.map(() => true));
  const finite = (bytes: Buffer) => new Float32Array(new Uint8Array(bytes).buffer).every(Number.isFinite);
  expect(captured.every(finite)).toBe(true);
  expect(tf.memory().numTensors).toBe(before);
});

test("weights start as PyTorch's convolutions and linear layers do: uniform within 1 / sqrt(products of a sum)", () => {
  const model = initialised();
  for (const [name, { shape, values }] of readWeights(model)) {
    if (!/\/(kernel|weight)$/.test(name)) continue;
    const bound = 1 / Math.sqrt(product(shape.slice(0, -1)));
    const largest = (values as Float32Array).reduce((most, value) => Math.max(most, Math.abs(value)), 0) / bound;
    expect(largest, name).toBeLessThanOrEqual(1 + 1e-6);
    // Of n uniform numbers the largest is below 0.75 with a chance of 0.75^n; there are 32 at least.
    expect(largest, name).toBeGreaterThan(0.75);
  }
  model.dispose();
});
