import { describe, expect, test } from "vitest";
import { clusteringLoss, studentAssignment, targetDistribution } from "../../src/losses/deepClustering.js";
import { type TensorFlow, tf } from "../../src/tensorflow.js";
import { gradientsOf, normals, off } from "./gradients.js";

type Groups = number[][][];

const assign = (e: Groups, centres: number[][], alpha?: number) =>
  tf.tidy(() => studentAssignment(tf.tensor3d(e), tf.tensor2d(centres), alpha).arraySync());
const target = (q: Groups) => tf.tidy(() => targetDistribution(tf.tensor3d(q)).arraySync());
const lossOf = (q: Groups) => tf.tidy(() => clusteringLoss(tf.tensor3d(q)).dataSync()[0]!);

/** Loss of groups and centres, with its gradients by both. */
const trained = (
  e: Groups,
  centres: number[][],
  { alpha = 1, detachTarget = false, mode = "eager" as "captured" | "eager" } = {},
) =>
  gradientsOf(
    (x, y) =>
      clusteringLoss(studentAssignment(x as TensorFlow.Tensor3D, y as TensorFlow.Tensor2D, alpha), { detachTarget }),
    [e, centres],
    mode,
  );

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
const close = (found: Groups, wanted: Groups) => {
  const flat = wanted.flat(2);
  expect(Math.max(...found.flat(2).map((value, i) => Math.abs(value / flat[i]! - 1)))).toBeLessThan(2e-6);
};

/** papers.md 1.4, term by term in float64. */
const naive = {
  assign: (e: Groups, centres: number[][], alpha: number): Groups =>
    e.map((sample) =>
      sample.map((group) => {
        const kernel = centres.map((centre) => {
          const distance = sum(group.map((value, d) => (value - centre[d]!) ** 2));
          return (1 + distance / alpha) ** (-(alpha + 1) / 2);
        });
        return kernel.map((value) => value / sum(kernel));
      }),
    ),
  target: (q: Groups): Groups =>
    q.map((sample) =>
      sample.map((row) => {
        const weights = row.map((value, j) => value ** 2 / sum(sample.map((other) => other[j]!)));
        return weights.map((value) => value / sum(weights));
      }),
    ),
  loss(q: Groups): number {
    const p = naive.target(q);
    let total = 0;
    for (let b = 0; b < q.length; b++) {
      for (let i = 0; i < q[b]!.length; i++) {
        for (let j = 0; j < q[b]![i]!.length; j++) {
          total += p[b]![i]![j]! * Math.log(p[b]![i]![j]! / (q[b]![i]![j]! + 1e-10));
        }
      }
    }
    return total / q.length;
  },
};

describe("against PyTorch: values and gradients", () => {
  /*
   * torch 2.15.0, in float64:
   * def assign(e, mu, alpha):
   *     d = ((e[:, :, None] - mu) ** 2).sum(-1)
   *     q = (1 + d / alpha) ** (-(alpha + 1) / 2)
   *     return q / q.sum(-1, keepdim=True)
   * def target(q):
   *     w = q ** 2 / q.sum(1, keepdim=True)
   *     return w / w.sum(-1, keepdim=True)
   * for alpha in (1, 3):
   *     for detach in (False, True):
   *         e, mu = (torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in (groups, centres))
   *         q = assign(e, mu, alpha)
   *         p = target(q).detach() if detach else target(q)
   *         loss = (p * torch.log(p / (q + 1e-10))).sum((1, 2)).mean(); loss.backward()
   *         print(loss.item(), [float(f"{v:.9g}") for x in (e, mu) for v in x.grad.flatten().tolist()])
   * print(assign(e, mu, 1).flatten().tolist(), target(assign(e, mu, 1)).flatten().tolist())
   */
  const groups = [
    [
      [-0.4868, -0.6038],
      [-0.5581, 0.6675],
      [-0.1974, 1.9428],
    ],
    [
      [-1.4017, -0.7626],
      [0.6312, -0.8991],
      [-0.5578, 0.6907],
    ],
  ];
  const centres = [
    [0.2225, -0.6662],
    [0.6846, 0.574],
    [-0.5829, 0.7679],
    [0.0571, -1.1894],
  ];
  const assigned = [0.351892916, 0.14106081, 0.183445215, 0.323601058, 0.156708183, 0.207964073, 0.525323311, 0.110004433, 0.141303321, 0.308925287, 0.446046713, 0.103724678, 0.283960186, 0.145072406, 0.258093309, 0.3128741, 0.403031791, 0.15513182, 0.0937027726, 0.348133616, 0.154347983, 0.208240442, 0.529021423, 0.108390152]; // biome-ignore format: a tensor
  const targeted = [0.428355917, 0.0679912393, 0.0655139045, 0.438138939, 0.103521594, 0.180086318, 0.654693355, 0.0616987327, 0.083466856, 0.394069407, 0.468065882, 0.0543978549, 0.281807896, 0.121712645, 0.222370578, 0.374108882, 0.473331074, 0.116042213, 0.0244386308, 0.386188082, 0.0634025675, 0.190969011, 0.711437948, 0.0341904735]; // biome-ignore format: a tensor
  const cases = [
    {
      alpha: 1,
      detachTarget: false,
      loss: 0.16859899404041856,
      byGroups: [0.0197148875, -0.0509617116, -0.0284267011, 0.0320899697, 0.0223667961, -0.000843624498, 0.0119697237, -0.0260818743, -0.00357527379, 0.00320943104, -0.0164391467, 0.0235205316],
      byCentres: [0.0136322163, -0.0364623368, 0.0132160773, 0.0455245993, 0.00722120257, 0.0150044738, -0.039679782, -0.00499945815],
    },
    {
      alpha: 1,
      detachTarget: true,
      loss: 0.16859899404041856,
      byGroups: [-0.0551562609, 0.122947046, 0.0351550369, -0.0533932899, -0.0130130733, 0.00903816725, -0.0119116623, 0.0259500855, 0.0236266186, 0.034536529, 0.0427960783, -0.0789426531],
      byCentres: [-0.0243604285, 0.0857901523, -0.0316473247, -0.0755218979, 0.00156081306, -0.0749522604, 0.0329502028, 0.00454812124],
    },
    {
      alpha: 3,
      detachTarget: false,
      loss: 0.1779507444940414,
      byGroups: [0.00766192946, -0.0395700414, -0.0246420457, 0.0351957948, 0.0201652517, 0.00150131514, 0.0146395044, -0.0357874429, -0.000886849243, 0.00308390973, -0.0125811107, 0.0224705589],
      byCentres: [0.0183264117, -0.0363371325, 0.00887897517, 0.0424830738, 0.00971656232, 0.0184441827, -0.0412786292, -0.0114842183],
    },
    {
      alpha: 3,
      detachTarget: true,
      loss: 0.1779507444940414,
      byGroups: [-0.0411743987, 0.147247508, 0.0311383239, -0.0525867234, -0.00878375161, -0.00120812701, -0.0125010463, 0.0394615642, 0.00803782832, 0.0467535094, 0.0428492625, -0.0943877732],
      byCentres: [-0.0321529602, 0.105903975, -0.0383750492, -0.0962662015, 0.0064572283, -0.117042276, 0.044504563, 0.0221245441],
    },
  ]; // biome-ignore format: gradients

  test("assignment and target", () => {
    const q = assign(groups, centres);
    expect(off([q.flat(2), target(q).flat(2)], [assigned, targeted])).toBeLessThan(1e-6);
  });

  test.each(cases)("alpha $alpha, target detached: $detachTarget", ({ loss, byGroups, byCentres, ...options }) => {
    const { value, gradients } = trained(groups, centres, options);
    expect(Math.abs(value / loss - 1)).toBeLessThan(2e-6);
    // Terms of either sign cancel to a tenth of their size.
    expect(off(gradients, [byGroups, byCentres])).toBeLessThan(5e-6);
  });
});

describe("against the formulas, term by term", () => {
  test.each([
    [1, 2, 2, 1],
    [3, 41, 5, 1],
    [2, 7, 4, 2.5],
  ])("%i samples of %i groups, %i clusters, alpha %d", (batch, groups, clusters, alpha) => {
    const e = normals("groups", batch, groups, 8);
    const centres = normals("centres", 1, clusters, 8)[0]!;
    const q = naive.assign(e, centres, alpha);
    close(assign(e, centres, alpha), q);
    close(target(q), naive.target(q));
    expect(Math.abs(trained(e, centres, { alpha }).value / naive.loss(q) - 1)).toBeLessThan(2e-5);
  });

  test("a sample's target and share of the loss do not depend on the others of its batch", () => {
    const q = naive.assign(normals("groups", 3, 6, 4), normals("centres", 1, 5, 4)[0]!, 1);
    const alone = q.map((sample) => lossOf([sample]));
    expect(Math.abs(lossOf(q) - sum(alone) / 3)).toBeLessThan(1e-6);
    expect(target([q[1]!])[0]).toEqual(target(q)[1]);
  });
});

describe("closed forms", () => {
  test("equal centres: every assignment 1 / K, the target too, loss 0 and no gradient by the groups", () => {
    const e = normals("groups", 2, 3, 4);
    const centres = Array.from({ length: 5 }, () => [1, -1, 0.5, 2]);
    const q = assign(e, centres);
    close(q, q.map((sample) => sample.map((row) => row.map(() => 1 / 5)))); // biome-ignore format: one thing
    close(target(q), q);
    const { value, gradients } = trained(e, centres);
    expect(Math.abs(value)).toBeLessThan(1e-6);
    expect(Math.max(...gradients[0]!.map(Math.abs))).toBeLessThan(1e-6);
  });

  test("a group on one of two centres at distance r: odds 1 + r^2", () => {
    for (const r of [0.5, 3, 1000]) {
      const [near, far] = assign([[[0, 0]]], [[0, 0], [0, r]])[0]![0]!; // biome-ignore format: two points
      expect(Math.abs(near! / far! / (1 + r ** 2) - 1)).toBeLessThan(3e-6);
    }
  });

  test("one group only: the target is q, whatever it is", () => {
    close(target([[[0.7, 0.2, 0.1]]]), [[[0.7, 0.2, 0.1]]]);
  });
});

describe("degenerate points: finite values and gradients", () => {
  const finite = ({ value, gradients }: { value: number; gradients: number[][] }) => {
    expect(Number.isFinite(value)).toBe(true);
    expect(gradients.flat().every(Number.isFinite)).toBe(true);
  };
  const origin = [[[0, 0], [0, 0], [0, 0]]]; // biome-ignore format: three points

  test.each([false, true])(
    "groups on a centre, a centre without groups, far centres; target detached: %s",
    (detach) => {
      const options = { detachTarget: detach };
      finite(trained(origin, [[0, 0], [1, 0]], options)); // biome-ignore format: two points
      finite(trained(origin, [[0, 0], [0, 0]], options)); // biome-ignore format: two points
      for (const far of [1e3, 1e6, 1e12, 1e18]) {
        finite(trained(origin, [[0, 0], [far, 0]], options)); // biome-ignore format: two points
        finite(trained(origin, [[far, 0], [0, far]], options)); // biome-ignore format: two points
      }
    },
  );

  test.each([1e1, 1e3, 1e10, 1e18])("alpha 20, a centre at %d whose assignments leave float32", (far) => {
    for (const detachTarget of [false, true]) {
      finite(trained(origin, [[0, 0], [far, 0]], { alpha: 20, detachTarget })); // biome-ignore format: two points
    }
  });

  test("an empty cluster adds nothing: the loss of the others", () => {
    const rows = [[[0.7, 0.3], [0.2, 0.8], [0.5, 0.5]]]; // biome-ignore format: three rows
    const withEmpty = rows.map((sample) => sample.map((row) => [...row, 0]));
    expect(Math.abs(lossOf(withEmpty) - naive.loss(rows))).toBeLessThan(1e-6);
    const { gradients } = gradientsOf((q) => clusteringLoss(q as TensorFlow.Tensor3D), [withEmpty]);
    expect(gradients.flat().every(Number.isFinite)).toBe(true);
  });

  test("refused", () => {
    expect(() => assign([[[1, 2]]], [[1, 2, 3]])).toThrow(
      "studentAssignment: groups [1,1,2] and centres [1,3] must be of one size",
    );
    for (const alpha of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => assign([[[1]]], [[1]], alpha)).toThrow(`alpha must be a positive number, got ${alpha}`);
    }
  });
});

test.each([false, true])(
  "a captured step gives what the eager one gives, bit for bit; detached: %s",
  (detachTarget) => {
    const e = normals("groups", 4, 41, 16);
    const centres = normals("centres", 1, 5, 16)[0]!;
    const run = (mode: "captured" | "eager") => trained(e, centres, { detachTarget, mode });
    expect(run("captured")).toEqual(run("eager"));
  },
);
