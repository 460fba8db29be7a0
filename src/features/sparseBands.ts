import { compile, instantiate, Layout } from "../audio/wasm/instance.js";
import type { FilterBank } from "./filterBank.js";
import { type BandKernel, bandModule, SPECTRA, STRETCH } from "./wasm/bandKernel.js";

/** The bins that a band holds and their weights. */
export interface Stretch {
  firstBin: number;
  weights: ArrayLike<number>;
}

/** A bank of filters each of which holds a stretch of neighbouring bins. By vector instructions where the machine has them. */
export class SparseBands implements FilterBank {
  readonly bands: number;
  readonly usedBins: number;
  private readonly bins: number;
  private readonly stretches: readonly Stretch[];
  private frames = 0;
  private stride = 0;
  private capacity = 0;
  /** [SPECTRA, size]: frames that wait for the others of their four. */
  private waiting = new Float32Array(0);
  private readonly size: number;
  /** The array that spectra come in, mostly the same one each time, and a view of the bins that are read. */
  private source: Float32Array = new Float32Array(0);
  private used = this.source;
  private out = new Float32Array(0);
  /** Gathers the four frames of which `first` is the first. */
  private gather: (first: number) => void = () => {};

  /** @param bins of a spectrum */
  constructor(stretches: readonly Stretch[], bins: number) {
    this.stretches = stretches;
    this.bands = stretches.length;
    this.bins = bins;
    this.usedBins = Math.max(...stretches.map(({ firstBin, weights }) => firstBin + weights.length));
    // A band's last vector may reach over the end.
    this.size = Math.ceil((this.usedBins + STRETCH) / STRETCH) * STRETCH;
  }

  open(frames: number): number {
    this.frames = frames;
    this.stride = Math.ceil(frames / SPECTRA) * SPECTRA;
    if (this.stride > this.capacity) this.makeRoom(this.stride);
    return this.stride;
  }

  add(spectrum: Float32Array, frame: number): void {
    const place = frame % SPECTRA;
    if (spectrum !== this.source) {
      this.source = spectrum;
      this.used = spectrum.subarray(0, this.usedBins);
    }
    this.waiting.set(this.used, place * this.size);
    if (place === SPECTRA - 1) this.gather(frame - place);
  }

  levels(): Float32Array {
    const left = this.frames % SPECTRA;
    if (left > 0) {
      this.waiting.fill(0, left * this.size);
      this.gather(this.frames - left);
    }
    return this.out.subarray(0, this.bands * this.stride);
  }

  private makeRoom(frames: number): void {
    const { bands, size, stretches } = this;
    this.capacity = frames;
    const module = bandKernel();
    if (!module) {
      this.waiting = new Float32Array(SPECTRA * size);
      this.out = new Float32Array(bands * frames);
      this.gather = (first) => this.gatherPlainly(first);
      return;
    }
    const padded = stretches.map(({ weights }) => Math.ceil(weights.length / STRETCH) * STRETCH);
    const layout = new Layout();
    const at = {
      waiting: layout.place(4 * SPECTRA * size),
      table: layout.place(8 * bands),
      weights: layout.place(4 * padded.reduce((sum, length) => sum + length, 0)),
      out: layout.place(4 * bands * frames),
    };
    const { exports, memory } = instantiate<BandKernel>(module, layout.bytes);
    const table = new Int32Array(memory, at.table, 2 * bands);
    let place = 0;
    stretches.forEach(({ firstBin, weights }, band) => {
      table[2 * band] = 4 * firstBin;
      table[2 * band + 1] = 4 * (firstBin + padded[band]!);
      new Float32Array(memory, at.weights + 4 * place, weights.length).set(weights);
      place += padded[band]!;
    });
    this.waiting = new Float32Array(memory, at.waiting, SPECTRA * size);
    this.out = new Float32Array(memory, at.out, bands * frames);
    this.gather = (first) => {
      const to = at.out + 4 * first;
      exports.bands(at.waiting, 4 * size, at.table, at.table + 8 * bands, at.weights, to, 4 * this.stride);
    };
  }

  private gatherPlainly(first: number): void {
    const { stretches, waiting, size, stride, out } = this;
    for (let k = 0; k < SPECTRA; k++) {
      stretches.forEach(({ firstBin, weights }, band) => {
        let sum = 0;
        for (let i = 0, at = k * size + firstBin; i < weights.length; i++) sum += weights[i]! * waiting[at + i]!;
        out[band * stride + first + k] = sum;
      });
    }
  }

  /** The filters as a full matrix, [bands][bins]. */
  dense(): Float64Array[] {
    return this.stretches.map(({ firstBin, weights }) => {
      const row = new Float64Array(this.bins);
      row.set(weights, firstBin);
      return row;
    });
  }
}

let compiled: { module: object | undefined } | undefined;

/** Compiled once; undefined where there are no vector instructions. */
function bandKernel(): object | undefined {
  compiled ??= { module: compile(bandModule()) };
  return compiled.module;
}
