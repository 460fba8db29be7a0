import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeDemo } from "../../src/datasets/demo/writeDemo.js";
import { Linear } from "../../src/nn/layers/linear.js";
import { readWeights, weightShapes } from "../../src/nn/weights/modelWeights.js";
import { encodeSafetensors, type NamedTensor } from "../../src/nn/weights/safetensors.js";
import { torchvisionResnet, toTorch } from "../../src/nn/weights/torchLayout.js";
import { startingWeights } from "../../src/papers/startingWeights.js";
import { classifierReceiver } from "../../src/papers/supconSprs/classifierRun.js";
import { paper } from "../../src/papers/supconSprs/index.js";
import { supconRecipe } from "../../src/papers/supconSprs/recipe.js";
import { planRuns } from "../../src/suite/plan.js";
import { runCommand, runName } from "../../src/suite/recording/runDescription.js";
import { findExperiment } from "../../src/suite/registry.js";
import { type TensorFlow, tf } from "../../src/tensorflow.js";

const PLAIN = { network: "resnet18", mixUp: false, pretrained: false } as const;

const folder = mkdtempSync(path.join(tmpdir(), "auscult-start-"));
const at = (name: string) => path.join(folder, name);
const write = (name: string, tensors: Map<string, NamedTensor>) => writeFileSync(at(name), encodeSafetensors(tensors));

describe("weights that a run starts from", () => {
  let model: TensorFlow.LayersModel;
  beforeAll(() => {
    const input = tf.input({ shape: [3] });
    const hidden = new Linear({ units: 2, name: "encoder" }).apply(input) as TensorFlow.SymbolicTensor;
    const outputs = new Linear({ units: 2, name: "fc" }).apply(hidden) as TensorFlow.SymbolicTensor;
    model = tf.model({ inputs: input, outputs });
  });
  afterAll(() => {
    model.dispose();
  });
  const receiver = () => ({ name: "it", shapes: weightShapes(model), head: "fc", names: torchvisionResnet });
  const filled = (value: number) =>
    new Map([...readWeights(model)].map(([name, one]) => [name, { ...one, values: one.values.map(() => value) }]));

  test("are put over those it was initialised with; a classifier that is not taken stays as it was", () => {
    const theirs = toTorch(filled(5), torchvisionResnet);
    for (const name of ["fc.weight", "fc.bias"]) theirs.delete(name);
    write("five.safetensors", theirs);
    const start = startingWeights(at("five.safetensors"), receiver());
    const before = readWeights(model);
    start.putInto(model);
    const after = readWeights(model);
    for (const [name, { values }] of after)
      expect([...values]).toEqual(name.startsWith("fc/") ? [...before.get(name)!.values] : [...values.map(() => 5)]);
    expect(start.says).toMatch(
      /^started from five\.safetensors \(safetensors, SHA-256 [0-9a-f]{64}\): 2 of the 4 weights of it; its classifier fc/,
    );
  });

  test("a file that was changed since is refused", () => {
    write("changed.safetensors", filled(1));
    const start = startingWeights(at("changed.safetensors"), receiver());
    write("changed.safetensors", filled(2));
    expect(() => start.putInto(model)).toThrow(/changed\.safetensors was changed since the run was planned/);
  });
});

describe("run --init", () => {
  beforeAll(() => {
    writeDemo(at("data"), { seed: 1 });
    const { shapes } = classifierReceiver("resnet18", supconRecipe(PLAIN, "event", "paper", "smoke"), ["a", "b"])!;
    const zeros = ([name, shape]: [string, readonly number[]]): [string, NamedTensor] => {
      const values = new Float32Array(shape.reduce((product, side) => product * side, 1));
      return [name, { dtype: "F32", shape: [...shape], values }];
    };
    const all = new Map([...shapes].map(zeros));
    write("all.safetensors", all);
    all.delete("fc/bias");
    write("encoder.safetensors", all);
    all.delete("conv1/kernel");
    write("broken.safetensors", all);
  });
  const plan = async (init?: string) => {
    const entry = await findExperiment("supcon-sprs/table3");
    const options = { rows: ["ResNet 18"], tasks: ["11"], profile: "smoke" as const, dataDir: at("data") };
    const from = init && { init: at(init) };
    return planRuns(entry, paper, { ...options, ...from })[0]!;
  };

  test("is part of the signature, the settings and the names; without it they are what they were", async () => {
    const runs = await Promise.all([plan(), plan("all.safetensors"), plan("encoder.safetensors")]);
    expect(new Set(runs.map(({ signature }) => signature)).size).toBe(3);
    const [scratch, all, encoder] = runs as [(typeof runs)[0], (typeof runs)[0], (typeof runs)[0]];
    expect(scratch.settings).not.toHaveProperty("init");
    expect(scratch.prepared.settings).not.toHaveProperty("init");
    expect(scratch.prepared.init).toBeUndefined();
    const { file, sha256, headAnew } = encoder.prepared.init!;
    expect({ file, headAnew }).toEqual({ file: "encoder.safetensors", headAnew: true });
    expect(encoder.settings.init).toEqual({ sha256, headAnew: true });
    expect(encoder.prepared.settings).toMatchObject({ init: sha256 });
    expect(JSON.stringify([encoder.settings, encoder.prepared])).not.toContain(folder);
    expect(runName(all.request, true)).toMatch(/, seed 0, from all\.safetensors \(made-up sounds\)$/);
    expect(runCommand(all.request)).toMatch(/ --init "all\.safetensors"$/);
  });

  test.each([
    ["broken.safetensors", /broken\.safetensors does not fit ResNet-18 with one input channel and 2 classes:\n/],
    ["none.safetensors", /none\.safetensors: there is no such file/],
    ["data", /data: it is not a file/],
  ])("%s is refused at planning", async (init, message) => {
    await expect(plan(init)).rejects.toThrow(expect.objectContaining({ name: "UserError", exitCode: 2 }));
    await expect(plan(init)).rejects.toThrow(message);
  });

  test("is refused for a row that does not start from weights", async () => {
    const entry = await findExperiment("supcon-sprs/table3");
    const cnn = { rows: ["CNN"], tasks: ["11"], dataDir: at("data"), init: at("all.safetensors") };
    expect(() => planRuns(entry, paper, cnn)).toThrow(
      /--init .*: "CNN" of supcon-sprs\/table3 does not start from weights/,
    );
  });
});
