import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { compile } from "../../../src/engine/compile.js";
import { freeze } from "../../../src/nn/frozen.js";
import { initialiseWeights } from "../../../src/nn/init/initialise.js";
import { type EfficientLeafConfig, efficientLeaf, GaborFilterbank } from "../../../src/nn/layers/efficientLeaf.js";
import { lowerMedian } from "../../../src/nn/ops/lowerMedian.js";
import { withPortableOps } from "../../../src/nn/ops/path.js";
import { readWeights } from "../../../src/nn/weights/modelWeights.js";
import { Streams } from "../../../src/random/streams.js";
import { type TensorFlow, tf } from "../../../src/tensorflow.js";
import { noise } from "../torchNames.js";

/** A window of 51 samples; groups of 2, 2 and 3 bands, at strides 5, 4 and 2. */
const small = {
  sampleRateHz: 2000,
  bands: 7,
  groups: 3,
  minimumHz: 50,
  maximumHz: 500,
  windowSeconds: 0.025,
  hopSeconds: 0.01,
};
const hop = 20;
const window = 51;
const sampleStrides = [5, 4, 2];
/** No multiple of the hop, nor of the strides. */
const samples = 333;
const sounds = [1, 2].map((seed) => Float32Array.from(noise(samples, seed)));
const input = () => tf.tensor3d(Float32Array.from(sounds.flatMap((sound) => [...sound])), [2, samples, 1]);

const modelOf = (options: Omit<EfficientLeafConfig, "name">, length: number): TensorFlow.LayersModel => {
  const inputs = tf.input({ shape: [length, 1] });
  return tf.model({ inputs, outputs: efficientLeaf(inputs, { ...options, name: "leaf" }) });
};

type Parameters = Record<
  "filters/centres" | "filters/sigmas" | "filters/poolingWidths" | "log/exponents" | "norm/scale" | "norm/offset",
  number[]
>;
const names = [
  ...(["filters/centres", "filters/sigmas", "filters/poolingWidths"] as const),
  ...(["log/exponents", "norm/scale", "norm/offset"] as const),
];

const variableOf = (model: TensorFlow.LayersModel, name: string): TensorFlow.Variable => {
  const [layer, part] = `leaf.${name}`.split("/") as [string, string];
  return model
    .getLayer(layer)
    .weights.find(({ originalName }) => originalName.endsWith(`/${part}`))!
    .read() as TensorFlow.Variable;
};
const valuesOf = (model: TensorFlow.LayersModel) =>
  Object.fromEntries(names.map((name) => [name, [...variableOf(model, name).dataSync()]])) as Parameters;
const put = (model: TensorFlow.LayersModel, name: string, values: readonly number[]) =>
  tf.tidy(() => variableOf(model, name).assign(tf.tensor1d([...values])) as never);

/** The formulas of papers.md 2.3, one number at a time and in double precision. Energies `[frame][band]` of one sound. */
function naiveEnergies(parameters: Parameters, sound: ArrayLike<number>): number[][] {
  const { bands, groups } = small;
  const energies = Array.from({ length: Math.ceil(sound.length / hop) }, () => Array<number>(bands).fill(0));
  for (let group = 0; group < groups; group++) {
    const [first, end] = [Math.floor((group * bands) / groups), Math.floor(((group + 1) * bands) / groups)];
    const stride = sampleStrides[group]!;
    let length = Math.trunc(4.77 * Math.max(...parameters["filters/sigmas"].slice(first, end)));
    if (length % 2 === 0) length++;
    let size = Math.trunc(window / stride + 0.5);
    if (size % 2 === 0) size++;
    for (let band = first; band < end; band++) {
      const centre = parameters["filters/centres"][band]!;
      const sigma = parameters["filters/sigmas"][band]!;
      const width = (parameters["filters/poolingWidths"][band]! * window) / (stride * size);
      const squares: number[] = [];
      for (let at = 0; at < sound.length; at += stride) {
        let [real, imaginary] = [0, 0];
        for (let t = -(length - 1) / 2; t <= (length - 1) / 2; t++) {
          const value = sound[at + t] ?? 0;
          const envelope = Math.exp((-t * t) / (2 * sigma * sigma)) / (Math.sqrt(2 * Math.PI) * sigma);
          real += value * envelope * Math.cos(centre * t);
          imaginary += value * envelope * Math.sin(centre * t);
        }
        squares.push(real * real + imaginary * imaginary);
      }
      energies.forEach((frame, i) => {
        for (let k = 0; k < size; k++) {
          const place = (2 * k) / (size - 1) - 1;
          const square = squares[(i * hop) / stride + k - (size - 1) / 2] ?? 0;
          frame[band]! += Math.exp(-0.5 * (place / width) ** 2) * square;
        }
      });
    }
  }
  return energies;
}

/** `[item][band][frame][channel]`, normalised by the batch's statistics. */
function naiveLeaf(parameters: Parameters): number[][][][] {
  const logs = sounds.map((sound) =>
    naiveEnergies(parameters, sound).map((frame) =>
      frame.map((energy, band) => Math.log(1 + 10 ** parameters["log/exponents"][band]! * energy)),
    ),
  );
  const frames = logs[0]!.length;
  const maps = logs.map((item) =>
    item[0]!.map((_, band) => {
      const series = item.map((frame) => frame[band]!);
      const median = [...series].sort((a, b) => a - b)[Math.floor((frames - 1) / 2)]!;
      return series.map((value) => [value, value - median]);
    }),
  );
  for (let band = 0; band < small.bands; band++)
    for (const channel of [0, 1]) {
      const cells = maps.flatMap((item) => item[band]!);
      const mean = cells.reduce((sum, cell) => sum + cell[channel]!, 0) / cells.length;
      const variance = cells.reduce((sum, cell) => sum + (cell[channel]! - mean) ** 2, 0) / cells.length;
      const feature = channel * small.bands + band;
      for (const cell of cells) {
        const normal = (cell[channel]! - mean) / Math.sqrt(variance + 1e-5);
        cell[channel] = normal * parameters["norm/scale"][feature]! + parameters["norm/offset"][feature]!;
      }
    }
  return maps;
}

const flat = (nested: unknown): number[] => [nested].flat(4) as number[];

/** The largest difference, as a share of the largest number wanted. */
function off(values: ArrayLike<number>, wanted: readonly number[]): number {
  expect(values.length).toBe(wanted.length);
  const largest = Math.max(...wanted.map(Math.abs));
  return Math.max(...wanted.map((value, i) => Math.abs(value - values[i]!))) / largest;
}

/** Parameters within their ranges, none where it started. */
function unlikeAtFirst(model: TensorFlow.LayersModel): void {
  const moved = (name: (typeof names)[number], by: (value: number, i: number) => number) =>
    put(model, name, valuesOf(model)[name].map(by));
  moved("filters/centres", (value, i) => value * (1 + 0.03 * Math.sin(i)));
  moved("filters/sigmas", (value, i) => value * (0.8 + 0.05 * Math.cos(i)));
  moved("filters/poolingWidths", (_, i) => 0.25 + 0.03 * i);
  moved("log/exponents", (_, i) => 1 + 0.3 * i);
  moved("norm/scale", (_, i) => 1 + 0.1 * Math.sin(i));
  moved("norm/offset", (_, i) => 0.2 * Math.cos(i));
}

let model: TensorFlow.LayersModel;
let tensors: number;
beforeEach(() => {
  tensors = tf.memory().numTensors;
  model = modelOf(small, samples);
});
afterEach(() => {
  model.dispose();
  expect(tf.memory().numTensors).toBe(tensors);
});

const run = (x: TensorFlow.Tensor, training: boolean) => model.apply(x, { training }) as TensorFlow.Tensor;
const gradients = (loss: () => TensorFlow.Tensor, x: TensorFlow.Variable[]) =>
  tf.variableGrads(loss as () => TensorFlow.Scalar, x).grads as Record<string, TensorFlow.Tensor>;

describe("as papers.md has it", () => {
  test("64 bands of 8 s: 512 parameters, 800 frames, or 250 with a hop of 32 ms", () => {
    const [whole, coarse] = [{}, { hopSeconds: 0.032 }].map((options) => modelOf(options, 128_000));
    const sizes = whole!.trainableWeights.map((weight) => (weight.read() as TensorFlow.Tensor).size);
    expect(sizes).toEqual([64, 64, 64, 64, 128, 128]);
    expect(whole!.outputs[0]!.shape).toEqual([null, 64, 800, 2]);
    expect(coarse!.outputs[0]!.shape).toEqual([null, 64, 250, 2]);
    for (const one of [whole!, coarse!]) one.dispose();
  });

  test("starts at mel-spaced peaks, their widths within the range, and is left so by initialiseWeights", () => {
    const whole = modelOf({}, 1600);
    initialiseWeights(whole, new Streams(1));
    const mel = (hz: number) => 1127 * Math.log(1 + hz / 700);
    const step = (mel(2000) - mel(50)) / 65;
    const peak = (i: number) => 700 * (Math.exp((mel(50) + i * step) / 1127) - 1);
    const z = Math.sqrt(2 * Math.log(2)) / Math.PI;
    const { "filters/centres": centres, "filters/sigmas": sigmas, ...others } = valuesOf(whole);
    for (let band = 0; band < 64; band++) {
      const [left, centre, right] = [peak(band), peak(band + 1), peak(band + 2)];
      expect(centres[band]! / ((2 * Math.PI * centre) / 16_000)).toBeCloseTo(1, 6);
      expect(sigmas[band]! / Math.min(8000 / (right - left), 401 * z)).toBeCloseTo(1, 6);
    }
    // Else the range is not tested.
    expect(sigmas.filter((sigma) => sigma > 401 * z - 1e-3).length).toBeGreaterThan(5);
    expect(sigmas[63]).toBeLessThan(100);
    expect(others).toEqual({
      "filters/poolingWidths": Array(64).fill(Math.fround(0.4)),
      "log/exponents": Array(64).fill(5),
      "norm/scale": Array(128).fill(1),
      "norm/offset": Array(128).fill(0),
    });
    whole.dispose();
  });
});

describe("against loops in double precision", () => {
  test("energies", () => {
    unlikeAtFirst(model);
    const wanted = sounds.map((sound) => naiveEnergies(valuesOf(model), sound));
    const energies = tf.tidy(() => (model.layers[1]!.apply(input()) as TensorFlow.Tensor).dataSync());
    // Sums of up to 91 products in float32.
    expect(off(energies, flat(wanted))).toBeLessThan(5e-6);
  });

  test("the whole, in training mode", () => {
    unlikeAtFirst(model);
    const maps = tf.tidy(() => run(input(), true).dataSync());
    expect(off(maps, flat(naiveLeaf(valuesOf(model))))).toBeLessThan(2e-5);
  });

  test("gradients of every parameter, against central differences of the loops", () => {
    unlikeAtFirst(model);
    const parameters = valuesOf(model);
    const slopes = noise(2 * small.bands * Math.ceil(samples / hop) * 2, 5);
    const loss = () => flat(naiveLeaf(parameters)).reduce((sum, value, i) => sum + value * slopes[i]!, 0);
    tf.tidy(() => {
      const x = input();
      const dy = tf.reshape(tf.tensor1d(Float32Array.from(slopes)), [2, small.bands, -1, 2]);
      const variables = names.map((name) => variableOf(model, name));
      const grads = gradients(() => tf.sum(tf.mul(run(x, true), dy)), variables);
      names.forEach((name, i) => {
        const wanted = parameters[name].map((value, k) => {
          const at = (difference: number) => {
            parameters[name][k] = value + difference;
            return loss();
          };
          const slope = (at(1e-5) - at(-1e-5)) / 2e-5;
          parameters[name][k] = value;
          return slope;
        });
        expect(off(grads[variables[i]!.name]!.dataSync(), wanted), name).toBeLessThan(2e-4);
      });
    });
  });

  test("portable operations give the same, and so does tfjs's plain cpu backend", async () => {
    const maps = () => tf.tidy(() => run(input(), true).dataSync());
    const native = [...maps()];
    expect(off(withPortableOps(maps), native)).toBeLessThan(1e-5);
    await tf.setBackend("cpu");
    const plain = maps();
    await tf.setBackend("tensorflow");
    expect(off(plain, native)).toBeLessThan(1e-5);
  });
});

describe("where energies stand", () => {
  test("the tone at a band's centre is loudest in that band, a click in the frame of its sample", () => {
    tf.tidy(() => {
      const layer = model.layers[1]!;
      const energiesOf = (sound: (t: number) => number) => {
        const values = Float32Array.from({ length: samples }, (_, t) => sound(t));
        return layer.apply(tf.tensor3d(values, [1, samples, 1])) as TensorFlow.Tensor;
      };
      const largest = (sums: number[]) => sums.indexOf(Math.max(...sums));
      valuesOf(model)["filters/centres"].forEach((centre, band) => {
        const sums = [
          ...tf
            .sum(
              energiesOf((t) => Math.cos(centre * t)),
              [0, 1],
            )
            .dataSync(),
        ];
        // A window over every fifth energy sums a fifth of them.
        const strides = [0, 0, 1, 1, 2, 2, 2].map((group) => sampleStrides[group]!);
        expect(largest(sums.map((sum, k) => sum * strides[k]!))).toBe(band);
      });
      for (const frame of [2, 7, 13]) {
        const sums = [
          ...tf
            .sum(
              energiesOf((t) => Number(t === frame * hop)),
              [0, 2],
            )
            .dataSync(),
        ];
        expect(largest(sums)).toBe(frame);
      }
    });
  });

  test.each([
    ["silence", 0],
    ["a constant", 0.7],
  ])("%s: output, gradients and running statistics stay finite", (_, value) => {
    tf.tidy(() => {
      const x = tf.fill([2, samples, 1], value);
      const variables = names.map((name) => variableOf(model, name));
      const grads = gradients(() => tf.sum(tf.square(run(x, true))), variables);
      const all = [run(x, true), run(x, false), ...Object.values(grads), ...model.weights.map((w) => w.read())];
      for (const tensor of all) expect([...tensor.dataSync()].every(Number.isFinite)).toBe(true);
      if (value === 0) expect([...run(x, true).dataSync()].every((cell) => cell === 0)).toBe(true);
    });
  });
});

describe("ranges", () => {
  const z = Math.sqrt(2 * Math.log(2)) / Math.PI;
  const outside: Partial<Parameters> = {
    "filters/centres": [-0.1, 0.2, 0.4, 0.5, 0.6, 0.7, 4],
    "filters/sigmas": [0.1, 8, 9, 10, 11, 12, 99],
    "filters/poolingWidths": [0.01, 0.2, 0.3, 0.4, 0.3, 0.2, 0.9],
  };
  const ends: Record<string, [number, number]> = {
    "filters/centres": [0, Math.PI],
    "filters/sigmas": [2 * z, window * z],
    "filters/poolingWidths": [2 / window, 0.5],
  };
  const held = (name: string) => {
    const values = [...outside[name as keyof Parameters]!];
    [values[0], values[6]] = ends[name]!;
    return values.map(Math.fround);
  };
  const putOutside = () => {
    for (const [name, values] of Object.entries(outside)) put(model, name, values);
  };

  test("training puts parameters back", () => {
    putOutside();
    tf.tidy(() => {
      run(input(), true);
      for (const name of Object.keys(outside)) {
        expect([...variableOf(model, name).dataSync()], name).toEqual(held(name));
      }
    });
  });

  test("evaluation and a frozen layer write nothing, and compute as if the parameters were put back", () => {
    putOutside();
    tf.tidy(() => {
      const x = input();
      const filters = model.layers[1]!;
      const evaluated = run(x, false).dataSync();
      freeze(filters);
      const frozen = (filters.apply(x, { training: true }) as TensorFlow.Tensor).dataSync();
      for (const name of Object.keys(outside)) {
        expect([...variableOf(model, name).dataSync()]).toEqual(outside[name as keyof Parameters]!.map(Math.fround));
        put(model, name, held(name));
      }
      expect(run(x, false).dataSync()).toEqual(evaluated);
      expect((filters.apply(x) as TensorFlow.Tensor).dataSync()).toEqual(frozen);
    });
  });

  test("a gradient goes past the end of a range, as if nothing held the value", () => {
    tf.tidy(() => {
      const x = input();
      const variables = Object.keys(outside).map((name) => variableOf(model, name));
      const all = () => gradients(() => tf.sum(tf.square(model.layers[1]!.apply(x) as TensorFlow.Tensor)), variables);
      putOutside();
      const past = variables.map(({ name }, _, __, grads = all()) => grads[name]!.dataSync());
      for (const name of Object.keys(outside)) put(model, name, held(name));
      const at = variables.map(({ name }, _, __, grads = all()) => grads[name]!.dataSync());
      expect(past).toEqual(at);
      for (const i of [1, 2]) expect(Math.abs(at[i]![6]!)).toBeGreaterThan(0);
    });
  });
});

describe("lowerMedian", () => {
  test.each([
    { x: [3], median: 3, place: 0 },
    { x: [3, 1], median: 1, place: 1 },
    { x: [5, -2, 9], median: 5, place: 0 },
    { x: [4, 1, 3, 2], median: 2, place: 3 },
    { x: [2, 7, 2, 2, 8, 1], median: 2, place: 2 },
  ])("$x: $median, with the whole gradient at place $place", ({ x, median, place }) => {
    tf.tidy(() => {
      const other = x.map((value) => value + 10);
      const { value, grad } = tf.valueAndGrad((rows: TensorFlow.Tensor) => lowerMedian(rows))(
        tf.tensor3d([[x, other]]),
        tf.tensor3d([[[3], [-2]]]),
      );
      expect(value.arraySync()).toEqual([[[median], [median + 10]]]);
      const [[first, second]] = grad.arraySync() as number[][][] as [[number[], number[]]];
      expect(first.map((slope) => slope + 0)).toEqual(x.map((_, i) => (i === place ? 3 : 0)));
      expect(second.map((slope) => slope + 0)).toEqual(x.map((_, i) => (i === place ? -2 : 0)));
    });
  });

  test("800 values: the 400th of them in order", () => {
    const values = Float32Array.from(noise(3 * 800, 9));
    const medians = tf.tidy(() => lowerMedian(tf.tensor2d(values, [3, 800])).dataSync());
    for (const row of [0, 1, 2]) {
      expect(medians[row]).toBe(values.slice(row * 800, (row + 1) * 800).sort()[399]);
    }
  });
});

test("a captured training step gives what the eager one gives, bit for bit", () => {
  const steps = (mode: "captured" | "eager") => {
    const one = modelOf(small, samples);
    const variables = one.trainableWeights.map((weight) => weight.read() as TensorFlow.Variable);
    const trainingStep = (x: TensorFlow.Tensor): TensorFlow.Tensor[] =>
      tf.tidy(() => {
        const loss = (z: TensorFlow.Tensor) => tf.sum(tf.pow(one.apply(z, { training: true }) as TensorFlow.Tensor, 3));
        const forInput: TensorFlow.Tensor = tf.grad(loss)(x);
        const grads = gradients(() => loss(x), variables);
        for (const variable of variables) {
          // Of the gradient's sign: far enough for some parameters to leave their range.
          variable.assign(tf.sub(variable, tf.mul(tf.sign(grads[variable.name]!), 0.1)));
        }
        return [forInput, ...Object.values(grads), one.apply(x, { training: false }) as TensorFlow.Tensor];
      });
    const step = compile(trainingStep, { mode });
    expect(step.captured).toBe(mode === "captured");
    const results = [1, 0.5, 2].flatMap((gain) => {
      const x = tf.tidy(() => tf.mul(input(), gain));
      const outputs = step(x);
      const values = [...outputs, ...one.weights.map((weight) => weight.read())].map((t) => t.dataSync().slice());
      tf.dispose([x, outputs]);
      return values;
    });
    step.dispose();
    one.dispose();
    return results;
  };
  expect(steps("captured")).toEqual(steps("eager"));
});

test("a saved topology makes the same layers", async () => {
  const loaded = await tf.models.modelFromJSON({ modelTopology: JSON.parse(model.toJSON() as string) } as never);
  expect(loaded.layers.map((layer) => layer.getConfig())).toEqual(model.layers.map((layer) => layer.getConfig()));
  expect([...readWeights(loaded).keys()]).toEqual([...readWeights(model).keys()]);
  loaded.dispose();
});

describe("what does not fit is refused with the layer's name", () => {
  test.each<[Partial<EfficientLeafConfig>, (number | null)[], string]>([
    [{ bands: 0 }, [null, 99, 1], "bands must be whole numbers of at least 1, got 0"],
    [{ groups: 1.5 }, [null, 99, 1], "groups must be"],
    [{ bands: 3 }, [null, 99, 1], "3 bands cannot be divided into 4 groups"],
    [{ maximumHz: 9000 }, [null, 99, 1], "50 to 9000 Hz is not a range within 0 to 8000 Hz"],
    [{ hopSeconds: 1e-5 }, [null, 99, 1], "a window of 0.025 s and a hop of 0.00001 s are too short at 16000 Hz"],
    [{}, [null, 99], "input must be [batch, samples, 1], got [,99]"],
    [{}, [null, 99, 2], "input [,99,2] has 2 channels, 1 is taken"],
    [{}, [null, null, 1], "the number of samples must be fixed, got [,,1]"],
  ])("%o of %o", (options, shape, message) => {
    const input = tf.input({ batchShape: shape });
    expect(() => new GaborFilterbank({ ...options, name: "leaf" }).apply(input)).toThrow(`leaf: ${message}`);
  });
});
