import { describe, expect, test } from "vitest";
import { compile } from "../../src/engine/compile.js";
import { nativeBackend } from "../../src/engine/nativeBackend.js";
import { Streams } from "../../src/random/streams.js";
import { type TensorFlow, tf } from "../../src/tensorflow.js";
import { expectNoLeaks, spent, valuesOf, variableOf } from "./leaks.js";

type Tensor = TensorFlow.Tensor;

expectNoLeaks();

/** What is thrown when `step` is called, compiled as "train", on `[1, 2]` and 3; the engine must be usable afterwards. */
function messageOf(step: (x: Tensor, y: Tensor) => unknown): string {
  const ordinary = { random: Math.random, binding: nativeBackend().binding };
  const compiled = compile(step as (x: Tensor, y: Tensor) => Tensor, { name: "train" });
  const inputs = [tf.tensor1d([1, 2]), tf.scalar(3)] as const;
  let message = "";
  try {
    tf.dispose(compiled(...inputs));
  } catch (error) {
    message = (error as Error).message;
  }
  expect(compiled.traces.length).toBe(0);
  compiled.dispose();
  expect({ random: Math.random, binding: nativeBackend().binding }).toEqual(ordinary);
  const good = compile((x: Tensor) => tf.mul(x, 2));
  expect(spent(good(inputs[0]))).toEqual([2, 4]);
  good.dispose();
  tf.dispose([...inputs]);
  return message;
}

describe("values that are read in JavaScript", () => {
  const reads = (what: string) => `train reads ${what} in JavaScript`;
  const instead = "Return the tensor and read it outside; choose with tf.where instead of if.";

  test.each<[string, string, (x: Tensor, y: Tensor) => unknown]>([
    ["dataSync", "the result of tf.sum (Sum)", (x) => (tf.sum(x).dataSync()[0]! > 0 ? x : tf.neg(x))],
    ["arraySync", "the result of tf.mul (Mul)", (x, y) => tf.mul(x, tf.mul(x, y).arraySync() as number[])],
    ["data, not awaited", "the result of tf.sum (Sum)", (x) => [tf.sum(x).data(), x][1]],
    ["print", "the result of tf.exp (Exp)", (x) => [tf.exp(x).print(), x][1]],
    ["an input", "an input", (x, y) => tf.mul(x, y.dataSync()[0]!)],
    ["bufferSync", "the result of tf.exp (Exp)", (x) => tf.mul(x, tf.exp(x).bufferSync().get(0))],
  ])("%s", (_, what, step) => {
    expect(messageOf(step)).toContain(reads(what));
    expect(messageOf(step)).toContain(instead);
    expect(messageOf(step)).toContain("(traced for float32[2] float32[])");
  });

  test("an operation that reads: tf.whereAsync", () => {
    expect(messageOf((x) => [tf.whereAsync(tf.greater(x, 1) as TensorFlow.Tensor), x][1])).toContain(
      reads("the result of tf.greater (Greater)"),
    );
  });

  test("a variable", () => {
    const w = variableOf([1, 2]);
    expect(messageOf((x) => tf.mul(x, w.dataSync()[0]!))).toContain(reads(`the variable ${w.name}`));
    expect(valuesOf(w)).toEqual([1, 2]);
    w.dispose();
  });

  test("also where the step swallows the error", () => {
    const swallow = (x: Tensor) => {
      try {
        x.dataSync();
      } catch {
        return x;
      }
      return x;
    };
    expect(messageOf(swallow)).toContain(reads("an input"));
  });

  test("but constants of the step may be read", () => {
    const step = compile((x: Tensor) => tf.mul(x, tf.tensor1d([3, 4]).dataSync()[1]!));
    const x = tf.scalar(2);
    expect(spent(step(x))).toEqual([8]);
    step.dispose();
    x.dispose();
  });
});

describe("random numbers of JavaScript", () => {
  test.each<[string, string, (x: Tensor) => unknown]>([
    ["tf.dropout", "train calls Math.random(), in tf.dropout.", (x) => tf.dropout(x, 0.5)],
    ["tf.dropout with a seed", "train calls tf.dropout, which draws", (x) => tf.dropout(x, 0.5, undefined, 7)],
    ["tf.randomUniform", "train calls Math.random(), in tf.randomUniform", (x) => tf.add(x, tf.randomUniform([2]))],
    ["with a seed", "train calls tf.randomNormal", (x) => tf.add(x, tf.randomNormal([2], 0, 1, "float32", 3))],
    [
      "tf.truncatedNormal",
      "train calls tf.truncatedNormal",
      (x) => tf.add(x, tf.truncatedNormal([2], 0, 1, "float32", 3)),
    ],
    ["Math.random", "train calls Math.random().", (x) => tf.mul(x, Math.random())],
    [
      "tf.multinomial",
      "train runs Multinomial, in tf.multinomial",
      (x) => tf.multinomial(x as TensorFlow.Tensor1D, 3, 5),
    ],
  ])("%s", (_, message, step) => {
    expect(messageOf(step)).toContain(message);
    expect(messageOf(step)).toContain("Draw outside and pass the tensor as an input, or use a native operation");
  });

  test("a native generator without state is what to use: its seed is an input", () => {
    const backend = nativeBackend();
    const { TF_ATTR_TYPE: type, TF_FLOAT, TF_INT32 } = backend.binding;
    const draw = (seed: Tensor) =>
      backend.executeSingleOutput(
        "StatelessRandomUniform",
        [
          { name: "T", type, value: TF_INT32 },
          { name: "dtype", type, value: TF_FLOAT },
          { name: "Tseed", type, value: TF_INT32 },
        ],
        [tf.tensor1d([4], "int32"), seed],
      );
    const compiled = compile(draw);
    const drawn = [1, 2, 1].map((first) => {
      const seed = tf.tensor1d([first, 0], "int32");
      const pair = [spent(compiled(seed)), spent(tf.tidy(() => draw(seed)))];
      seed.dispose();
      expect(pair[0]).toEqual(pair[1]);
      return pair[0];
    });
    expect(drawn[0]).toEqual(drawn[2]);
    expect(drawn[0]).not.toEqual(drawn[1]);
    compiled.dispose();
  });
});

describe("what JavaScript changes from call to call", () => {
  const instead = "pass what changes (a learning rate, a counter, a mask) as an input tensor";

  test("a counter", () => {
    let count = 0;
    const message = messageOf((x) => tf.mul(x, ++count));
    expect(message).toContain("traced a second time, it has 2 where the first had 1 (a constant of tf.mul)");
    expect(message).toContain(instead);
  });

  test("a schedule that is a table", () => {
    const rates = [
      [0.5, 0.25],
      [0.5, 0.125],
    ];
    expect(messageOf((x) => tf.mul(x, rates.shift()!))).toContain(
      "it has [0.5, 0.125] where the first had [0.5, 0.25]",
    );
  });

  test("a stream of random numbers that goes on", () => {
    const rng = new Streams(1).stream("mask");
    const mask = () => tf.tensor1d(Float32Array.from({ length: 2 }, () => rng.uniform()));
    expect(messageOf((x) => tf.mul(x, mask()))).toContain("is not the same from call to call");
  });

  test.each<[string, string, () => (x: Tensor) => unknown]>([
    [
      "another operation",
      "comes to tf.exp (Exp) where the first came to tf.neg (Neg)",
      changing(
        (x) => tf.neg(x),
        (x) => tf.exp(x),
      ),
    ],
    [
      "fewer operations",
      "ends before tf.neg (Neg)",
      changing(
        (x) => tf.neg(x),
        (x) => x,
      ),
    ],
    [
      "more operations",
      "goes on with tf.exp (Exp) where the first ended",
      changing(
        (x) => x,
        (x) => tf.exp(x),
      ),
    ],
    [
      "other attributes",
      "gives tf.cumsum (Cumsum) other inputs or attributes",
      changing(
        (x) => tf.cumsum(x, 0, true),
        (x) => tf.cumsum(x),
      ),
    ],
    [
      "another result",
      "returns other tensors",
      changing(
        (x) => [tf.neg(x), x],
        (x) => [x, tf.neg(x)],
      ),
    ],
  ])("%s", (_, message, step) => {
    expect(messageOf(step())).toContain(message);
    expect(messageOf(step())).toMatch(/not the same from call to call/);
  });

  test("a tensor from outside that is another each time, or a variable", () => {
    const tensors = [tf.scalar(1), tf.scalar(2)];
    const both = (source: Tensor[]) => {
      let i = 0;
      return (x: Tensor) => tf.mul(x, source[i++ % 2]!);
    };
    expect(messageOf(both(tensors))).toContain("not the same from call to call");
    tf.dispose(tensors);
    const variables = [variableOf([1]), variableOf([2])];
    expect(messageOf(both(variables))).toContain("not the same from call to call");
    tf.dispose(variables);
  });
});

/** A step that does one thing when it is called first, and another the second time. */
function changing(first: (x: Tensor) => unknown, second: (x: Tensor) => unknown) {
  return () => {
    let calls = 0;
    return (x: Tensor) => (calls++ === 0 ? first(x) : second(x));
  };
}

describe("what belongs outside of a step", () => {
  test("variables, and an optimiser that makes its slots in the first step", () => {
    expect(messageOf((x) => tf.mul(tf.variable(tf.scalar(1)), x))).toContain(
      "train makes a variable. Make variables, and the slots of optimisers, before the first step.",
    );
    const w = variableOf([1, 2]);
    const adam = tf.train.adam(0.1);
    expect(messageOf((x) => adam.minimize(() => tf.sum(tf.mul(w, x)) as TensorFlow.Scalar, true))).toContain(
      "train makes a variable",
    );
    expect(valuesOf(w)).toEqual([1, 2]);
    adam.dispose();
    w.dispose();
  });

  test("the end of a variable", () => {
    const w = variableOf([1, 2]);
    expect(messageOf((x) => [w.dispose(), x][1])).toContain(`train disposes of the variable ${w.name}`);
    expect(valuesOf(w)).toEqual([1, 2]);
    w.dispose();
  });

  test("large constants", () => {
    const table = Float32Array.from({ length: 20_000 }, (_, i) => i);
    const message = messageOf((x) => tf.sum(tf.mul(tf.tensor1d(table), tf.sum(x))));
    expect(message).toContain(
      "train makes a constant of 80000 bytes, shape [20000], from values of JavaScript, in tf.mul",
    );
    expect(message).toContain("pass data as an input tensor, keep a table in a tensor made outside");
  });

  test("but a large tensor of one value costs nothing", () => {
    const step = compile((x: Tensor) => tf.sum(tf.mul(tf.ones([1000, 1000]), x)));
    const x = tf.scalar(2);
    expect(spent(step(x))).toEqual([2_000_000]);
    step.dispose();
    x.dispose();
  });

  test("tensors that are kept", () => {
    expect(messageOf((x) => [tf.keep(tf.square(x)), x][1])).toContain(
      "train keeps the result of tf.square (Square) beyond its end (tf.keep)",
    );
    expect(messageOf((x) => tf.mul(x, tf.keep(tf.tensor1d([1, 2]))))).toContain(
      "train keeps a tensor made from values of JavaScript beyond its end",
    );
  });

  test("waiting", () => {
    expect(() => compile((async (x: Tensor) => x) as unknown as (x: Tensor) => Tensor, { name: "train" })).toThrow(
      "train is asynchronous",
    );
    expect(messageOf((x) => Promise.resolve(x))).toContain("train is asynchronous");
    const eager = compile(((x: Tensor) => Promise.resolve(x)) as unknown as (x: Tensor) => Tensor, { mode: "eager" });
    const x = tf.scalar(1);
    expect(() => eager(x)).toThrow("is asynchronous");
    x.dispose();
  });

  test("results that are no tensors", () => {
    expect(messageOf((x) => ({ loss: x, parts: [x, 3] }))).toContain(
      "train: its result.parts[1] is the number 3; a compiled step returns tensors",
    );
    expect(messageOf(() => null)).toContain("its result is null");
    expect(messageOf((x) => new Map([["a", x]]))).toContain("its result is of class Map");
  });

  test("a gradient through a compiled step", () => {
    const square = compile((x: Tensor) => tf.square(x), { name: "square" });
    const x = tf.scalar(2);
    const gradient = () => tf.tidy(() => tf.grad((z) => square(z))(x));
    expect(gradient).toThrow("square is compiled and has no gradient outside: take the gradient within the step");
    const within = compile((z: Tensor) => tf.grad((y) => square(y))(z));
    expect(spent(within(x))).toEqual([4]);
    square.dispose();
    within.dispose();
    x.dispose();
  });
});

describe("shapes", () => {
  test("that depend on data may be returned, and may not be looked at", () => {
    const unique = compile((x: Tensor) => tf.unique(x).values, { name: "unique" });
    const x = tf.tensor1d([3, 3, 5]);
    expect(spent(unique(x))).toEqual([3, 5]);
    unique.dispose();
    x.dispose();
    const message = messageOf((z) =>
      tf.matMul(tf.unique(z).values.as2D(1, 2), tf.ones([tf.unique(z).values.shape[0]!, 2])),
    );
    expect(message).toContain("train: the shape of result 0 of tf.unique (UniqueV2) depends on the data");
    expect(message).toContain("Return the tensor and go on outside, or compute it with operations of fixed shape");
  });

  test("that do not fit are told with the operation, by tfjs or by TensorFlow", () => {
    expect(messageOf((x) => tf.matMul(x as never, x as never))).toMatch(
      /^train, traced for float32\[2\] float32\[\]: .*matMul/,
    );
    expect(messageOf((x) => tf.add(x, tf.ones([3])))).toMatch(
      /^train, traced for .*Dimensions must be equal, but are 2 and 3.*add\/Add/,
    );
    expect(messageOf((x) => tf.reshape(x, [3]))).toMatch(/size \(2\)|2 elements/);
  });

  test("are traced once each, up to a number", () => {
    const step = compile((x: Tensor) => tf.neg(x), { name: "train", maximalSignatures: 2 });
    const inputs = [1, 2, 3].map((size) => tf.zeros([size]));
    for (const input of inputs.slice(0, 2)) step(input).dispose();
    expect(() => step(inputs[2]!)).toThrow(
      "train: float32[3] is a new signature of inputs, and 2 are traced already: float32[1]; float32[2].",
    );
    step(inputs[1]!).dispose();
    step.dispose();
    tf.dispose(inputs);
  });
});

describe("inputs", () => {
  test("that are numbers, nothing or disposed", () => {
    const step = compile((x: Tensor, y: Tensor) => tf.mul(x, y), { name: "train" });
    const x = tf.scalar(1);
    expect(() => step(x, 0.1 as unknown as Tensor)).toThrow("train: input 1 is the number 0.1; inputs are tensors");
    expect(() => step(x, undefined as unknown as Tensor)).toThrow("train: input 1 is the undefined undefined");
    expect(() => step(x, [x] as unknown as Tensor)).toThrow("train: input 1 is not a tensor");
    const gone = tf.scalar(2);
    gone.dispose();
    expect(() => step(x, gone)).toThrow("train: input 1 was disposed");
    step.dispose();
    x.dispose();
  });
});

describe("a step that throws while it is traced", () => {
  test("leaves variables, tape and scopes as they were", () => {
    const w = variableOf([1, 2]);
    let broken = true;
    const step = compile(
      (x: Tensor) => {
        const { value, grads } = tf.variableGrads(() => {
          const loss = tf.sum(tf.square(tf.mul(w, x))) as TensorFlow.Scalar;
          w.assign(tf.mul(w, 3));
          if (broken) throw new Error("the loader broke");
          return loss;
        }, [w]);
        return [value, grads[w.name]!];
      },
      { name: "train" },
    );
    const x = tf.scalar(1);
    expect(() => step(x)).toThrow("train, traced for float32[]: the loader broke");
    expect(valuesOf(w)).toEqual([1, 2]);
    broken = false;
    const [loss, gradient] = step(x);
    expect(spent(loss!)).toEqual([5]);
    expect(spent(gradient!)).toEqual([2, 4]);
    expect(valuesOf(w)).toEqual([3, 6]);
    step.dispose();
    tf.dispose([x, w]);
  });
});
