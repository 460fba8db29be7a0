import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { efficientLeaf } from "../../../src/nn/layers/efficientLeaf.js";
import { projectRoot } from "../../../src/node/paths.js";
import { type TensorFlow, tf } from "../../../src/tensorflow.js";
import { noise } from "../torchNames.js";

const python = process.env.AUSCULT_REFERENCE_PYTHON ?? path.join(projectRoot(), ".venv-reference/bin/python");
const named = existsSync(python) ? describe : describe.skip;

type Numbers = Record<string, number[]>;
type Mode = "training" | "evaluation";

interface Told extends Record<Mode | "state" | "starts", Numbers> {
  strides: number[];
  /** How far PyTorch's own float32 is from those. */
  float32: Record<Mode | "state", Record<string, number>>;
}

const [batch, samples, frames, bands] = [3, 4003, 26, 64];

/** The largest difference, as a share of the largest number wanted. */
function off(values: ArrayLike<number>, wanted: readonly number[]): number {
  expect(values.length).toBe(wanted.length);
  const largest = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return wanted.reduce((most, value, i) => Math.max(most, Math.abs(value - values[i]!)), 0) / largest;
}

named("EfficientLEAF in PyTorch, same parameters and sounds (needs npm run setup:reference)", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "auscult-leaf-"));
  const values = (count: number, seed: number) => Float32Array.from(noise(count, seed));
  const sounds = values(batch * samples, 1);
  const slopes = values(batch * bands * frames * 2, 2);
  let model: TensorFlow.LayersModel;
  let told: Told;
  const starts: Numbers = {};
  const variables: Record<string, TensorFlow.Variable> = {};

  beforeAll(() => {
    const inputs = tf.input({ shape: [samples, 1] });
    model = tf.model({ inputs, outputs: efficientLeaf(inputs, { name: "leaf" }) });
    for (const layer of model.layers) {
      for (const weight of layer.weights) {
        const part = weight.originalName.slice(weight.originalName.lastIndexOf("/"));
        variables[layer.name.replace("leaf.", "") + part] = weight.read() as TensorFlow.Variable;
      }
    }
    /** Some leave their range: PyTorch's clamps and ours put them back. */
    const change: Record<string, (value: number, i: number) => number> = {
      "filters/centres": (value, i) => (i === 0 ? -0.01 : value * (1 + 0.02 * Math.sin(i))),
      "filters/sigmas": (value, i) => value * (0.95 + 0.1 * Math.cos(i)),
      "filters/poolingWidths": (_, i) => 0.3 + 0.22 * Math.sin(i),
      "log/exponents": (_, i) => 3 + 2 * Math.sin(2 * i),
      "norm/scale": (_, i) => 1 + 0.3 * Math.sin(3 * i),
      "norm/offset": (_, i) => 0.3 * Math.cos(i),
    };
    const parameters: Numbers = {};
    tf.tidy(() => {
      for (const [name, changed] of Object.entries(change)) {
        starts[name] = [...variables[name]!.dataSync()];
        variables[name]!.assign(tf.tensor1d(starts[name]!.map(changed)));
        parameters[name] = [...variables[name]!.dataSync()];
      }
    });
    writeFileSync(path.join(folder, "parameters.json"), JSON.stringify(parameters));
    writeFileSync(path.join(folder, "sounds.f32"), new Uint8Array(sounds.buffer));
    writeFileSync(path.join(folder, "slopes.f32"), new Uint8Array(slopes.buffer));
    const program = path.join(import.meta.dirname, "torchEfficientLeaf.py");
    told = JSON.parse(execFileSync(python, [program], { cwd: folder, encoding: "utf8", maxBuffer: 2 ** 28 })) as Told;
  });
  afterAll(() => model.dispose());

  test("the same first centres and widths, and strides that tell the groups apart", () => {
    for (const [name, wanted] of Object.entries(told.starts))
      expect(off(starts[name]!, wanted), name).toBeLessThan(1e-6);
    expect(told.strides).toEqual([20, 10, 5, 4]);
  });

  // In this order: training moves running statistics, which evaluation then reads.
  test.each<Mode>(["training", "evaluation"])("%s mode: output and the gradients of everything", (mode) => {
    const trained = ["filters/centres", "filters/sigmas", "filters/poolingWidths", "log/exponents"];
    const learned = [...trained, "norm/scale", "norm/offset"];
    tf.tidy(() => {
      const x = tf.variable(tf.tensor3d(sounds, [batch, samples, 1]));
      const dy = tf.tensor4d(slopes, [batch, bands, frames, 2]);
      let output: TensorFlow.Tensor | undefined;
      const { grads } = tf.variableGrads(() => {
        output = tf.keep(model.apply(x, { training: mode === "training" }) as TensorFlow.Tensor);
        return tf.sum(tf.mul(output, dy)) as TensorFlow.Scalar;
      }, [x, ...learned.map((name) => variables[name]!)]);
      const results = { output: output!, sounds: grads[x.name]! } as Record<string, TensorFlow.Tensor>;
      for (const name of learned) results[name] = grads[variables[name]!.name]!;
      expect(Object.keys(results).sort()).toEqual(Object.keys(told[mode]).sort());
      for (const [name, wanted] of Object.entries(told[mode])) {
        expect(off(results[name]!.dataSync(), wanted), name).toBeLessThan(2e-5);
        // Else the comparison says little: PyTorch's own rounding must stay well within it.
        expect(told.float32[mode][name], name).toBeLessThan(1e-5);
      }
      tf.dispose([x, output!]);
    });
  });

  test("parameters put back into their ranges, and running statistics", () => {
    for (const [name, wanted] of Object.entries(told.state)) {
      expect(off(variables[name]!.dataSync(), wanted), name).toBeLessThan(1e-5);
    }
  });
});
