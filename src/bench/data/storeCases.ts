import { loadIcbhi } from "../../datasets/icbhi/load.js";
import { loadSprSound } from "../../datasets/sprsound/load.js";
import type { ClipBuilder } from "../../features/store/clipBuilder.js";
import type { FeatureItem } from "../../node/featureStore/openOrBuild.js";
import type { ExportPlace } from "../../node/workers/exportPlace.js";
import { supconClips, supconClipsPlace } from "../../papers/supconSprs/clipBuilder.js";
import { testPathBuilder } from "../../papers/testPathBuilder.js";
import { testPathClipsPlace } from "../../papers/testPathClips.js";
import { testPathOf } from "../../papers/testPaths.js";

/** A whole data set by a recipe. */
export interface StoreCase {
  name: string;
  title: string;
  builder: ClipBuilder;
  place: ExportPlace;
  items(dataDir: string): FeatureItem[];
}

export const STORE_CASES: readonly StoreCase[] = [
  {
    name: "supcon-sprs",
    title: "SPRSound 2022, all events, 64 MFCC",
    builder: supconClips,
    place: supconClipsPlace,
    items: sprSoundEvents,
  },
  {
    name: "cycleguardian",
    title: "ICBHI, all cycles with audio, three channels of 84 x 626",
    builder: testPathBuilder(testPathOf("cycleguardian")),
    place: testPathClipsPlace("cycleguardian"),
    items: icbhiCycles,
  },
  {
    name: "multibreath",
    title: "ICBHI, all cycles with audio, 64 mel bands",
    builder: testPathBuilder(testPathOf("multibreath")),
    place: testPathClipsPlace("multibreath"),
    items: icbhiCycles,
  },
  {
    name: "glancegaze",
    title: "ICBHI, all cycles with audio, 128 mel bands",
    builder: testPathBuilder(testPathOf("glancegaze")),
    place: testPathClipsPlace("glancegaze"),
    items: icbhiCycles,
  },
  {
    name: "respirenet",
    title: "ICBHI, all cycles with audio, images of 192 x 657",
    builder: testPathBuilder(testPathOf("respirenet")),
    place: testPathClipsPlace("respirenet"),
    items: icbhiCycles,
  },
];

function sprSoundEvents(dataDir: string): FeatureItem[] {
  return loadSprSound(dataDir).recordings.flatMap(({ set, name, file, events }) =>
    events.map(({ startSeconds, endSeconds }, i) => ({ id: `${set}/${name}#${i}`, file, startSeconds, endSeconds })),
  );
}

export function icbhiCycles(dataDir: string): FeatureItem[] {
  return loadIcbhi(dataDir).recordings.flatMap(({ name, file, cycles }) =>
    file === undefined
      ? []
      : cycles.map(({ startSeconds, endSeconds }, i) => ({ id: `${name}#${i}`, file, startSeconds, endSeconds })),
  );
}
