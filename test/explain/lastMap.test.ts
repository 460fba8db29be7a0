import { afterEach, beforeEach, expect, test } from "vitest";
import { lastMap, layersBehind } from "../../src/explain/lastMap.js";
import { resnet } from "../../src/nn/backbones/resnet.js";
import { LAST_MAP as VGG_MAP, vgg16 } from "../../src/nn/backbones/vgg16.js";
import { Conv2d } from "../../src/nn/layers/conv2d.js";
import { FrequencyTimePool } from "../../src/nn/layers/frequencyTimePool.js";
import { Linear } from "../../src/nn/layers/linear.js";
import { cycleguardianNetwork } from "../../src/papers/cycleguardian/network.js";
import { baselineNetwork } from "../../src/papers/glancegaze/baselines.js";
import { LAST_MAP as GLANCE_MAP, glancegazeNetwork } from "../../src/papers/glancegaze/network.js";
import { LAST_MAP, multibreathNetwork, UPRIGHT } from "../../src/papers/multibreath/network.js";
import type { MultibreathBackbone } from "../../src/papers/multibreath/rows.js";
import { LAST_STAGE, respirenetNetwork } from "../../src/papers/respirenet/network.js";
import { type TensorFlow, tf } from "../../src/tensorflow.js";

beforeEach(() => {
  tf.engine().startScope();
});
afterEach(() => {
  tf.engine().endScope();
  tf.disposeVariables();
});

const nameOf = (model: TensorFlow.LayersModel) => lastMap(model)?.sourceLayer.name;

const MULTIBREATH = Object.keys(LAST_MAP) as MultibreathBackbone[];
test.each(MULTIBREATH)(
  "Multi-breath's %s: the layer that the paper names, and turned back with its kernels turned",
  (backbone) => {
    const options = { backbone, head: "plain", outputs: 2, inputShape: [64, 64, 1] } as const;
    expect(nameOf(multibreathNetwork(options))).toBe(LAST_MAP[backbone]);
    expect(nameOf(multibreathNetwork({ ...options, head: "csra" }))).toBe(LAST_MAP[backbone]);
    expect(nameOf(multibreathNetwork({ ...options, pooling: "panns" }))).toBe(UPRIGHT);
  },
);

test("other papers' networks: the layers that they name", () => {
  expect(nameOf(glancegazeNetwork({ inputShape: [16, 24, 1], outputs: 4 }))).toBe(GLANCE_MAP);
  expect(nameOf(respirenetNetwork({ inputShape: [64, 64, 3], classes: 4 }))).toBe(LAST_STAGE);
  expect(nameOf(vgg16({ rows: 64, frames: 64, channels: 1 }, 4, { hidden: 8 }))).toBe(VGG_MAP);
  expect(nameOf(resnet("resnet", [1, 1, 1, 1], { rows: 64, frames: 64, channels: 1 }, 4))).toBe("layer4.0.relu2");
});

test("recurrences: the convolutions' last map where there are any, before its sides are turned", () => {
  const inputShape = [32, 81, 1] as const;
  expect(nameOf(baselineNetwork({ kind: "CRNN", inputShape, outputs: 4 }))).toBe("relu7");
  expect(nameOf(baselineNetwork({ kind: "BiGRU+ATT", inputShape, outputs: 4 }))).toBeUndefined();
});

test("CycleGuardian's maps are of groups of frames and not of items: there is none", () => {
  const shape = { rows: 84, frames: 90, channels: 3, framesPerGroup: 10, stride: 5 };
  const { inference } = cycleguardianNetwork(shape as never, { classes: 4, clusters: 5 });
  expect(inference.layers.some(({ output }) => (output as TensorFlow.SymbolicTensor).shape.length === 4)).toBe(true);
  expect(nameOf(inference)).toBeUndefined();
});

test("a map that the answer can do without is none; what stands behind the last one is told", () => {
  const inputs = tf.input({ shape: [4, 6, 2] });
  const apply = (layer: TensorFlow.layers.Layer, x: unknown) => layer.apply(x as never) as TensorFlow.SymbolicTensor;
  const stem = apply(new Conv2d({ filters: 3, kernelSize: 1, name: "stem" }), inputs);
  const branch = apply(new Conv2d({ filters: 3, kernelSize: 1, name: "branch" }), stem);
  const pooled = [stem, branch].map((map, i) => apply(new FrequencyTimePool({ name: `pool${i}` }), map));
  const sum = apply(tf.layers.add({ name: "sum" }), pooled);
  const model = tf.model({ inputs, outputs: apply(new Linear({ units: 2, name: "head" }), sum) });
  const map = lastMap(model)!;
  expect(map.sourceLayer.name).toBe("stem");
  const behind = layersBehind(model, map).map(({ name }) => name);
  expect(behind.sort()).toEqual(["branch", "head", "pool0", "pool1", "sum"]);
});
