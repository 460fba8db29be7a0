import { decodeWav } from "../../src/audio/wav.js";
import type { Answer } from "../../src/inference/answer.js";
import type { Precision } from "../../src/inference/description.js";
import { load } from "../../src/inference/load.js";
import { fetchedFolder } from "../../src/inference/modelFolder.js";
import { webRuntime } from "../../src/inference/webRuntime.js";

export interface Asked {
  /** Addresses on the page's own server. */
  model: string;
  sound: string;
  precision: Precision;
  threads: 1 | 2;
}

/** What a page makes of a WAV file; values as plain lists, which leave a page. */
export interface PageAnswer extends Omit<Answer, "maps"> {
  runtime: string;
  logits: number[][];
  /** The first map. */
  features: number[];
}

/** In a browser: loads a model, classifies a file twice (the first time warms up), tells of the second. */
export async function answerInPage({ model: address, sound, precision, threads }: Asked): Promise<PageAnswer> {
  const runtime = webRuntime({ wasm: "/ort-wasm-simd-threaded.wasm", mjs: "/ort-wasm-simd-threaded.mjs", threads });
  const model = await load(fetchedFolder(address), { runtime, precision });
  const bytes = new Uint8Array(await (await fetch(sound)).arrayBuffer());
  const { samples, sampleRateHz } = decodeWav(bytes, sound);
  await model.classify(samples, sampleRateHz);
  const { maps, ...answer } = await model.classify(samples, sampleRateHz);
  const { data } = model.path.maps(samples, sampleRateHz)[0]!;
  await model.close();
  return {
    ...answer,
    runtime: runtime.name,
    logits: maps.map(({ logits }) => Array.from(logits)),
    features: Array.from(data),
  };
}
