import { describe, expect, test } from "vitest";
import { absSoftCosine, clusterSimilarity, type SoftCosineForm } from "../../src/losses/softCosine.js";
import { type TensorFlow, tf } from "../../src/tensorflow.js";
import { gradientsOf, normals, off } from "./gradients.js";

const FORMS: SoftCosineForm[] = ["code", "paper"];

/** Rows of vectors against each other. */
const similarities = (x: number[][], y: number[][], matrix?: number[][], form?: SoftCosineForm) =>
  tf.tidy(() => [...absSoftCosine(tf.tensor2d(x), tf.tensor2d(y), matrix && tf.tensor2d(matrix), form).dataSync()]);

/** The similarity term with its gradients by the clusters and the matrix. */
const trained = (c: number[][][], matrix?: number[][], form?: SoftCosineForm, mode?: "captured" | "eager") =>
  gradientsOf(
    (x, s) => clusterSimilarity(x as TensorFlow.Tensor3D, s as TensorFlow.Tensor2D | undefined, form),
    matrix ? [c, matrix] : [c],
    mode,
  );

const dot = (x: number[], y: number[]) => x.reduce((sum, value, d) => sum + value * y[d]!, 0);
const times = (row: number[], matrix: number[][]) =>
  row.map((_, k) =>
    dot(
      row,
      matrix.map((other) => other[k]!),
    ),
  );
const transposed = (matrix: number[][]) => matrix.map((_, k) => matrix.map((row) => row[k]!));
const identity = (size: number) =>
  Array.from({ length: size }, (_, j) => Array.from({ length: size }, (_, k) => Number(j === k)));
/** Near the identity, and not symmetric. */
const matrixOf = (size: number) =>
  normals("matrix", 1, size, size)[0]!.map((row, j) => row.map((value, k) => 0.4 * value + Number(j === k)));

/** papers.md 1.4, in float64. */
const naive: Record<SoftCosineForm, (x: number[], y: number[], matrix: number[][]) => number> = {
  code(x, y, s) {
    const [xs, ys] = [times(x, s), times(y, s)];
    return Math.abs(dot(x, ys)) / (Math.hypot(...xs) * Math.hypot(...ys) + 1e-10);
  },
  paper(x, y, a) {
    const s = transposed(a).map((row) => times(row, a)); // A'A
    return Math.abs(dot(x, times(y, s))) / (Math.sqrt(dot(x, times(x, s)) * dot(y, times(y, s))) + 1e-10);
  },
};

describe("against PyTorch: values and gradients", () => {
  /*
   * torch 2.15.0, in float64:
   * def code(x, y, S):
   *     n = torch.abs((x * (y @ S)).sum(-1))
   *     return n / ((x @ S).norm(dim=-1) * (y @ S).norm(dim=-1) + 1e-10)
   * def paper(x, y, A):
   *     S = A.T @ A
   *     form = lambda x, y: torch.einsum("...i,ij,...j->...", x, S, y)
   *     return torch.abs(form(x, y)) / (torch.sqrt(form(x, x) * form(y, y)) + 1e-10)
   * show = lambda *tensors: [print([float(f"{v:.9g}") for v in t.flatten().tolist()]) for t in tensors]
   * leaf = lambda t: torch.tensor(t, dtype=torch.float64, requires_grad=True)
   * for f in (code, paper):
   *     x, y, S = leaf([row[0] for row in clusters]), leaf([row[1] for row in clusters]), leaf(matrix)
   *     v = f(x, y, S)
   *     (v * torch.tensor([1.0, -2.0, 3.0])).sum().backward(); show(v, x.grad, y.grad, S.grad)
   *     c, S = leaf(clusters), leaf(matrix)
   *     loss = sum(f(c[:, j], c[:, k], S).mean() for j in range(4) for k in range(j + 1, 4))
   *     loss.backward(); print(loss.item()); show(c.grad, S.grad)
   * The plain cosine: the last five lines of it with code and S = torch.eye(3).
   */
  const clusters = [
    [
      [-1.4027, 0.7038, 0.051],
      [0.8372, -0.3622, -0.7125],
      [0.6072, 0.4976, -0.4011],
      [-0.7199, -0.2686, -0.3955],
    ],
    [
      [1.9172, 0.2522, -0.1279],
      [0.174, -0.9275, -1.5216],
      [0.8073, 1.2411, 0.1319],
      [1.7691, -1.087, -0.1556],
    ],
    [
      [0.6405, -1.7301, -0.1159],
      [-0.2723, 0.5472, -0.8709],
      [0.5354, -0.8914, -0.2448],
      [-0.0033, -1.9309, 0.2209],
    ],
  ];
  const matrix = [
    [0.5712, 0.0042, -0.1156],
    [0.1844, 0.471, 0.2844],
    [0.7592, 0.0356, 0.4329],
  ];
  const pairs = {
    code: {
      values: [0.0448932789, 1.3543474, 1.04325153],
      gradients: [
        [-0.258666404, -0.435597433, -1.1030959, 0.0538321848, -0.111306714, 0.587455134, 2.57750057, 0.840606216, 1.69591286],
        [-1.77586506, 0.230382639, -2.20378781, 0.666991817, -0.244417743, 0.225258959, 0.607335817, 3.17894959, 1.80749073],
        [1.96796989, 1.97243381, -0.140748489, 1.39961681, -1.59722479, -1.57434766, -0.709661922, -5.80137452, 0.167798723],
      ],
    },
    paper: {
      values: [0.895062572, 0.442383686, 0.393926925],
      gradients: [
        [0.0564285112, 0.10083191, 0.160524987, 0.02259219, -0.36154346, -0.37425734, 2.20339475, 0.709046492, 1.59234689],
        [0.371370418, 0.172805601, 0.348520877, 1.50806284, -0.0658744508, 0.212606129, -0.41830724, 2.07147167, 1.43232789],
        [1.86834521, -1.89718177, -0.289360635, -1.87263813, 0.219503595, -3.78360782, 1.7660311, -5.90835581, -2.0908471],
      ],
    },
  }; // biome-ignore format: gradients
  const terms = {
    code: {
      value: 5.478413331461346,
      gradients: [
        [-0.338849054, -0.671889077, -0.0476085206, 0.297577276, 1.13868966, -0.229195367, 2.40222587, -1.64482682, 1.59602524, -0.402110725, 0.49254604, 0.397425143, -0.0341845511, -0.101745634, -0.713048243, -0.0247891798, -0.0483069504, 0.0266110536, -0.210512327, 0.11434758, 0.212508111, -0.0610435025, -0.0878071093, -0.0806281007, 0.164662327, 0.0547842007, 0.0921835633, 0.195363643, 0.442395691, 0.2168807, 0.00421078857, -0.0427214219, 0.164772596, 0.371485567, 0.0942840676, 0.829692208],
        [-2.20147743, -1.68659942, 1.18969669, -0.027912709, -4.01231474, -4.06084037, -0.204885176, 0.112046443, -2.02103591],
      ],
    },
    paper: {
      value: 3.9828071053753895,
      gradients: [
        [-0.0415868992, -0.0816627489, -0.0168568762, 0.540788884, 0.361838514, 0.451495499, 0.225403585, -0.276278517, -0.00152364477, -0.155763793, 0.166034775, 0.170764637, -0.00445506466, 0.0694008888, 0.0700676634, -0.688822553, 0.0282168451, -0.0959688802, 0.119973311, -0.0807480002, 0.0254881689, 0.134492151, 0.193330691, 0.178532152, 0.116115869, 0.0348276999, 0.121801641, -0.234594963, 0.151148854, 0.168318821, -0.077409069, -0.0773361169, 0.112306368, 0.164728528, -0.00885011588, -0.0748985266],
        [-0.11510521, 0.281108596, 1.84448577, 0.935071676, -1.24231789, -0.924336473, 1.25929246, 0.0783739906, -0.0126337484],
      ],
    },
  }; // biome-ignore format: gradients
  const plain = {
    value: 3.2393807869043796,
    gradients: [
      [-0.140281054, -0.288127533, 0.117880843, 0.355662467, 0.270009306, 0.280650171, 0.530474318, -0.49460866, 0.189445865, -0.453997968, 0.238261953, 0.664566312, 0.000611981277, -0.068911115, -0.126709091, 0.223938227, -0.136163931, 0.108607583, 0.25488852, -0.180341227, 0.136846051, 0.0958937713, 0.172944229, -0.117896569, -0.0143565016, -0.0156330711, 0.154024478, -0.145402926, 0.625489815, 0.438467382, -0.147382062, -0.205074128, 0.424406544, 0.189961427, 0.00481788888, 0.0449512648],
    ],
  }; // biome-ignore format: a gradient
  const same = (found: ReturnType<typeof trained>, wanted: ReturnType<typeof trained>) => {
    expect(Math.abs(found.value / wanted.value - 1)).toBeLessThan(1e-6);
    expect(off(found.gradients, wanted.gradients)).toBeLessThan(2e-6);
  };

  test.each(FORMS)("pairs of vectors, form %s", (form) => {
    const [x, y] = [0, 1].map((at) => clusters.map((sample) => sample[at]!)) as [number[][], number[][]];
    const { values, gradients } = pairs[form];
    expect(off([similarities(x, y, matrix, form)], [values])).toBeLessThan(1e-6);
    const weighted = (...[a, b, s]: TensorFlow.Tensor[]) =>
      tf.sum(tf.mul(absSoftCosine(a!, b!, s as TensorFlow.Tensor2D, form), [1, -2, 3])) as TensorFlow.Scalar;
    expect(off(gradientsOf(weighted, [x, y, matrix]).gradients, gradients)).toBeLessThan(2e-6);
  });

  test.each(FORMS)("the term, form %s", (form) => same(trained(clusters, matrix, form), terms[form]));

  test("the term with the plain cosine", () => same(trained(clusters), plain));
});

describe("against the formula, term by term", () => {
  test.each(FORMS)("form %s", (form) => {
    for (const [batch, clusters, size] of [[1, 2, 3], [3, 5, 16], [2, 4, 32], [2, 1, 4]] as const) {
      const c = normals("clusters", batch, clusters, size);
      for (const matrix of [undefined, matrixOf(size)]) {
        let total = 0;
        for (const sample of c) {
          for (let j = 0; j < clusters; j++) {
            for (let k = j + 1; k < clusters; k++) {
              const wanted = naive[form](sample[j]!, sample[k]!, matrix ?? identity(size));
              expect(Math.abs(similarities([sample[j]!], [sample[k]!], matrix, form)[0]! - wanted)).toBeLessThan(2e-6);
              total += wanted;
            }
          }
        }
        expect(Math.abs(trained(c, matrix, form).value - total / batch)).toBeLessThan(1e-5);
      }
    }
  }); // biome-ignore format: sizes
});

describe("closed forms", () => {
  test("x . (y S), not (x S) . y: 0.150, not 0.322", () => {
    // y S = [1 / 0.322, 0] and x S = [0, 1 / 0.150]: the product is the first number in one order and the second in the other.
    const [x, y] = identity(2) as [number[], number[]];
    const matrix = [
      [0, 1 / 0.15],
      [1 / 0.322, 0],
    ];
    expect(similarities([x, y], [y, x], matrix)).toEqual([0.15, 0.322].map((value) => expect.closeTo(value, 6)));
  });

  test.each(FORMS)(
    "form %s: the identity, twice an orthogonal matrix in the paper's, and none are the plain cosine",
    (form) => {
      const [x, y] = normals("clusters", 2, 6, 8) as [number[][], number[][]];
      const cosines = x.map((row, i) => Math.abs(dot(row, y[i]!)) / Math.hypot(...row) / Math.hypot(...y[i]!));
      expect(off([similarities(x, y, undefined, form)], [cosines])).toBeLessThan(1e-6);
      expect(off([similarities(x, y, identity(8), form)], [cosines])).toBeLessThan(1e-6);
      if (form === "code") return;
      const rotated = identity(8).map((_, j) => identity(8)[(j + 3) % 8]!.map((value) => -2 * value));
      expect(off([similarities(x, y, rotated, form)], [cosines])).toBeLessThan(1e-6);
    },
  );

  test("equal, opposite and orthogonal vectors: 1, 1 and 0", () => {
    expect(similarities([[3, 4], [3, 4], [3, 4]], [[6, 8], [-3, -4], [4, -3]])).toEqual([1, 1, 0].map((value) => expect.closeTo(value, 6))); // biome-ignore format: pairs
  });

  test("K equal vectors: K (K - 1) / 2, and no gradient", () => {
    const { value, gradients } = trained([Array.from({ length: 5 }, () => [1, -2, 0.5])]);
    expect(value).toBeCloseTo(10, 5);
    expect(Math.max(...gradients[0]!.map(Math.abs))).toBeLessThan(2e-6);
  });
});

describe("invariances", () => {
  const c = normals("clusters", 3, 5, 6);
  const matrix = matrixOf(6);

  test.each(FORMS)("form %s: lengths and signs of the vectors are of no matter, nor is the scale of A", (form) => {
    const other = c.map((sample) => sample.map((row, j) => row.map((value) => value * (-0.5) ** j)));
    expect(Math.abs(trained(other, matrix, form).value / trained(c, matrix, form).value - 1)).toBeLessThan(2e-6);
    const scaled = matrix.map((row) => row.map((value) => -4 * value));
    // The code's form has the matrix once in the product and twice in the lengths.
    const factor = form === "code" ? 4 : 1;
    expect(Math.abs((factor * trained(c, scaled, form).value) / trained(c, matrix, form).value - 1)).toBeLessThan(2e-6);
  });

  test("the order of clusters matters in the code's form only, by the matrix that is not symmetric", () => {
    const reversed = c.map((sample) => [...sample].reverse());
    const change = (form: SoftCosineForm, s: number[][]) =>
      Math.abs(trained(reversed, s, form).value / trained(c, s, form).value - 1);
    expect(change("paper", matrix)).toBeLessThan(2e-6);
    expect(change("code", matrix.map((row, j) => row.map((value, k) => value + matrix[k]![j]!)))).toBeLessThan(2e-6); // biome-ignore format: symmetric
    expect(change("code", matrix)).toBeGreaterThan(1e-3);
  });
});

describe("zero vectors: value 0, gradients 0 where PyTorch's are", () => {
  test.each([undefined, matrixOf(3)])("matrix %j", (matrix) => {
    for (const form of FORMS) {
      const none = trained([Array.from({ length: 5 }, () => [0, 0, 0])], matrix, form);
      expect(none.value).toBe(0);
      expect(none.gradients.flat().every((value) => value === 0)).toBe(true);
      // An empty cluster among others: 0 for it, and the term of the others.
      const [a, b] = normals("clusters", 1, 2, 3)[0]! as [number[], number[]];
      const pair = trained([[a, b]], matrix, form);
      const withEmpty = trained([[a, [0, 0, 0], b]], matrix, form);
      expect(withEmpty.value).toBeCloseTo(pair.value, 6);
      const [first, empty, second] = [0, 3, 6].map((at) => withEmpty.gradients[0]!.slice(at, at + 3));
      expect(empty).toEqual([0, 0, 0].map(() => expect.closeTo(0, 12)));
      expect(off([[...first!, ...second!]], [pair.gradients[0]!])).toBeLessThan(1e-6);
    }
  });

  test("vectors whose squares leave float32, and a matrix of zeros: finite", () => {
    for (const tiny of [1e-15, 1e-20, 1e-22, 1e-30]) {
      const { value, gradients } = trained([[[tiny, -tiny], [tiny, 0], [1, 2]]]); // biome-ignore format: vectors
      expect([value, ...gradients.flat()].every(Number.isFinite)).toBe(true);
    }
    for (const form of FORMS) {
      const { value, gradients } = trained(normals("clusters", 2, 3, 2), [[0, 0], [0, 0]], form); // biome-ignore format: a matrix
      expect([value, ...gradients.flat()].every(Number.isFinite)).toBe(true);
    }
  });

  test("orthogonal vectors: the gradient of the absolute value is 0, as in PyTorch", () => {
    expect(trained([[[1, 0], [0, 1]]]).gradients[0]!.every((value) => value === 0)).toBe(true); // biome-ignore format: vectors
  });
});

test("refused", () => {
  expect(() => similarities([[1, 2]], [[1, 2, 3]])).toThrow(
    "absSoftCosine: vectors [1,2] and [1,3] must be of one shape",
  );
  expect(() => similarities([[1, 2]], [[1, 2]], identity(3))).toThrow("vectors [1,2] need a matrix [2,2], got [3,3]");
  expect(() => trained([[[1, 2]]], [[1, 0]])).toThrow("vectors [1,1,2] need a matrix [2,2], got [1,2]");
});

test.each(FORMS)("a captured step gives what the eager one gives, bit for bit, form %s", (form) => {
  const run = (mode: "captured" | "eager") => trained(normals("clusters", 16, 5, 128), matrixOf(128), form, mode);
  expect(run("captured")).toEqual(run("eager"));
});
