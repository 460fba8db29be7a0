/** Shapes that stand in for what TensorFlow cannot infer. */
const unknown = new WeakSet<object>();

/**
 * A shape of which a part is not known while tracing: -1 where a dimension depends on the data, null where even the rank does. It may be
 * passed on, but looking at the unknown part throws an Error that begins with `what`.
 */
export function unknownShape(known: number[] | null, what: string): number[] {
  const refuse = (): never => {
    throw new Error(
      `${what} depends on the data and is not known while the step is traced. Return the tensor and go on outside, or compute it with ` +
        "operations of fixed shape (a mask instead of a selection).",
    );
  };
  const shape = new Proxy(known ?? [], {
    get(target, key, receiver) {
      if (known === null) return refuse();
      if (typeof key === "string" && /^\d+$/.test(key) && (target[Number(key)] ?? 0) < 0) return refuse();
      return Reflect.get(target, key, receiver);
    },
  });
  unknown.add(shape);
  placeholders.set(shape, known ? known.map((size) => Math.max(size, 0)) : [0]);
  return shape;
}

const placeholders = new WeakMap<object, number[]>();

/** An ordinary shape to build a tensor with, before it is given the unknown one; undefined for ordinary shapes. */
export function placeholderShape(shape: number[]): number[] | undefined {
  return unknown.has(shape) ? placeholders.get(shape) : undefined;
}
