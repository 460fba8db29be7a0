import { type TensorFlow, tf } from "../../tensorflow.js";
import type { Pair } from "./padding.js";

type Tensor4D = TensorFlow.Tensor4D;

/**
 * Pools to a given number of windows on each axis: window i of n goes from floor(i L / n) to ceil((i + 1) L / n), so neighbours
 * may share cells (`torch.nn.functional.adaptive_avg_pool2d`, `adaptive_max_pool2d`).
 *
 * @param x `[batch, height, width, channels]`
 * @returns `[batch, ...output, channels]`
 */
export function adaptivePool2d(x: Tensor4D, output: Pair, kind: "max" | "avg"): Tensor4D {
  const pool = kind === "max" ? tf.maxPool : tf.avgPool;
  const [height, width] = [x.shape[1], x.shape[2]];
  if (height % output[0] === 0 && width % output[1] === 0) {
    const size: [number, number] = [height / output[0], width / output[1]];
    return pool(x, size, size, "valid");
  }
  // Both kinds are separable. Width first: of equal values the first of the first row is then the maximum, as in PyTorch.
  return alongAxis(alongAxis(x, 2, output[1], pool), 1, output[0], pool);
}

function alongAxis(x: Tensor4D, axis: 1 | 2, windows: number, pool: typeof tf.maxPool): Tensor4D {
  const length = x.shape[axis];
  const parts: Tensor4D[] = [];
  for (let i = 0; i < windows; i++) {
    const from = Math.floor((i * length) / windows);
    const to = Math.ceil(((i + 1) * length) / windows);
    const begin: [number, number, number, number] = [0, 0, 0, 0];
    const size: [number, number, number, number] = [...x.shape];
    begin[axis] = from;
    size[axis] = to - from;
    const window: [number, number] = axis === 1 ? [to - from, 1] : [1, to - from];
    parts.push(pool(tf.slice4d(x, begin, size), window, 1, "valid"));
  }
  return tf.concat(parts, axis);
}
