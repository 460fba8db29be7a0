import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { resnet18 } from "../../../src/nn/backbones/resnet18.js";
import { resnet34 } from "../../../src/nn/backbones/resnet34.js";
import { initialiseWeights } from "../../../src/nn/init/initialise.js";
import { dropoutSeed } from "../../../src/nn/layers/dropout.js";
import { initialWeights } from "../../../src/nn/weights/initialWeights.js";
import { readWeights, weightShapes } from "../../../src/nn/weights/modelWeights.js";
import { encodeSafetensors, type NamedTensor } from "../../../src/nn/weights/safetensors.js";
import {
  CLASSIFIER,
  LAST_STAGE,
  respirenetClassWeights,
  respirenetNetwork,
  respirenetReceiver,
} from "../../../src/papers/respirenet/network.js";
import { startingWeights } from "../../../src/papers/startingWeights.js";
import { Streams } from "../../../src/random/streams.js";
import { type TensorFlow, tf } from "../../../src/tensorflow.js";
import { torchName, torchShape } from "../../nn/torchNames.js";

const product = (sides: readonly (number | null)[]) => sides.reduce<number>((all, side) => all * side!, 1);
const shapeOf = (model: TensorFlow.LayersModel, layer: string) =>
  (model.getLayer(layer).output as TensorFlow.SymbolicTensor).shape;

describe("network", () => {
  test.each([
    [4, 21_367_364],
    [2, 21_367_106],
  ])("of %i classes has the parameters of respirenet/params (papers.md 5.3)", (classes, total) => {
    const model = respirenetNetwork({ classes, inputShape: [192, 657, 3] });
    const sizes = model.layers.map(({ name, trainableWeights }) => ({
      ofHead: name.startsWith(CLASSIFIER),
      size: trainableWeights.reduce((sum, { shape }) => sum + product(shape), 0),
    }));
    const sum = (of: typeof sizes) => of.reduce((all, { size }) => all + size, 0);
    expect(sum(sizes.filter(({ ofHead }) => !ofHead))).toBe(21_284_672);
    expect(sum(sizes)).toBe(total);
    expect(model.outputs[0]!.shape).toEqual([null, classes]);
    model.dispose();
  });

  /*
   * torch 2.15.0, torchvision 0.29.2:
   * net = torchvision.models.resnet34()
   * net.fc = nn.Sequential(nn.Dropout(), nn.Linear(512, 128), nn.ReLU(), nn.Dropout(), nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, 4))
   * with torch.utils.flop_counter.FlopCounterMode() as counter: net.eval()(torch.zeros(1, 3, 192, 657))
   * print(counter.get_total_flops() // 2)
   *
   * The 9.2e9 of papers.md 5.3 is the count at 224 x 224, 3,663,331,840, by area; sides are rounded up at each stride.
   */
  test("a picture of 7 s takes 9,354,955,264 multiply-adds; its last stage has 6 x 21 places", () => {
    const model = respirenetNetwork({ classes: 4, inputShape: [192, 657, 3] });
    const multiplyAdds = [...weightShapes(model)].map(([name, shape]) => {
      if (shape.length < 2) return 0;
      const places = shapeOf(model, name.slice(0, name.lastIndexOf("/"))).slice(1, -1);
      return product(shape) * product(places);
    });
    expect(multiplyAdds.reduce((sum, one) => sum + one, 0)).toBe(9_354_955_264);
    expect(shapeOf(model, LAST_STAGE)).toEqual([null, 6, 21, 512]);
    expect(model.getLayer("avgpool").input).toBe(model.getLayer(LAST_STAGE).output);
    model.dispose();
  });
});

describe("network as it is initialised", () => {
  let model: TensorFlow.LayersModel;
  beforeAll(() => {
    model = respirenetNetwork({ classes: 4, inputShape: [32, 32, 3] });
    initialiseWeights(model, new Streams(1));
  });
  afterAll(() => {
    model.dispose();
  });

  test("starts as torchvision's ResNet and PyTorch's linear layers do", () => {
    const weights = readWeights(model);
    for (const [name, { shape, values }] of weights) {
      if (!name.endsWith("/kernel")) continue;
      // kaiming_normal_(mode="fan_out", nonlinearity="relu"): of n numbers the deviation is off by 1 / sqrt(2 n), here five times that.
      const wanted = Math.sqrt(2 / (shape[0]! * shape[1]! * shape[3]!));
      const found = Math.sqrt((values as Float32Array).reduce((sum, value) => sum + value * value, 0) / values.length);
      expect(Math.abs(found / wanted - 1), name).toBeLessThan(5 / Math.sqrt(2 * values.length));
    }
    for (const [layer, inputs] of [
      ["fc.hidden1", 512],
      ["fc.hidden2", 128],
      ["fc", 128],
    ] as const) {
      for (const part of ["weight", "bias"]) {
        const { values } = weights.get(`${layer}/${part}`)!;
        const largest = Math.max(...Array.from(values, Math.abs)) * Math.sqrt(inputs);
        expect(largest, `${layer}/${part}`).toBeLessThanOrEqual(1 + 1e-6);
        // Of a bias there are as few as four; the chance of all within a fifth of their range is 0.2^4.
        expect(largest, `${layer}/${part}`).toBeGreaterThan(values.length > 4 ? 0.9 : 0.2);
      }
    }
  });

  test("drops half of the features and half of the first hidden units, doubling the others, in training only", () => {
    const looks = ["avgpool", "fc.dropout1", "fc.relu1", "fc.dropout2", "fc.relu2", "fc"];
    const outputs = looks.map((layer) => model.getLayer(layer).output as TensorFlow.SymbolicTensor);
    // Shares the layers of `model`, with which they are disposed of.
    const all = tf.model({ inputs: model.inputs, outputs });
    const run = (training: boolean) =>
      tf.tidy(() => {
        const seed = dropoutSeed(new Streams(2).stream("dropout", 1, 0));
        const x = tf.randomNormal([16, 32, 32, 3], 0, 1, "float32", 7);
        const found = all.apply(x, { training, dropoutSeed: seed } as never) as TensorFlow.Tensor[];
        return found.map((tensor) => [...tensor.dataSync()]);
      });
    const expectHalved = (before: number[], after: number[]) => {
      const alive = before.flatMap((value, i) => (value === 0 ? [] : [after[i]! / value]));
      const kept = alive.filter((ratio) => ratio !== 0);
      expect(kept.every((ratio) => ratio === 2)).toBe(true);
      expect(Math.abs(kept.length / alive.length - 0.5)).toBeLessThan(2.5 / Math.sqrt(alive.length));
    };
    const [features, dropped1, hidden, dropped2, last, logits] = run(true) as [
      number[],
      number[],
      number[],
      number[],
      number[],
      number[],
    ];
    expectHalved(features, dropped1);
    expectHalved(hidden, dropped2);
    expect(last.every((value) => value >= 0) && last.some((value) => value > 0)).toBe(true);
    expect(logits.some((value) => value < 0)).toBe(true);
    const evaluated = run(false);
    expect(evaluated[1]).toEqual(evaluated[0]);
    expect(evaluated[3]).toEqual(evaluated[2]);
  });

  test("a file of ResNet-34 gives the body; the head stays as it was initialised", () => {
    const file = path.join(mkdtempSync(path.join(tmpdir(), "auscult-respirenet-")), "resnet34.safetensors");
    writeFileSync(file, encodeSafetensors(torchvisionFile(resnet34, { channels: 3, classes: 1000, value: 3 })));
    const before = readWeights(model);
    const start = startingWeights(file, respirenetReceiver(4));
    expect(start.headAnew).toBe(true);
    start.putInto(model);
    const ofHead = (name: string) => /^fc[./]/.test(name);
    const after = readWeights(model);
    expect([...after.keys()].filter(ofHead)).toHaveLength(6);
    for (const [name, { values }] of after) {
      const stays = Buffer.from(before.get(name)!.values.buffer).equals(Buffer.from(values.buffer));
      expect(stays, name).toBe(ofHead(name));
      if (!ofHead(name))
        expect(
          values.every((value) => value === 3),
          name,
        ).toBe(true);
    }
  });
});

/** The weights of a ResNet by torchvision's names; without `classes` those of its body. */
function torchvisionFile(
  build: typeof resnet34,
  { channels, classes, value = 0 }: { channels: number; classes?: number; value?: number },
): Map<string, NamedTensor> {
  const model = build({ rows: 64, frames: 64, channels }, classes ?? 1);
  const shapes = [...weightShapes(model)].filter(([name]) => classes !== undefined || !name.startsWith("fc/"));
  model.dispose();
  const largest = new Float32Array(Math.max(...shapes.map(([, shape]) => product(shape)))).fill(value);
  return new Map(
    shapes.map(([name, shape]) => [
      torchName(name),
      { dtype: "F32", shape: torchShape(shape), values: largest.subarray(0, product(shape)) },
    ]),
  );
}

describe("weights to start from", () => {
  const start = (tensors: Map<string, NamedTensor>, classes: number) =>
    initialWeights(
      { name: "weights.pth", sha256: "0", format: "torch", tensors, leftOut: 0, found: "" },
      respirenetReceiver(classes),
    );

  test.each([
    ["of 1000 classes", 1000],
    ["of as many classes", 4],
    ["without a class layer", undefined],
  ])("a ResNet-34 %s: its body is taken, the head starts anew", (_, classes) => {
    const { weights, headAnew, says } = start(torchvisionFile(resnet34, { channels: 3, classes }), 4);
    // torchvision's ResNet-34 has 36 convolutions, each with a normalisation of four vectors.
    expect(weights.size).toBe(36 * 5);
    expect([...weights.keys()].some((name) => name.startsWith("fc"))).toBe(false);
    expect(headAnew).toBe(true);
    expect(says).toMatch(/of ResNet-34 with three input channels and 4 classes; its classifier fc starts anew$/);
  });

  test.each([
    [4, false, 36 * 5 + 6],
    [2, true, 36 * 5],
  ])("a network of this kind of %d classes for one of 4: a new head is %s", (classes, anew, taken) => {
    const own = respirenetNetwork({ classes, inputShape: [64, 64, 3] });
    const { weights, headAnew } = start(readWeights(own), 4);
    own.dispose();
    expect([weights.size, headAnew]).toEqual([taken, anew]);
  });

  test("a ResNet-18 is refused with what it lacks", () => {
    const resnet = torchvisionFile(resnet18, { channels: 3, classes: 1000 });
    expect(() => start(resnet, 4)).toThrow(expect.objectContaining({ name: "UserError", exitCode: 2 }));
    expect(() => start(resnet, 4)).toThrow(
      /^weights\.pth does not fit ResNet-34 with three input channels and 4 classes:\n.*\n {2}missing +layer1\.2\.conv1\.weight +- +\[64, 64, 3, 3\]\n/,
    );
  });

  test("one input channel is refused, and said", () => {
    expect(() => start(torchvisionFile(resnet34, { channels: 1, classes: 1000 }), 2)).toThrow(
      "The file's network takes 1 channels, this one 3",
    );
  });
});

describe("weights of the loss", () => {
  test("3 : 1 : 1 : 1 inverted, to a sum of 1 (papers.md 5.4)", () => {
    const found = respirenetClassWeights(4);
    expect(found).toHaveLength(4);
    [0.1, 0.3, 0.3, 0.3].forEach((wanted, i) => {
      expect(found[i]).toBeCloseTo(wanted, 12);
    });
    expect(respirenetClassWeights(2)).toEqual([0.5, 0.5]);
    expect(() => respirenetClassWeights(3)).toThrow("RespireNet has 4 or 2 classes, not 3");
  });
});
