import { type TensorFlow, tf } from "../../tensorflow.js";

type Tensor4D = TensorFlow.Tensor4D;

/** A number for each of the two spatial axes, `[height, width]`. */
export type Pair = readonly [number, number];

/** One number for both axes, or one for each. */
export function pair(value: number | readonly number[]): Pair {
  return typeof value === "number" ? [value, value] : [value[0]!, value[1]!];
}

/** `value` around both spatial axes of `[batch, height, width, channels]`; no copy where there is nothing to add. */
export function padConstant(x: Tensor4D, [vertical, horizontal]: Pair, value = 0): Tensor4D {
  if (vertical === 0 && horizontal === 0) return x;
  return tf.pad4d(
    x,
    [
      [0, 0],
      [vertical, vertical],
      [horizontal, horizontal],
      [0, 0],
    ],
    value,
  );
}

/**
 * The far end's cells before the first, and the other way round, on both spatial axes (PyTorch's `padding_mode="circular"`).
 * Widths at most the axis's length.
 */
export function padCircular(x: Tensor4D, [vertical, horizontal]: Pair): Tensor4D {
  return wrap(wrap(x, 1, vertical), 2, horizontal);
}

function wrap(x: Tensor4D, axis: 1 | 2, width: number): Tensor4D {
  if (width === 0) return x;
  const part = (from: number): Tensor4D => {
    const [begin, size] = [[0, 0, 0, 0], x.shape.slice()];
    begin[axis] = from;
    size[axis] = width;
    return tf.slice4d(x, begin as [number, number, number, number], size as [number, number, number, number]);
  };
  return tf.concat([part(x.shape[axis] - width), x, part(0)], axis);
}
