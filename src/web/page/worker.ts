import { openWav } from "../../audio/wav.js";
import type { Precision } from "../../inference/description.js";
import { blobSource } from "../../inference/wavSource.js";
import { GONE, KeptSound } from "../listening/keptSound.js";
import { madeUpBreath } from "../listening/madeUpBreath.js";
import { Speed } from "../listening/speed.js";
import { listenToFile } from "./fileListener.js";
import { listenLive } from "./liveListener.js";
import { loadedModel, type PageModel } from "./loadedModel.js";
import { look, type Sound } from "./look.js";
import type { FromWorker, LookedAt, ToWorker } from "./messages.js";
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
/** Of the newest microphone, where the model can tell what it looks at. */
let kept: { id: number; sound: KeptSound } | undefined;
/** Resolved while no microphone listens: files wait for it. */
let quiet: Promise<void> = Promise.resolve();

const onSpeed = (precision: Precision, ms: number, seconds: number) => {
  const speed = speeds[precision];
  speed.add(ms, seconds);
  if (speed.msPerSecond !== undefined) post({ type: "speed", precision, msPerSecond: speed.msPerSecond });
};

scope.onmessage = ({ data }) => {
  if (data.type === "load") void start(data.base);
  else if (data.type === "drop") drop(data.id);
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

function drop(id: number): void {
  stops.get(id)?.abort();
  if (kept?.id === id) kept = undefined;
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
    const sound = description.seen && new KeptSound(asked.sampleRateHz);
    kept = sound && { id: asked.id, sound };
    const { ended, change } = listenLive(asked, {
      ...{ description, post, onSpeed },
      network: await networkOf(asked.precision),
      onHeard: (samples) => sound?.push(samples),
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
    post({ type: "seen", id, ...(await look(await soundOf(asked.sound), asked, network)) });
  } catch (error) {
    post({ type: "notSeen", id, message: (error as Error).message });
  }
}

async function soundOf(sound: LookedAt): Promise<Sound> {
  if ("heard" in sound) {
    if (kept?.id === sound.heard) return kept.sound;
    throw new Error(GONE);
  }
  const { header, read } = await openWav(blobSource(sound.file, sound.name));
  return { sampleRateHz: header.sampleRateHz, read };
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
