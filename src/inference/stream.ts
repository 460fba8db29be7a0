import { areFinite } from "../audio/pcmVectors.js";
import type { Answer, Classifier } from "./answer.js";
import { BoundedQueue, type WhenBehind } from "./boundedQueue.js";
import { type Cut, type Cutter, cutterOf, type MarkedCycle } from "./cutters.js";
import type { Stretch } from "./energySegmenter.js";
import { RingBuffer } from "./ringBuffer.js";
import { requireRate } from "./standingPart.js";

export interface StreamOptions {
  sampleRateHz: number;
  cut: Cut;
  /**
   * When answers take longer than sound. `drop`, for a microphone: the stretch that has waited longest is given up and counted. `wait`, for
   * files: `push` answers when there is room.
   */
  whenBehind: WhenBehind;
  /** Stretches that wait at most, besides the one that is being classified. Default 2. */
  waiting?: number;
  onAnswer(answer: StreamAnswer): void;
  /** Milliseconds that only grow; a test has its own. Default `performance.now`. */
  now?(): number;
}

/** What a model says of a stretch of a stream. */
export interface StreamAnswer extends Answer {
  /** From the beginning of the stream, by counting samples. */
  startSeconds: number;
  endSeconds: number;
  /** From when the stretch was known to be whole to its answer. */
  latencySeconds: number;
}

/** How a stream is doing. */
export interface StreamState {
  /** Sound that came in. */
  receivedSeconds: number;
  answered: number;
  /** Stretches that wait. */
  waiting: number;
  /** Stretches that were given up since answers took too long. */
  dropped: number;
  /** Marked cycles whose sound was not there: they came too late, or lie behind the end. */
  missed: number;
  /** Of the last answer, and the longest so far. */
  latencySeconds: { last: number; longest: number };
  /** Computing for each second of sound; above 1 a live stream falls behind. */
  computeSecondsPerSecond: number;
  /**
   * By how much the clock is ahead of the sound that came since the first part: a microphone whose clock is slow, or one that left sound out.
   * Times in answers are the sound's.
   */
  driftSeconds: number;
}

/** So much is looked at in one go. */
const PARTS_PER_SECOND = 10;

/**
 * Answers about sound as it comes in parts of any length. Each stretch goes through the model as a clip by itself, so a short one is brought
 * to length as in the evaluation. Memory does not grow: the last seconds of sound stand in a ring, and no more than `waiting` stretches wait.
 * Once nothing is given up, an answer comes `waiting + 1` answers after its sound at the latest.
 */
export class SoundStream {
  private readonly classifier: Classifier;
  private readonly options: StreamOptions;
  private readonly now: () => number;
  private readonly cutter: Cutter;
  private readonly ring: RingBuffer;
  private readonly queue: BoundedQueue<Job>;
  private isBusy = false;
  private isOver = false;
  private first: { at: number; received: number } | undefined;
  private lastAt = 0;
  private answered = 0;
  private computeSeconds = 0;
  private latency = { last: 0, longest: 0 };

  /** @throws UserError for a sample rate, hop, buffer or cycle that cannot be */
  constructor(classifier: Classifier, options: StreamOptions) {
    const { sampleRateHz, cut, whenBehind, waiting = 2, now = () => performance.now() } = options;
    requireRate(sampleRateHz);
    this.classifier = classifier;
    this.options = options;
    this.now = now;
    this.cutter = cutterOf(cut, { sampleRateHz, inputSeconds: classifier.inputSeconds });
    this.ring = new RingBuffer(this.cutter.reach + this.partSamples);
    this.queue = new BoundedQueue((job) => this.answer(job), waiting, whenBehind);
  }

  /**
   * Takes the next sound. With `whenBehind: "wait"` it answers when there is room for more, and the next call must wait for that; with `drop` all is taken at once.
   *
   * @param samples [samples], full scale 1
   * @throws RangeError for samples that are not finite numbers
   * @throws Error for a call before the last one answered and for one after the end; also what classifying an earlier stretch threw
   */
  async push(samples: Float32Array): Promise<void> {
    if (!areFinite(samples)) {
      const bad = samples.findIndex((value) => !Number.isFinite(value));
      throw new RangeError(
        `stream: sample ${this.ring.received + bad} is ${samples[bad]}; samples must be finite numbers`,
      );
    }
    this.begin();
    try {
      this.lastAt = this.now();
      for (let start = 0; start < samples.length; start += this.partSamples) {
        const part = samples.subarray(start, start + this.partSamples);
        this.ring.write(part);
        const room = this.addAll(this.cutter.push(part));
        if (room) await room;
      }
      this.first ??= { at: this.lastAt, received: this.ring.received };
    } finally {
      this.isBusy = false;
    }
  }

  /** Marks a cycle of a stream that is cut by annotation. Throws UserError for one that cannot be. */
  mark(cycle: MarkedCycle): void {
    this.cutter.mark(cycle);
  }

  /** Classifies what is left, the last stretch as long as it is, and waits for all answers. Throws as `push` does. */
  async end(): Promise<void> {
    this.begin();
    try {
      await this.addAll(this.cutter.end());
      await this.queue.idle();
      this.isOver = true;
    } finally {
      this.isBusy = false;
    }
  }

  /** Gives up what waits; the answer that is being made still comes. */
  async stop(): Promise<void> {
    this.isOver = true;
    await this.queue.close();
  }

  state(): StreamState {
    const { answered, computeSeconds, latency, first, lastAt, options, queue, cutter, ring } = this;
    const receivedSeconds = ring.received / options.sampleRateHz;
    const sound = first ? (ring.received - first.received) / options.sampleRateHz : 0;
    return {
      receivedSeconds,
      answered,
      ...{ waiting: queue.waiting, dropped: queue.dropped, missed: cutter.missed },
      latencySeconds: { ...latency },
      computeSecondsPerSecond: receivedSeconds > 0 ? computeSeconds / receivedSeconds : 0,
      driftSeconds: first ? (lastAt - first.at) / 1000 - sound : 0,
    };
  }

  private get partSamples(): number {
    return Math.ceil(this.options.sampleRateHz / PARTS_PER_SECOND);
  }

  /** Nothing to wait for with `drop`: a microphone's parts are taken as they come. */
  private addAll(stretches: readonly Stretch[]): Promise<void> | undefined {
    for (const [i, stretch] of stretches.entries()) {
      const samples = this.ring.read(stretch.start, stretch.end);
      const room = this.queue.add({ ...stretch, samples, wholeAt: this.now() });
      if (room) return room.then(() => this.addAll(stretches.slice(i + 1)));
    }
    return undefined;
  }

  private async answer({ start, end, samples, wholeAt }: Job): Promise<void> {
    const { sampleRateHz, onAnswer } = this.options;
    const answer = await this.classifier.classify(samples, sampleRateHz);
    const latencySeconds = (this.now() - wholeAt) / 1000;
    this.answered++;
    this.computeSeconds += answer.featureSeconds + answer.networkSeconds;
    this.latency = { last: latencySeconds, longest: Math.max(this.latency.longest, latencySeconds) };
    onAnswer({ ...answer, startSeconds: start / sampleRateHz, endSeconds: end / sampleRateHz, latencySeconds });
  }

  private begin(): void {
    if (this.isOver) throw new Error("stream: it has ended; open another one");
    if (this.isBusy) throw new Error("stream: the last part is still being taken; wait for its promise");
    this.isBusy = true;
  }
}

interface Job extends Stretch {
  samples: Float32Array;
  wholeAt: number;
}
