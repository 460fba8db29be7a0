import { closeSync, openSync, writeFileSync, writeSync } from "node:fs";
import path from "node:path";
import { loadSprSound } from "../../datasets/sprsound/load.js";
import { sprSoundSplit } from "../../datasets/sprsound/split.js";
import { sprSoundTask } from "../../datasets/sprsound/tasks.js";
import { type BuildProgress, openOrBuildFeatures } from "../../node/featureStore/openOrBuild.js";
import { supconClips, supconClipsPlace } from "../../papers/supconSprs/clipBuilder.js";
import { SUPCON_FRAMES } from "../../papers/supconSprs/frontEnd.js";

/** What a stage is measured on. */
export interface StageData {
  frames: number;
  classes: number;
  trainItems: number;
  selectItems: number;
  madeUp: boolean;
}

export interface MapsRequest {
  dataDir: string;
  task: string;
  /** Receives maps.f32 and maps.json: see scripts/python/reference/stages.py. */
  folder: string;
  signal: AbortSignal;
  onProgress(done: BuildProgress): void;
}

/** Hands the stored maps of a task's train and select roles to the reference, which then reads what ours reads. */
export async function mapsForReference({ dataDir, task, folder, ...building }: MapsRequest): Promise<StageData> {
  const data = loadSprSound(dataDir);
  const split = sprSoundSplit(data, sprSoundTask(task), "honest", { seed: 0 });
  const { level, labels } = split.task;
  const items = [...split.train, ...split.select];
  const maps = await openOrBuildFeatures({ items, builder: supconClips, place: supconClipsPlace, ...building });
  const file = openSync(path.join(folder, "maps.f32"), "w");
  try {
    for (let i = 0; i < items.length; i++) writeSync(file, maps.map(i));
  } finally {
    closeSync(file);
  }
  const listed = items.map(({ label }, i) => ({ frames: maps.frames(i), label }));
  const trainItems = split.train.length;
  const index = { rows: maps.rows, train: listed.slice(0, trainItems), select: listed.slice(trainItems) };
  writeFileSync(path.join(folder, "maps.json"), JSON.stringify(index));
  const selectItems = split.select.length;
  return { frames: SUPCON_FRAMES[level], classes: labels.length, trainItems, selectItems, madeUp: data.madeUp };
}
