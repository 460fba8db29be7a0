import { describe, expect, test } from "vitest";
import { compile } from "../../src/engine/compile.js";
import { type SupConOptions, supCon } from "../../src/losses/supCon.js";
import { Streams } from "../../src/random/streams.js";
import { type TensorFlow, tf } from "../../src/tensorflow.js";

const TEMPERATURE = 0.1;
const BASE = 0.07;

interface Views {
  embeddings: number[][];
  labels: number[];
}

/** Value and gradient, the gradient `[views][dims]`. */
function lossOf({ embeddings, labels }: Views, options?: SupConOptions, mode?: "captured" | "eager") {
  const before = tf.memory().numTensors;
  const loss = supCon(options);
  const step = compile(
    (x: TensorFlow.Tensor2D, y: TensorFlow.Tensor2D) => {
      const { value, grad } = tf.valueAndGrad((z: TensorFlow.Tensor) => loss(z as TensorFlow.Tensor2D, y))(x);
      return [value, grad];
    },
    { mode: mode ?? "eager" },
  );
  if (mode) expect(step.captured).toBe(mode === "captured");
  const result = tf.tidy(() => {
    const oneHot = tf.cast(tf.oneHot(tf.tensor1d(labels, "int32"), Math.max(1, ...labels) + 1), "float32");
    const [value, gradient] = step(tf.tensor2d(embeddings), oneHot as TensorFlow.Tensor2D);
    return { loss: value!.dataSync()[0]!, gradient: gradient!.arraySync() as number[][] };
  });
  step.dispose();
  expect(tf.memory().numTensors).toBe(before);
  return result;
}

const unit = (row: number[]) => row.map((value) => value / Math.hypot(...row));

/** `items` items of `classes` classes in random directions, all their first views, then all their second ones. */
function twoViews(items: number, dims: number, classes: number): Views {
  const rng = new Streams(11).stream("views");
  const embeddings = Array.from({ length: 2 * items }, () => unit(Array.from({ length: dims }, () => rng.normal())));
  const labels = Array.from({ length: 2 * items }, (_, i) => (i % items) % classes);
  return { embeddings, labels };
}

const take = <T>(values: readonly T[], order: readonly number[]) => order.map((i) => values[i]!);
const reordered = ({ embeddings, labels }: Views, order: readonly number[]): Views => ({
  embeddings: take(embeddings, order),
  labels: take(labels, order),
});

/** Largest difference of two gradients, in shares of the largest element. */
function off(found: number[][], wanted: number[][]): number {
  const largest = Math.max(...wanted.flat().map(Math.abs));
  return Math.max(...found.flatMap((row, i) => row.map((value, k) => Math.abs(value - wanted[i]![k]!)))) / largest;
}

/** The formula of papers.md 3.4, term by term in float64; a view without a positive one adds 0. */
function naive({ embeddings, labels }: Views, temperature = TEMPERATURE): number {
  const similarity = (i: number, a: number) =>
    embeddings[i]!.reduce((sum, value, k) => sum + value * embeddings[a]![k]!, 0) / temperature;
  const views = embeddings.length;
  let total = 0;
  for (let i = 0; i < views; i++) {
    let denominator = 0;
    for (let a = 0; a < views; a++) if (a !== i) denominator += Math.exp(similarity(i, a));
    let sum = 0;
    let positives = 0;
    for (let p = 0; p < views; p++) {
      if (p === i || labels[p] !== labels[i]) continue;
      positives++;
      sum += similarity(i, p) - Math.log(denominator);
    }
    if (positives > 0) total += sum / positives;
  }
  return (-(temperature / BASE) * total) / views;
}

describe("against PyTorch: value and gradient", () => {
  /*
   * torch 2.15.0, in float64; the row maximum is over all similarities, as in the authors' code:
   * def sup_con(z, y, T, base=0.07):
   *     s = z @ z.T / T
   *     s = s - s.max(1, keepdim=True).values.detach()
   *     other = 1 - torch.eye(len(z), dtype=z.dtype)
   *     positive = (y[:, None] == y[None]).to(z.dtype) * other
   *     log_p = s - torch.log((torch.exp(s) * other).sum(1, keepdim=True))
   *     return (-(T / base) * (positive * log_p).sum(1) / positive.sum(1)).mean()
   * for T in (0.1, 0.5):
   *     z = torch.tensor(embeddings, dtype=torch.float64, requires_grad=True)
   *     loss = sup_con(z, torch.tensor(labels), T); loss.backward()
   *     print(loss.item(), [float(f"{v:.9g}") for v in z.grad.flatten().tolist()])
   */
  const views = {
    embeddings: [
      [-0.6905, -0.7068, -0.1537],
      [-0.3684, 0.7205, 0.5875],
      [-0.1443, -0.9662, 0.2138],
      [-0.1068, 0.9778, 0.1802],
      [0.1846, 0.9698, -0.1591],
      [-0.0711, 0.5934, 0.8018],
      [0.9553, 0.0256, 0.2945],
      [-0.1652, -0.3366, -0.927],
    ],
    labels: [0, 1, 2, 0, 0, 1, 2, 0],
  };
  const cases = [
    {
      temperature: 0.1,
      loss: 8.671542861848577,
      gradient: [-0.698725547, -5.86429747, 0.0916823606, -0.0249758044, 0.719922777, -0.455876514, -5.74377119, -2.53987203, -1.61994239, 0.950423364, 3.81282857, 2.09355491, 1.4767171, 2.82060491, 1.82463184, 1.13435995, -0.142949649, -0.148762039, 0.545105042, 4.72936731, -0.0955059363, -0.55963988, -2.84634063, -0.114413449],
    },
    {
      temperature: 0.5,
      loss: 14.7164635048596,
      gradient: [-0.350474989, -3.91883165, 0.456061273, 0.301032427, 0.264626861, -1.63214461, -4.51008214, -1.41425486, -1.69180211, 0.84304233, 2.66920596, 2.64389051, 1.15566082, 2.11892087, 2.1108412, 1.25826147, -0.311219147, -1.05811388, 0.245074843, 4.37356686, -0.291298908, -0.0808964518, -2.59488025, 0.267478526],
    },
  ]; // biome-ignore format: two gradients

  test.each(cases)("temperature $temperature", ({ temperature, loss, gradient }) => {
    const found = lossOf(views, { temperature });
    // Similarities up to 10 in float32: units of 1e-6, of which a handful add up.
    expect(Math.abs(found.loss / loss - 1)).toBeLessThan(1e-6);
    const wanted = views.embeddings.map((row, i) => gradient.slice(i * row.length, (i + 1) * row.length));
    expect(off(found.gradient, wanted)).toBeLessThan(2e-6);
  });
});

describe("against the formula, term by term", () => {
  test.each([
    [2, 3, 1],
    [4, 5, 3],
    [32, 16, 7],
  ])("%i items, %i dimensions, %i classes", (items, dims, classes) => {
    const views = twoViews(items, dims, classes);
    for (const temperature of [0.07, 0.1, 0.9]) {
      expect(Math.abs(lossOf(views, { temperature }).loss / naive(views, temperature) - 1)).toBeLessThan(2e-6);
    }
  });

  test("three views of one class and one of none: the lone one adds 0 to the mean and repels the others", () => {
    const { embeddings } = twoViews(2, 4, 1);
    const views = { embeddings, labels: [0, 0, 0, 1] };
    const { loss, gradient } = lossOf(views);
    expect(Math.abs(loss / naive(views) - 1)).toBeLessThan(2e-6);
    expect(Math.hypot(...gradient[3]!)).toBeGreaterThan(0);
  });
});

describe("closed forms", () => {
  test.each([2, 4, 10, 64])(
    "equal embeddings of %i views: (T / T_base) ln(views - 1), and gradients that add up to 0",
    (n) => {
      const embeddings = Array.from({ length: n }, () => [0.5, -0.5, 0.5, 0.5]);
      const labels = Array.from({ length: n }, (_, i) => i % (n / 2));
      const { loss, gradient } = lossOf({ embeddings, labels });
      expect(Math.abs(loss - (TEMPERATURE / BASE) * Math.log(n - 1))).toBeLessThan(2e-6);
      const total = gradient.reduce((sum, row) => sum.map((value, k) => value + row[k]!), [0, 0, 0, 0]);
      expect(Math.max(...total.map(Math.abs))).toBeLessThan(1e-5);
    },
  );

  test.each([
    [2, 3],
    [3, 2],
    [5, 4],
  ])("%i orthogonal classes of %i views each, every class one point", (classes, each) => {
    const labels = Array.from({ length: classes * each }, (_, i) => i % classes);
    const embeddings = labels.map((label) => Array.from({ length: classes }, (_, k) => (k === label ? 1 : 0)));
    for (const temperature of [0.1, 0.5]) {
      // Of each view: each - 1 others at similarity 1, all the rest at 0.
      const near = each - 1 + (classes - 1) * each * Math.exp(-1 / temperature);
      const wanted = (temperature / BASE) * Math.log(near);
      expect(Math.abs(lossOf({ embeddings, labels }, { temperature }).loss - wanted)).toBeLessThan(1e-5);
    }
  });

  test("one item with its twin has nothing to be told from: 0, wherever the two are", () => {
    for (const angle of [0, 1, Math.PI]) {
      const embeddings = [
        [1, 0],
        [Math.cos(angle), Math.sin(angle)],
      ];
      // Were a view its own positive or its own alternative, both numbers would differ from 0.
      const { loss, gradient } = lossOf({ embeddings, labels: [0, 0] });
      expect(Math.abs(loss)).toBe(0);
      expect(Math.max(...gradient.flat().map(Math.abs))).toBe(0);
    }
  });

  test("the base temperature only scales", () => {
    const views = twoViews(4, 5, 3);
    const plain = lossOf(views, { baseTemperature: TEMPERATURE }).loss;
    expect(Math.abs(lossOf(views).loss / plain - TEMPERATURE / BASE)).toBeLessThan(1e-6);
  });
});

describe("invariances", () => {
  const views = twoViews(8, 6, 3);
  const { loss, gradient } = lossOf(views);
  const same = (other: { loss: number; gradient: number[][] }, wanted: number[][]) => {
    expect(Math.abs(other.loss / loss - 1)).toBeLessThan(1e-6);
    expect(off(other.gradient, wanted)).toBeLessThan(2e-6);
  };

  test("first and second views exchanged: the same value, gradients exchanged", () => {
    const order = Array.from({ length: 16 }, (_, i) => (i + 8) % 16);
    same(lossOf(reordered(views, order)), take(gradient, order));
  });

  test("any order of views: the same value, gradients in that order", () => {
    const order = new Streams(2).stream("order").shuffle(Array.from({ length: 16 }, (_, i) => i));
    same(lossOf(reordered(views, order)), take(gradient, order));
  });

  test("classes by other names", () => {
    same(lossOf({ ...views, labels: views.labels.map((label) => 4 - label) }), gradient);
  });

  test("all embeddings reflected at one plane: the same value, gradients reflected", () => {
    const normal = unit([1, -2, 0.5, 3, -1, 0.25]);
    const reflect = (row: number[]) => {
      const along = row.reduce((sum, value, k) => sum + value * normal[k]!, 0);
      return row.map((value, k) => value - 2 * along * normal[k]!);
    };
    same(lossOf({ ...views, embeddings: views.embeddings.map(reflect) }), gradient.map(reflect));
  });
});

describe("extremes", () => {
  // At 0.01 and opposite embeddings exp((z_i z_a - z_i z_i) / T) is exp(-200): below float32.
  test.each([0.01, 1, 100])("temperature %d: finite, and the formula still", (temperature) => {
    const embeddings = [
      [1, 0],
      [-1, 0],
      [-1, 0],
      [1, 0],
    ];
    for (const labels of [
      [0, 1, 0, 1],
      [0, 0, 1, 1],
      [0, 0, 0, 0],
    ]) {
      const { loss, gradient } = lossOf({ embeddings, labels }, { temperature });
      const wanted = naive({ embeddings, labels }, temperature);
      expect(Math.abs(loss - wanted)).toBeLessThan(2e-6 * Math.max(1, Math.abs(wanted)));
      expect(gradient.flat().every(Number.isFinite)).toBe(true);
    }
  });

  test("views that all oppose one anchor leave it a finite loss", () => {
    const embeddings = [[1, 0], ...Array.from({ length: 3 }, (_, k) => unit([-1, 0.01 * k]))];
    const views = { embeddings, labels: [0, 0, 1, 1] };
    const { loss } = lossOf(views, { temperature: 0.01 });
    expect(Math.abs(loss / naive(views, 0.01) - 1)).toBeLessThan(1e-5);
  });

  test("refused", () => {
    for (const value of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => supCon({ temperature: value })).toThrow(
        `supCon: temperature must be a positive number, got ${value}`,
      );
      expect(() => supCon({ baseTemperature: value })).toThrow("supCon: baseTemperature must be a positive number");
    }
    const shapes = (views: number, labels: number) =>
      tf.tidy(() => supCon()(tf.ones([views, 2]), tf.ones([labels, 3])));
    expect(() => shapes(4, 2)).toThrow(
      "supCon: embeddings [4,2] and labels [2,3] must be of the same views, two or more",
    );
    expect(() => shapes(1, 1)).toThrow("must be of the same views, two or more");
  });
});

test("a captured step gives what the eager one gives, bit for bit", () => {
  const views = twoViews(32, 16, 4);
  expect(lossOf(views, {}, "captured")).toEqual(lossOf(views, {}, "eager"));
});
