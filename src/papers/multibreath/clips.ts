import type { Item } from "../../datasets/roles.js";
import type { ClipBuilder } from "../../features/store/clipBuilder.js";
import { waveform } from "../../features/store/waveform.js";
import type { IcbhiInput } from "../icbhiRunData.js";
import type { RunContext } from "../paper.js";
import { StoredItems, storedFeatures } from "../storedItems.js";
import { testPath } from "../testPath.js";
import { testPathBuilder } from "../testPathBuilder.js";
import { adaptedTestPath } from "./adapter.js";
import { type MelFilters, multibreathTestPath, SAMPLE_RATE_HZ } from "./frontEnd.js";

/** What is stored of a clip. A type and no interface, so that it is plain data to the compiler too. */
export type StoredKind = {
  /** `icbhi-logmel`: the map that would be stored of it there, in decibels. */
  input: IcbhiInput;
  frontEnd: "mel" | "learnable";
  frames: 251 | 256;
  filters: MelFilters;
};

/**
 * Clips as maps in decibels, or as samples at 16 kHz for the learnable front end, which are changed before they are brought to its length.
 * Cut at their own rate, then resampled, as the closest relative does (papers.md 0.1).
 */
export function storedClips({ input, frontEnd, frames, filters }: StoredKind): ClipBuilder {
  if (frontEnd === "learnable") {
    const prepare = (clip: Float32Array) => [clip];
    return testPathBuilder(testPath({ recipe: "multibreath", frontEnd: waveform(SAMPLE_RATE_HZ), steps: {}, prepare }));
  }
  if (input === "icbhi-logmel") return testPathBuilder(adaptedTestPath());
  return testPathBuilder(multibreathTestPath({ frontEnd, frames, filters }));
}

/** What is larger stays on disk and is read item by item. */
const WHOLE_BYTES = 2 ** 29;

/** Of some items, from the feature store; what is missing there is computed and kept. */
export async function storedItems(
  kind: StoredKind,
  items: readonly Item[],
  context: Pick<RunContext, "signal" | "progress">,
): Promise<StoredItems> {
  const place = { file: "src/papers/multibreath/clips.ts", name: "storedClips", args: [kind] };
  const stored = { builder: storedClips(kind), place, wholeBytes: WHOLE_BYTES };
  const { features, sorted } = await storedFeatures(items, stored, context);
  return new StoredItems(features, sorted);
}
