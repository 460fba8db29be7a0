import { type Code, FunctionWriter, f32x4, i32, moduleBytes } from "../../audio/wasm/assembler.js";

/** Addresses and lengths in bytes. */
export interface SlidingKernel {
  /**
   * Eight columns of a product: out[row][0 to 7] = sum over k of input[row * step + k] * weights[k][0 to 7].
   *
   * @param from the input
   * @param weights [taps, 8]
   * @param to the first row's eight values
   * @param step from one row's input to the next
   * @param stride from one row's output to the next
   * @param length of a row's input; a multiple of 16
   * @param end where the input of the first row that is not wanted begins; the rows are a multiple of four
   */
  product(from: number, weights: number, to: number, step: number, stride: number, length: number, end: number): void;
}

/** Columns of a panel. */
export const PANEL = 8;
/** Rows that are computed at once. */
export const ROWS = 4;
/** Taps in one round of the inner loop. */
export const TAPS = 4;

const { add, mul, load, loadSplat, splat, store } = f32x4;

/** The module's bytes. */
export function slidingModule(): ReturnType<typeof moduleBytes> {
  return moduleBytes({ product: product() });
}

function product(): FunctionWriter {
  const f = new FunctionWriter(7);
  const [step, stride, length, end] = [f.parameter(3), f.parameter(4), f.parameter(5), f.parameter(6)];
  const from = f.int(f.parameter(0));
  const to = f.int(f.parameter(2));
  f.repeatWhileBelow(from, end, () => {
    const weights = f.int(f.parameter(1));
    const inputs: Code[] = [f.int(from)];
    for (let row = 1; row < ROWS; row++) inputs.push(f.int(i32.add(inputs[row - 1]!, step)));
    const rowEnd = f.int(i32.add(from, length));
    const sums = inputs.map(() => [f.vector(splat(0)), f.vector(splat(0))] as const);
    f.repeatWhileBelow(inputs[0]!, rowEnd, () => {
      for (let tap = 0; tap < TAPS; tap++) {
        const low = f.vector(load(weights, 32 * tap));
        const high = f.vector(load(weights, 32 * tap + 16));
        inputs.forEach((input, row) => {
          const value = f.vector(loadSplat(input, 4 * tap));
          const [lowSum, highSum] = sums[row]!;
          f.assign(lowSum, add(lowSum, mul(value, low)));
          f.assign(highSum, add(highSum, mul(value, high)));
        });
      }
      f.advance(weights, i32.constant(32 * TAPS));
      for (const input of inputs) f.advance(input, i32.constant(4 * TAPS));
    });
    for (const [low, high] of sums) {
      f.run(store(to, low), store(to, high, 16));
      f.advance(to, stride);
    }
    f.advance(from, i32.mul(step, i32.constant(ROWS)));
  });
  return f;
}
