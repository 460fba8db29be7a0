import { describe, expect, test } from "vitest";
import { BatchNorm2d } from "../../../src/nn/layers/batchNorm2d.js";
import { Conv2d } from "../../../src/nn/layers/conv2d.js";
import { FrequencyTimePool } from "../../../src/nn/layers/frequencyTimePool.js";
import { Linear } from "../../../src/nn/layers/linear.js";
import { Relu } from "../../../src/nn/layers/relu.js";
import { type Look, lookOf } from "../../../src/suite/exporting/look.js";
import { GREATEST_SEEN_DIFFERENCE, seenAgreement } from "../../../src/suite/exporting/seenAgreement.js";
import { type TensorFlow, tf } from "../../../src/tensorflow.js";
import { drawWeights } from "./tinyRun.js";

type Symbolic = TensorFlow.SymbolicTensor;
type Layer = TensorFlow.layers.Layer;

const SHAPE = [6, 9, 2] as const;
const ITEMS = 3;
const OUTPUTS = 3;

function madeNetwork(): TensorFlow.LayersModel {
  const inputs = tf.input({ shape: [...SHAPE] });
  const layers: Layer[] = [
    new Conv2d({ filters: 8, kernelSize: 3, padding: 1, name: "a" }),
    new BatchNorm2d({ name: "bn" }),
    new Relu({ name: "map" }),
    new FrequencyTimePool({ name: "pool" }),
    new Linear({ units: OUTPUTS, name: "head" }),
  ];
  const outputs = layers.reduce<Symbolic>((x, layer) => layer.apply(x) as Symbolic, inputs);
  const model = tf.model({ inputs, outputs });
  drawWeights(model);
  return model;
}

function found(network: TensorFlow.LayersModel): Look {
  const look = lookOf(network);
  if ("none" in look) throw new Error(look.none);
  return look;
}

const items = () =>
  Array.from({ length: ITEMS }, (_, item) =>
    Float32Array.from({ length: 108 }, (__, i) => Math.sin(0.7 * i ** 1.1 + item)),
  );

describe("how formats are held against the training network", () => {
  const network = madeNetwork();
  const look = found(network);
  const right = tf.tidy(() => {
    const batch = tf.stack(items().map((item) => tf.tensor(item, [...SHAPE])));
    const map = tf.model({ inputs: network.inputs, outputs: look.at }).predict(batch) as TensorFlow.Tensor;
    return look.answers(map).seen.dataSync() as Float32Array;
  });
  const size = 6 * 9 * OUTPUTS;
  const agree = (onnx: Float32Array) => seenAgreement(network, look, items(), SHAPE, { onnx, int8: right });

  test("equal ones agree; one place of one map that is off is seen, and so is NaN", () => {
    const { maps, unsteady, seen, int8 } = agree(right);
    expect([maps, unsteady]).toEqual([ITEMS * OUTPUTS, 0]);
    expect(seen.onnx).toBeLessThan(GREATEST_SEEN_DIFFERENCE / 10);
    expect(int8).toBeLessThan(GREATEST_SEEN_DIFFERENCE / 10);
    const wrong = right.slice();
    wrong[size + 4 * OUTPUTS + 1]! += 0.01;
    expect(agree(wrong).seen.onnx).toBeCloseTo(0.01, 3);
    wrong[7] = Number.NaN;
    expect(agree(wrong).seen.onnx).toBeNaN();
    // Rows and frames exchanged.
    const turned = right.slice();
    for (let i = 0; i < 54; i++) for (let k = 0; k < OUTPUTS; k++) turned[i * OUTPUTS + k] = right[((i % 9) * 6 + Math.floor(i / 9)) * OUTPUTS + k]!; // biome-ignore format: one line
    expect(agree(turned).seen.onnx).toBeGreaterThan(0.05);
  });

  test("a map that rounding decides is counted and not compared", () => {
    const shape = [2, 3, 1] as const;
    const inputs = tf.input({ shape: [...shape] });
    const map = new Conv2d({ filters: 1, kernelSize: 3, padding: 1, name: "map" }).apply(inputs) as Symbolic;
    const pooled = tf.layers.globalAveragePooling2d({ name: "pool" }).apply(map);
    const plain = tf.model({
      inputs,
      outputs: new Linear({ units: 2, name: "head" }).apply(pooled as Symbolic) as Symbolic,
    });
    // The map is the input: the kernel has its centre only.
    plain.setWeights([tf.tensor4d([0, 0, 0, 0, 1, 0, 0, 0, 0], [3, 3, 1, 1]), tf.tensor2d([[1, -1]]), tf.zeros([2])]);
    const wide = Float32Array.of(1, 2, 3, 4, 5, 6);
    const flat = Float32Array.of(1, 1 + 1e-6, 1, 1, 1 + 2e-6, 1);
    // By the closed form: of one channel the map itself from 0 to 1, and nothing for the output that it speaks against.
    const garbage = [0.3, 0.9, 0.1, 0.4, 0.5, 0.6];
    const values = Float32Array.from([...[0, 0.2, 0.4, 0.6, 0.8, 1], ...garbage].flatMap((value) => [value, 0]));
    const { maps, unsteady, seen } = seenAgreement(plain, found(plain), [wide, flat], shape, {
      onnx: values,
      int8: values,
    });
    expect([maps, unsteady]).toEqual([3, 1]);
    expect(seen.onnx).toBeLessThan(1e-5);
    plain.dispose();
  });
});
