import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import type { StreamAnswer } from "../../src/inference/stream.js";
import { Streams } from "../../src/random/streams.js";
import { loadedModel } from "./nodeModel.js";

setFlagsFromString("--expose_gc");
const collect = runInNewContext("gc") as () => void;

/** What is alive: objects and arrays, in MB, and the process as a whole. The least of five looks: arrays are given back by another thread. */
async function memory(): Promise<{ alive: number; process: number }> {
  const looks = [];
  for (let look = 0; look < 5; look++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 20));
    const { heapUsed, arrayBuffers, rss } = process.memoryUsage();
    looks.push({ alive: (heapUsed + arrayBuffers) / 1e6, process: rss / 1e6 });
  }
  return {
    alive: Math.min(...looks.map(({ alive }) => alive)),
    process: Math.min(...looks.map((one) => one.process)),
  };
}

const RATE = 8000;
const rng = new Streams(4).stream("hour");
const noise = Float32Array.from({ length: 10 * RATE }, () => 0.1 * rng.normal());
/** Ten seconds that differ from others, with a breath every 2.5 s. */
const stretch = (index: number) =>
  noise.map(
    (value, n) => value * (0.1 + Math.max(0, Math.sin((2 * Math.PI * n) / (2.5 * RATE)))) * (1 + 0.01 * (index % 7)),
  );

test.each([
  ["wait", { by: "hop", hopSeconds: 1 }, 3600],
  ["wait", { by: "energy" }, 1300],
  ["drop", { by: "hop", hopSeconds: 0.5 }, 7200],
] as const)(
  "an hour of sound, faster than real time (%s, cut %j): memory is flat after ten minutes",
  async (whenBehind, cut, stretches) => {
    const { model } = await loadedModel();
    let last: StreamAnswer | undefined;
    const stream = model.stream({
      ...{ sampleRateHz: RATE, cut, whenBehind },
      onAnswer: (answer) => {
        last = answer;
      },
    });
    let early: Awaited<ReturnType<typeof memory>> | undefined;
    for (let tens = 0; tens < 360; tens++) {
      if (tens === 60) early = await memory();
      await stream.push(stretch(tens));
      // A live stream is not waited for; a page has turns in between.
      if (tens % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 0));
    }
    const late = await memory();
    await stream.end();
    const { answered, dropped, waiting, receivedSeconds } = stream.state();
    expect([receivedSeconds, waiting]).toEqual([3600, 0]);
    // Annotation by energy finds 2.5 s cycles, 1440 in an hour but for the first.
    expect(answered + dropped).toBeGreaterThan(stretches - 1);
    if (whenBehind === "wait") expect(dropped).toBe(0);
    expect(last!.endSeconds).toBeGreaterThan(3590);
    // What is kept of one stretch too many would be 24,000 samples, 0.1 MB, each second.
    expect(late.alive - early!.alive).toBeLessThan(3);
    expect(late.process - early!.process).toBeLessThan(60);
    await model.close();
  },
  600_000,
);
