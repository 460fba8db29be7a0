import type { Example, Item } from "../datasets/roles.js";
import type { ClipBuilder } from "../features/store/clipBuilder.js";
import type { FeatureSet } from "../features/store/featureSet.js";
import { openOrBuildFeatures } from "../node/featureStore/openOrBuild.js";
import type { SharableSet, SharedSet } from "../node/featureStore/storedSet.js";
import type { ExportPlace } from "../node/workers/exportPlace.js";
import type { RunContext } from "./paper.js";

/** Stored features, found by the item they belong to. */
export class StoredItems {
  readonly rows: number;
  protected readonly features: FeatureSet | SharableSet;
  private readonly indexById: Map<string, number>;

  /** @param items of the features, in their order */
  constructor(features: FeatureSet | SharableSet, items: readonly Item[]) {
    this.features = features;
    this.rows = features.rows;
    this.indexById = new Map(items.map(({ id }, index) => [id, index]));
  }

  /** The item's place among the features. Throws RangeError for an item that is not among them. */
  indexOf({ id }: Pick<Item, "id">): number {
    const index = this.indexById.get(id);
    if (index === undefined) throw new RangeError(`there are no stored features of ${id}`);
    return index;
  }

  /** The item's map, `[rows, frames, channels]`; may be a view of shared memory. */
  map(item: Pick<Item, "id">): Float32Array {
    return this.features.map(this.indexOf(item));
  }

  /** The features as worker threads can have them, and where those of some items are among them. */
  forWorkers(items: readonly Item[]): { maps: SharedSet | FeatureSet; places: Int32Array } {
    const places = Int32Array.from(items, (item) => this.indexOf(item));
    return { maps: "shared" in this.features ? this.features.shared() : this.features, places };
  }
}

/** Examples as worker threads can have them. */
export interface WorkerExamples {
  maps: SharedSet | FeatureSet;
  /** Of each example: its map, its label, its name. */
  places: Int32Array;
  labels: readonly number[];
  names: readonly string[];
}

export function workerExamples(examples: readonly Example[], stored: StoredItems): WorkerExamples {
  return {
    ...stored.forWorkers(examples),
    labels: examples.map(({ label }) => label),
    names: examples.map(({ id }) => id),
  };
}

export interface StoredFeatures {
  builder: ClipBuilder;
  place: ExportPlace;
  /** See `FeatureRequest`. */
  wholeBytes?: number;
}

/** Some items' features from the feature store; what is missing there is computed and kept. */
export async function storedFeatures(
  items: readonly Item[],
  stored: StoredFeatures,
  { signal, progress }: Pick<RunContext, "signal" | "progress">,
): Promise<{ features: SharableSet; sorted: Item[] }> {
  const sorted = [...items].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  const features = await openOrBuildFeatures({
    items: sorted,
    ...stored,
    signal,
    onProgress: ({ done, total, secondsLeft }) =>
      progress({ phase: "features", fraction: done / total, secondsLeft, detail: `${done} of ${total} items` }),
  });
  return { features, sorted };
}
