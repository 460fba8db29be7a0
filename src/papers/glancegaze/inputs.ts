import { MAP_BYTES } from "../../datasets/icbhiLogmel/format.js";
import { type IcbhiLogmel, loadIcbhiLogmel } from "../../datasets/icbhiLogmel/load.js";
import { assertRole, type Example, type Item } from "../../datasets/roles.js";
import type { ItemsProgram } from "../../node/batches/batchItems.js";
import { openShared } from "../../node/featureStore/storedSet.js";
import { Streams } from "../../random/streams.js";
import { logmelWriter, sharedMapBytes } from "../logmelWriter.js";
import type { RunContext } from "../paper.js";
import { type ShuffledItemsOptions, shuffledItems } from "../shuffledItems.js";
import type { StoredItems, WorkerExamples } from "../storedItems.js";
import { ADAPTED_INPUT, adaptedTestPath, writeAdaptedInput } from "./adapter.js";
import { glancegazeCopies } from "./augmentation.js";
import { storedAtSpeed } from "./clips.js";
import { glancegazeInputShape, glancegazeTestPath } from "./frontEnd.js";
import type { GlancegazeRecipe } from "./recipe.js";

/** A training item: a cycle as it is, or a copy of it at another speed. */
export interface TrainedCycle {
  example: Example<"train">;
  /** 1: as it is. */
  factor: number;
}

/**
 * The training cycles, and behind them their copies at other speeds, by speed: drawn once, before training (papers.md 4.5).
 *
 * @throws TypeError for an example of another role, whatever the compiler was told
 */
export function trainedCycles(
  training: readonly Example<"train">[],
  { augmentation }: Pick<GlancegazeRecipe, "augmentation">,
  seed: number,
): TrainedCycle[] {
  assertRole(training, "train");
  const own = training.map((example) => ({ example, factor: 1 }));
  if (augmentation === "none") return own;
  const labels = training.map(({ label }) => label);
  const copies = glancegazeCopies(new Streams(seed).stream("copies at other speeds"), labels);
  const made = copies.map(({ item, value }) => ({ example: training[item]!, factor: value }));
  return [...own, ...made.sort((a, b) => a.factor - b.factor)];
}

/** Where a run's cycles are: maps of audio in the feature store, of each speed its own; or the stored maps of all cycles. */
type CycleSource = { bySpeed: ReadonlyMap<number, StoredItems> } | { maps: IcbhiLogmel };

/** What worker threads need to make training batches. */
export interface GlancegazeItemsOptions extends ShuffledItemsOptions {
  /** Of the training items one after the other: the features of each speed's; or the stored maps, [items, 90, 173]. */
  cycles: Pick<WorkerExamples, "maps" | "places">[] | { bytes: Uint8Array };
  /** `[rows, frames, channels]` of an input. */
  shape: readonly [number, number, number];
}

/** A run's inputs, opened. */
export interface GlancegazeInputs {
  items: GlancegazeItemsOptions;
  /** Writes what is evaluated of a cycle. */
  write(item: Pick<Item, "id">, out: Float32Array, offset: number): void;
  close(): void;
}

/** `[rows, frames, channels]` of the network's input. */
export function inputShapeOf(recipe: GlancegazeRecipe): readonly [number, number, number] {
  return recipe.input === "audio" ? glancegazeInputShape(recipe) : ADAPTED_INPUT;
}

/** From a clip to the network's input. */
export function testPathOf({ input, frontEnd, bands, seconds }: GlancegazeRecipe) {
  return input === "audio" ? glancegazeTestPath({ frontEnd, bands, seconds }) : adaptedTestPath();
}

/**
 * @param others what is evaluated
 * @throws RangeError for a cycle without a stored map
 */
export async function openInputs(
  trained: readonly TrainedCycle[],
  others: readonly Item[],
  run: { dataDir: string; recipe: GlancegazeRecipe; classes: number; seed: number },
  context: Pick<RunContext, "signal" | "progress">,
): Promise<GlancegazeInputs> {
  const { recipe, classes, seed } = run;
  const source = await openCycles(trained, others, run, context);
  const items = {
    shape: inputShapeOf(recipe),
    labels: trained.map(({ example }) => example.label),
    names: trained.map(({ example, factor }) => (factor === 1 ? example.id : `${example.id} at ${factor}`)),
    ...{ classes, batchSize: recipe.batchSize, seed },
  };
  if ("maps" in source) {
    const { maps } = source;
    const examples = trained.map(({ example }) => example);
    return {
      items: { ...items, cycles: { bytes: sharedMapBytes(examples, maps) } },
      write: logmelWriter(maps, writeAdaptedInput),
      close: () => maps.close(),
    };
  }
  const own = source.bySpeed.get(1)!;
  const cycles = [...source.bySpeed].map(([factor, stored]) =>
    stored.forWorkers(trained.flatMap((one) => (one.factor === factor ? [one.example] : []))),
  );
  return { items: { ...items, cycles }, write: (item, out, offset) => out.set(own.map(item), offset), close() {} };
}

async function openCycles(
  trained: readonly TrainedCycle[],
  others: readonly Item[],
  { dataDir, recipe }: { dataDir: string; recipe: GlancegazeRecipe },
  context: Pick<RunContext, "signal" | "progress">,
): Promise<CycleSource> {
  if (recipe.input === "icbhi-logmel") return { maps: loadIcbhiLogmel(dataDir) };
  const { frontEnd, bands, seconds } = recipe;
  const bySpeed = new Map<number, StoredItems>();
  for (const factor of new Set(trained.map((one) => one.factor))) {
    const own: Item[] = trained.filter((one) => one.factor === factor).map(({ example }) => example);
    const items = factor === 1 ? [...own, ...others] : own;
    bySpeed.set(factor, await storedAtSpeed({ input: { frontEnd, bands, seconds }, factor }, items, context));
  }
  return { bySpeed };
}

/** Training batches: every item once an epoch. A batch is a function of the seed, the epoch and the step alone. */
export const glancegazeItems: ItemsProgram<GlancegazeItemsOptions> = {
  file: "src/papers/glancegaze/inputs.ts",
  name: "glancegazeItems",
  make(options) {
    const { cycles, shape } = options;
    const plain = { drawnPer: "item" as const };
    if ("bytes" in cycles) {
      const bytesOf = (example: number) => cycles.bytes.subarray(example * MAP_BYTES, (example + 1) * MAP_BYTES);
      return shuffledItems(options, plain, shape, (example, _, __, input) =>
        writeAdaptedInput(bytesOf(example), input),
      );
    }
    const mapOf = cycles.flatMap(({ maps, places }) => {
      const stored = "map" in maps ? maps : openShared(maps);
      return Array.from(places, (place) => () => stored.map(place));
    });
    return shuffledItems(options, plain, shape, (example, _, __, input) => input.set(mapOf[example]!()));
  },
};
