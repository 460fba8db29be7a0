import { type TensorFlow, tf } from "../../tensorflow.js";

type Tensor = TensorFlow.Tensor;

/**
 * The steps of a long short-term memory, both directions at once, from zeros: with i, f, g, o the parts of a + h W, the input's
 * projections and the state's,
 *
 *     c' = sigmoid(f) c + sigmoid(i) tanh(g),  h' = sigmoid(o) tanh(c')
 *
 * (`torch.nn.LSTM`). The gradient is the layer's own, for the reason given at `gruSteps`.
 *
 * @param projected `[directions, time, batch, 4 * units]`, with all biases
 * @param weight `[directions, units, 4 * units]`
 * @returns h of every step, `[directions, time, batch, units]`
 */
export function lstmSteps(projected: TensorFlow.Tensor4D, weight: TensorFlow.Tensor3D): TensorFlow.Tensor4D {
  const operation = tf.customGrad((...args: unknown[]) => {
    const [a, w, save] = args as [TensorFlow.Tensor4D, Tensor, (tensors: Tensor[]) => void];
    const [directions, time, batch, columns] = a.shape;
    let h: Tensor = tf.zeros([directions, batch, columns / 4]);
    let c: Tensor = h;
    const kept: Tensor[][] = [];
    const states: Tensor[] = [];
    for (const input of tf.unstack(a, 1)) {
      const parts = tf.split(tf.add(input, tf.matMul(h, w)), 4, -1);
      const g = tf.tanh(parts[2]!);
      const [i, f, o] = [parts[0]!, parts[1]!, parts[3]!].map((part) => tf.sigmoid(part)) as [Tensor, Tensor, Tensor];
      const next: Tensor = tf.add(tf.mul(f, c), tf.mul(i, g));
      const bounded = tf.tanh(next);
      kept.push([i, f, g, o, bounded, c, h]);
      c = next;
      h = tf.mul(o, bounded);
      states.push(h);
    }
    save([w, ...kept.flat()]);
    return {
      value: tf.stack(states, 1),
      gradFunc: (dy: Tensor, [theirs, ...values]: Tensor[]): Tensor[] => {
        const width = values.length / time;
        const of = (which: number) => Array.from({ length: time }, (_, t) => values[t * width + which]!);
        const [i, f, g, o, bounded, cBefore, before] = [0, 1, 2, 3, 4, 5, 6].map(of) as [
          ...[Tensor[], Tensor[], Tensor[], Tensor[]],
          ...[Tensor[], Tensor[], Tensor[]],
        ];
        return backwards(dy, theirs!, { i, f, g, o, bounded, cBefore, before });
      },
    };
  });
  return operation(projected, weight) as TensorFlow.Tensor4D;
}

/** Of each step, `[directions, batch, units]`: the gates, tanh(c'), c and h before the step. */
type Kept = Record<"i" | "f" | "g" | "o" | "bounded" | "cBefore" | "before", Tensor[]>;

/** From the gradient of every h to those of projected inputs and weight. */
function backwards(dy: Tensor, weight: Tensor, kept: Kept): Tensor[] {
  const all = (steps: Tensor[]) => tf.stack(steps, 1); // [directions, time, batch, units]
  const [i, f, g, o] = [kept.i, kept.f, kept.g, kept.o].map(all) as [Tensor, Tensor, Tensor, Tensor];
  const [bounded, cBefore, before] = [kept.bounded, kept.cBefore, kept.before].map(all) as [Tensor, Tensor, Tensor];
  const slope = (gate: Tensor) => tf.mul(gate, tf.sub(1, gate));
  // What the gradient of c' is multiplied by to be that of i, f, g; that of h' for o, and to be a part of that of c'.
  const ofCell = [tf.mul(g, slope(i)), tf.mul(cBefore, slope(f)), tf.mul(i, tf.sub(1, tf.square(g)))];
  const factors = tf.unstack(tf.concat([...ofCell, tf.mul(bounded, slope(o))], -1), 1);
  const toCell = tf.unstack(tf.mul(o, tf.sub(1, tf.square(bounded))), 1);
  const upright = tf.transpose(weight, [0, 2, 1]); // [directions, 4 * units, units]
  const given = tf.unstack(dy, 1);
  const sums: Tensor[] = [];
  let later: { h: Tensor; c: Tensor } | undefined;
  for (let t = given.length - 1; t >= 0; t--) {
    const dh = later ? tf.add(given[t]!, later.h) : given[t]!;
    const throughH = tf.mul(dh, toCell[t]!);
    const dc = later ? tf.add(throughH, later.c) : throughH;
    sums[t] = tf.mul(tf.concat([dc, dc, dc, dh], -1), factors[t]!);
    if (t > 0) later = { h: tf.matMul(sums[t]!, upright), c: tf.mul(dc, kept.f[t]!) };
  }
  const da = all(sums); // [directions, time, batch, 4 * units]
  const rows = (x: Tensor) => tf.reshape(x, [x.shape[0]!, -1, x.shape[3]!]);
  return [da, tf.matMul(rows(before), rows(da), true, false)];
}
