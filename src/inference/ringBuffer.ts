/** The last samples of a stream, by their places counted from its beginning. Memory is that of its capacity, however long the stream. */
export class RingBuffer {
  /** Samples that came in all. */
  received = 0;
  private readonly values: Float32Array;

  /** @param capacity samples */
  constructor(capacity: number) {
    this.values = new Float32Array(capacity);
  }

  /** @param samples at most as many as the capacity */
  write(samples: Float32Array): void {
    const { values } = this;
    if (samples.length > values.length)
      throw new RangeError(`ring buffer: ${samples.length} samples at once; it holds ${values.length}`);
    const at = this.received % values.length;
    const fits = Math.min(samples.length, values.length - at);
    values.set(samples.subarray(0, fits), at);
    values.set(samples.subarray(fits), 0);
    this.received += samples.length;
  }

  /**
   * @param start first sample
   * @param end the sample behind the last one
   * @returns [end - start], a copy
   * @throws RangeError for samples that are not there yet or no longer
   */
  read(start: number, end: number): Float32Array {
    const { values, received } = this;
    if (!(start >= 0 && start >= received - values.length && start <= end && end <= received)) {
      throw new RangeError(
        `ring buffer: samples ${start} to ${end} are asked for; it holds ${Math.max(0, received - values.length)} to ${received}`,
      );
    }
    const out = new Float32Array(end - start);
    const at = start % values.length;
    const fits = Math.min(out.length, values.length - at);
    out.set(values.subarray(at, at + fits));
    out.set(values.subarray(0, out.length - fits), fits);
    return out;
  }
}
