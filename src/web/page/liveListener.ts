import type { Precision, StretchResult } from "../listening/results.js";
import type { Tools } from "./fileListener.js";
import type { PageNetwork } from "./loadedModel.js";
import type { ToWorker } from "./messages.js";
import { soundListener } from "./soundListener.js";

/** So often the page is told how far answers are behind. */
const TELL_MS = 500;

/**
 * Listens to a microphone until its port says the end. What comes faster than it is answered waits, at most so much; what is given up is
 * counted and told.
 * @returns what resolves once all is answered, and a way to go on with another network
 */
export function listenLive(
  { id, sampleRateHz, port, precision: first, hopSeconds }: Extract<ToWorker, { type: "listen" }>,
  { network, description, post, onSpeed, onHeard }: Tools & { onHeard(samples: Float32Array): void },
): { ended: Promise<void>; change(precision: Precision, network: PageNetwork): Promise<void> } {
  const began = performance.now();
  let precision = first;
  let heard = 0;
  let lost = 0;
  let behindAt = 0;
  /** One piece after the other: a stream takes the next when it has taken the last. */
  let work: Promise<void> = Promise.resolve();
  const open = (with_: PageNetwork) => {
    const own = precision;
    return soundListener({
      ...{ network: with_, description, sampleRateHz, marks: [], hopSeconds, whenBehind: "drop" as const },
      offsetSeconds: heard / sampleRateHz,
      onResult: (result: StretchResult) => post({ type: "results", id, precision: own, results: [result] }),
      onSpeed: (ms, seconds) => onSpeed(own, ms, seconds),
    });
  };
  let listener = open(network);
  const tell = () => {
    const answered = Math.max(listener.answeredSeconds(), 0);
    const since = (performance.now() - began) / 1000;
    // By the clock: pieces that wait before this worker takes them count too. A window is due every hop.
    const seconds = Math.max(0, since - answered - hopSeconds);
    post({ type: "behind", id, seconds, dropped: lost + listener.dropped() });
    behindAt = performance.now();
  };
  const ended = new Promise<void>((resolve, reject) => {
    const take = async (data: Float32Array | "end") => {
      if (data !== "end") {
        heard += data.length;
        onHeard(data);
        await listener.push(data);
        if (performance.now() - behindAt > TELL_MS) tell();
        return;
      }
      port.close();
      await listener.end();
      const seconds = heard / sampleRateHz;
      const dropped = lost + listener.dropped();
      const notes =
        dropped > 0 ? [`${dropped} stretches were not classified, as answers took longer than the sound`] : [];
      post({ type: "done", id, precision, seconds, tookMs: performance.now() - began, notes });
      resolve();
    };
    port.onmessage = ({ data }: MessageEvent<Float32Array | "end">) => {
      work = work.then(() => take(data));
      work.catch(reject);
    };
  });
  const change = (next: Precision, with_: PageNetwork) => {
    work = work.then(async () => {
      await listener.end();
      lost += listener.dropped();
      precision = next;
      listener = open(with_);
    });
    return work;
  };
  return { ended, change };
}
