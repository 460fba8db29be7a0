import { type TensorFlow, tf } from "../../tensorflow.js";

type Tensor = TensorFlow.Tensor;

/**
 * The steps of gated recurrent units, both directions at once, from zeros: with a_r, a_z, a_n the projected inputs and u_r, u_z, u_n the
 * parts of h W + b,
 *
 *     r = sigmoid(a_r + u_r),  z = sigmoid(a_z + u_z),  n = tanh(a_n + r u_n),  h' = (1 - z) n + z h
 *
 * (`torch.nn.GRU`). The gradient is the layer's own: what does not depend on later steps is computed for all of them at once, which leaves
 * six operations a step to go back, and one product for the weight. A captured graph of tfjs's own layer is nine times as large.
 *
 * @param projected `[directions, time, batch, 3 * units]`
 * @param weight `[directions, units, 3 * units]`
 * @param bias `[directions, 1, 3 * units]`
 * @returns h of every step, `[directions, time, batch, units]`
 */
export function gruSteps(
  projected: TensorFlow.Tensor4D,
  weight: TensorFlow.Tensor3D,
  bias: TensorFlow.Tensor3D,
): TensorFlow.Tensor4D {
  const operation = tf.customGrad((...args: unknown[]) => {
    const [a, w, b, save] = args as [TensorFlow.Tensor4D, Tensor, Tensor, (tensors: Tensor[]) => void];
    const [directions, time, batch, columns] = a.shape;
    const units = columns / 3;
    const [gateInputs, newInputs] = tf.split(a, [2 * units, units], -1).map((part) => tf.unstack(part, 1));
    let h: Tensor = tf.zeros([directions, batch, units]);
    const kept: Kept = { r: [], z: [], n: [], u: [], before: [] };
    const states: Tensor[] = [];
    for (let t = 0; t < time; t++) {
      const [gates, u] = tf.split(tf.add(tf.matMul(h, w), b), [2 * units, units], -1) as [Tensor, Tensor];
      const [r, z] = tf.split(tf.sigmoid(tf.add(gateInputs![t]!, gates)), 2, -1) as [Tensor, Tensor];
      const n = tf.tanh(tf.add(newInputs![t]!, tf.mul(r, u)));
      for (const [name, value] of Object.entries({ r, z, n, u, before: h })) kept[name as keyof Kept].push(value);
      h = tf.add(n, tf.mul(z, tf.sub(h, n)));
      states.push(h);
    }
    save([w, ...Object.values(kept).flat()]);
    return {
      value: tf.stack(states, 1),
      gradFunc: (dy: Tensor, [theirs, ...values]: Tensor[]): Tensor[] => {
        const [r, z, n, u, before] = [0, 1, 2, 3, 4].map((i) => values.slice(i * time, (i + 1) * time));
        return backwards(dy, theirs!, { r: r!, z: z!, n: n!, u: u!, before: before! });
      },
    };
  });
  return operation(projected, weight, bias) as TensorFlow.Tensor4D;
}

/** Of each step, `[directions, batch, units]`. */
interface Kept {
  r: Tensor[];
  z: Tensor[];
  n: Tensor[];
  /** u_n. */
  u: Tensor[];
  /** h before the step. */
  before: Tensor[];
}

/** From the gradient of every h to those of projected inputs, weight and bias. */
function backwards(dy: Tensor, weight: Tensor, kept: Kept): Tensor[] {
  const [directions, , , units] = dy.shape as [number, number, number, number];
  const all = (steps: Tensor[]) => tf.stack(steps, 1); // [directions, time, batch, units]
  const [r, z, n, u, before] = [kept.r, kept.z, kept.n, kept.u, kept.before].map(all) as [
    ...[Tensor, Tensor, Tensor],
    ...[Tensor, Tensor],
  ];
  // What the gradient of h is multiplied by to be that of each sum inside a gate.
  const forNew = tf.mul(tf.sub(1, z), tf.sub(1, tf.square(n)));
  const forReset = tf.mul(forNew, tf.mul(u, tf.mul(r, tf.sub(1, r))));
  const forUpdate = tf.mul(tf.sub(before, n), tf.mul(z, tf.sub(1, z)));
  const factors = tf.unstack(tf.concat([forReset, forUpdate, tf.mul(forNew, r)], -1), 1);
  const upright = tf.transpose(weight, [0, 2, 1]); // [directions, 3 * units, units]
  const given = tf.unstack(dy, 1);
  const dh: Tensor[] = [];
  const du: Tensor[] = [];
  let later: Tensor | undefined;
  for (let t = given.length - 1; t >= 0; t--) {
    dh[t] = later ? tf.add(given[t]!, later) : given[t]!;
    du[t] = tf.mul(tf.concat([dh[t]!, dh[t]!, dh[t]!], -1), factors[t]!);
    if (t > 0) later = tf.add(tf.mul(dh[t]!, kept.z[t]!), tf.matMul(du[t]!, upright));
  }
  const sums = all(du); // [directions, time, batch, 3 * units]
  const gates = tf.slice(sums, [0, 0, 0, 0], [-1, -1, -1, 2 * units]);
  const rows = (x: Tensor) => tf.reshape(x, [directions, -1, x.shape[3]!]);
  return [
    tf.concat([gates, tf.mul(all(dh), forNew)], -1),
    tf.matMul(rows(before), rows(sums), true, false),
    tf.sum(rows(sums), 1, true),
  ];
}
