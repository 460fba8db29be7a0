import { describe, expect, test, vi } from "vitest";
import { encodeWav } from "../../src/audio/encodeWav.js";
import { openWav } from "../../src/audio/wav.js";
import { cutPiece } from "../../src/features/store/clipBuilder.js";
import type { Answer, Classifier } from "../../src/inference/answer.js";
import type { Cut } from "../../src/inference/cutters.js";
import { inputSeconds } from "../../src/inference/inputSeconds.js";
import { SoundStream, type StreamAnswer, type StreamOptions } from "../../src/inference/stream.js";
import { blobSource, streamWav } from "../../src/inference/wavSource.js";
import { testPathOf } from "../../src/papers/testPaths.js";
import { breaths } from "./breaths.js";
import { madeClip } from "./madeModel.js";
import { loadedModel } from "./nodeModel.js";

const RATE = 8000;

/** Answers at once, and keeps what it was asked. */
class Listener implements Classifier {
  readonly inputSeconds = 3;
  readonly clips: Float32Array[] = [];
  /** Of all that wait for an answer. */
  release: (() => void) | undefined;
  isSlow = false;

  async classify(waveform: Float32Array, rateHz: number): Promise<Answer> {
    this.clips.push(waveform);
    if (this.isSlow) {
      await new Promise<void>((resolve) => {
        this.release = resolve;
      });
    }
    const seconds = waveform.length / rateHz;
    return { label: "a", labelIndex: 0, probabilities: [1], calibrated: false, maps: [], seconds, givenSeconds: seconds, silent: false, featureSeconds: 0.03, networkSeconds: 0.02 }; // biome-ignore format: one line
  }
}

function opened(cut: Cut, options: Partial<StreamOptions> = {}) {
  const listener = new Listener();
  const answers: StreamAnswer[] = [];
  const stream = new SoundStream(listener, { sampleRateHz: RATE, cut, whenBehind: "wait", onAnswer: (answer) => answers.push(answer), ...options }); // biome-ignore format: one line
  return { listener, answers, stream };
}

async function play(stream: SoundStream, samples: Float32Array, part: number): Promise<void> {
  for (let start = 0; start < samples.length; start += part) await stream.push(samples.subarray(start, start + part));
  await stream.end();
}

describe("every hop", () => {
  const sound = madeClip(1, 7.3, RATE);

  test.each([100, 4096, 60_000])("what came last, whatever the length of the parts (%i samples)", async (part) => {
    const { listener, answers, stream } = opened({ by: "hop", hopSeconds: 1, bufferSeconds: 2.5 });
    await play(stream, sound, part);
    // Short buffers first, then 2.5 s, then what was left at the end.
    const ends = [1, 2, 3, 4, 5, 6, 7, 7.3];
    expect(answers.map(({ endSeconds }) => endSeconds)).toEqual(ends);
    for (const [i, end] of ends.entries()) {
      const start = Math.max(0, end - 2.5);
      expect(answers[i]!.startSeconds).toBeCloseTo(start, 9);
      expect(listener.clips[i]).toEqual(sound.slice(Math.round(start * RATE), Math.round(end * RATE)));
    }
  });

  test("a hop of no whole number of samples does not drift", async () => {
    const { answers, stream } = opened({ by: "hop", hopSeconds: 1 / 7, bufferSeconds: 1 });
    await play(stream, new Float32Array(100 * RATE), 1000);
    expect(answers).toHaveLength(700);
    for (const [i, { endSeconds }] of answers.entries()) expect(Math.abs(endSeconds - (i + 1) / 7)).toBeLessThanOrEqual(0.5 / RATE); // biome-ignore format: one line
  });

  test("answers are those of the clips by themselves, by the recipe's own rule for short ones", async () => {
    const { model } = await loadedModel();
    const answers: StreamAnswer[] = [];
    const stream = model.stream({ sampleRateHz: RATE, cut: { by: "hop", hopSeconds: 1 }, whenBehind: "wait", onAnswer: (answer) => answers.push(answer) }); // biome-ignore format: one line
    await play(stream, sound, 500);
    expect(answers).toHaveLength(8);
    for (const { startSeconds, endSeconds, maps } of answers) {
      const clip = sound.slice(Math.round(startSeconds * RATE), Math.round(endSeconds * RATE));
      expect(maps[0]!.logits).toEqual((await model.classify(clip, RATE)).maps[0]!.logits);
    }
    expect(stream.state()).toMatchObject({ answered: 8, dropped: 0, waiting: 0, receivedSeconds: 7.3 });
    await model.close();
  });
});

test("annotated cycles are cut as the evaluation cuts them; marks may come later; what was not there is counted", async () => {
  const sound = madeClip(2, 9, RATE);
  const cycles = [
    { startSeconds: 0.126, endSeconds: 2.0001 },
    { startSeconds: 2.0001, endSeconds: 4.77 },
    { startSeconds: 8, endSeconds: 12 },
    { startSeconds: 10, endSeconds: 12 },
  ];
  const { listener, answers, stream } = opened({ by: "annotation", cycles });
  await stream.push(sound.subarray(0, 5 * RATE));
  stream.mark({ startSeconds: 3, endSeconds: 6 });
  await stream.push(sound.subarray(5 * RATE));
  await stream.end();
  const wanted = [cycles[0]!, cycles[1]!, { startSeconds: 3, endSeconds: 6 }, { startSeconds: 8, endSeconds: 9 }];
  expect(listener.clips).toHaveLength(4);
  for (const [i, cycle] of wanted.entries())
    expect(listener.clips[i]).toEqual(Float32Array.from(cutPiece({ samples: sound, sampleRateHz: RATE }, cycle)));
  expect([answers.at(-1)!.endSeconds, stream.state().missed]).toEqual([9, 1]);
});

test("cycles by energy are whole when they are told: sound and times agree", async () => {
  const { samples, cycles } = breaths([3, 2.5, 3.5, 4, 2.8], RATE);
  const { listener, answers, stream } = opened({ by: "energy" });
  await play(stream, samples, 777);
  expect(answers).toHaveLength(cycles.length);
  for (const [i, { startSeconds, endSeconds }] of answers.entries()) {
    expect(Math.abs(startSeconds - cycles[i]!.startSeconds)).toBeLessThan(0.2);
    expect(listener.clips[i]).toEqual(samples.slice(Math.round(startSeconds * RATE), Math.round(endSeconds * RATE)));
  }
});

describe("a model that is too slow", () => {
  const second = new Float32Array(RATE).map((_, i) => Math.sin(i));

  test("for a microphone: the oldest stretches are given up, and latency has a bound", async () => {
    let clock = 0;
    const { listener, answers, stream } = opened({ by: "hop", hopSeconds: 1, bufferSeconds: 2 }, { whenBehind: "drop", now: () => clock }); // biome-ignore format: one line
    listener.isSlow = true;
    // An answer takes 5 s, sound comes each second.
    const asked = (times: number) => vi.waitFor(() => expect(listener.clips).toHaveLength(times), { interval: 1 });
    for (let i = 1; i <= 60; i++) {
      clock = 1000 * i;
      await stream.push(second);
      await asked(Math.ceil(i / 5));
      if (i % 5 !== 0) continue;
      listener.release!();
      await asked(i / 5 + 1);
    }
    const { answered, dropped, waiting, latencySeconds } = stream.state();
    // One is being answered.
    expect([answered, waiting, answered + dropped + waiting + 1]).toEqual([12, 1, 60]);
    // Those that wait are the two newest when the model is free: no more than two hops, then its own five seconds.
    expect(latencySeconds.longest).toBeLessThanOrEqual(7);
    expect(Math.max(...answers.map((answer) => answer.latencySeconds))).toBe(latencySeconds.longest);
    const stopping = stream.stop();
    listener.release!();
    await stopping;
    expect(stream.state().waiting).toBe(0);
    await expect(stream.push(second)).rejects.toThrow("it has ended");
  });

  test("for a microphone: parts are taken in the same turn, so nobody need wait", async () => {
    const { stream } = opened({ by: "hop", hopSeconds: 1 }, { whenBehind: "drop" });
    const all = [stream.push(second), stream.push(second), stream.push(second)];
    expect(stream.state().receivedSeconds).toBe(3);
    await Promise.all(all);
    await stream.end();
  });

  test("for a file: a push waits for room, nothing is given up, and a second push before is refused", async () => {
    const { listener, stream } = opened({ by: "hop", hopSeconds: 1 }, { waiting: 1 });
    listener.isSlow = true;
    const pushing = stream.push(new Float32Array(4 * RATE));
    await new Promise((resolve) => setTimeout(resolve, 10));
    await expect(stream.push(second)).rejects.toThrow("the last part is still being taken");
    for (let i = 0; i < 3; i++) {
      listener.release!();
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await pushing;
    const ending = stream.end();
    await new Promise((resolve) => setTimeout(resolve, 10));
    listener.release!();
    await ending;
    expect(stream.state()).toMatchObject({ answered: 4, dropped: 0 });
  });
});

test("drift is the clock's lead over the sound; compute time is told for each second of sound", async () => {
  let clock = 500;
  const { stream } = opened({ by: "hop", hopSeconds: 1 }, { whenBehind: "drop", now: () => clock });
  const second = new Float32Array(RATE).fill(0.1);
  for (let i = 0; i < 100; i++) {
    await stream.push(second);
    // A sound card that is 0.1 % slow.
    clock += 1001;
  }
  await stream.end();
  expect(stream.state().driftSeconds).toBeCloseTo(99 * 0.001, 9);
  const { answered, computeSecondsPerSecond } = stream.state();
  expect(computeSecondsPerSecond).toBeCloseTo((answered * 0.05) / 100, 9);
});

test("bad input: what is no number, no rate, no hop, no cycle; what the model throws comes with the next part", async () => {
  const { listener, stream } = opened({ by: "hop", hopSeconds: 1 });
  await stream.push(new Float32Array(100));
  await expect(stream.push(Float32Array.of(0, Number.NaN))).rejects.toThrow("sample 101 is NaN");
  expect(() => stream.mark({ startSeconds: 0, endSeconds: 1 })).toThrow("cut by hop; only a stream that is cut by annotation takes marks"); // biome-ignore format: one line
  expect(() => opened({ by: "hop", hopSeconds: 0 })).toThrow("a hop of 0 s and a buffer of 3 s");
  expect(() => opened({ by: "hop", hopSeconds: 1 }, { sampleRateHz: 0 })).toThrow("a sample rate of 0 Hz");
  expect(() => opened({ by: "annotation", cycles: [{ startSeconds: 2, endSeconds: 2 }] })).toThrow("a cycle from 2 to 2 s"); // biome-ignore format: one line
  listener.classify = () => Promise.reject(new Error("out of memory"));
  await stream.push(new Float32Array(RATE));
  await expect(stream.end()).rejects.toThrow("out of memory");
});

test("a file of any length is streamed from where it lies", async () => {
  const sound = madeClip(5, 5.5, 44_100);
  const wav = encodeWav(sound, 44_100);
  const { listener, answers, stream } = opened(
    { by: "hop", hopSeconds: 2, bufferSeconds: 2 },
    { sampleRateHz: 44_100 },
  );
  const file = await openWav(blobSource(new Blob([wav as Uint8Array<ArrayBuffer>]), "dropped.wav"));
  await streamWav(file, stream);
  expect(answers.map(({ endSeconds }) => endSeconds)).toEqual([2, 4, 5.5]);
  expect(listener.clips[1]).toEqual(await file.read(2 * 44_100, 4 * 44_100));
  const other = opened({ by: "hop", hopSeconds: 2 }, { sampleRateHz: 44_100 });
  await expect(streamWav(file, other.stream, AbortSignal.abort())).rejects.toThrow("aborted");
});

test.each([
  ["cycleguardian", 626, 8],
  ["respirenet", 657, 7],
  ["glancegaze", 345, 8],
  ["multibreath", 256, 8.16],
  ["baseline", 173, 4],
  ["supcon-sprs", 187, 2.976],
])("the input of %s of %i frames is filled by %f s", (recipe, frames, seconds) => {
  expect(inputSeconds(testPathOf(recipe).frontEnd, frames)).toBeCloseTo(seconds, 9);
});
