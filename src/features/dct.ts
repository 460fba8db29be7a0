import { SlidingProduct } from "./slidingProduct.js";
import { transposeInto } from "./transpose.js";

/** Frames that are read together, so that what is written stays near. */
const BLOCK = 16;

/**
 * The first coefficients of the orthonormal DCT-II, as `scipy.fft.dct(x, type=2, norm="ortho")[:coefficients]`. Rows of
 * the cosine matrix are even or odd about their middle, so each needs only half the products.
 */
export class Dct {
  readonly size: number;
  readonly coefficients: number;
  private readonly halfSize: number;
  /** Of sums of values that mirror each other: coefficients 0, 2, ... */
  private readonly even: SlidingProduct;
  /** Of their differences: coefficients 1, 3, ... */
  private readonly odd: SlidingProduct | undefined;

  /** @throws RangeError unless 1 <= coefficients <= size */
  constructor(size: number, coefficients: number) {
    if (!Number.isInteger(size) || !Number.isInteger(coefficients) || coefficients < 1 || coefficients > size) {
      throw new RangeError(`Dct: coefficients must be an integer from 1 to the size (${size}), got ${coefficients}`);
    }
    this.size = size;
    this.coefficients = coefficients;
    this.halfSize = Math.ceil(size / 2);
    const rows = (first: number): Float32Array[] => {
      const result: Float32Array[] = [];
      for (let k = first; k < coefficients; k += 2) {
        const scale = Math.sqrt((k === 0 ? 1 : 2) / size);
        result.push(
          Float32Array.from(
            { length: this.halfSize },
            (_, n) => scale * Math.cos((Math.PI * k * (2 * n + 1)) / (2 * size)),
          ),
        );
      }
      return result;
    };
    this.even = new SlidingProduct({ weights: rows(0), step: this.halfSize });
    this.odd = coefficients > 1 ? new SlidingProduct({ weights: rows(1), step: this.halfSize }) : undefined;
  }

  /**
   * @param input [size, stride], of each row the first `frames` values
   * @param stride default `frames`
   * @param out takes the result where given
   * @returns [coefficients, frames]
   */
  apply(input: Float32Array, frames: number, stride = frames, out?: Float32Array): Float32Array {
    const { size, halfSize, even, odd, coefficients } = this;
    const sums = even.input(frames);
    const differences = odd?.input(frames) ?? sums;
    for (let start = 0; start < frames; start += BLOCK) {
      const end = Math.min(frames, start + BLOCK);
      for (let n = 0; n < halfSize; n++) {
        const near = n * stride;
        const far = (size - 1 - n) * stride;
        // The middle value of an odd size has no partner; odd rows are zero there.
        const partner = near === far ? 0 : 1;
        for (let frame = start, to = start * halfSize + n; frame < end; frame++, to += halfSize) {
          const a = input[near + frame]!;
          const b = partner * input[far + frame]!;
          if (odd) differences[to] = a - b;
          sums[to] = a + b;
        }
      }
    }
    const data = out ?? new Float32Array(coefficients * frames);
    // Coefficients 0, 2, ... and 1, 3, ... are rows of the result by turns.
    transposeInto(even.compute(frames), frames, even.stride, even.columns, data, 0, 2 * frames);
    if (odd) transposeInto(odd.compute(frames), frames, odd.stride, odd.columns, data, frames, 2 * frames);
    return data;
  }
}
