import { align } from "../../audio/align.js";
import type { Item } from "../../datasets/roles.js";
import { canonicalJson } from "../../features/canonicalJson.js";
import { type ClipBuilder, clipBuilder } from "../../features/store/clipBuilder.js";
import { waveform } from "../../features/store/waveform.js";
import type { Preset, RunContext } from "../paper.js";
import { StoredItems, storedFeatures } from "../storedItems.js";
import { cycleguardianAlignment, cycleguardianFrontEnd } from "./frontEnd.js";

/** What is stored of a cycle: its samples at the preset's rate, or its map at test time. */
export type StoredCycle = "waveform" | "map";

/** Cycles are cut from the resampled recording, as the paper's loader does (papers.md 0.1). */
export function cycleWaveforms(preset: Preset): ClipBuilder {
  return clipBuilder(waveform(cycleguardianFrontEnd(preset).sampleRateHz), { resample: "high" });
}

/** The network's inputs at test time: [84, frames, 3] of 8 s, a shorter cycle tiled. */
export function cycleMaps(preset: Preset): ClipBuilder {
  const alignment = cycleguardianAlignment(preset);
  return clipBuilder(cycleguardianFrontEnd(preset), {
    resample: "high",
    align: { name: canonicalJson({ ...alignment }), apply: (piece) => align(piece, alignment)[0]! },
  });
}

/** What is larger stays on disk and is read item by item: 1.7 GB of maps of the official test set, say. */
const WHOLE_BYTES = 2 ** 29;

/** Of some cycles, from the feature store; what is missing there is computed and kept. */
export async function storedCycles(
  kind: StoredCycle,
  preset: Preset,
  items: readonly Item[],
  context: Pick<RunContext, "signal" | "progress">,
): Promise<StoredItems> {
  const file = "src/papers/cycleguardian/clips.ts";
  const stored =
    kind === "map"
      ? { builder: cycleMaps(preset), place: { file, name: "cycleMaps", args: [preset] } }
      : { builder: cycleWaveforms(preset), place: { file, name: "cycleWaveforms", args: [preset] } };
  const { features, sorted } = await storedFeatures(items, { ...stored, wholeBytes: WHOLE_BYTES }, context);
  return new StoredItems(features, sorted);
}
