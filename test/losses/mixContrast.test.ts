import { describe, expect, test } from "vitest";
import { compile } from "../../src/engine/compile.js";
import { type MixContrastInputs, mixContrast } from "../../src/losses/mixContrast.js";
import { type TensorFlow, tf } from "../../src/tensorflow.js";
import { gradientsOf, normals, off } from "./gradients.js";

interface Batch {
  mixed: number[][];
  plain: number[][];
  partner: number[];
  lambda: number;
  labels: number[];
}

type Options = Pick<MixContrastInputs, "temperature" | "negatives">;

const oneHot = (labels: number[]) =>
  tf.oneHot(tf.tensor1d(labels, "int32"), Math.max(1, ...labels) + 1, 1, 0, "float32") as TensorFlow.Tensor2D;

/** Value and gradients by mixed, plain and lambda. */
const lossOf = ({ mixed, plain, partner, lambda, labels }: Batch, options: Options = {}) =>
  gradientsOf(
    (x, y, share) =>
      mixContrast({
        mixed: x as TensorFlow.Tensor2D,
        plain: y as TensorFlow.Tensor2D,
        partner: tf.tensor1d(partner, "int32"),
        lambda: tf.reshape(share!, []) as TensorFlow.Scalar,
        labels: options.negatives === "other labels" ? oneHot(labels) : undefined,
        ...options,
      }),
    [mixed, plain, [lambda]],
  );

const unit = (row: number[]) => row.map((value) => value / Math.max(Math.hypot(...row), 1e-12));

/** The formula of papers.md 1.4, term by term in float64. */
function naive({ mixed, plain, partner, lambda, labels }: Batch, { temperature = 0.06, negatives }: Options = {}) {
  const [batch, ofMixed, ofPlain] = [mixed.length, mixed.map(unit), plain.map(unit)];
  let total = 0;
  for (let i = 0; i < batch; i++) {
    const similarity = (j: number) =>
      ofMixed[i]!.reduce((sum, value, k) => sum + value * ofPlain[j]![k]!, 0) / temperature;
    let denominator = 0;
    for (let j = 0; j < batch; j++) {
      const source = j === i || j === partner[i];
      if (negatives === "other labels" && labels[j] === labels[i] && !source) continue;
      denominator += Math.exp(similarity(j));
    }
    total += lambda * (similarity(i) - Math.log(denominator));
    total += (1 - lambda) * (similarity(partner[i]!) - Math.log(denominator));
  }
  return -total / batch;
}

/** A batch in random directions, each sample mixed with the one `shift` further on. */
function batchOf(samples: number, size: number, shift: number, lambda: number): Batch {
  const [mixed, plain] = normals("projections", 2, samples, size) as [number[][], number[][]];
  const indices = Array.from({ length: samples }, (_, i) => i);
  const partner = indices.map((i) => (i + shift) % samples);
  return { mixed, plain, partner, lambda, labels: indices.map((i) => i % 3) };
}

describe("against PyTorch: value and gradients", () => {
  /*
   * torch 2.15.0, in float64:
   * def mix(a, b, partner, lam, T, labels=None):
   *     s = F.normalize(a, dim=1) @ F.normalize(b, dim=1).T / T
   *     I = torch.eye(len(a), dtype=a.dtype); P = I[partner]
   *     out = torch.zeros_like(s, dtype=torch.bool)
   *     if labels is not None: out = (labels[:, None] == labels) & (I + P == 0)
   *     s = s.masked_fill(out, -torch.inf)
   *     s = s - s.max(1, keepdim=True).values.detach()
   *     log_p = s - torch.log(torch.exp(s).sum(1, keepdim=True))
   *     return -((lam * I + (1 - lam) * P) * log_p.masked_fill(out, 0)).sum() / len(a)
   * for T in (0.06, 0.5):
   *     for y in (None, torch.tensor(labels)):
   *         a, b, lam = (torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in (mixed, plain, 0.3))
   *         loss = mix(a, b, torch.tensor(partner), lam, T, y); loss.backward()
   *         print(loss.item(), [float(f"{v:.9g}") for x in (a, b, lam) for v in x.grad.flatten().tolist()])
   */
  const batch: Batch = {
    mixed: [
      [1.2063, -1.1945, -0.8743],
      [-0.7077, 0.0255, 0.245],
      [0.8766, 0.5638, -0.7005],
      [-0.5437, -1.1502, -1.0888],
      [-1.2889, 0.5915, 1.3289],
    ],
    plain: [
      [-1.2026, 1.192, -0.2027],
      [-1.1835, -0.7379, -0.293],
      [-0.4535, -0.0411, -1.322],
      [-0.4647, 0.7331, 0.162],
      [0.1266, 0.2362, 0.7443],
    ],
    partner: [2, 1, 4, 0, 3], // the second with itself
    lambda: 0.3,
    labels: [0, 1, 0, 0, 1],
  };
  const cases = [
    {
      temperature: 0.06,
      negatives: "all",
      loss: 6.209219756884533,
      wanted: [
        [-0.15745127, -0.0328248204, -0.172394166, 0.180541569, 2.0765796, 0.305373423, -1.63512176, -1.07462504, -2.91109399, 0.734366831, -0.683433923, 0.355263089, -0.204760453, 0.11732634, -0.250819684],
        [0.278148058, 0.552147985, 1.5967417, 0.732978482, -0.746564206, -1.08051299, 1.73401573, -0.348277335, -0.584010541, 0.389387762, 0.0625522461, 0.833897787, -1.6961896, -1.64550691, 0.810703123],
        [3.17255824],
      ],
    },
    {
      temperature: 0.06,
      negatives: "other labels",
      loss: 6.098682285234292,
      wanted: [
        [-0.157451273, -0.0328248209, -0.172394169, 0.180368227, 2.07643693, 0.304887563, -1.63506777, -1.08216708, -2.91709666, 0.313612824, -1.08357306, 0.988073508, -0.204430961, 0.117865263, -0.250739987],
        [0.276576543, 0.550813188, 1.59821593, 1.03536625, -1.03738388, -1.56952349, 1.82474148, 0.325150679, -0.636069556, 0.385146999, 0.0590276512, 0.837682958, -1.69596386, -1.64548044, 0.810656326],
        [3.17255824],
      ],
    },
    {
      temperature: 0.5,
      negatives: "all",
      loss: 1.6416318979741604,
      wanted: [
        [-0.00168855814, -0.0432802501, 0.0568012709, 0.057948212, 0.420615656, 0.123609185, -0.156816719, 0.0133373976, -0.185504513, 0.0871761136, -0.0688599335, 0.0292110971, -0.0376600911, -0.035729587, -0.0206231023],
        [0.0454094892, 0.0757064461, 0.175789995, 0.134563198, -0.146627053, -0.174264309, -0.0469247932, -0.0310517353, 0.0170624963, 0.1100846, 0.0823488961, -0.0568744577, -0.211131368, -0.185427098, 0.094756297],
        [0.380706989],
      ],
    },
    {
      temperature: 0.5,
      negatives: "other labels",
      loss: 1.3727540859720144,
      wanted: [
        [-0.00668240937, -0.0466191177, 0.0544727733, 0.0343262945, 0.417713798, 0.0556776195, -0.128969617, -0.0904099589, -0.234158317, 0.0341980513, -0.108591268, 0.0976379468, -0.0192446225, -0.00969357785, -0.014350698],
        [0.00674322952, 0.0411431903, 0.201940183, 0.179276608, -0.187639824, -0.251585118, 0.025128791, 0.081139117, -0.0111427567, 0.0285902818, 0.0170089453, 0.00504102575, -0.14188516, -0.163756392, 0.0761009283],
        [0.380706989],
      ],
    },
  ] as const; // biome-ignore format: gradients

  test.each(cases)("temperature $temperature, negatives $negatives", ({ loss, wanted, ...options }) => {
    const { value, gradients } = lossOf(batch, options);
    expect(Math.abs(value / loss - 1)).toBeLessThan(1e-6);
    expect(off(gradients, wanted.map((one) => [...one]))).toBeLessThan(3e-6); // biome-ignore format: one line
  });
});

describe("against the formula, term by term", () => {
  test.each([
    [2, 3, 1],
    [7, 4, 3],
    [32, 16, 5],
  ])("%i samples of size %i, mixed with the one %i further on", (samples, size, shift) => {
    for (const lambda of [0, 0.25, 1]) {
      for (const negatives of ["all", "other labels"] as const) {
        for (const temperature of [0.06, 1]) {
          const batch = batchOf(samples, size, shift, lambda);
          const options = { negatives, temperature };
          expect(Math.abs(lossOf(batch, options).value / naive(batch, options) - 1)).toBeLessThan(3e-6);
        }
      }
    }
  });

  test("the default temperature is 0.06 and the default negatives are all", () => {
    const batch = batchOf(6, 4, 1, 0.4);
    expect(lossOf(batch)).toEqual(lossOf(batch, { temperature: 0.06, negatives: "all" }));
  });
});

describe("closed forms", () => {
  const equal = (samples: number, shift: number, lambda: number): Batch => ({
    ...batchOf(samples, 2, shift, lambda),
    mixed: Array.from({ length: samples }, () => [3, 4]),
    plain: Array.from({ length: samples }, () => [0.3, 0.4]),
  });

  test.each([0, 0.3, 1])("equal vectors, lambda %d: ln of the number of columns", (lambda) => {
    const { value, gradients } = lossOf(equal(6, 1, lambda));
    expect(value).toBeCloseTo(Math.log(6), 5);
    expect(Math.max(...gradients.flat().map(Math.abs))).toBeLessThan(1e-5);
    // Labels 0 1 2 0 1 2, partners next: each leaves out the one other sample of its label.
    expect(lossOf(equal(6, 1, lambda), { negatives: "other labels" }).value).toBeCloseTo(Math.log(5), 5);
    // Here the partner is the one other sample of the label, and stays.
    expect(lossOf(equal(6, 3, lambda), { negatives: "other labels" }).value).toBeCloseTo(Math.log(6), 5);
  });

  test("orthogonal samples, each mixed half and half with the next", () => {
    const plain = Array.from({ length: 4 }, (_, j) => Array.from({ length: 4 }, (_, k) => Number(j === k)));
    const mixed = plain.map((row, i) => row.map((value, k) => value + plain[(i + 1) % 4]![k]!));
    const batch = { ...batchOf(4, 4, 1, 0.5), mixed, plain };
    for (const temperature of [0.06, 0.5]) {
      // Two columns at similarity 1 / sqrt(2), two at 0.
      const wanted = Math.log(2 + 2 * Math.exp(-Math.SQRT1_2 / temperature));
      expect(lossOf(batch, { temperature }).value).toBeCloseTo(wanted, 5);
    }
  });

  test("lengths of the vectors are of no matter, and no gradient is along them", () => {
    const batch = batchOf(5, 4, 2, 0.7);
    const scaled = { ...batch, mixed: batch.mixed.map((row, i) => row.map((value) => value * 10 ** (i - 2))) };
    const { value, gradients } = lossOf(scaled);
    expect(Math.abs(value / lossOf(batch).value - 1)).toBeLessThan(1e-6);
    for (const [i, row] of scaled.mixed.entries()) {
      const gradient = gradients[0]!.slice(4 * i, 4 * i + 4);
      const along = gradient.reduce((sum, one, k) => sum + one * unit(row)[k]!, 0);
      expect(Math.abs(along)).toBeLessThan(1e-5 * Math.hypot(...gradient));
    }
  });

  test("each its own partner, or lambda 1: the same for every lambda and partner", () => {
    const own = { ...batchOf(5, 4, 0, 0.2), labels: [0, 0, 0, 0, 0] };
    const { value } = lossOf(own);
    expect(Math.abs(lossOf({ ...own, lambda: 0.9 }).value / value - 1)).toBeLessThan(1e-6);
    expect(Math.abs(lossOf({ ...own, lambda: 1, partner: [1, 2, 3, 4, 0] }).value / value - 1)).toBeLessThan(1e-6);
    // One label and oneself as partner: no column is left to be told from.
    expect(lossOf(own, { negatives: "other labels" }).value).toBeCloseTo(0, 6);
  });

  test("a batch of one: 0, and no gradient", () => {
    for (const negatives of ["all", "other labels"] as const) {
      const { value, gradients } = lossOf({ ...batchOf(1, 3, 0, 0.5), labels: [0] }, { negatives });
      expect(Math.abs(value)).toBe(0);
      expect(gradients.flat().every((one) => one === 0)).toBe(true);
    }
  });
});

test("zero vectors, on one side, on both, in one row: finite, and the formula still", () => {
  const batch = batchOf(6, 4, 1, 0.5);
  const zeros = batch.mixed.map((row) => row.map(() => 0));
  const oneZero = (rows: number[][]) => [zeros[0]!, ...rows.slice(1)];
  for (const silent of [
    { ...batch, mixed: zeros },
    { ...batch, plain: zeros },
    { ...batch, mixed: zeros, plain: zeros },
    { ...batch, mixed: oneZero(batch.mixed), plain: oneZero(batch.plain) },
  ]) {
    for (const negatives of ["all", "other labels"] as const) {
      const { value, gradients } = lossOf(silent, { negatives });
      expect(Math.abs(value / naive(silent, { negatives }) - 1)).toBeLessThan(3e-6);
      expect(gradients.flat().every(Number.isFinite)).toBe(true);
    }
  }
});

test("refused", () => {
  const batch = batchOf(3, 2, 1, 0.5);
  for (const temperature of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => lossOf(batch, { temperature })).toThrow(`temperature must be a positive number, got ${temperature}`);
  }
  expect(() => lossOf({ ...batch, partner: [1, 0] })).toThrow(
    "mixContrast: mixed [3,2], plain [3,2] and partner [2] must be of the same samples",
  );
  expect(() => lossOf({ ...batch, plain: [[1, 2]] })).toThrow(
    "plain [1,2] and partner [3] must be of the same samples",
  );
  expect(() => lossOf({ ...batch, labels: [0, 1] }, { negatives: "other labels" })).toThrow(
    "mixContrast: negatives of other labels need the labels of 3 samples, got [2,2]",
  );
  const three = tf.ones([3, 2]) as TensorFlow.Tensor2D;
  const [partner, lambda] = [tf.tensor1d([1, 2, 0], "int32"), tf.scalar(1)];
  expect(() => mixContrast({ mixed: three, plain: three, partner, lambda, negatives: "other labels" })).toThrow(
    "got none",
  );
  tf.dispose([three, partner, lambda]);
});

test.each(["all", "other labels"] as const)(
  "a captured step gives what the eager one gives, negatives %s",
  (negatives) => {
    const { mixed, plain, labels } = batchOf(32, 16, 1, 0.5);
    const train = (x: TensorFlow.Tensor2D, y: TensorFlow.Tensor2D, ...rest: TensorFlow.Tensor[]) => {
      const [partner, lambda, classes] = rest as [TensorFlow.Tensor1D, TensorFlow.Scalar, TensorFlow.Tensor2D];
      const { value, grads } = tf.valueAndGrads((a: TensorFlow.Tensor, b: TensorFlow.Tensor) =>
        mixContrast({ mixed: a as typeof x, plain: b as typeof y, partner, lambda, labels: classes, negatives }),
      )([x, y]);
      return [value, ...grads];
    };
    const before = tf.memory().numTensors;
    const steps = [compile(train), compile(train, { mode: "eager" })];
    expect(steps.map((step) => step.captured)).toEqual([true, false]);
    // Permutation and share change from call to call, and are no part of the graph.
    const results = [1, 3].map((shift) => {
      const { partner, lambda } = batchOf(32, 16, shift, shift / 4);
      return steps.map((step) =>
        tf.tidy(() => {
          const inputs = [
            tf.tensor2d(mixed),
            tf.tensor2d(plain),
            tf.tensor1d(partner, "int32"),
            tf.scalar(lambda),
          ] as const;
          return step(...inputs, oneHot(labels)).map((tensor) => [...tensor.dataSync()]);
        }),
      );
    });
    for (const [captured, eager] of results) expect(captured).toEqual(eager);
    expect(results[0]![0]![0]).not.toEqual(results[1]![0]![0]);
    expect(steps[0]!.traces).toHaveLength(1);
    for (const step of steps) step.dispose();
    expect(tf.memory().numTensors).toBe(before);
  },
);
