/** Gathers the bins of each frame's spectrum into bands, in buffers that are used again. */
export interface FilterBank {
  readonly bands: number;
  /** Only so many of the lowest bins of a spectrum are read. */
  readonly usedBins: number;
  /**
   * Makes room for a clip of so many frames, which are then added one after the other.
   *
   * @returns values from one band to the next in `levels`, at least `frames`
   */
  open(frames: number): number;
  /** @param spectrum [usedBins or more], power or magnitude */
  add(spectrum: Float32Array, frame: number): void;
  /** @returns [bands, stride] of all frames; what lies behind a band's frames is 0; overwritten for the next clip */
  levels(): Float32Array;
}
