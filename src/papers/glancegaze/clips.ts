import type { Item } from "../../datasets/roles.js";
import type { ClipBuilder } from "../../features/store/clipBuilder.js";
import type { RunContext } from "../paper.js";
import { StoredItems, storedFeatures } from "../storedItems.js";
import { testPathBuilder } from "../testPathBuilder.js";
import { type GlancegazeInput, glancegazeTestPath } from "./frontEnd.js";

/** What is stored of a clip: its map, at one speed. A type and no interface, so that it is plain data to the compiler too. */
export type StoredSpeed = { input: GlancegazeInput; factor: number };

export function clipsAtSpeed({ input, factor }: StoredSpeed): ClipBuilder {
  return testPathBuilder(glancegazeTestPath(input, factor));
}

/** What is larger stays on disk and is read item by item. */
const WHOLE_BYTES = 2 ** 29;

/** Of some items, from the feature store; what is missing there is computed and kept. */
export async function storedAtSpeed(
  kind: StoredSpeed,
  items: readonly Item[],
  context: Pick<RunContext, "signal" | "progress">,
): Promise<StoredItems> {
  const place = { file: "src/papers/glancegaze/clips.ts", name: "clipsAtSpeed", args: [kind] };
  const { features, sorted } = await storedFeatures(
    items,
    { builder: clipsAtSpeed(kind), place, wholeBytes: WHOLE_BYTES },
    context,
  );
  return new StoredItems(features, sorted);
}
