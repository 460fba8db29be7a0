import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { applyInPlace } from "../../src/engine/applyInPlace.js";
import { compile } from "../../src/engine/compile.js";
import { nativeBackend, type OpAttribute } from "../../src/engine/nativeBackend.js";
import { type TensorFlow, tf } from "../../src/tensorflow.js";
import { expectNoLeaks, spent, valuesOf, variableOf } from "./leaks.js";

type Tensor = TensorFlow.Tensor;

expectNoLeaks();

describe("a variable that a compiled step updates", () => {
  /** w += x; returns sum(w x) of before. */
  function counting() {
    const w = variableOf([1, 2, 3]);
    const one = tf.scalar(1);
    const step = compile((x: Tensor) => {
      const sum = tf.sum(tf.mul(w, x));
      w.assign(tf.add(w, x));
      return sum;
    });
    const dispose = () => {
      step.dispose();
      tf.dispose([w, one]);
    };
    return { w, one, step, next: () => spent(step(one)), dispose };
  }

  test("is read, as any variable", () => {
    const { w, next, dispose } = counting();
    expect(next()).toEqual([6]);
    expect(valuesOf(w)).toEqual([2, 3, 4]);
    expect(next()).toEqual([9]);
    expect(spent(tf.tidy(() => tf.mul(w, 2)))).toEqual([6, 8, 10]);
    expect(w.arraySync()).toEqual([3, 4, 5]);
    dispose();
  });

  test("is assigned from outside, also by eager operations between calls", () => {
    const { w, next, dispose } = counting();
    next();
    tf.tidy(() => w.assign(tf.tensor1d([0, 0, 0])));
    expect(next()).toEqual([0]);
    expect(valuesOf(w)).toEqual([1, 1, 1]);
    tf.tidy(() => w.assign(tf.mul(w, 10)));
    expect(next()).toEqual([30]);
    expect(valuesOf(w)).toEqual([11, 11, 11]);
    dispose();
  });

  test("leaves its clones what they were when they were taken", () => {
    const { w, next, dispose } = counting();
    const first = w.clone();
    next();
    const second = w.clone();
    const third = second.clone();
    next();
    next();
    expect(valuesOf(first)).toEqual([1, 2, 3]);
    second.dispose();
    expect(valuesOf(third)).toEqual([2, 3, 4]);
    expect(valuesOf(w)).toEqual([4, 5, 6]);
    tf.dispose([first, third]);
    dispose();
  });

  test("leaves alone the array that it was made of", () => {
    const array = Float32Array.of(1, 1);
    const w = tf.tidy(() => tf.variable(tf.tensor1d(array)));
    const step = compile(() => applyInPlace("AssignAddVariableOp", [float("dtype")], [w], [tf.tensor1d([5, 5])]));
    step();
    step();
    expect([...array]).toEqual([1, 1]);
    expect(valuesOf(w)).toEqual([11, 11]);
    step.dispose();
    w.dispose();
  });

  test("is shared by two compiled steps and by eager code", () => {
    const { w, one, next, dispose } = counting();
    const evaluate = compile((x: Tensor) => tf.sum(tf.mul(w, x)));
    expect(spent(evaluate(one))).toEqual([6]);
    next();
    expect(spent(evaluate(one))).toEqual([9]);
    expect(evaluate.traces[0]!.variables).toEqual({ written: 0, read: 1 });
    const double = compile(() => w.assign(tf.mul(w, 2)));
    double();
    expect(valuesOf(w)).toEqual([4, 6, 8]);
    expect(spent(evaluate(one))).toEqual([18]);
    expect(next()).toEqual([18]);
    expect(valuesOf(w)).toEqual([5, 7, 9]);
    for (const step of [evaluate, double]) step.dispose();
    dispose();
  });

  test("may be an input, and an input may be its clone", () => {
    const { w, step, dispose } = counting();
    expect(spent(step(w))).toEqual([1 + 4 + 9]);
    expect(valuesOf(w)).toEqual([2, 4, 6]);
    const clone = w.clone();
    expect(spent(step(clone))).toEqual([4 + 16 + 36]);
    expect(valuesOf(w)).toEqual([4, 8, 12]);
    expect(spent(clone)).toEqual([2, 4, 6]);
    dispose();
  });

  test("has within the step the value last assigned", () => {
    const w = variableOf([1]);
    const step = compile(() => {
      const before = w.clone();
      w.assign(tf.add(w, 1));
      const between = tf.mul(w, 1);
      w.assign(tf.mul(w, 10));
      return [before, between, w];
    });
    expect(step().map(spent)).toEqual([[1], [2], [20]]);
    expect(step().map(spent)).toEqual([[20], [21], [210]]);
    step.dispose();
    w.dispose();
  });

  test("may be given the value of another, and both swapped", () => {
    const a = variableOf([1]);
    const b = variableOf([2]);
    const swap = compile(() => {
      const kept = a.clone();
      a.assign(b);
      b.assign(kept);
    });
    swap();
    expect([valuesOf(a), valuesOf(b)]).toEqual([[2], [1]]);
    swap();
    swap();
    expect([valuesOf(a), valuesOf(b)]).toEqual([[2], [1]]);
    swap.dispose();
    tf.dispose([a, b]);
  });

  test("may change places with another by eager assignment, as a moving average does for an evaluation", () => {
    const [a, b] = [variableOf([1]), variableOf([100])];
    const step = compile(() => {
      a.assign(tf.add(a, 1));
      b.assign(tf.add(b, 10));
    });
    const exchange = () => {
      const value = a.clone();
      a.assign(b);
      b.assign(value);
      value.dispose();
    };
    step();
    exchange();
    expect([valuesOf(a), valuesOf(b)]).toEqual([[110], [2]]);
    step();
    exchange();
    expect([valuesOf(a), valuesOf(b)]).toEqual([[12], [111]]);
    step();
    expect([valuesOf(a), valuesOf(b)]).toEqual([[13], [121]]);
    step.dispose();
    tf.dispose([a, b]);
  });

  test("gives its memory back when it is disposed, and the step says so then", () => {
    const { binding } = nativeBackend();
    const w = variableOf([1, 2]);
    const step = compile(() => w.assign(tf.add(w, 1)), { name: "train" });
    const before = binding.getNumOfTensors();
    step();
    valuesOf(w);
    w.dispose();
    expect(binding.getNumOfTensors()).toBeLessThan(before + 1);
    expect(() => step()).toThrow(`train uses the variable ${w.name}, which was disposed`);
    step.dispose();
  });

  test("is saved and loaded with its model", async () => {
    const build = () =>
      tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [3], kernelInitializer: "ones" })] });
    const model = build();
    const weights = model.trainableWeights.map((weight) => weight.read() as TensorFlow.Variable);
    const step = compile((x: Tensor) => {
      for (const weight of weights) weight.assign(tf.add(weight, x));
    });
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "auscult-engine-"));
    try {
      const x = tf.scalar(0.5);
      step(x);
      await model.save(`file://${folder}`);
      const loaded = await tf.loadLayersModel(`file://${folder}/model.json`);
      const [kernel, bias] = loaded.getWeights().map((tensor) => valuesOf(tensor));
      expect(kernel).toEqual(Array(6).fill(1.5));
      expect(bias).toEqual([0.5, 0.5]);
      tf.tidy(() => {
        const sample = tf.tensor2d([[1, 2, 3]]);
        const predicted = [model, loaded].map((one) => valuesOf(one.predict(sample) as Tensor));
        expect(predicted).toEqual([
          [9.5, 9.5],
          [9.5, 9.5],
        ]);
      });
      loaded.dispose();
      x.dispose();
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
    step.dispose();
    model.dispose();
  });
});

const float = (name: string): OpAttribute => {
  const { binding } = nativeBackend();
  return { name, type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT };
};

describe("a kernel that updates variables where they lie", () => {
  const add = (w: TensorFlow.Variable, x: Tensor) => applyInPlace("AssignAddVariableOp", [float("dtype")], [w], [x]);

  test("runs at once outside of a compiled step", () => {
    const w = variableOf([1, 2]);
    const before = w.clone();
    const x = tf.tensor1d([10, 20]);
    add(w, x);
    add(w, x);
    expect(valuesOf(w)).toEqual([21, 42]);
    expect(spent(before)).toEqual([1, 2]);
    tf.dispose([w, x]);
  });

  test("may read the variable that it updates", () => {
    const run = (mode: "captured" | "eager") => {
      const w = variableOf([1, 2]);
      const double = compile(() => add(w, w), { mode });
      double();
      expect(valuesOf(w)).toEqual([2, 4]);
      double();
      expect(valuesOf(w)).toEqual([4, 8]);
      double.dispose();
      w.dispose();
    };
    run("captured");
    run("eager");
  });

  test("in a compiled step happens in the order of the step", () => {
    const w = variableOf([1]);
    const step = compile(
      () => {
        const ten = tf.tensor1d([10]);
        const first = tf.mul(w, 1); // read before
        const unread = w.clone(); // taken before, looked at after
        add(w, ten);
        add(w, ten);
        const second = tf.mul(w, 1); // read after two
        w.assign(tf.mul(w, 2));
        add(w, ten); // on what was assigned
        return [first, unread, second, w];
      },
      { name: "train" },
    );
    expect(step().map(spent)).toEqual([[1], [1], [21], [52]]);
    expect(valuesOf(w)).toEqual([52]);
    expect(step().map(spent)).toEqual([[52], [52], [72], [154]]);
    step.dispose();
    w.dispose();
  });

  test("is the same kernel either way: ResourceApplyAdam with Nesterov, three steps, bit for bit", () => {
    const { binding } = nativeBackend();
    const attributes = [float("T"), { name: "use_nesterov", type: binding.TF_ATTR_BOOL, value: true }];
    const run = (mode: "captured" | "eager") => {
      const [p, m, v] = [0.7, 0, 0].map((value) => variableOf(Array(100).fill(value)));
      const step = compile(
        (gradient: Tensor) =>
          applyInPlace(
            "ResourceApplyAdam",
            attributes,
            [p!, m!, v!],
            [...[0, 0, 0.01, 0.9, 0.999, 1e-8].map((value) => tf.scalar(value)), gradient],
          ),
        { mode },
      );
      for (let i = 1; i <= 3; i++) {
        const gradient = tf.tensor1d(Float32Array.from({ length: 100 }, (_, k) => Math.sin(i * k)));
        step(gradient);
        gradient.dispose();
      }
      const state = [p!, m!, v!].map((variable) => variable.dataSync());
      step.dispose();
      tf.dispose([p!, m!, v!]);
      return state;
    };
    const captured = run("captured");
    expect(captured).toEqual(run("eager"));
    // m after three steps, by its definition.
    const m = [1, 2, 3].reduce((average, i) => 0.9 * average + 0.1 * Math.sin(i * 5), 0);
    expect(captured[1]![5]).toBeCloseTo(m, 6);
  });

  test("refuses a disposed variable, and one named twice", () => {
    const w = variableOf([1]);
    const x = tf.tensor1d([1]);
    expect(() => applyInPlace("AssignAddVariableOp", [float("dtype")], [w, w], [x])).toThrow(
      "a variable is named twice",
    );
    w.dispose();
    expect(() => add(w, x)).toThrow(`AssignAddVariableOp: the variable ${w.name} was disposed`);
    x.dispose();
  });
});

describe("a step that fails while it runs", () => {
  test("leaves variables as they were, says which operation failed, and runs again", () => {
    const w = variableOf([1, 2, 3]);
    const slot = variableOf([0, 0, 0]);
    const step = compile(
      (index: Tensor) => {
        applyInPlace("AssignAddVariableOp", [float("dtype")], [slot], [tf.tensor1d([1, 1, 1])]);
        const picked = tf.gather(w, index.as1D() as TensorFlow.Tensor1D);
        w.assign(tf.mul(w, 2));
        return picked;
      },
      { name: "train" },
    );
    const good = tf.tensor1d([2], "int32");
    const bad = tf.tensor1d([7], "int32");
    expect(spent(step(good))).toEqual([3]);
    expect(() => step(bad)).toThrow(
      /^train failed while it ran; its variables are as before the call\. TensorFlow says: .*indices\[0\] = 7 is not in \[0, 3\)(.|\n)*gather/,
    );
    expect(valuesOf(w)).toEqual([2, 4, 6]);
    expect(valuesOf(slot)).toEqual([1, 1, 1]);
    expect(spent(step(good))).toEqual([6]);
    expect(valuesOf(slot)).toEqual([2, 2, 2]);
    step.dispose();
    tf.dispose([w, slot, good, bad]);
  });
});
