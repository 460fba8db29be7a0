/** Gathers the bins of each frame's spectrum into bands, in buffers that are used again. */
export interface FilterBank {
  readonly bands: number;
  /** Values from one frame to the next in `levels`; what lies behind the bands is 0. */
  readonly stride: number;
  /** Makes room for a clip of so many frames. */
  open(frames: number): void;
  /** @param spectrum [fftSize / 2 + 1], power or magnitude */
  add(spectrum: Float32Array, frame: number): void;
  /** @returns [frames, stride] of all frames, which were all added; overwritten for the next clip */
  levels(): Float32Array;
}
