import { philox4x32 } from "./philox.js";

/** A source of random numbers. Each draw is a function of the stream's name and of how many words were drawn before. */
export interface Rng {
  /** Integer in [0, 2^32). */
  uint32(): number;
  /** Uniform in [0, 1), 53 bits. */
  uniform(): number;
  /** Integer in [0, limit), without modulo bias. Throws RangeError unless 1 <= limit <= 2^32. */
  integer(limit: number): number;
  /** Standard normal, Box-Muller. */
  normal(): number;
  /** A new array, uniformly permuted (Fisher-Yates). */
  shuffle<T>(items: readonly T[]): T[];
}

/**
 * Named random streams of one seed. `streams.stream("augment", epoch, item)` is the same sequence in any process, on any
 * worker, in any order: nothing is carried from one stream to the next, so a checkpoint needs only seed, epoch and step.
 */
export class Streams {
  readonly seed: number;

  /** @param seed a non-negative safe integer */
  constructor(seed: number) {
    if (!Number.isSafeInteger(seed) || seed < 0) {
      throw new RangeError(`seed must be a non-negative integer, got ${seed}`);
    }
    this.seed = seed;
  }

  /**
   * @param purpose what the numbers are for, such as "shuffle"; hashed into the key with the indices
   * @param indices up to any number of non-negative integers, such as epoch and item
   */
  stream(purpose: string, ...indices: number[]): Rng {
    return new PhiloxStream(this.seed, `${purpose}\u0000${indices.join(",")}`);
  }
}

/** 64-bit FNV-1a of the UTF-16 code units, as two 32-bit words. Only distinctness matters here, not secrecy. */
function hashName(name: string): [number, number] {
  let hash = 0xcbf29ce484222325n;
  for (let i = 0; i < name.length; i++) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(name.charCodeAt(i))) * 0x100000001b3n);
  }
  return [Number(hash & 0xffffffffn), Number(hash >> 32n)];
}

/** Key: the seed's 64 bits. Counter: block number, a spare word, and the 64-bit hash of the stream's name. */
class PhiloxStream implements Rng {
  private readonly key: [number, number];
  private readonly counter: Uint32Array;
  private readonly block = new Uint32Array(4);
  private next = 4;
  private spareNormal: number | undefined;

  constructor(seed: number, name: string) {
    this.key = [seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0];
    const [low, high] = hashName(name);
    this.counter = Uint32Array.of(0, 0, low, high);
  }

  uint32(): number {
    if (this.next === 4) {
      philox4x32(this.counter, this.key, this.block);
      this.counter[0]!++;
      if (this.counter[0] === 0) this.counter[1]!++;
      this.next = 0;
    }
    return this.block[this.next++]!;
  }

  uniform(): number {
    const high = this.uint32() >>> 5;
    const low = this.uint32() >>> 6;
    return (high * 2 ** 26 + low) / 2 ** 53;
  }

  integer(limit: number): number {
    if (!Number.isInteger(limit) || limit < 1 || limit > 2 ** 32) {
      throw new RangeError(`integer(limit): limit must be an integer from 1 to 2^32, got ${limit}`);
    }
    const accepted = 2 ** 32 - (2 ** 32 % limit);
    for (;;) {
      const word = this.uint32();
      if (word < accepted) return word % limit;
    }
  }

  normal(): number {
    if (this.spareNormal !== undefined) {
      const value = this.spareNormal;
      this.spareNormal = undefined;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    const angle = 2 * Math.PI * this.uniform();
    this.spareNormal = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  shuffle<T>(items: readonly T[]): T[] {
    const result = items.slice();
    for (let i = result.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      [result[i], result[j]] = [result[j]!, result[i]!];
    }
    return result;
  }
}
