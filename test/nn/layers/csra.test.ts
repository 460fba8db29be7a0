import { describe, expect, test } from "vitest";
import { type CompileOptions, compile } from "../../../src/engine/compile.js";
import { initialiseWeights } from "../../../src/nn/init/initialise.js";
import { Csra, type CsraConfig, type Temperature } from "../../../src/nn/layers/csra.js";
import { readWeights } from "../../../src/nn/weights/modelWeights.js";
import { Streams } from "../../../src/random/streams.js";
import { type TensorFlow, tf } from "../../../src/tensorflow.js";
import { noise } from "../torchNames.js";

const [batch, rows, frames, channels, classes] = [2, 3, 4, 5, 3];
const positions = rows * frames;
const range = (count: number) => [...Array(count).keys()];
const sum = (numbers: number[]) => numbers.reduce((all, value) => all + value, 0);
const mean = (numbers: number[]) => sum(numbers) / numbers.length;

interface Case {
  temperatures: readonly Temperature[];
  lambda: number;
  normalised: boolean;
  meanOver: "time" | "frequency" | "positions";
}

const defaults: Case = { temperatures: [1, 2, 3, "max"], lambda: 0.3, normalised: true, meanOver: "time" };

/** Numbers that float32 holds. */
const numbers = (count: number, seed: number, scale = 1) =>
  Float64Array.from(noise(count, seed), (value) => Math.fround(scale * value));
const mapValues = () => numbers(batch * positions * channels, 1, 2);
/** `[channels, heads * classes]` */
const weightValues = (heads: number) => numbers(channels * heads * classes, 2);

/** Equations of papers.md 2.3, by loops in double precision: logits, and attention by item, head, class and position. */
function naive(map: Float64Array, weight: Float64Array, { temperatures, lambda, normalised, meanOver }: Case) {
  const heads = temperatures.length;
  const x = (b: number, j: number) => [
    ...map.subarray((b * positions + j) * channels, (b * positions + j + 1) * channels),
  ];
  const vector = (h: number, i: number) => {
    const c = range(channels).map((k) => weight[k * heads * classes + h * classes + i]!);
    const length = normalised ? Math.hypot(...c) : 1;
    return c.map((value) => value / length);
  };
  const dot = (a: number[], c: number[]) => sum(a.map((value, k) => value * c[k]!));
  const globalFeature = (b: number) =>
    range(channels).map((k) => {
      const cell = (row: number, frame: number) => x(b, row * frames + frame)[k]!;
      if (meanOver === "positions") return mean(range(positions).map((j) => x(b, j)[k]!));
      const left =
        meanOver === "time"
          ? range(rows).map((row) => mean(range(frames).map((frame) => cell(row, frame))))
          : range(frames).map((frame) => mean(range(rows).map((row) => cell(row, frame))));
      return Math.max(...left) + mean(left);
    });
  const attention: number[] = [];
  const logits = range(batch * classes).map(() => 0);
  for (const b of range(batch)) {
    const g = globalFeature(b);
    for (const h of range(heads)) {
      for (const i of range(classes)) {
        const scores = range(positions).map((j) => dot(x(b, j), vector(h, i)));
        const temperature = temperatures[h]!;
        const powers =
          temperature === "max"
            ? scores.map((score) => Number(score === Math.max(...scores)))
            : scores.map((score) => Math.exp(temperature * score));
        const shares = powers.map((power) => power / sum(powers));
        attention.push(...shares);
        logits[b * classes + i]! += dot(g, vector(h, i)) + lambda * dot(shares, scores);
      }
    }
  }
  return { logits, attention };
}

function layerOf(of: Partial<CsraConfig> & { temperatures?: readonly Temperature[] }, weight?: Float64Array) {
  const layer = new Csra({ classes, name: "csra", ...of });
  layer.apply(tf.input({ shape: [rows, frames, channels] }));
  const variable = layer.weights[0]!.read() as TensorFlow.Variable;
  if (weight) tf.tidy(() => variable.assign(tf.tensor(Float32Array.from(weight), variable.shape)));
  return { layer, variable };
}

const mapTensor = (values: ArrayLike<number> = mapValues()) =>
  tf.tensor4d(Float32Array.from(values), [batch, rows, frames, channels]);

function close(found: ArrayLike<number>, wanted: readonly number[], off: number): void {
  expect(found).toHaveLength(wanted.length);
  wanted.forEach((value, i) => {
    expect(Math.abs(found[i]! - value), `${i}`).toBeLessThan(off);
  });
}

const cases: [string, Case][] = [
  ["four heads", defaults],
  ["vectors of any length", { ...defaults, normalised: false }],
  ["the mean over frequency", { ...defaults, meanOver: "frequency" }],
  ["the mean over all positions", { ...defaults, meanOver: "positions" }],
  ["one head, another lambda", { ...defaults, temperatures: [1], lambda: 1 }],
  ["maxima between other heads", { ...defaults, temperatures: ["max", 0.5, "max"] }],
  ["no residual", { ...defaults, lambda: 0 }],
];

describe("Csra against loops in double precision", () => {
  test.each(cases)("%s: logits and attention", (_, of) => {
    tf.tidy(() => {
      const heads = of.temperatures.length;
      const weight = weightValues(heads);
      const { layer } = layerOf(of, weight);
      const wanted = naive(mapValues(), weight, of);
      const logits = layer.apply(mapTensor()) as TensorFlow.Tensor;
      expect(logits.shape).toEqual([batch, classes]);
      // Sums of 5 products, of at most 4 heads; float32 has 6e-8.
      close(logits.dataSync(), wanted.logits, 1e-5);
      const attention = layer.attention(mapTensor());
      expect(attention.shape).toEqual([batch, heads, classes, rows, frames]);
      close(attention.dataSync(), wanted.attention, 1e-5);
      for (const one of tf.sum(attention, [3, 4]).dataSync()) expect(Math.abs(one - 1)).toBeLessThan(1e-6);
      layer.dispose();
    });
  });

  test("the options of the cases matter", () => {
    const all = cases.map(([, of]) => naive(mapValues(), weightValues(of.temperatures.length), of).logits[0]!);
    all.forEach((one, i) => {
      for (const other of all.slice(i + 1)) expect(Math.abs(one - other)).toBeGreaterThan(1e-3);
    });
  });

  test.each(cases)("%s: gradients by finite differences", (_, of) => {
    const [map, weight] = [mapValues(), weightValues(of.temperatures.length)];
    const dy = numbers(batch * classes, 3);
    const found = tf.tidy(() => {
      const { layer, variable } = layerOf(of, weight);
      const x = tf.variable(mapTensor());
      const { grads } = tf.variableGrads(() => {
        const logits = layer.apply(x) as TensorFlow.Tensor;
        return tf.sum(tf.mul(logits, tf.tensor(Float32Array.from(dy), logits.shape))) as TensorFlow.Scalar;
      }, [x, variable]);
      const both = [x, variable].map(({ name }) => grads[name]!.dataSync());
      x.dispose();
      layer.dispose();
      return both;
    });
    const loss = () => sum(naive(map, weight, of).logits.map((value, i) => value * dy[i]!));
    [map, weight].forEach((variable, which) => {
      for (const i of range(variable.length)) {
        const kept = variable[i]!;
        const step = 1e-5;
        variable[i] = kept + step;
        const above = loss();
        variable[i] = kept - step;
        const below = loss();
        variable[i] = kept;
        expect(Math.abs(found[which]![i]! - (above - below) / (2 * step)), `${which}, ${i}`).toBeLessThan(2e-5);
      }
    });
  });
});

describe("what follows from the equations", () => {
  const logitsOf = (of: Partial<CsraConfig>, weight: Float64Array) =>
    tf.tidy(() => {
      const { layer } = layerOf(of, weight);
      const values = [...(layer.apply(mapTensor()) as TensorFlow.Tensor).dataSync()];
      layer.dispose();
      return values;
    });

  test("max is the maximum over positions, and what large temperatures tend to", () => {
    const weight = weightValues(1);
    const of = { lambda: 1, meanOver: "positions" as const };
    const found = logitsOf({ ...of, temperatures: ["max"] }, weight);
    const [x, c] = [mapValues(), weight];
    const wanted = range(batch).flatMap((b) =>
      range(classes).map((i) => {
        const vector = range(channels).map((k) => c[k * classes + i]!);
        const scores = range(positions).map((j) =>
          sum(
            range(channels).map((k) => (x[(b * positions + j) * channels + k]! * vector[k]!) / Math.hypot(...vector)),
          ),
        );
        return mean(scores) + Math.max(...scores);
      }),
    );
    close(found, wanted, 1e-5);
    close(logitsOf({ ...of, temperatures: [1000] }, weight), wanted, 1e-5);
    expect(Math.abs(logitsOf({ ...of, temperatures: [1] }, weight)[0]! - wanted[0]!)).toBeGreaterThan(0.05);
  });

  test("a larger temperature is sharper", () => {
    const peak = (temperature: number) =>
      tf.tidy(() => {
        const { layer } = layerOf({ temperatures: [temperature] }, weightValues(1));
        return tf.min(tf.max(layer.attention(mapTensor()), [3, 4])).dataSync()[0]!;
      });
    expect(peak(1)).toBeGreaterThan(1 / positions);
    expect(peak(2)).toBeGreaterThan(peak(1));
    expect(peak(5)).toBeGreaterThan(peak(2));
  });

  test("heads add up", () => {
    const temperatures = [1, 2, "max"] as const;
    const weight = weightValues(3);
    const alone = temperatures.map((temperature, h) => {
      const own = Float64Array.from(range(channels * classes), (at) => {
        const [k, i] = [Math.floor(at / classes), at % classes];
        return weight[k * 3 * classes + h * classes + i]!;
      });
      return logitsOf({ temperatures: [temperature] }, own);
    });
    close(
      logitsOf({ temperatures }, weight),
      alone[0]!.map((value, i) => value + alone[1]![i]! + alone[2]![i]!),
      1e-5,
    );
  });

  test("vectors of other lengths give the same logits, where they are normalised", () => {
    const weight = weightValues(4);
    const longer = weight.map((value) => 3 * value);
    close(logitsOf(defaults, longer), logitsOf(defaults, weight), 1e-5);
    const off = { ...defaults, normalised: false };
    expect(Math.abs(logitsOf(off, longer)[0]! - logitsOf(off, weight)[0]!)).toBeGreaterThan(0.1);
  });

  test("equal scores share all of max's attention; a map of zeros gives zeros and finite gradients", () => {
    tf.tidy(() => {
      const { layer, variable } = layerOf({ temperatures: [1, "max"] }, weightValues(2));
      const x = tf.zeros([1, rows, frames, channels]) as TensorFlow.Tensor4D;
      for (const share of layer.attention(x).dataSync()) expect(share).toBeCloseTo(1 / positions, 6);
      const { value, grads } = tf.variableGrads(
        () => tf.sum(layer.apply(x) as TensorFlow.Tensor) as TensorFlow.Scalar,
        [variable],
      );
      expect(value.dataSync()[0]).toBe(0);
      expect(grads[variable.name]!.dataSync().every((one: number) => one === 0)).toBe(true);
      layer.dispose();
    });
  });

  test("attention is laid out as the map is: a single loud cell has all of it", () => {
    tf.tidy(() => {
      const { layer } = layerOf(
        { temperatures: [50, "max"] },
        Float64Array.from(range(channels * 2 * classes), () => 1),
      );
      const cells = range(rows).map((row) =>
        range(frames).map((frame) => Array(channels).fill(row === 2 && frame === 1 ? 1 : 0)),
      );
      const found = layer.attention(tf.tensor4d([cells])).arraySync() as number[][][][][];
      for (const map of found[0]!.flat()) {
        expect(map[2]![1]).toBeCloseTo(1, 6);
        expect(map[1]![2]).toBeCloseTo(0, 6);
      }
      layer.dispose();
    });
  });
});

test("captured, gradients too, as eagerly; nothing leaks", () => {
  const run = (mode: CompileOptions["mode"]) => {
    const { layer, variable } = layerOf(defaults, weightValues(4));
    const step = compile(
      (x: TensorFlow.Tensor) => {
        const loss = () => tf.sum(tf.square(layer.apply(x) as TensorFlow.Tensor)) as TensorFlow.Scalar;
        const { value, grads } = tf.variableGrads(loss, [variable]);
        return [value as TensorFlow.Tensor, grads[variable.name]!, layer.attention(x as TensorFlow.Tensor4D)];
      },
      { mode },
    );
    const x = mapTensor();
    const outputs = step(x);
    const found = outputs.map((tensor) => [...tensor.dataSync()]);
    tf.dispose([x, outputs]);
    step.dispose();
    layer.dispose();
    return found;
  };
  const before = tf.memory().numTensors;
  expect(run("captured")).toEqual(run("eager"));
  expect(tf.memory().numTensors).toBe(before);
});

describe("options", () => {
  test.each([
    [1, [1]],
    [2, [1, "max"]],
    [4, [1, 2, 3, "max"]],
    [6, [1, 2, 3, 4, 5, "max"]],
  ])("temperatures of %i heads (papers.md 2.3)", (heads, temperatures) => {
    expect(new Csra({ classes, heads, name: "csra" }).getConfig()).toMatchObject({ heads, temperatures });
  });

  test("unless said: six heads, lambda 0.1, normalised, mean over time", () => {
    expect(new Csra({ classes, name: "csra" }).getConfig()).toMatchObject({
      ...{ classes, heads: 6, lambda: 0.1, normalised: true, meanOver: "time" },
    });
  });

  test("a model that is saved and loaded answers the same", async () => {
    const inputs = tf.input({ shape: [rows, frames, channels] });
    const layer = new Csra({ ...defaults, temperatures: ["max", 2], classes, normalised: false, name: "csra" });
    const model = tf.model({ inputs, outputs: layer.apply(inputs) as TensorFlow.SymbolicTensor });
    initialiseWeights(model, new Streams(3));
    let saved: unknown;
    await model.save(
      tf.io.withSaveHandler(async (artifacts) => {
        const { weightData, ...rest } = artifacts;
        saved = { ...JSON.parse(JSON.stringify(rest)), weightData };
        return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" } };
      }),
    );
    const loaded = await tf.loadLayersModel(tf.io.fromMemory(saved as never));
    expect(loaded.getLayer("csra").getConfig()).toEqual(layer.getConfig());
    const [first, second] = [model, loaded].map((one) =>
      tf.tidy(() => [...(one.apply(mapTensor()) as TensorFlow.Tensor).dataSync()]),
    );
    expect(second).toEqual(first);
    model.dispose();
    loaded.dispose();
  });

  test("vectors start as a 1x1 convolution of PyTorch's: uniform within 1 / sqrt(channels)", () => {
    const inputs = tf.input({ shape: [rows, frames, 400] });
    const layer = new Csra({ classes: 4, name: "csra" });
    const model = tf.model({ inputs, outputs: layer.apply(inputs) as TensorFlow.SymbolicTensor });
    initialiseWeights(model, new Streams(3));
    const { shape, values } = readWeights(model).get("csra/weight")!;
    expect(shape).toEqual([400, 24]);
    const scaled = Array.from(values, (value) => value * 20);
    expect(Math.max(...scaled)).toBeLessThanOrEqual(1 + 1e-6);
    expect(Math.min(...scaled)).toBeGreaterThanOrEqual(-1 - 1e-6);
    // Of 9,600 numbers; the variance of a uniform one is 1/3, off by its deviation of sqrt(4/45 / 9600), here five times that.
    expect(Math.abs(mean(scaled.map((value) => value * value)) - 1 / 3)).toBeLessThan(5 * Math.sqrt(4 / 45 / 9600));
    model.dispose();
  });

  test.each<[Partial<CsraConfig>, string]>([
    [{ heads: 3 }, 'temperatures are known for 1, 2, 4, 6 heads, not for 3; give one for each head, a number or "max"'],
    [{ heads: 0 }, "heads must be whole numbers of at least 1, got 0"],
    [{ classes: 0 }, "classes must be whole numbers of at least 1, got 0"],
    [{ heads: 2, temperatures: [1] }, 'temperatures must be one for each of 2 heads, above 0 or "max", got 1'],
    [{ temperatures: [1, 0] }, 'temperatures must be one for each of 2 heads, above 0 or "max", got 1, 0'],
    [{ temperatures: [Number.POSITIVE_INFINITY] }, 'above 0 or "max", got Infinity'],
    [{ lambda: Number.NaN }, "lambda must be a number, got NaN"],
    [{ meanOver: "rows" as never }, 'meanOver must be time, frequency, positions, got "rows"'],
  ])("%o is refused with the layer's name", (of, message) => {
    expect(() => new Csra({ classes, name: "csra", ...of })).toThrow(RangeError);
    expect(() => new Csra({ classes, name: "csra", ...of })).toThrow(`csra: `);
    expect(() => new Csra({ classes, name: "csra", ...of })).toThrow(message);
  });

  test("so is an input that does not fit", () => {
    const layer = new Csra({ classes, name: "csra" });
    expect(() => layer.apply(tf.input({ batchShape: [2, 3, 4] }))).toThrow(
      "csra: input must be [batch, rows, frames, channels], got [2,3,4]",
    );
    const built = layerOf({}).layer;
    tf.tidy(() => {
      const wrong = tf.ones([1, 2, 2, 7]) as TensorFlow.Tensor4D;
      const message = "csra: input [1,2,2,7] has 7 channels, the layer was built for 5";
      expect(() => built.apply(wrong)).toThrow(message);
      expect(() => built.attention(wrong)).toThrow(message);
    });
  });
});
