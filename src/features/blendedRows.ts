import { compile, instantiate, Layout } from "../audio/wasm/instance.js";
import type { Tap } from "./resizeWeights.js";
import { type BlendKernel, blendModule } from "./wasm/blendKernel.js";

/** Most source rows that a row may be put together from. */
const MOST = 3;

/**
 * Lines of a picture put together from other lines, rounded to 8 bits and divided by 255. By vector instructions where the
 * machine has them.
 */
export class BlendedRows {
  /** [rows, width], to be filled before `blend`; 0 to 255, not rounded. */
  readonly source: Float32Array;
  private readonly width: number;
  private readonly kernel: { blend: BlendKernel["blend"]; at: Places; memory: ArrayBuffer } | undefined;

  constructor(rows: number, width: number, outRows: number) {
    this.width = width;
    const module = blendKernel();
    if (!module) {
      this.source = new Float32Array(rows * width);
      return;
    }
    const layout = new Layout();
    // Vectors may reach over the end of the last line.
    const at = {
      source: layout.place(4 * rows * width + 16),
      out: layout.place(4 * outRows * width + 16),
      weights: layout.place(4 * MOST),
    };
    const { exports, memory } = instantiate<BlendKernel>(module, layout.bytes);
    this.kernel = { blend: exports.blend, at, memory };
    this.source = new Float32Array(memory, at.source, rows * width);
  }

  /**
   * @param taps at most three source rows for each row of the picture
   * @returns [taps.length, width], in `out` where given
   */
  blend(taps: readonly Tap[], out: Float32Array = new Float32Array(taps.length * this.width)): Float32Array {
    const { kernel, width, source } = this;
    if (!kernel) return plainBlend(taps, source, width, out);
    const { at, memory, blend } = kernel;
    const weights = new Float32Array(memory, at.weights, MOST);
    const line = 4 * width;
    for (let row = 0; row < taps.length; row++) {
      const { from, weight } = taps[row]!;
      for (let k = 0; k < MOST; k++) weights[k] = weight[k] ?? 0;
      const [a, b, c] = [from[0]!, from[1] ?? from[0]!, from[2] ?? from[0]!];
      const source = at.source;
      blend(source + line * a, source + line * b, source + line * c, at.weights, at.out + line * row, line);
    }
    out.set(new Float32Array(memory, at.out, taps.length * width));
    return out;
  }
}

interface Places {
  source: number;
  out: number;
  weights: number;
}

function plainBlend(taps: readonly Tap[], source: Float32Array, width: number, out: Float32Array): Float32Array {
  taps.forEach(({ from, weight }, row) => {
    for (let i = 0; i < width; i++) {
      let sum = 0;
      for (let k = 0; k < from.length; k++) sum += weight[k]! * source[from[k]! * width + i]!;
      out[row * width + i] = Math.round(sum) / 255;
    }
  });
  return out;
}

let compiled: { module: object | undefined } | undefined;

/** Compiled once; undefined where there are no vector instructions. */
function blendKernel(): object | undefined {
  compiled ??= { module: compile(blendModule()) };
  return compiled.module;
}
