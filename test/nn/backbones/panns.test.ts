import { describe, expect, test } from "vitest";
import { cnn6Encoder } from "../../../src/nn/backbones/cnn6.js";
import { cnn14Encoder } from "../../../src/nn/backbones/cnn14.js";
import { mobileNetV2Encoder } from "../../../src/nn/backbones/mobileNetV2.js";
import { resnet22Encoder } from "../../../src/nn/backbones/resnet22.js";
import { initialiseWeights } from "../../../src/nn/init/initialise.js";
import { Csra } from "../../../src/nn/layers/csra.js";
import { FrequencyTimePool } from "../../../src/nn/layers/frequencyTimePool.js";
import { Linear } from "../../../src/nn/layers/linear.js";
import { readWeights, weightShapes } from "../../../src/nn/weights/modelWeights.js";
import { Streams } from "../../../src/random/streams.js";
import { type TensorFlow, tf } from "../../../src/tensorflow.js";
import { expectItemsAlone } from "./itemsAlone.js";

type Symbolic = TensorFlow.SymbolicTensor;
type Encoder = (inputs: Symbolic, options?: { dropout?: number }) => Symbolic;

const product = (sides: readonly (number | null)[]) => sides.reduce<number>((all, side) => all * side!, 1);
const trainableSize = (model: TensorFlow.LayersModel) =>
  model.trainableWeights.reduce((sum, { shape }) => sum + product(shape), 0);

function encoderModel(encoder: Encoder, shape: [number, number, number], options?: { dropout?: number }) {
  const inputs = tf.input({ shape, name: "input" });
  return tf.model({ inputs, outputs: encoder(inputs, options), name: "encoder" });
}

/** multibreath/params of papers.md 2.3, and maps of 64 x 256 and 64 x 251. */
const printed = [
  {
    ...{ name: "CNN6", encoder: cnn6Encoder as Encoder, features: 4_304_320, hidden: 128 },
    ...{ plainN4: 4_370_500, csraN4: 4_316_608, csraN2: 4_310_464, map256: [4, 16, 512], map251: [4, 15, 512] },
  },
  {
    ...{ name: "CNN14", encoder: cnn14Encoder as Encoder, features: 75_477_312, hidden: 512 },
    ...{ plainN4: 76_528_452, csraN4: 75_526_464, csraN2: 75_501_888, map256: [2, 8, 2048], map251: [2, 7, 2048] },
  },
  {
    ...{ name: "ResNet22", encoder: resnet22Encoder as Encoder, features: 11_204_672, hidden: 128 },
    ...{ plainN4: 11_270_852, csraN4: 11_216_960, csraN2: 11_210_816, map256: [2, 8, 512], map251: [2, 7, 512] },
  },
  {
    ...{ name: "MobileNetV2", encoder: mobileNetV2Encoder as Encoder, features: 2_223_296, hidden: 512 },
    ...{ plainN4: 2_881_220, csraN4: 2_254_016, csraN2: 2_238_656, map256: [2, 8, 1280], map251: [2, 7, 1280] },
  },
];

describe.each(printed)("$name", ({ encoder, features, hidden, plainN4, csraN4, csraN2, map256, map251 }) => {
  test("has the parameters of multibreath/params, alone and with either head", () => {
    const inputs = tf.input({ shape: [64, 256, 1] });
    const map = encoder(inputs);
    const size = (...layers: TensorFlow.layers.Layer[]) =>
      trainableSize(tf.model({ inputs, outputs: layers.reduce((x, layer) => layer.apply(x) as Symbolic, map) }));
    expect(size()).toBe(features);
    const pool = new FrequencyTimePool({ name: "head" });
    const linear = (units: number) => new Linear({ units, name: `fc${units}` });
    expect(size(pool, linear(hidden), linear(4))).toBe(plainN4);
    expect(size(new Csra({ classes: 4, heads: 6, name: "csra4" }))).toBe(csraN4);
    expect(size(new Csra({ classes: 2, heads: 6, name: "csra2" }))).toBe(csraN2);
    expect(map.shape).toEqual([null, ...map256]);
    tf.model({ inputs, outputs: map }).dispose();
  });

  test("rounds down at each pool: the map of 64 x 251", () => {
    const model = encoderModel(encoder, [64, 251, 1]);
    expect(model.outputs[0]!.shape).toEqual([null, ...map251]);
    model.dispose();
  });
});

test.each([
  ["CNN6", cnn6Encoder, 2.47],
  ["CNN14", cnn14Encoder, 4.88],
] as const)("%s takes the billions of multiply-adds of multibreath/params at 64 x 251", (_, encoder, printedGmacs) => {
  const model = encoderModel(encoder, [64, 251, 1]);
  const multiplyAdds = [...weightShapes(model)].map(([name, shape]) => {
    if (!name.endsWith("/kernel")) return 0;
    const { output } = model.getLayer(name.slice(0, name.lastIndexOf("/")));
    return product(shape) * product((output as Symbolic).shape.slice(1, -1));
  });
  const gmacs = multiplyAdds.reduce((sum, one) => sum + one, 0) / 1e9;
  expect(Math.abs(gmacs - printedGmacs)).toBeLessThan(0.005);
  model.dispose();
});

test("a second input channel of CNN6, as a learnable front end gives it, costs 1,600 weights", () => {
  const model = encoderModel(cnn6Encoder, [16, 16, 2]);
  expect(trainableSize(model)).toBe(4_304_320 + 1_600);
  model.dispose();
});

describe("layers have the names of PANNs' modules", () => {
  // torch's names of the second stage's first block and of the first two inverted residuals, by the construction of its Sequentials.
  test.each<[string, Encoder, RegExp, string[]]>([
    ["CNN6", cnn6Encoder, /^conv_block4/, ["conv_block4.conv1", "conv_block4.bn1"]],
    [
      "ResNet22",
      resnet22Encoder,
      /^conv_block1|^resnet\.layer2\.0/,
      [
        ...["conv_block1.conv1", "conv_block1.bn1", "conv_block1.conv2", "conv_block1.bn2"],
        ...["resnet.layer2.0.conv1", "resnet.layer2.0.bn1", "resnet.layer2.0.conv2", "resnet.layer2.0.bn2"],
        ...["resnet.layer2.0.downsample.1", "resnet.layer2.0.downsample.2"],
      ],
    ],
    [
      "MobileNetV2",
      mobileNetV2Encoder,
      /^features\.(0|1|2|18)\./,
      [
        ...["features.0.0", "features.0.2"],
        ...[0, 2, 4, 5].map((place) => `features.1.conv.${place}`),
        ...[0, 1, 3, 5, 7, 8].map((place) => `features.2.conv.${place}`),
        ...["features.18.0", "features.18.1"],
      ],
    ],
  ])("%s", (_, encoder, some, wanted) => {
    const model = encoderModel(encoder, [32, 32, 1]);
    const named = model.layers.filter(({ name, weights }) => weights.length > 0 && some.test(name));
    expect(named.map(({ name }) => name).sort()).toEqual(wanted.sort());
    model.dispose();
  });

  test("CNN14", () => {
    const model = encoderModel(cnn14Encoder, [32, 32, 1]);
    const wanted = [1, 2, 3, 4, 5, 6].flatMap((block) =>
      ["conv1", "bn1", "conv2", "bn2"].map((part) => `conv_block${block}.${part}`),
    );
    expect(model.layers.filter(({ weights }) => weights.length > 0).map(({ name }) => name)).toEqual(wanted);
    model.dispose();
  });
});

describe("initialisation", () => {
  test.each([
    ["ResNet22", resnet22Encoder],
    ["MobileNetV2", mobileNetV2Encoder],
  ] as const)(
    "%s: kernels uniform within Xavier's bound, norms at 1 and 0, a basic block's second norm at 0",
    (_, encoder) => {
      const model = encoderModel(encoder, [32, 32, 1]);
      initialiseWeights(model, new Streams(1));
      for (const [name, { shape, values }] of readWeights(model)) {
        const all = (wanted: number) => (values as Float32Array).every((value) => value === wanted);
        if (name.endsWith("/kernel")) {
          const [height, width, inputs, filters] = shape as [number, number, number, number];
          // xavier_uniform_: sqrt(6 / (fan-in + fan-out)), of a weight [filters, inputs / groups, height, width].
          const bound = Math.sqrt(6 / (height * width * (inputs + filters)));
          const largest = (values as Float32Array).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
          expect(largest, name).toBeLessThanOrEqual(bound * (1 + 1e-6));
          expect(largest, name).toBeGreaterThan(0.95 * bound);
        } else if (/^resnet\..*bn2\/scale$/.test(name)) expect(all(0), name).toBe(true);
        else expect(all(/scale|runningVariance/.test(name) ? 1 : 0), name).toBe(true);
      }
      model.dispose();
    },
  );
});

test("as it starts, each basic block of ResNet22 gives its shortcut: the main path adds nothing", () => {
  const model = encoderModel(resnet22Encoder, [32, 32, 1]);
  initialiseWeights(model, new Streams(1));
  tf.tidy(() => {
    const [before, after] = ["conv_block1.pool", "resnet.layer1.1.relu2"].map((layer) => {
      const output = model.getLayer(layer).output as Symbolic;
      return tf
        .model({ inputs: model.inputs, outputs: output })
        .apply(tf.randomNormal([1, 32, 32, 1], 0, 1, "float32", 7));
    }) as TensorFlow.Tensor[];
    expect([...after!.dataSync()]).toEqual([...before!.dataSync()]);
  });
  model.dispose();
});

describe("dropout", () => {
  const dropped = (encoder: Encoder, options?: { dropout?: number }) => {
    const model = encoderModel(encoder, [32, 32, 1], options);
    const names = model.layers
      .filter((layer) => layer.getClassName() === "AuscultDropout")
      .map((layer) => ({
        name: layer.name,
        rate: layer.getConfig().rate,
        behind: ((layer.input as Symbolic).sourceLayer as TensorFlow.layers.Layer).name,
      }));
    model.dispose();
    return names;
  };

  test("CNN6 and CNN14: none, or after each block's pool", () => {
    expect(dropped(cnn6Encoder)).toEqual([]);
    expect(dropped(cnn6Encoder, { dropout: 0.2 })).toEqual(
      [1, 2, 3, 4].map((i) => ({ name: `conv_block${i}.dropout`, rate: 0.2, behind: `conv_block${i}.pool` })),
    );
    const behind = dropped(cnn14Encoder, { dropout: 0.2 }).map((one) => one.behind);
    expect(behind).toEqual([...[1, 2, 3, 4, 5].map((i) => `conv_block${i}.pool`), "conv_block6.relu2"]);
  });

  test("ResNet22: 0.1 between the convolutions of its eight basic blocks, or none", () => {
    const blocks = [1, 2, 3, 4].flatMap((stage) => [0, 1].map((block) => `resnet.layer${stage}.${block}`));
    expect(dropped(resnet22Encoder)).toEqual(
      blocks.map((name) => ({ name: `${name}.dropout`, rate: 0.1, behind: `${name}.relu1` })),
    );
    expect(dropped(resnet22Encoder, { dropout: 0 })).toEqual([]);
  });
});

test("evaluation mode: an item's map depends neither on its batch nor on the order", () => {
  const inputs = tf.input({ shape: [32, 64, 1] });
  const flat = tf.layers.globalAveragePooling2d({ name: "mean" }).apply(mobileNetV2Encoder(inputs)) as Symbolic;
  const model = tf.model({ inputs, outputs: flat });
  initialiseWeights(model, new Streams(1));
  expectItemsAlone(model, 32, 64, 1);
  model.dispose();
});

test("maps too small for the pools are refused with a layer's name", () => {
  expect(() => encoderModel(cnn6Encoder, [64, 15, 1])).toThrow("conv_block4.pool: an axis of 1 cells is shorter than");
  expect(() => encoderModel(mobileNetV2Encoder, [31, 64, 1])).toThrow(/^features\.11\.conv\.4: an axis of 1 cells/);
});
