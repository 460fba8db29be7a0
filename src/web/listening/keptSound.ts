import { RingBuffer } from "../../inference/ringBuffer.js";

/** Seconds of a microphone's sound that can be looked at again: at 48 kHz 23 MB. */
export const KEPT_SECONDS = 120;

/** The newest sound of a microphone, in the worker alone. */
export class KeptSound {
  readonly sampleRateHz: number;
  private readonly ring: RingBuffer;

  constructor(sampleRateHz: number) {
    this.sampleRateHz = sampleRateHz;
    this.ring = new RingBuffer(Math.ceil(KEPT_SECONDS * sampleRateHz));
  }

  push(samples: Float32Array): void {
    this.ring.write(samples);
  }

  /** @throws Error with a sentence for people for what is no longer kept */
  async read(first: number, end: number): Promise<Float32Array> {
    try {
      return this.ring.read(first, end);
    } catch (error) {
      if (error instanceof RangeError) throw new Error(GONE);
      throw error;
    }
  }
}

/** Said of a stretch that nothing can be computed of any more. */
export const GONE = `of microphones the last ${KEPT_SECONDS / 60} minutes of the newest recording are kept, and this is not among them. Record again, or open a file.`;
