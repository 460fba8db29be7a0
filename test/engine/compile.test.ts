import { describe, expect, test } from "vitest";
import { compile } from "../../src/engine/compile.js";
import { nativeBackend } from "../../src/engine/nativeBackend.js";
import { type TensorFlow, tf } from "../../src/tensorflow.js";
import { expectNoLeaks, spent, valuesOf, variableOf } from "./leaks.js";

type Tensor = TensorFlow.Tensor;

expectNoLeaks();

describe("a compiled step", () => {
  test("is one function that is traced once for each signature", () => {
    let calls = 0;
    const double = compile((x: Tensor) => {
      calls++;
      return tf.add(x, x);
    });
    expect(double.captured).toBe(true);
    tf.tidy(() => {
      expect(valuesOf(double(tf.tensor1d([1, 2])))).toEqual([2, 4]);
      expect(calls).toBe(2);
      expect(valuesOf(double(tf.tensor1d([3, 4])))).toEqual([6, 8]);
      expect(calls).toBe(2);
      expect(valuesOf(double(tf.tensor1d([5, 6, 7])))).toEqual([10, 12, 14]);
      expect(valuesOf(double(tf.tensor1d([5, 6, 7], "int32")))).toEqual([10, 12, 14]);
      expect(calls).toBe(6);
    });
    expect(double.traces.map(({ signature }) => signature)).toEqual(["float32[2]", "float32[3]", "int32[3]"]);
    double.dispose();
  });

  test("may be traced before its first call, which then executes only", () => {
    const square = compile((x: Tensor) => tf.square(x));
    tf.tidy(() => {
      const x = tf.tensor1d([3]);
      expect(square.trace(x)).toMatchObject({ signature: "float32[1]", variables: { written: 0, read: 0 } });
      expect(valuesOf(square(x))).toEqual([9]);
    });
    expect(square.traces.length).toBe(1);
    square.dispose();
  });

  test("returns lists and records of tensors as the step does, also its inputs, constants and the same tensor twice", () => {
    const step = compile((x: Tensor) => {
      const sum = tf.sum(x);
      return { sum, parts: [x, tf.scalar(7)], again: { sum } };
    });
    const x = tf.tensor1d([1, 2]);
    const result = step(x);
    expect(valuesOf(result.sum)).toEqual([3]);
    expect(result.parts.map(valuesOf)).toEqual([[1, 2], [7]]);
    expect(valuesOf(result.again.sum)).toEqual([3]);
    tf.dispose([x, result]);
    step.dispose();
  });

  test("may have no inputs, and no result", () => {
    const count = variableOf([0]);
    const next = compile(() => {
      count.assign(tf.add(count, 1));
    });
    expect(next()).toBeUndefined();
    next();
    expect(valuesOf(count)).toEqual([2]);
    next.dispose();
    count.dispose();
  });

  test("within another compiled step becomes a part of it", () => {
    const half = compile((x: Tensor) => tf.div(x, 2));
    const quarter = compile((x: Tensor) => half(half(x)));
    tf.tidy(() => {
      expect(valuesOf(quarter(tf.tensor1d([4, 8])))).toEqual([1, 2]);
    });
    expect(half.traces.length).toBe(0);
    half.dispose();
    quarter.dispose();
  });

  test("uses tensors from outside as they are, of any size", () => {
    const table = tf.tensor1d(Float32Array.from({ length: 50_000 }, (_, i) => i));
    const sum = compile((x: Tensor) => tf.sum(tf.mul(table, x)));
    tf.tidy(() => {
      // Whole numbers below 2^24 in pairwise sums: 2 * (49,999 * 50,000 / 2), to float32's rounding.
      expect(valuesOf(sum(tf.scalar(2)))[0]! / (49_999 * 50_000)).toBeCloseTo(1, 6);
    });
    table.dispose();
    const x = tf.scalar(2);
    expect(() => sum(x)).toThrow(/uses a tensor that was made outside of it and is disposed now/);
    x.dispose();
    sum.dispose();
  });

  test("runs gradients, lists of inputs, strings, whole numbers and truth values", () => {
    const step = compile((x: TensorFlow.Tensor2D) => {
      const gradient = tf.grad((z) => tf.sum(tf.concat([tf.square(z), tf.exp(z)], 1)))(x);
      const equal = tf.equal(tf.tensor1d(["a", "b"]), tf.tensor1d(["a", "c"]));
      return [gradient, tf.argMax(x, 1), equal, tf.gather(x, tf.tensor1d([1, 0], "int32"))];
    });
    tf.tidy(() => {
      const [gradient, best, equal, turned] = step(tf.tensor2d([0, 1, 2, -1], [2, 2]));
      valuesOf(gradient!).forEach((value, i) => {
        const z = [0, 1, 2, -1][i]!;
        expect(value).toBeCloseTo(2 * z + Math.exp(z), 5);
      });
      expect(valuesOf(best!)).toEqual([1, 0]);
      expect(valuesOf(equal!)).toEqual([1, 0]);
      expect(valuesOf(turned!)).toEqual([2, -1, 0, 1]);
    });
    step.dispose();
  });

  test("rounds as eager operations do, where TensorFlow's rewriting would not", () => {
    const source = (x: Tensor) => [
      tf.div(x, tf.sqrt(tf.add(x, 1))),
      tf.mul(tf.mul(x, 0.1), 0.7),
      tf.add(tf.mul(x, 0.1), tf.mul(x, 0.3)),
      tf.add(tf.add(tf.add(x, 0.1), 0.7), x),
      tf.sub(tf.exp(x), 1),
      tf.pow(x, 3),
      tf.log(tf.add(x, 1)),
    ];
    const step = compile(source);
    tf.tidy(() => {
      const x = tf.tensor1d(Float32Array.from({ length: 4000 }, (_, i) => (i + 0.5) / 997));
      const eager = source(x).map((tensor) => tensor.dataSync());
      const captured = step(x).map((tensor) => tensor.dataSync());
      expect(captured).toEqual(eager);
    });
    step.dispose();
  });

  test("in eager mode does the same, operation by operation", () => {
    const w = variableOf([1, 2]);
    const source = (x: Tensor) => {
      w.assign(tf.add(w, x));
      return { w, x, sum: tf.sum(w) };
    };
    const eager = compile(source, { mode: "eager" });
    expect(eager.captured).toBe(false);
    const x = tf.scalar(1);
    expect(eager.trace(x)).toBeUndefined();
    const result = eager(x);
    expect(valuesOf(result.w)).toEqual([2, 3]);
    expect(valuesOf(result.sum)).toEqual([5]);
    tf.dispose(result); // the results are the caller's: variable and input stay
    expect(valuesOf(w)).toEqual([2, 3]);
    expect(valuesOf(x)).toEqual([1]);
    tf.dispose([x, w]);
    eager.dispose();
  });

  test("runs eagerly where the addon cannot capture, and refuses bf16 there", () => {
    const backend = nativeBackend();
    const { binding } = backend;
    backend.binding = Object.create(binding, { graphBegin: { value: undefined } });
    try {
      const double = compile((x: Tensor) => tf.add(x, x));
      expect(double.captured).toBe(false);
      tf.tidy(() => {
        expect(valuesOf(double(tf.tensor1d([1, 2])))).toEqual([2, 4]);
      });
      double.dispose();
      expect(() => compile((x: Tensor) => x, { name: "train", bf16: true })).toThrow(
        "train: bf16 is a property of compiled functions, and the engine was built without graph capture",
      );
    } finally {
      backend.binding = binding;
    }
  });

  test("in bf16 rounds to eight bits of a float32's mantissa", () => {
    const source = (a: TensorFlow.Tensor2D, b: TensorFlow.Tensor2D) => tf.matMul(a, b);
    const exact = compile(source);
    const rough = compile(source, { bf16: true });
    tf.tidy(() => {
      const a = tf.tensor2d(
        Float32Array.from({ length: 64 * 64 }, (_, i) => Math.sin(i)),
        [64, 64],
      );
      const b = tf.tensor2d(
        Float32Array.from({ length: 64 * 64 }, (_, i) => Math.cos(i)),
        [64, 64],
      );
      const wanted = exact(a, b).dataSync();
      const got = rough(a, b).dataSync();
      const off = Math.max(...got.map((value, i) => Math.abs(value - wanted[i]!)));
      // 64 products of numbers below 1, each factor off by up to 2^-9, sums and result rounded likewise.
      expect(off).toBeLessThan(64 * 2 ** -7);
      // TensorFlow has left functions in float32 without a word where it did not like the processor.
      expect(off).toBeGreaterThan(0);
    });
    exact.dispose();
    rough.dispose();
  });

  test("frees its functions when it is disposed, and is no longer called", () => {
    const double = compile((x: Tensor) => tf.add(x, x), { name: "double" });
    const x = tf.scalar(2);
    expect(spent(double(x))).toEqual([4]);
    double.dispose();
    expect(() => double(x)).toThrow("double was disposed");
    expect(() => double.trace(x)).toThrow("double was disposed");
    double.dispose();
    x.dispose();
  });
});
