import type { Item } from "../../datasets/roles.js";
import { canonicalJson } from "../../features/canonicalJson.js";
import { type ClipBuilder, clipBuilder } from "../../features/store/clipBuilder.js";
import { waveform } from "../../features/store/waveform.js";
import type { RunContext } from "../paper.js";
import { type StoredFeatures, StoredItems, storedFeatures } from "../storedItems.js";
import { preparationOf, prepareClip, SAMPLE_RATE_HZ } from "./frontEnd.js";

/** Cycles at 4 kHz as pictures are made of them: cut from the resampled recording, filtered, of full scale. */
export function preparedCycles(bandPass: boolean): ClipBuilder {
  return clipBuilder(waveform(SAMPLE_RATE_HZ), {
    resample: "high",
    align: { name: canonicalJson(preparationOf(bandPass)), apply: (piece) => prepareClip(piece, bandPass) },
  });
}

/** What is larger stays on disk and is read item by item: 300 MB are all cycles of ICBHI. */
const WHOLE_BYTES = 2 ** 30;

/** How they are asked for of the feature store. */
export function storedClips(bandPass: boolean): StoredFeatures {
  const place = { file: "src/papers/respirenet/clips.ts", name: "preparedCycles", args: [bandPass] };
  return { builder: preparedCycles(bandPass), place, wholeBytes: WHOLE_BYTES };
}

/** Of some cycles, from the feature store; what is missing there is computed and kept. */
export async function storedCycles(
  bandPass: boolean,
  items: readonly Item[],
  context: Pick<RunContext, "signal" | "progress">,
): Promise<StoredItems> {
  const { features, sorted } = await storedFeatures(items, storedClips(bandPass), context);
  return new StoredItems(features, sorted);
}
