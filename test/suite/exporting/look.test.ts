import { describe, expect, test } from "vitest";
import { compile } from "../../../src/engine/compile.js";
import { gradCamPlusPlus } from "../../../src/explain/gradCam.js";
import { AttentionPool } from "../../../src/nn/layers/attentionPool.js";
import { BatchNorm2d } from "../../../src/nn/layers/batchNorm2d.js";
import { Conv2d } from "../../../src/nn/layers/conv2d.js";
import { Csra } from "../../../src/nn/layers/csra.js";
import { FrequencyTimePool } from "../../../src/nn/layers/frequencyTimePool.js";
import { Gru } from "../../../src/nn/layers/gru.js";
import { Linear } from "../../../src/nn/layers/linear.js";
import { Relu } from "../../../src/nn/layers/relu.js";
import { withPortableOps } from "../../../src/nn/ops/path.js";
import { graphOf } from "../../../src/suite/exporting/exportedNetwork.js";
import { type Look, lookOf } from "../../../src/suite/exporting/look.js";
import { type TensorFlow, tf } from "../../../src/tensorflow.js";
import { drawWeights } from "./tinyRun.js";

type Symbolic = TensorFlow.SymbolicTensor;
type Layer = TensorFlow.layers.Layer;

const SHAPE = [6, 9, 2] as const;
const ITEMS = 3;
const OUTPUTS = 3;

function chain(layers: readonly Layer[]): TensorFlow.LayersModel {
  const inputs = tf.input({ shape: [...SHAPE] });
  const outputs = layers.reduce<Symbolic>((x, layer) => layer.apply(x) as Symbolic, inputs);
  const model = tf.model({ inputs, outputs });
  drawWeights(model);
  return model;
}

const conv = (name: string) => new Conv2d({ filters: 8, kernelSize: 3, padding: 1, name });
const body = () => [conv("a"), new BatchNorm2d({ name: "bn" }), new Relu({ name: "map" })];
const turn = (name: string) => tf.layers.permute({ dims: [2, 1, 3], name });
const head = () => new Linear({ units: OUTPUTS, name: "head" });

const items = () =>
  Array.from({ length: ITEMS }, (_, item) =>
    Float32Array.from({ length: 108 }, (__, i) => Math.sin(0.7 * i ** 1.1 + item)),
  );
const batch = () => tf.stack(items().map((item) => tf.tensor(item, [...SHAPE])));

function found(network: TensorFlow.LayersModel): Look {
  const look = lookOf(network);
  if ("none" in look) throw new Error(look.none);
  return look;
}

/** What the exported pass gives: traced and executed, on portable paths. */
function answers(network: TensorFlow.LayersModel, look: Look) {
  const until = tf.model({ inputs: network.inputs, outputs: look.at });
  const pass = compile(
    (x: TensorFlow.Tensor) => withPortableOps(() => look.answers(until.apply(x) as TensorFlow.Tensor)),
    {
      name: "pass",
    },
  );
  const { logits, seen } = tf.tidy(() => pass(batch()) as ReturnType<Look["answers"]>);
  const values = { logits: logits.arraySync() as number[][], seen: seen.arraySync() as number[][][][] };
  tf.dispose([logits, seen]);
  pass.dispose();
  return values;
}

const greatest = (one: readonly number[], other: readonly number[]) =>
  Math.max(...one.map((value, i) => Math.abs(value - other[i]!)));

describe("Grad-CAM++ of the last map, for every output", () => {
  test.each<[string, string, () => Layer[]]>([
    [
      "a hidden layer",
      "map",
      () => [
        ...body(),
        new FrequencyTimePool({ name: "pool" }),
        new Linear({ units: 5, name: "hidden" }),
        new Relu({ name: "relu" }),
        head(),
      ],
    ],
    ["attention over places", "map", () => [...body(), new Csra({ classes: OUTPUTS, heads: 2, name: "head" })]],
    [
      "sides that are turned and turned back",
      "back",
      () => [turn("turn"), ...body(), turn("back"), new FrequencyTimePool({ name: "pool" }), head()],
    ],
    ["a mean over all places", "map", () => [...body(), tf.layers.globalAveragePooling2d({ name: "pool" }), head()]],
  ])("%s: maps are those that the laboratory shows, logits the network's", (_, layer, layers) => {
    const network = chain(layers());
    const look = found(network);
    expect(look.at.sourceLayer.name).toBe(layer);
    expect(look.about).toEqual({ kind: "grad-cam++", rows: 6, frames: 9, outputs: OUTPUTS });
    const { logits, seen } = answers(network, look);
    const wanted = tf.tidy(() => (network.predict(batch()) as TensorFlow.Tensor).arraySync() as number[][]);
    expect(greatest(logits.flat(), wanted.flat())).toBeLessThan(1e-5);
    for (let output = 0; output < OUTPUTS; output++) {
      const inputs = batch();
      const classes = new Array<number>(ITEMS).fill(output);
      const { maps } = gradCamPlusPlus({ model: network, layer, inputs, classes, resolution: "layer" });
      for (const [item, { values }] of maps.entries()) {
        expect(
          greatest(
            seen[item]!.flat().map((place) => place[output]!),
            [...values],
          ),
        ).toBeLessThan(1e-4);
      }
      inputs.dispose();
    }
    expect(Math.max(...seen.flat(3))).toBeCloseTo(1, 5);
    network.dispose();
  });

  test("the graph has both outputs, the batch free, and plain operations only", () => {
    const network = chain([...body(), new FrequencyTimePool({ name: "pool" }), head()]);
    const { outputs, nodes } = graphOf(network, SHAPE, found(network));
    expect(outputs).toEqual(["logits", "seen"]);
    const named = new Map(nodes.map((node) => [node.name, node]));
    for (const name of outputs) expect(named.get(name)!.op).toBe("Identity");
    expect(nodes.filter(({ op }) => /Grad$|^_|Fused|BatchNorm/.test(op))).toEqual([]);
    // The ones of a mean's gradient: their shape is computed from the batch, and no constant of that size is kept.
    expect(nodes.some(({ op }) => op === "Fill")).toBe(true);
    expect(Math.max(...nodes.map(({ value }) => value?.shape.reduce((a, b) => a * b, 1) ?? 0))).toBeLessThan(100);
    network.dispose();
  });
});

test("attention over time: each item's shares, which add up to 1", () => {
  const frames = () => [turn("framesFirst"), tf.layers.reshape({ targetShape: [9, 12], name: "frames" })];
  const pool = new AttentionPool({ name: "attention" });
  const network = chain([...frames(), new Gru({ units: 4, bidirectional: true, name: "gru" }), pool, head()]);
  const look = found(network);
  expect(look.about).toEqual({ kind: "attention", rows: 1, frames: 9, outputs: 1 });
  const { logits, seen } = answers(network, look);
  const before = tf.model({ inputs: network.inputs, outputs: look.at });
  const wanted = tf.tidy(() => pool.attention(before.predict(batch()) as TensorFlow.Tensor3D).arraySync());
  expect(seen.map((item) => item.length)).toEqual([1, 1, 1]);
  for (const [item, shares] of wanted.entries()) {
    expect(greatest(seen[item]!.flat(2), shares)).toBeLessThan(1e-6);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 5);
    expect(Math.max(...shares) - Math.min(...shares)).toBeGreaterThan(1e-3);
  }
  expect(
    greatest(
      logits.flat(),
      tf.tidy(() => (network.predict(batch()) as TensorFlow.Tensor).arraySync() as number[][]).flat(),
    ),
  ).toBeLessThan(1e-5);
  network.dispose();
});

test("no maps where the way back is dear, and why", () => {
  const heavy = chain([...body(), tf.layers.flatten({ name: "flat" }), new Linear({ units: 5, name: "big" }), head()]);
  expect(lookOf(heavy)).toEqual({
    none: expect.stringMatching(/^9\d % of its weights stand behind its last map with the sides of the input, and/),
  });
  const recurrent = chain([
    ...body(),
    turn("framesFirst"),
    tf.layers.reshape({ targetShape: [9, 48], name: "frames" }),
    new Gru({ units: 4, steps: "last", name: "gru" }),
    head(),
  ]);
  expect(lookOf(recurrent)).toEqual({ none: "a recurrence stands behind its last map" });
  const without = chain([tf.layers.flatten({ name: "flat" }), head()]);
  expect(lookOf(without)).toEqual({ none: "it has neither a last map for each item nor attention over time" });
  for (const network of [heavy, recurrent, without]) network.dispose();
});
