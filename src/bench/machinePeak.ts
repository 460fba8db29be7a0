import { tf } from "../tensorflow.js";

/** Side of the square matrices; large enough that reading them costs little beside multiplying. */
const SIDE = 2048;
const REPEATS = 7;

/**
 * What this machine reaches in a float32 matrix product with the engine's own kernels and threads, in operations per
 * second: the fastest of a few. A step's share of it says how much of the machine it uses, whatever machine it is.
 */
export function matrixProductPeak(): number {
  return tf.tidy(() => {
    const a = tf.fill([SIDE, SIDE], 0.5);
    let fastest = Infinity;
    for (let i = 0; i <= REPEATS; i++) {
      const started = performance.now();
      const product = tf.matMul(a, a);
      product.dataSync();
      product.dispose();
      // The first one allocates.
      if (i > 0) fastest = Math.min(fastest, (performance.now() - started) / 1000);
    }
    return (2 * SIDE ** 3) / fastest;
  });
}
