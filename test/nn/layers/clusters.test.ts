import { describe, expect, test } from "vitest";
import { MixAxis } from "../../../src/nn/layers/mixAxis.js";
import { NearestCentre } from "../../../src/nn/layers/nearestCentre.js";
import { withPortableOps } from "../../../src/nn/ops/path.js";
import { type TensorFlow, tf } from "../../../src/tensorflow.js";
import { noise } from "../torchNames.js";

const [batch, rows, features, clusters] = [2, 7, 5, 3];
const random = (shape: number[], seed: number) =>
  tf.tensor(
    Float32Array.from(
      noise(
        shape.reduce((product, side) => product * side, 1),
        seed,
      ),
    ),
    shape,
  );
const set = (weight: TensorFlow.LayerVariable, value: TensorFlow.Tensor) =>
  (weight.read() as TensorFlow.Variable).assign(value);

describe("NearestCentre", () => {
  test("chooses the centre at the smallest distance, and no gradient flows through the choice", () => {
    tf.tidy(() => {
      const x = tf.variable(random([batch, rows, features], 1));
      const layer = new NearestCentre({ clusters, name: "nearest" });
      layer.apply(x);
      set(layer.weights[0]!, tf.mul(random([clusters, features], 2), 0.3));
      const [points, centres] = [x.arraySync() as number[][][], layer.centres().arraySync()];
      const wanted = points.map((item) =>
        item.map((point) => {
          const distances = centres.map((centre) => Math.hypot(...centre.map((value, i) => value - point[i]!)));
          return distances.map((distance) => (distance === Math.min(...distances) ? 1 : 0));
        }),
      );
      expect(new Set(wanted.flat().map((row) => row.indexOf(1))).size).toBe(clusters);
      const choose = () => layer.apply(x) as TensorFlow.Tensor;
      expect(choose().arraySync()).toEqual(wanted);
      const { grads } = tf.variableGrads(
        () => tf.add(tf.sum(tf.mul(choose(), random([batch, rows, clusters], 3))), tf.sum(x)) as TensorFlow.Scalar,
        [x],
      );
      expect([...grads[x.name]!.dataSync()]).toEqual(Array(x.size).fill(1));
      x.dispose();
      layer.dispose();
    });
  });

  test("takes the first of equal centres", () => {
    tf.tidy(() => {
      const layer = new NearestCentre({ clusters, name: "nearest" });
      const choice = layer.apply(tf.ones([1, 2, features])) as TensorFlow.Tensor;
      expect(choice.arraySync()).toEqual([
        [
          [1, 0, 0],
          [1, 0, 0],
        ],
      ]);
      layer.dispose();
    });
  });
});

describe("MixAxis with sets", () => {
  // Sets of each item: rows 0, 3 and 4; the others; none.
  const members = Array.from({ length: batch }, () =>
    Array.from({ length: rows }, (_, row) => ([0, 3, 4].includes(row) ? [1, 0, 0] : [0, 1, 0])),
  );

  test.each([false, true])("sums each set's rows by their weights, as loops do (portable: %s)", (portable) => {
    tf.tidy(() => {
      const x = tf.variable(random([batch, rows, features], 1));
      const layer = new MixAxis({ name: "mix" });
      layer.apply([x, tf.tensor3d(members)]);
      set(layer.weights[0]!, random([rows, 1], 2));
      set(layer.weights[1]!, random([1], 3));
      const variables = [x, ...layer.weights.map((weight) => weight.read() as TensorFlow.Variable)];
      const [values, weights, [bias]] = variables.map((v) => v.arraySync()) as [number[][][], number[][], number[]];
      const dy = random([batch, clusters, features], 4);
      const slopes = dy.arraySync() as number[][][];
      const wanted = slopes.map((item) => item.map((row) => row.map(() => bias!)));
      const wantedX = values.map((item) => item.map((row) => row.map(() => 0)));
      const wantedWeights = weights.map(() => [0]);
      for (let b = 0; b < batch; b++)
        for (let k = 0; k < clusters; k++)
          for (let r = 0; r < rows; r++)
            for (let f = 0; f < features; f++) {
              if (members[b]![r]![k] === 0) continue;
              wanted[b]![k]![f]! += weights[r]![0]! * values[b]![r]![f]!;
              wantedX[b]![r]![f]! += weights[r]![0]! * slopes[b]![k]![f]!;
              wantedWeights[r]![0]! += values[b]![r]![f]! * slopes[b]![k]![f]!;
            }

      const run = () => {
        let y: number[][][] = [];
        const { grads } = tf.variableGrads(() => {
          const out = layer.apply([x, tf.tensor3d(members)]) as TensorFlow.Tensor3D;
          y = out.arraySync();
          return tf.sum(tf.mul(out, dy)) as TensorFlow.Scalar;
        }, variables);
        return [y, ...variables.map(({ name }) => grads[name]!.arraySync())] as (number[] | number[][][])[];
      };
      const results = portable ? withPortableOps(run) : run();
      const flat = (nested: unknown) => [nested].flat(3) as number[];
      const sum = flat(slopes).reduce((total, value) => total + value, 0);
      [wanted, wantedX, wantedWeights, [sum]].forEach((numbers, i) => {
        const ours = flat(results[i]);
        flat(numbers).forEach((value, k) => {
          expect(ours[k], `result ${i}, ${k}`).toBeCloseTo(value, 5);
        });
      });
      x.dispose();
      layer.dispose();
    });
  });

  test("refuses other rows than it was built for", () => {
    tf.tidy(() => {
      const layer = new MixAxis({ name: "mix" });
      layer.apply([tf.ones([1, 3, 4]), tf.ones([1, 3, 2])]);
      expect(() => layer.apply([tf.ones([1, 4, 4]), tf.ones([1, 4, 2])])).toThrow(
        "mix: input [1,4,4] must be [batch, rows, ...] with the 3 rows it was built for",
      );
      expect(() => layer.apply([tf.ones([1, 3, 4]), tf.ones([1, 4, 2])])).toThrow("mix: input [1,4,2] must be");
      layer.dispose();
    });
  });
});
