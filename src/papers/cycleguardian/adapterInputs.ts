import { MAP_BYTES } from "../../datasets/icbhiLogmel/format.js";
import type { IcbhiLogmel } from "../../datasets/icbhiLogmel/load.js";
import { assertRole, type Example } from "../../datasets/roles.js";
import type { ItemsProgram } from "../../node/batches/batchItems.js";
import type { Streams } from "../../random/streams.js";
import { UserError } from "../../userError.js";
import { logmelWriter, sharedMapBytes } from "../logmelWriter.js";
import { type ShuffledItemsOptions, shuffledItems } from "../shuffledItems.js";
import { ADAPTED_INPUT, writeAdaptedInput } from "./adapter.js";
import { type Augmentations, cycleguardianAugmentation } from "./augmentation.js";
import type { CycleInputRecipe } from "./inputs.js";

/** Writes the network's input of a cycle, read from the stored maps. Throws RangeError for a cycle without a map. */
export function adaptedInputWriter(maps: Pick<IcbhiLogmel, "rowOf" | "bytes">) {
  return logmelWriter(maps, writeAdaptedInput);
}

/** What worker threads need to make training batches. */
export interface AdaptedItemsOptions extends ShuffledItemsOptions, Pick<CycleInputRecipe, "preset" | "augmentation"> {
  /** [examples, 90, 173], in shared memory: 66 MB of the official training set. */
  bytes: Uint8Array;
}

/** Of a recipe's input, which maps cannot stand in for. Throws UserError that says why. */
export function requireMapsOnly({ augmentation, padding }: Pick<CycleInputRecipe, "augmentation" | "padding">): void {
  const onMaps: readonly Augmentations[] = ["none", "spectrogram"];
  const why = "changes samples, and icbhi-logmel holds maps without their sound; it needs the recordings";
  if (!onMaps.includes(augmentation))
    throw new UserError(`augmentation "${augmentation}" ${why}. On stored maps there are ${onMaps.join(" and ")}`);
  if (padding !== "tile")
    throw new UserError(`padding "${padding}" ${why}. Stored maps have 4 s, with silence behind a shorter cycle`);
}

/**
 * @throws TypeError for an example of another role; UserError for an augmentation or a padding of samples; RangeError for a cycle
 *   without a map
 */
export function adaptedTrainingItems(
  examples: readonly Example<"train">[],
  maps: Pick<IcbhiLogmel, "rowOf" | "bytes">,
  recipe: CycleInputRecipe,
  classes: number,
  { seed }: Streams,
): AdaptedItemsOptions {
  assertRole(examples, "train");
  requireMapsOnly(recipe);
  const bytes = sharedMapBytes(examples, maps);
  const { preset, augmentation, batchSize } = recipe;
  const labels = examples.map(({ label }) => label);
  return { bytes, labels, names: examples.map(({ id }) => id), preset, augmentation, batchSize, classes, seed };
}

/** Training batches from the stored maps of all cycles (see LOGMEL_ADAPTER). Every example once an epoch, masked where that is on. */
export const adaptedItems: ItemsProgram<AdaptedItemsOptions> = {
  file: "src/papers/cycleguardian/adapterInputs.ts",
  name: "adaptedItems",
  make(options) {
    const { bytes, preset, augmentation } = options;
    const recipe = cycleguardianAugmentation(preset, augmentation);
    return shuffledItems(options, recipe, ADAPTED_INPUT, (example, _, __, input) =>
      writeAdaptedInput(bytes.subarray(example * MAP_BYTES, (example + 1) * MAP_BYTES), input),
    );
  },
};
