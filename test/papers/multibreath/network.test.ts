import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { initialiseWeights } from "../../../src/nn/init/initialise.js";
import { dropoutSeed } from "../../../src/nn/layers/dropout.js";
import { initialWeights } from "../../../src/nn/weights/initialWeights.js";
import { readWeights, weightShapes, writeWeights } from "../../../src/nn/weights/modelWeights.js";
import { encodeSafetensors, type NamedTensor } from "../../../src/nn/weights/safetensors.js";
import {
  CLASSIFIER,
  LAST_MAP,
  type MultibreathNetworkOptions,
  multibreathNetwork,
  multibreathReceiver,
  UPRIGHT,
} from "../../../src/papers/multibreath/network.js";
import { startingWeights } from "../../../src/papers/startingWeights.js";
import { Streams } from "../../../src/random/streams.js";
import { type TensorFlow, tf } from "../../../src/tensorflow.js";
import { noise, torchName, torchShape } from "../../nn/torchNames.js";

type Options = Partial<MultibreathNetworkOptions>;

const product = (sides: readonly number[]) => sides.reduce((all, side) => all * side, 1);
const shapeOf = (model: TensorFlow.LayersModel, layer: string) =>
  (model.getLayer(layer).output as TensorFlow.SymbolicTensor).shape;

const network = (options: Options = {}) =>
  multibreathNetwork({ backbone: "CNN6", head: "csra", outputs: 2, inputShape: [32, 48, 1], ...options });

function initialised(options: Options = {}): TensorFlow.LayersModel {
  const model = network(options);
  initialiseWeights(model, new Streams(1));
  return model;
}

const input = () => tf.tensor4d(Float32Array.from(noise(2 * 32 * 48, 5)), [2, 32, 48, 1]);

function answer(model: TensorFlow.LayersModel, options: { training?: boolean; seed?: number } = {}): number[] {
  return tf.tidy(() => {
    const { training = false, seed } = options;
    const given = seed === undefined ? {} : { dropoutSeed: dropoutSeed(new Streams(seed).stream("dropout", 1, 0)) };
    return [...(model.apply(input(), { training, ...given } as never) as TensorFlow.Tensor).dataSync()];
  });
}

describe("network", () => {
  test("scaled by the batch: each input from the batch's smallest to its largest value, at the relative's constants", () => {
    const values = [...noise(2 * 32 * 48, 5)].map(Math.fround);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const scaled = values.map((value) => ((value - low) / (high - low) - 0.369) / 0.0255);
    const [plain, own] = [initialised(), initialised({ norm: "batch-minmax" })];
    writeWeights(own, readWeights(plain));
    const wanted = tf.tidy(() => [
      ...(plain.predict(tf.tensor4d(Float32Array.from(scaled), [2, 32, 48, 1])) as TensorFlow.Tensor).dataSync(),
    ]);
    const found = answer(own);
    for (const [i, value] of wanted.entries()) expect(found[i]).toBeCloseTo(value, 3);
    for (const model of [plain, own]) model.dispose();
  });

  test.each([
    ["CNN6", [null, 4, 16, 512]],
    ["CNN14", [null, 2, 8, 2048]],
    ["ResNet22", [null, 2, 8, 512]],
    ["MobileNetV2", [null, 2, 8, 1280]],
  ] as const)(
    "%s: the layer LAST_MAP gives what the head is applied to, logits are one for each output",
    (backbone, map) => {
      for (const [head, outputs, first] of [
        ["plain", 4, `${CLASSIFIER}.pool`],
        ["csra", 2, CLASSIFIER],
      ] as const) {
        const model = network({ backbone, head, outputs, inputShape: [64, 256, 1] });
        expect(shapeOf(model, LAST_MAP[backbone])).toEqual(map);
        expect(model.getLayer(first).input).toBe(model.getLayer(LAST_MAP[backbone]).output);
        expect(model.outputs[0]).toBe(model.getLayer(CLASSIFIER).output);
        expect(model.outputs[0]!.shape).toEqual([null, outputs]);
        model.dispose();
      }
    },
  );

  // multibreath/params of papers.md 2.3.
  test.each([
    [{ backbone: "CNN6", head: "plain", outputs: 4 }, 4_370_500],
    [{ backbone: "MobileNetV2", head: "plain", outputs: 4 }, 2_881_220],
    [{ backbone: "ResNet22", head: "plain", outputs: 4 }, 11_270_852],
    [{ backbone: "CNN6", head: "csra", outputs: 4 }, 4_316_608],
    [{ backbone: "ResNet22", head: "csra", outputs: 2 }, 11_210_816],
    [{ backbone: "CNN6", head: "csra", outputs: 4, pooling: "panns" }, 4_316_608],
  ] as const)("%o has %i parameters", (options, total) => {
    const model = network(options);
    expect(model.trainableWeights.reduce((sum, { shape }) => sum + product(shape as number[]), 0)).toBe(total);
    model.dispose();
  });

  test("with PANNs' pooling the backbone sees [time, frequency] and the head [frequency, time]", () => {
    const model = network({ pooling: "panns", inputShape: [32, 80, 1] });
    expect(shapeOf(model, LAST_MAP.CNN6)).toEqual([null, 5, 2, 512]);
    expect(shapeOf(model, UPRIGHT)).toEqual([null, 2, 5, 512]);
    expect(model.getLayer(CLASSIFIER).input).toBe(model.getLayer(UPRIGHT).output);
    expect(model.getLayer(CLASSIFIER).getConfig()).toMatchObject({ meanOver: "frequency" });
    model.dispose();
  });

  test("PANNs' pooling is the relative's of the map with its sides exchanged", () => {
    for (const head of ["plain", "csra"] as const) {
      const panns = initialised({ head, pooling: "panns" });
      const relative = network({ head, pooling: "relative", inputShape: [48, 32, 1] });
      writeWeights(relative, readWeights(panns));
      const [found, wanted] = tf.tidy(() => {
        const turned = tf.transpose(input(), [0, 2, 1, 3]);
        return [
          (panns.apply(input()) as TensorFlow.Tensor).dataSync(),
          (relative.apply(turned) as TensorFlow.Tensor).dataSync(),
        ];
      });
      const largest = Math.max(...Array.from(wanted, Math.abs));
      wanted.forEach((value: number, i: number) => {
        expect(Math.abs(found[i]! - value) / largest).toBeLessThan(1e-5);
      });
      const upright = network({ head });
      writeWeights(upright, readWeights(panns));
      expect(Math.abs(answer(upright)[0]! - found[0]!) / largest).toBeGreaterThan(1e-3);
      for (const one of [panns, relative, upright]) one.dispose();
    }
  });

  test("options of the head reach it", () => {
    const model = network({ heads: 4, lambda: 0.5, normalised: false, pooling: "mean" });
    expect(model.getLayer(CLASSIFIER).getConfig()).toMatchObject({
      ...{
        classes: 2,
        heads: 4,
        temperatures: [1, 2, 3, "max"],
        lambda: 0.5,
        normalised: false,
        meanOver: "positions",
      },
    });
    model.dispose();
    const plain = network({ head: "plain", heads: 3, pooling: "mean" });
    expect(plain.getLayer(`${CLASSIFIER}.pool`).getConfig()).toMatchObject({ meanOver: "positions" });
    plain.dispose();
  });

  test("evaluation is deterministic and without dropout; training drops by the seed", () => {
    const model = initialised({ dropout: 0.2 });
    const [first, second] = [answer(model), answer(model)];
    expect(first.every(Number.isFinite)).toBe(true);
    expect(first[0]).not.toBe(first[2]);
    expect(second).toEqual(first);
    const without = network();
    writeWeights(without, readWeights(model));
    expect(answer(without)).toEqual(first);
    without.dispose();
    const trained = answer(model, { training: true, seed: 1 });
    expect(answer(model, { training: true, seed: 2 })).not.toEqual(trained);
    expect(() => answer(model, { training: true })).toThrow("conv_block1.dropout: dropout needs a seed");
    model.dispose();
  });

  test("behind the learnable front end: what the backbone gives of the map that it makes", () => {
    const model = initialised({ frontEnd: "learnable", inputShape: [1, 8000, 1] });
    // 50 frames of 10 ms, of two channels: 5 x 5 x 64 weights more, and the front end's 512.
    const map = model.getLayer("leaf.maps").output as TensorFlow.SymbolicTensor;
    expect(map.shape).toEqual([null, 64, 50, 2]);
    const plain = initialised({ inputShape: [64, 50, 1] });
    const sizes = [model, plain].map(({ trainableWeights }) =>
      trainableWeights.reduce((sum, { shape }) => sum + product(shape as number[]), 0),
    );
    expect(sizes[0]! - sizes[1]!).toBe(1600 + 512);
    const behind = network({ inputShape: [64, 50, 2] });
    const own = new Set([...readWeights(behind).keys()]);
    writeWeights(behind, new Map([...readWeights(model)].filter(([name]) => own.has(name))));
    tf.tidy(() => {
      const samples = tf.tensor4d(Float32Array.from(noise(2 * 8000, 5)), [2, 1, 8000, 1]);
      const maps = (tf.model({ inputs: model.inputs, outputs: map }) as TensorFlow.LayersModel).apply(samples);
      const [whole, apart] = [model.apply(samples), behind.apply(maps as TensorFlow.Tensor)] as TensorFlow.Tensor[];
      expect(apart!.dataSync()).toEqual(whole!.dataSync());
    });
    for (const one of [model, plain, behind]) one.dispose();
  });

  test.each<[Options, string]>([
    [{ backbone: "CNN10" as never }, `Multi-breath's backbone must be CNN6, CNN14, ResNet22, MobileNetV2, got "CNN10"`],
    [{ head: "linear" as never }, `Multi-breath's head must be plain, csra, got "linear"`],
    [{ pooling: "time" as never }, `Multi-breath's pooling must be relative, panns, mean, got "time"`],
    [{ backbone: "MobileNetV2", dropout: 0.2 }, "MobileNetV2 has no dropout, got 0.2"],
    [{ heads: 3 }, "head: temperatures are known for 1, 2, 4, 6 heads, not for 3"],
    [{ outputs: 0 }, "head: classes must be whole numbers of at least 1, got 0"],
    [{ inputShape: [8, 48, 1] }, "conv_block4.pool: an axis of 1 cells is shorter than the layer's window of 2"],
  ])("%o is refused", (options, message) => {
    expect(() => network(options)).toThrow(RangeError);
    expect(() => network(options)).toThrow(message);
  });
});

/** A network's weights by PyTorch's names, all of one value, without the head; with what PANNs' files hold beside. */
function pannsFile(options: Options, value = 3): Map<string, NamedTensor> {
  const model = network(options);
  const ours = [...weightShapes(model)].filter(([name]) => !name.startsWith(CLASSIFIER));
  model.dispose();
  const tensor = (shape: number[]): NamedTensor => ({
    ...{ dtype: "F32", shape, values: new Float32Array(product(shape)).fill(value) },
  });
  return new Map([
    ["bn0.weight", tensor([64])],
    ["bn0.running_mean", tensor([64])],
    ["spectrogram_extractor.stft.conv_real.weight", tensor([5, 1, 8])],
    ["logmel_extractor.melW", tensor([5, 64])],
    ...ours.map(([name, shape]) => [torchName(name), tensor(torchShape(shape))] as const),
    ["conv_block_after1.conv1.weight", tensor([4, 4, 3, 3])],
    ["fc1.weight", tensor([8, 8])],
    ["fc_audioset.bias", tensor([527])],
  ]);
}

describe("weights to start from", () => {
  const file = (tensors: Map<string, NamedTensor>) => ({
    ...{ name: "weights.pth", sha256: "0", format: "torch" as const, tensors, leftOut: 0, found: "" },
  });
  const receiver = (options: Options = {}) =>
    multibreathReceiver({ backbone: "CNN6", head: "csra", outputs: 2, ...options });

  test.each([
    // Convolutions, each with a normalisation of four vectors.
    ["CNN6", 4],
    ["ResNet22", 2 + 16 + 3],
    ["MobileNetV2", 1 + 2 + 16 * 3 + 1],
  ] as const)("PANNs' %s: the backbone is taken, the head starts anew, the rest is left", (backbone, convolutions) => {
    const { weights, headAnew, says } = initialWeights(file(pannsFile({ backbone })), receiver({ backbone }));
    expect(weights.size).toBe(5 * convolutions);
    expect(headAnew).toBe(true);
    expect(says).toBe(
      `${5 * convolutions} of the ${5 * convolutions + 1} weights of Multi-breath's ${backbone} with 1 input channel, a csra head and 2 outputs; its classifier head starts anew`,
    );
  });

  test("a file of PANNs puts the backbone's weights into the model; the head stays as it was initialised", () => {
    const at = path.join(mkdtempSync(path.join(tmpdir(), "auscult-multibreath-")), "Cnn6.safetensors");
    writeFileSync(at, encodeSafetensors(pannsFile({})));
    const model = initialised();
    const before = readWeights(model);
    startingWeights(at, receiver()).putInto(model);
    for (const [name, { values }] of readWeights(model)) {
      if (name.startsWith(CLASSIFIER)) expect(values).toEqual(before.get(name)!.values);
      else
        expect(
          (values as Float32Array).every((value) => value === 3),
          name,
        ).toBe(true);
    }
    model.dispose();
  });

  test.each([
    ["the same head and outputs", {}, {}, false],
    ["the same plain head", { head: "plain" }, { head: "plain" }, false],
    ["other outputs", { outputs: 4 }, {}, true],
    ["another head", { head: "plain" }, {}, true],
    ["other heads", { heads: 4 }, {}, true],
  ] as const)("a network of ours with %s", (_, from, to, anew) => {
    const own = network(from);
    const { weights, headAnew } = initialWeights(file(readWeights(own)), receiver(to));
    own.dispose();
    expect(headAnew).toBe(anew);
    expect(weights.size).toBe(20 + (anew ? 0 : receiver(to).shapes.size - 20));
    expect([...weights.keys()].some((name) => name.startsWith(CLASSIFIER))).toBe(!anew);
  });

  test("another backbone, another number of channels and what nobody knows are refused", () => {
    const start = (tensors: Map<string, NamedTensor>, options: Options & { channels?: number } = {}) =>
      initialWeights(file(tensors), receiver(options));
    expect(() => start(pannsFile({ backbone: "ResNet22" }))).toThrow(
      /^weights\.pth does not fit Multi-breath's CNN6 with 1 input channel, a csra head and 2 outputs:\n/,
    );
    expect(() => start(pannsFile({}), { channels: 2 })).toThrow("The file's network takes 1 channels, this one 2");
    const odd = new Map([...pannsFile({}), ["bn01.weight", { dtype: "F32", shape: [1], values: new Float32Array(1) }]]);
    expect(() => start(odd as Map<string, NamedTensor>)).toThrow("left over  bn01.weight");
  });
});
