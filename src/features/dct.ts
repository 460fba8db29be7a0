/**
 * The first coefficients of the orthonormal DCT-II, as `scipy.fft.dct(x, type=2, norm="ortho")[:coefficients]`. Rows of
 * the cosine matrix are even or odd about their middle, so each needs only half the products.
 */
export class Dct {
  readonly size: number;
  readonly coefficients: number;
  private readonly halfSize: number;
  /** [coefficients, halfSize] */
  private readonly matrix: Float64Array;
  private readonly sums: Float64Array;
  private readonly differences: Float64Array;

  /** @throws RangeError unless 1 <= coefficients <= size */
  constructor(size: number, coefficients: number) {
    if (!Number.isInteger(size) || !Number.isInteger(coefficients) || coefficients < 1 || coefficients > size) {
      throw new RangeError(`Dct: coefficients must be an integer from 1 to the size (${size}), got ${coefficients}`);
    }
    this.size = size;
    this.coefficients = coefficients;
    this.halfSize = Math.ceil(size / 2);
    this.sums = new Float64Array(this.halfSize);
    this.differences = new Float64Array(this.halfSize);
    this.matrix = new Float64Array(coefficients * this.halfSize);
    for (let k = 0; k < coefficients; k++) {
      const scale = Math.sqrt((k === 0 ? 1 : 2) / size);
      for (let n = 0; n < this.halfSize; n++) {
        this.matrix[k * this.halfSize + n] = scale * Math.cos((Math.PI * k * (2 * n + 1)) / (2 * size));
      }
    }
  }

  /**
   * @param input [size] from `inputOffset`
   * @param out coefficient k goes to `out[outOffset + k * outStride]`
   */
  apply(
    input: Float64Array,
    inputOffset: number,
    out: Float32Array | Float64Array,
    outOffset = 0,
    outStride = 1,
  ): void {
    const { size, halfSize, sums, differences, matrix, coefficients } = this;
    for (let n = 0; n < halfSize; n++) {
      const near = input[inputOffset + n]!;
      // The middle sample of an odd size has no partner; odd rows are zero there.
      const far = 2 * n + 1 === size ? 0 : input[inputOffset + size - 1 - n]!;
      sums[n] = near + far;
      differences[n] = near - far;
    }
    // Four rows at once, two even and two odd: one sum at a time would wait for each addition.
    let k = 0;
    for (; k + 4 <= coefficients; k += 4) {
      const row = k * halfSize;
      let even = 0;
      let odd = 0;
      let nextEven = 0;
      let nextOdd = 0;
      for (let n = 0; n < halfSize; n++) {
        even += matrix[row + n]! * sums[n]!;
        odd += matrix[row + halfSize + n]! * differences[n]!;
        nextEven += matrix[row + 2 * halfSize + n]! * sums[n]!;
        nextOdd += matrix[row + 3 * halfSize + n]! * differences[n]!;
      }
      out[outOffset + k * outStride] = even;
      out[outOffset + (k + 1) * outStride] = odd;
      out[outOffset + (k + 2) * outStride] = nextEven;
      out[outOffset + (k + 3) * outStride] = nextOdd;
    }
    for (; k < coefficients; k++) {
      const folded = k % 2 === 0 ? sums : differences;
      let sum = 0;
      for (let n = 0; n < halfSize; n++) sum += matrix[k * halfSize + n]! * folded[n]!;
      out[outOffset + k * outStride] = sum;
    }
  }
}
