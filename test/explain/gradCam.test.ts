import { describe, expect, test } from "vitest";
import { camOfGradients } from "../../src/explain/camOfGradients.js";
import { type CamMap, gradCamPlusPlus } from "../../src/explain/gradCam.js";
import { meanCam } from "../../src/explain/meanCam.js";
import { resnet } from "../../src/nn/backbones/resnet.js";
import { initialiseWeights } from "../../src/nn/init/initialise.js";
import { Conv2d } from "../../src/nn/layers/conv2d.js";
import { GroupFrames } from "../../src/nn/layers/groupFrames.js";
import { Linear } from "../../src/nn/layers/linear.js";
import { Relu } from "../../src/nn/layers/relu.js";
import { UnfoldBatch } from "../../src/nn/layers/unfoldBatch.js";
import { readWeights, writeWeights } from "../../src/nn/weights/modelWeights.js";
import { fromTorchLayout, torchShape } from "../../src/nn/weights/torchLayout.js";
import { Streams } from "../../src/random/streams.js";
import { type TensorFlow, tf } from "../../src/tensorflow.js";

type Symbolic = TensorFlow.SymbolicTensor;
type Tensor = TensorFlow.Tensor;

/** sin(0.7 i^1.1 + start) * size in PyTorch's order; no two values alike. */
const wave = (count: number, start: number, size: number) =>
  Float32Array.from({ length: count }, (_, i) => size * Math.sin(0.7 * i ** 1.1 + start));

const conv = (name: string, filters: number, stride = 1) =>
  new Conv2d({ filters, kernelSize: 3, stride, padding: 1, name });

/** A block whose shortcut bypasses its inner layers, and convolutions after it, so that positions differ in their gradients. */
function smallResidual(): TensorFlow.LayersModel {
  const inputs = tf.input({ shape: [6, 7, 1], name: "input" });
  const through = (x: Symbolic, ...layers: TensorFlow.layers.Layer[]) =>
    layers.reduce((y, layer) => layer.apply(y) as Symbolic, x);
  const stem = through(inputs, conv("a", 3), new Relu({ name: "stem" }));
  const inner = through(stem, conv("b", 3), new Relu({ name: "inner" }));
  const sum = tf.layers.add({ name: "sum" }).apply([inner, stem]) as Symbolic;
  const last = through(sum, new Relu({ name: "block" }), conv("c", 4, 2), new Relu({ name: "last" }));
  const pooled = through(last, conv("d", 4), new Relu({ name: "reach" }), tf.layers.globalAveragePooling2d({}));
  const model = tf.model({ inputs, outputs: through(pooled, new Linear({ units: 3, bias: false, name: "fc" })) });
  const weights = readWeights(model);
  const sizes: Record<string, [number, number]> = { a: [1, 0.5], b: [2, 0.5], c: [3, 0.4], d: [4, 0.4], fc: [5, 0.9] };
  for (const [name, { dtype, shape, values }] of weights) {
    const [start, size] = sizes[name.split("/")[0]!]!;
    const theirs = { dtype, shape: torchShape(shape), values: wave(values.length, start, size) };
    weights.set(name, fromTorchLayout(theirs, shape));
  }
  writeWeights(model, weights);
  return model;
}

const smallInputs = () => tf.tensor4d(wave(2 * 6 * 7, 0, 1), [2, 6, 7, 1]);

function expectClose(maps: readonly CamMap[], wanted: readonly number[], within: number): void {
  const values = maps.flatMap((map) => [...map.values]);
  expect(values).toHaveLength(wanted.length);
  expect(Math.max(...values.map((value, i) => Math.abs(value - wanted[i]!)))).toBeLessThan(within);
}

/** The formula of papers.md 6.14, position by position. A and g: `[rows * frames][channels]`. */
function naiveCam(A: number[][], g: number[][]): number[] {
  const map = new Array<number>(A.length).fill(0);
  for (let k = 0; k < A[0]!.length; k++) {
    let sum = 0;
    for (const at of A) sum += at[k]!;
    let weight = 0;
    for (const at of g) {
      const denominator = 2 * at[k]! ** 2 + sum * at[k]! ** 3;
      if (denominator !== 0) weight += (at[k]! ** 2 / denominator) * Math.max(at[k]!, 0);
    }
    for (let p = 0; p < A.length; p++) map[p]! += weight * A[p]![k]!;
  }
  const positive = map.map((value) => Math.max(value, 0));
  const [low, high] = [Math.min(...positive), Math.max(...positive)];
  return positive.map((value) => (high > low ? (value - low) / (high - low) : 0));
}

describe("the map of activations and gradients", () => {
  const positions = 12;
  const random = new Streams(7).stream("cam");
  const values = (shift: number) =>
    Array.from({ length: positions }, () => Array.from({ length: 5 }, () => random.uniform() + shift));

  const ofBoth = (A: number[][], g: number[][]) =>
    tf.tidy(() => {
      const tensor = (rows: number[][]) => tf.tensor4d(rows.flat(), [1, 3, 4, 5]);
      return [...camOfGradients(tensor(A), tensor(g)).dataSync()];
    });
  const off = (A: number[][], g: number[][]) => {
    const wanted = naiveCam(A, g);
    return Math.max(...ofBoth(A, g).map((value, i) => Math.abs(value - wanted[i]!)));
  };

  test("is that of a loop in double precision, with activations and gradients below 0 and some that are 0", () => {
    const A = values(-0.2);
    const g = values(-0.5).map((row, p) => row.map((value, k) => ((p + k) % 3 === 0 ? 0 : value)));
    expect(off(A, g)).toBeLessThan(1e-5);
    expect(ofBoth(A, g)).toContain(1);
    // Gradients whose cubes are nothing in single precision.
    const tiny = g.map((row) => row.map((value) => value * 2 ** -60));
    expect(off(A, tiny)).toBeLessThan(1e-5);
  });

  test("leaves out positions whose denominator is 0", () => {
    const A = values(0.2);
    const g = values(-0.5);
    // 2 g^2 + sum(A) g^3 = 0 where sum(A) = -2 and g = 1, exactly.
    for (const [p, row] of A.entries()) row[1] = p === 0 ? -2 : 0;
    g[0]![1] = 1;
    g[5]![1] = 0.5;
    expect(off(A, g)).toBeLessThan(1e-5);
  });

  test("is 0 where all places are alike, and where nothing speaks for the class", () => {
    const ones = Array.from({ length: positions }, () => new Array<number>(5).fill(1));
    expect(new Set(ofBoth(ones, values(0)))).toEqual(new Set([0]));
    expect(new Set(ofBoth(values(0), values(-2)))).toEqual(new Set([0]));
  });
});

describe("Grad-CAM++ of a network", () => {
  /*
   * import torch, torch.nn.functional as F
   * def wave(shape, start, size):
   *     count = torch.Size(shape).numel()
   *     return size * torch.sin(0.7 * torch.arange(count, dtype=torch.float64) ** 1.1 + start).reshape(shape)
   * x = wave([2, 1, 6, 7], 0, 1).requires_grad_()
   * a, b, c, d = wave([3, 1, 3, 3], 1, 0.5), wave([3, 3, 3, 3], 2, 0.5), wave([4, 3, 3, 3], 3, 0.4), wave([4, 4, 3, 3], 4, 0.4)
   * fc = wave([3, 4], 5, 0.9)
   * stem = F.relu(F.conv2d(x, a, padding=1))
   * inner = F.relu(F.conv2d(stem, b, padding=1))
   * last = F.relu(F.conv2d(F.relu(inner + stem), c, stride=2, padding=1))
   * logits = F.relu(F.conv2d(last, d, padding=1)).mean((2, 3)) @ fc.T
   * def cam(A, classes):
   *     g, = torch.autograd.grad(logits[range(2), classes].sum(), A, retain_graph=True)
   *     alpha = g ** 2 / (2 * g ** 2 + A.sum((2, 3), keepdim=True) * g ** 3)
   *     alpha[g == 0] = 0
   *     maps = F.relu(((alpha * F.relu(g)).sum((2, 3), keepdim=True) * A).sum(1, keepdim=True))
   *     maps = (maps - maps.amin((2, 3), keepdim=True)) / (maps.amax((2, 3), keepdim=True) - maps.amin((2, 3), keepdim=True))
   *     return F.interpolate(maps, size=(6, 7), mode="bilinear", align_corners=False)
   * print([round(v, 6) for v in cam(last, [0, 2]).flatten().tolist()], [round(v, 6) for v in cam(inner, [0, 2]).flatten().tolist()])
   */
  const fromTorch = {
    last: [
      0.230218, 0.150143, 0.022023, 0.003004, 0.015505, 0.139548, 0.217074, 0.172664, 0.112633, 0.016584, 0.002289,
      0.013448, 0.121032, 0.188272, 0.057555, 0.037613, 0.005706, 0.000859, 0.009333, 0.084001, 0.130669, 0.0, 0.01333,
      0.034658, 0.143662, 0.239726, 0.157536, 0.106167, 0.0, 0.039784, 0.103438, 0.430698, 0.704626, 0.341636, 0.114767,
      0.0, 0.053011, 0.137829, 0.574215, 0.937076, 0.433686, 0.119067, 0.0, 0.2877, 0.748021, 0.40278, 0.008047,
      0.072427, 0.112664, 0.0, 0.240207, 0.624538, 0.394171, 0.117166, 0.128391, 0.135406, 0.0, 0.14522, 0.377572,
      0.376952, 0.335403, 0.240319, 0.180892, 0.241546, 0.228574, 0.20782, 0.401257, 0.576415, 0.409432, 0.305068,
      0.724637, 0.49027, 0.115282, 0.467086, 0.840204, 0.63573, 0.507934, 0.966183, 0.621118, 0.069013, 0.5, 0.972098,
      0.748879, 0.609367,
    ],
    inner: [
      0.196866, 0.15958, 0.104077, 0.09759, 0.181126, 0.252675, 0.034878, 0.290288, 0.204983, 0.017179, 0.085403,
      0.17076, 0.028485, 0.070394, 0.008134, 0.133585, 0.236918, 0.175281, 0.14882, 0.137743, 0.001341, 0.123482,
      0.237132, 0.095434, 0.12547, 0.112481, 0.15811, 0.053321, 0.106938, 0.350828, 0.491332, 0.193002, 0.492393,
      0.318896, 0.148955, 0.175425, 0.0, 0.266464, 0.167832, 0.567037, 1.0, 0.319487, 0.351156, 0.225014, 0.462072,
      0.347185, 0.131994, 0.861302, 0.37788, 0.379589, 0.332422, 0.127251, 0.915009, 0.219569, 0.201876, 0.33513,
      0.016411, 0.485126, 0.412051, 0.074429, 0.64462, 0.367575, 0.100193, 0.485405, 0.0, 0.543286, 0.520859, 0.039447,
      0.840453, 0.451727, 0.491149, 0.544554, 0.131219, 1.0, 0.628986, 0.111094, 0.340007, 0.301865, 0.751808, 0.303232,
      0.185004, 0.246819, 0.272298, 0.353397,
    ],
  };

  test.each(["last", "inner"] as const)(
    "at %s is PyTorch's, enlarged to the input as its `interpolate` does",
    (layer) => {
      const model = smallResidual();
      const inputs = smallInputs();
      const { maps, classes } = gradCamPlusPlus({ model, layer, inputs, classes: [0, 2] });
      expectClose(maps, fromTorch[layer], 1e-5);
      expect(maps.map(({ rows, frames }) => [rows, frames])).toEqual([[6, 7], [6, 7]]); // biome-ignore format: one line
      expect(classes).toEqual([0, 2]);
      // The largest logits of both are those of class 2.
      const predicted = gradCamPlusPlus({ model, layer, inputs, classes: "predicted" });
      expect(predicted.classes).toEqual([2, 2]);
      expect(predicted.maps[1]).toEqual(maps[1]);
      expect(predicted.maps).toEqual(gradCamPlusPlus({ model, layer, inputs, classes: [2, 2] }).maps);
      expect(predicted.maps[0]).not.toEqual(maps[0]);
      tf.dispose(inputs);
      model.dispose();
    },
  );

  test("takes gradients that finite differences give, what bypasses the layer held as it is", () => {
    const model = smallResidual();
    const apply = (name: string, x: Tensor | Tensor[]) => model.getLayer(name).apply(x) as Tensor;
    const x = tf.slice(smallInputs(), [0, 0, 0, 0], [1, 6, 7, 1]);
    const stem = apply("stem", apply("a", x));
    const before = apply("b", stem);
    const logit = (values: Float32Array) =>
      tf.tidy(() => {
        const inner = apply("inner", tf.tensor(values, before.shape));
        const last = apply("last", apply("c", apply("block", apply("sum", [inner, stem]))));
        return apply("fc", tf.mean(apply("reach", apply("d", last)), [1, 2])).dataSync()[1]!;
      });
    const A = before.dataSync() as Float32Array;
    const half = 2 ** -9;
    const g = Array.from(A, (value, i) => {
      const moved = (by: number) => A.map((one, j) => (j === i ? value + by : one));
      return (logit(moved(half)) - logit(moved(-half))) / (2 * half);
    });
    const places = (values: ArrayLike<number>) =>
      Array.from({ length: 42 }, (_, p) => [0, 1, 2].map((k) => values[3 * p + k]!));
    const [map] = gradCamPlusPlus({ model, layer: "b", inputs: x, classes: [1], resolution: "layer" }).maps;
    expect(new Set(g.map((value) => value.toFixed(4))).size).toBeGreaterThan(20);
    expectClose([map!], naiveCam(places(A), places(g)), 2e-3);
    model.dispose();
  });

  test("lies at the one place that the logit depends on, of each class its own", () => {
    const inputs = tf.input({ shape: [3, 4, 1] });
    // One channel for what is above 0 and one for what is below; class 0 adds up the first, class 1 the second.
    const parts = new Conv2d({ filters: 2, kernelSize: 1, name: "parts" }).apply(inputs) as Symbolic;
    const map = new Relu({ name: "map" }).apply(parts) as Symbolic;
    const sums = tf.layers.globalAveragePooling2d({}).apply(map) as Symbolic;
    const outputs = new Linear({ units: 2, bias: false, name: "fc" }).apply(sums) as Symbolic;
    const model = tf.model({ inputs, outputs });
    model.getLayer("parts").setWeights([tf.tensor4d([1, -1], [1, 1, 1, 2])]);
    model.getLayer("fc").setWeights([tf.tensor2d([1, 0, 0, 1], [2, 2])]);
    const values = new Float32Array(12);
    values[6] = 2;
    values[9] = -1;
    const given = tf.tensor4d([...values, ...values], [2, 3, 4, 1]);
    const { maps } = gradCamPlusPlus({ model, layer: "map", inputs: given, classes: [0, 1] });
    const only = (place: number) => Float32Array.from(values, (_, i) => (i === place ? 1 : 0));
    expect(maps.map((one) => one.values)).toEqual([only(6), only(9)]);
    model.dispose();
  });

  test("leaves the model and the memory as they were, and gives an item its map whatever stands beside it", () => {
    const model = resnet("tiny", [1, 1, 1, 1], { rows: 32, frames: 48, channels: 3 }, 4);
    initialiseWeights(model, new Streams(3));
    const bytes = () => Buffer.concat([...readWeights(model).values()].map(({ values }) => Buffer.from(values.buffer)));
    const weights = bytes();
    const inputs = tf.tensor4d(wave(3 * 32 * 48 * 3, 0, 1), [3, 32, 48, 3]);
    const before = tf.memory().numTensors;
    const together = gradCamPlusPlus({ model, layer: "layer4.0.relu2", inputs, classes: [3, 0, 1] });
    expect(tf.memory().numTensors).toBe(before);
    expect(bytes().equals(weights)).toBe(true);
    const second = tf.slice(inputs, [1, 0, 0, 0], [1, 32, 48, 3]);
    const alone = gradCamPlusPlus({ model, layer: "layer4.0.relu2", inputs: second, classes: [0] });
    expect(Math.max(...together.maps[1]!.values)).toBeGreaterThan(0.5);
    expectClose(alone.maps, [...together.maps[1]!.values], 1e-4);
    const shapes = (layer: string) =>
      gradCamPlusPlus({ model, layer, inputs: second, classes: "predicted", resolution: "layer" }).maps[0];
    expect(shapes("layer4.0.relu2")).toMatchObject({ rows: 1, frames: 2 });
    expect(shapes("layer2.0.bn1")).toMatchObject({ rows: 4, frames: 6 });
    model.dispose();
  });

  test("refuses layers that there are not, that give no map or not one for each item, and classes that do not fit", () => {
    const model = smallResidual();
    const cam = (layer: string, classes: number[] | "predicted" = "predicted", of = model) =>
      gradCamPlusPlus({ model: of, layer, inputs: smallInputs(), classes });
    const names = "layers that give a map: input, a, stem, b, inner, sum, block, c, last, d, reach";
    expect(() => cam("layer4")).toThrow(`the model has no layer "layer4"; ${names}`);
    expect(() => cam("fc")).toThrow(`layer "fc" gives [batch, 3], no map [batch, rows, frames, channels]; ${names}`);
    expect(() => cam("last", [0])).toThrow("2 items need a class each, got 1");
    expect(() => cam("last", [0, 3])).toThrow("class 3 is none of the model's, which are 0 to 2");
    const layer = (name: string) => model.getLayer(name).output as Symbolic;
    const two = tf.model({ inputs: model.inputs, outputs: [layer("fc"), layer("reach")] });
    expect(() => cam("last", "predicted", two)).toThrow("this one's: [,3], [,3,4,4]");

    const inputs = tf.input({ shape: [6, 7, 1] });
    let groups = new GroupFrames({ framesPerGroup: 3, stride: 2, name: "groups" }).apply(inputs) as Symbolic;
    groups = tf.layers.globalAveragePooling2d({}).apply(groups) as Symbolic;
    groups = new UnfoldBatch({ groups: 3, name: "unfold" }).apply(groups) as Symbolic;
    groups = tf.layers.globalAveragePooling1d({}).apply(groups) as Symbolic;
    const outputs = new Linear({ units: 2, name: "fc" }).apply(groups) as Symbolic;
    expect(() => cam("groups", "predicted", tf.model({ inputs, outputs }))).toThrow(
      'layer "groups" gives 6 maps for 2 items',
    );
  });
});

describe("the mean over many items", () => {
  const inputShape = [6, 7, 1] as const;
  const items = Array.from({ length: 7 }, (_, item) => wave(42, item, 1 + item));
  const given = {
    ...{ inputShape, count: 7, layer: "last" },
    writeInput: (index: number, out: Float32Array, at: number) => out.set(items[index]!, at),
    signal: new AbortController().signal,
  };
  const classes = [0, 1, 2, 2, 1, 0, 1];

  test("is that of the maps of each, in batches as in one, and leaves nothing behind", async () => {
    const model = smallResidual();
    const inputs = tf.tensor4d(Float32Array.from(items.flatMap((item) => [...item])), [7, ...inputShape]);
    const { maps } = gradCamPlusPlus({ model, layer: "last", inputs, classes });
    const mean = Array.from({ length: 42 }, (_, i) => maps.reduce((sum, { values }) => sum + values[i]! / 7, 0));
    expect(Math.max(...mean)).toBeGreaterThan(0.2);
    const before = tf.memory().numTensors;
    const seen: number[] = [];
    const onProgress = (done: number, total: number) => seen.push(done, total);
    expectClose([await meanCam({ ...given, model, classes, batchSize: 3, onProgress })], mean, 1e-5);
    expect(seen).toEqual([3, 7, 6, 7, 7, 7]);
    expectClose([await meanCam({ ...given, model, classes })], mean, 1e-5);
    expect(tf.memory().numTensors).toBe(before);
    const predicted = await meanCam({ ...given, model, classes: "predicted", count: 1 });
    expect(predicted).toMatchObject({ rows: 6, frames: 7 });
    model.dispose();
  });

  test("is the same of a network with batch normalisation, where batches go through one captured function", async () => {
    const model = resnet("tiny", [1, 1, 1, 1], { rows: 64, frames: 96, channels: 1 }, 3);
    initialiseWeights(model, new Streams(4));
    const random = new Streams(5).stream("norms");
    const weights = readWeights(model);
    for (const [name, { values }] of weights)
      if (/running|scale|offset/.test(name)) values.set(Array.from(values, () => 0.5 + random.uniform()));
    writeWeights(model, weights);
    // The second batch is filled up with silence, whose map is not 0 here.
    const images = [1, 2, 3].map((item) => wave(64 * 96, item, item));
    const all = {
      ...{ model, layer: "layer3.0.relu2", inputShape: [64, 96, 1] as const, count: 3, classes: [0, 1, 2] },
      writeInput: (index: number, out: Float32Array, at: number) => out.set(images[index]!, at),
      signal: given.signal,
    };
    const eager = await meanCam(all);
    expect(Math.max(...eager.values)).toBeGreaterThan(0.2);
    expectClose([await meanCam({ ...all, batchSize: 2 })], [...eager.values], 1e-4);
    model.dispose();
  });

  test("stops when it is told to, and refuses to be of nothing", async () => {
    const model = smallResidual();
    const stop = new AbortController();
    const before = tf.memory().numTensors;
    const stopped = meanCam({
      ...given,
      model,
      classes,
      batchSize: 3,
      signal: stop.signal,
      onProgress: () => stop.abort(),
    });
    await expect(stopped).rejects.toThrow("stopped in Grad-CAM++, item 3 of 7");
    expect(tf.memory().numTensors).toBe(before);
    await expect(meanCam({ ...given, model, classes: [], count: 0 })).rejects.toThrow("there are no items");
    await expect(meanCam({ ...given, model, classes: [0] })).rejects.toThrow("7 items need a class each, got 1");
    model.dispose();
  });
});
