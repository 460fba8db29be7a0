import { compile, instantiate, Layout } from "../audio/wasm/instance.js";
import { PANEL, ROWS, type SlidingKernel, slidingModule, TAPS } from "./wasm/slidingKernel.js";

export interface SlidingProductOptions {
  /** [columns][taps] */
  weights: readonly ArrayLike<number>[];
  /** Values from one row's input to the next. */
  step: number;
}

/**
 * Inner products of fixed weights with pieces of a sequence: out[row][column] = sum over k of
 * input[row * step + k] * weights[column][k]. With a step of as many values as there are taps it is a matrix product, with a
 * shorter one a bank of filters. Float32; by vector instructions where the machine has them.
 */
export class SlidingProduct {
  readonly taps: number;
  readonly columns: number;
  readonly step: number;
  /** Values from one row of the result to the next. */
  readonly stride: number;
  private readonly weights: readonly ArrayLike<number>[];
  private rows = 0;
  private inputValues = new Float32Array(0);
  private outputValues = new Float32Array(0);
  private work: (rows: number) => void = () => {};

  /** @throws RangeError for no weights, rows of different length and a step that is no positive integer */
  constructor({ weights, step }: SlidingProductOptions) {
    const taps = weights[0]?.length ?? 0;
    if (taps === 0 || weights.some((row) => row.length !== taps)) {
      throw new RangeError(`SlidingProduct: weights must be one or more columns of equal length, at least 1`);
    }
    if (!Number.isInteger(step) || step < 1) throw new RangeError(`SlidingProduct: step must be at least 1: ${step}`);
    this.weights = weights;
    this.taps = taps;
    this.columns = weights.length;
    this.step = step;
    this.stride = Math.ceil(weights.length / PANEL) * PANEL;
  }

  /**
   * Where the input goes: `(rows - 1) * step + taps` values, all of which must be written, and maybe more behind, which
   * must stay finite.
   *
   * @param rows of the product that is to be made
   */
  input(rows: number): Float32Array {
    if (rows > this.rows) this.makeRoom(rows);
    return this.inputValues;
  }

  /**
   * The product of what `input` holds.
   *
   * @returns [rows, stride], of each row the first `columns` count; valid until the next call
   */
  compute(rows: number): Float32Array {
    if (rows > this.rows) throw new RangeError(`SlidingProduct: input has room for ${this.rows} rows, not ${rows}`);
    if (rows > 0) this.work(rows);
    return this.outputValues.subarray(0, rows * this.stride);
  }

  private makeRoom(rows: number): void {
    const { step, stride, taps, columns, weights } = this;
    this.rows = Math.ceil(rows / ROWS) * ROWS;
    const paddedTaps = Math.ceil(taps / TAPS) * TAPS;
    const inputLength = (this.rows - 1) * step + paddedTaps;
    const module = slidingKernel();
    if (!module) {
      this.inputValues = new Float32Array(inputLength);
      this.outputValues = new Float32Array(this.rows * stride);
      this.work = (wanted) => plainProduct(weights, step, stride, this.inputValues, this.outputValues, wanted);
      return;
    }
    const layout = new Layout();
    const panels = stride / PANEL;
    const panelBytes = 4 * PANEL * paddedTaps;
    const at = {
      weights: layout.place(panels * panelBytes),
      input: layout.place(4 * inputLength),
      output: layout.place(4 * this.rows * stride),
    };
    const { exports, memory } = instantiate<SlidingKernel>(module, layout.bytes);
    const packed = new Float32Array(memory, at.weights, (panels * panelBytes) / 4);
    for (let column = 0; column < columns; column++) {
      const panel = Math.floor(column / PANEL) * (panelBytes / 4) + (column % PANEL);
      for (let k = 0; k < taps; k++) packed[panel + k * PANEL] = weights[column]![k]!;
    }
    this.inputValues = new Float32Array(memory, at.input, inputLength);
    this.outputValues = new Float32Array(memory, at.output, this.rows * stride);
    this.work = (wanted) => {
      const end = at.input + 4 * step * Math.ceil(wanted / ROWS) * ROWS;
      for (let panel = 0; panel < panels; panel++) {
        const [from, to] = [at.weights + panel * panelBytes, at.output + 4 * PANEL * panel];
        exports.product(at.input, from, to, 4 * step, 4 * stride, 4 * paddedTaps, end);
      }
    };
  }
}

function plainProduct(
  weights: readonly ArrayLike<number>[],
  step: number,
  stride: number,
  input: Float32Array,
  output: Float32Array,
  rows: number,
): void {
  weights.forEach((row, column) => {
    for (let i = 0, from = 0; i < rows; i++, from += step) {
      let sum = 0;
      for (let k = 0; k < row.length; k++) sum += row[k]! * input[from + k]!;
      output[i * stride + column] = sum;
    }
  });
}

let compiled: { module: object | undefined } | undefined;

/** Compiled once; undefined where there are no vector instructions. */
function slidingKernel(): object | undefined {
  compiled ??= { module: compile(slidingModule()) };
  return compiled.module;
}
