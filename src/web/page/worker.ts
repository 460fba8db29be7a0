import type { Precision } from "../../inference/description.js";
import { madeUpBreath } from "../listening/madeUpBreath.js";
import { Speed } from "../listening/speed.js";
import { listenToFile } from "./fileListener.js";
import { listenLive } from "./liveListener.js";
import { loadedModel, type PageModel } from "./loadedModel.js";
import { look } from "./look.js";
import type { FromWorker, ToWorker } from "./messages.js";
import { workerScope } from "./scope.js";
import { soundListener } from "./soundListener.js";

const scope = workerScope<ToWorker, FromWorker>();
const post = (message: FromWorker) => scope.postMessage(message);

let model: Promise<PageModel> | undefined;
/** Files are worked off one after the other. */
let queue: Promise<void> = Promise.resolve();
const stops = new Map<number, AbortController>();
/** Of microphones that listen. */
const lives = new Map<number, (precision: Precision) => Promise<void>>();
const speeds: Record<Precision, Speed> = { float32: new Speed(), int8: new Speed() };
/** Resolved while no microphone listens: files wait for it. */
let quiet: Promise<void> = Promise.resolve();

const onSpeed = (precision: Precision, ms: number, seconds: number) => {
  const speed = speeds[precision];
  speed.add(ms, seconds);
  if (speed.msPerSecond !== undefined) post({ type: "speed", precision, msPerSecond: speed.msPerSecond });
};

scope.onmessage = ({ data }) => {
  if (data.type === "load") void start(data.base);
  else if (data.type === "drop") stops.get(data.id)?.abort();
  else if (data.type === "precision") void switchLive(data.id, data.precision);
  else if (data.type === "look") void lookAt(data);
  else if (data.type === "measure") queue = queue.then(measure);
  else if (data.type === "listen") void live(data);
  else {
    const stop = new AbortController();
    stops.set(data.id, stop);
    queue = queue.then(() => file(data, stop.signal)).finally(() => stops.delete(data.id));
  }
};

async function start(base: string): Promise<void> {
  try {
    model = loadedModel(base, (what, fraction) => post({ type: "loading", what, fraction }));
    const { description, prefetch } = await model;
    post({ type: "ready", model: description });
    // Where that fails, a later switch says so, if it fails then too.
    await prefetch().then(
      () => post({ type: "fetched" }),
      () => {},
    );
  } catch (error) {
    post({ type: "refused", message: (error as Error).message });
  }
}

/** A network of this precision, or undefined once it was said why there is none. */
async function networkOf(precision: Precision) {
  const { network } = await model!;
  try {
    return await network(precision);
  } catch (error) {
    post({ type: "failedPrecision", precision, message: (error as Error).message });
    throw error;
  }
}

async function file(asked: Extract<ToWorker, { type: "open" }>, signal: AbortSignal): Promise<void> {
  const { id, precision } = asked;
  try {
    const { description } = await model!;
    const network = await networkOf(precision);
    await quiet;
    if (signal.aborted) return;
    speeds[precision] = new Speed();
    await listenToFile(asked, { description, network, post, onSpeed }, signal, () => quiet);
  } catch (error) {
    if (!signal.aborted) post({ type: "failed", id, message: (error as Error).message });
  }
}

async function live(asked: Extract<ToWorker, { type: "listen" }>): Promise<void> {
  let over = () => {};
  quiet = new Promise((resolve) => {
    over = resolve;
  });
  try {
    const { description } = await model!;
    speeds[asked.precision] = new Speed();
    const { ended, change } = listenLive(asked, {
      ...{ description, post, onSpeed },
      network: await networkOf(asked.precision),
    });
    lives.set(asked.id, async (precision) => change(precision, await networkOf(precision)));
    await ended;
  } catch (error) {
    post({ type: "failed", id: asked.id, message: (error as Error).message });
  } finally {
    lives.delete(asked.id);
    over();
  }
}

async function switchLive(id: number, precision: Precision): Promise<void> {
  await lives
    .get(id)?.(precision)
    .catch(() => {}); // was said
}

let newestLook = 0;

/** Beside the files, whose answers it gets in between: somebody waits for it. */
async function lookAt(asked: Extract<ToWorker, { type: "look" }>): Promise<void> {
  const { id, precision } = asked;
  newestLook = id;
  try {
    const network = await networkOf(precision);
    if (newestLook !== id) return;
    post({ type: "seen", id, ...(await look(asked, network)) });
  } catch (error) {
    post({ type: "notSeen", id, message: (error as Error).message });
  }
}

/** Both precisions on the same made-up sound, as a recording is listened to. */
async function measure(): Promise<void> {
  const { description } = await model!;
  const sampleRateHz = 8000;
  const sound = madeUpBreath(10 * sampleRateHz, sampleRateHz);
  for (const { precision } of description.precisions) {
    try {
      const network = await networkOf(precision);
      speeds[precision] = new Speed();
      const listener = soundListener({
        ...{
          network,
          description,
          sampleRateHz,
          marks: [],
          hopSeconds: description.hopSeconds,
          whenBehind: "wait" as const,
          onResult: () => {},
        },
        onSpeed: (ms, seconds) => onSpeed(precision, ms, seconds),
      });
      for (let first = 0; first < sound.length; first += sampleRateHz) {
        await listener.push(sound.subarray(first, first + sampleRateHz));
      }
      await listener.end();
    } catch {
      // was said; the other one is measured
    }
  }
  post({ type: "measured" });
}
