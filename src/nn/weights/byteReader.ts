/** Reads numbers and pieces of a byte array in order, all little endian. Every read is checked against the end. */
export class ByteReader {
  private readonly view: DataView;

  /** @param what the bytes, in words, for messages */
  constructor(
    readonly bytes: Uint8Array,
    private readonly what: string,
    public at = 0,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left(): number {
    return this.bytes.byteLength - this.at;
  }

  uint8(): number {
    return this.view.getUint8(this.take(1));
  }

  uint16(): number {
    return this.view.getUint16(this.take(2), true);
  }

  uint32(): number {
    return this.view.getUint32(this.take(4), true);
  }

  int32(): number {
    return this.view.getInt32(this.take(4), true);
  }

  /** An unsigned number of eight bytes; throws where it is beyond 2^53, which no length in a file is. */
  uint64(): number {
    const value = this.view.getBigUint64(this.take(8), true);
    if (value > BigInt(Number.MAX_SAFE_INTEGER))
      throw new Error(`${this.what}: a length of ${value} bytes, where ${this.left} are left`);
    return Number(value);
  }

  /** Python writes its floats with the big end first. */
  float64BigEndian(): number {
    return this.view.getFloat64(this.take(8), false);
  }

  /** A view of the next bytes, not a copy. */
  piece(length: number): Uint8Array {
    const from = this.take(length);
    return this.bytes.subarray(from, from + length);
  }

  private take(length: number): number {
    if (length > this.left)
      throw new Error(`${this.what} is cut short: ${length} bytes wanted at byte ${this.at}, ${this.left} are left`);
    const from = this.at;
    this.at += length;
    return from;
  }
}
