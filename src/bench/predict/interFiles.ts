import { copyFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { encodeWav } from "../../audio/encodeWav.js";
import { loadSprSound } from "../../datasets/sprsound/load.js";
import { sprSoundTask } from "../../datasets/sprsound/tasks.js";
import { readWavFile } from "../../node/wavFile.js";
import { evenly } from "../../papers/evenly.js";

/**
 * Puts WAV files of the inter set into a folder, as the challenge gives them: whole recordings, or their events cut out. No label is
 * looked at.
 *
 * @param count at most so many, evenly over the set
 * @returns how many, and whether the sounds are made up
 */
export function putInterFiles(
  { dataDir, task, count }: { dataDir: string; task: string; count: number },
  folder: string,
): { files: number; madeUp: boolean } {
  const { recordings, madeUp } = loadSprSound(dataDir);
  const inter = recordings.filter(({ set }) => set === "inter2022");
  if (sprSoundTask(task).level === "record") {
    const chosen = evenly(inter, count);
    for (const { name, file } of chosen) copyFileSync(file, path.join(folder, `${name}.wav`));
    return { files: chosen.length, madeUp };
  }
  const events = inter.flatMap(({ name, file, events }) =>
    events.map((event, index) => ({ ...event, file, name: `${name}_${index}` })),
  );
  const chosen = evenly(events, count);
  for (const { name, file, startSeconds, endSeconds } of chosen) {
    const { samples, sampleRateHz } = readWavFile(file);
    const cut = samples.subarray(Math.round(startSeconds * sampleRateHz), Math.round(endSeconds * sampleRateHz));
    writeFileSync(path.join(folder, `${name}.wav`), encodeWav(cut, sampleRateHz));
  }
  return { files: chosen.length, madeUp };
}
