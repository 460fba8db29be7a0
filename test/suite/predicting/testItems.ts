import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { encodeWav } from "../../../src/audio/encodeWav.js";
import { loadSprSound } from "../../../src/datasets/sprsound/load.js";
import { sprSoundSplit } from "../../../src/datasets/sprsound/split.js";
import { type SprSoundTaskId, sprSoundTask } from "../../../src/datasets/sprsound/tasks.js";
import { cutPiece } from "../../../src/features/store/clipBuilder.js";
import { readWavFile } from "../../../src/node/wavFile.js";
import { evenly } from "../../../src/papers/evenly.js";

/**
 * Writes the items of the inter set that a shortened run is tested on as WAV files, each event cut out as the challenge hands them out.
 * @returns the index of the true label by file name
 */
export function writeInterItems(dataDir: string, task: SprSoundTaskId, count: number, folder: string) {
  mkdirSync(folder, { recursive: true });
  const split = sprSoundSplit(loadSprSound(dataDir), sprSoundTask(task), "honest", { seed: 0 });
  const truths = new Map<string, number>();
  for (const item of evenly(
    split.tests.inter!.open("agreement with predict", () => {}),
    count,
  )) {
    const name = `${item.id.replace("#", "_")}.wav`;
    const { samples, sampleRateHz } = readWavFile(item.file);
    writeFileSync(path.join(folder, name), encodeWav(cutPiece({ samples, sampleRateHz }, item), sampleRateHz));
    truths.set(name, item.label);
  }
  return truths;
}
