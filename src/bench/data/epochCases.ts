import type { Example } from "../../datasets/roles.js";
import { loadSprSound } from "../../datasets/sprsound/load.js";
import { sprSoundSplit } from "../../datasets/sprsound/split.js";
import { sprSoundTask } from "../../datasets/sprsound/tasks.js";
import { resnet18 } from "../../nn/backbones/resnet18.js";
import { resnet34 } from "../../nn/backbones/resnet34.js";
import type { ItemsProgram } from "../../node/batches/batchItems.js";
import { type FeatureRequest, openOrBuildFeatures } from "../../node/featureStore/openOrBuild.js";
import { icbhiRunData } from "../../papers/icbhiRunData.js";
import { storedClips } from "../../papers/respirenet/clips.js";
import { respirenetInputShape, SAMPLE_RATE_HZ } from "../../papers/respirenet/frontEnd.js";
import { PRINTED_STATISTICS } from "../../papers/respirenet/imageStatistics.js";
import { respirenetItems } from "../../papers/respirenet/inputs.js";
import { respirenetRecipe } from "../../papers/respirenet/recipe.js";
import { inputOptions } from "../../papers/respirenet/respirenetRun.js";
import { respirenetRow } from "../../papers/respirenet/rows.js";
import { StoredItems } from "../../papers/storedItems.js";
import { supconClips, supconClipsPlace } from "../../papers/supconSprs/clipBuilder.js";
import { ItemMaps, supconItems, trainingItems } from "../../papers/supconSprs/inputs.js";
import { supconRecipe } from "../../papers/supconSprs/recipe.js";
import { Streams } from "../../random/streams.js";
import type { TensorFlow } from "../../tensorflow.js";

const PLAIN = { network: "resnet18", mixUp: false, pretrained: false } as const;

/** A network and the batches that it is trained on, with augmentation. */
export interface EpochCase {
  name: string;
  title: string;
  batchSize: number;
  inputShape: readonly [number, number, number];
  classes: number;
  network(): TensorFlow.LayersModel;
  /** What is stored of the data set is made first. */
  items(dataDir: string, stepsPerEpoch: number, building: Building): Promise<ReadyItems>;
}

export type Building = Pick<FeatureRequest, "onProgress" | "signal">;

export interface ReadyItems {
  program: ItemsProgram<never>;
  options: unknown;
}

export const EPOCH_CASES: readonly EpochCase[] = [supconResnet18(), respirenetResnet34()];

function supconResnet18(): EpochCase {
  const recipe = supconRecipe(PLAIN, "event", "paper", "full");
  const { batchSize, frames } = recipe;
  const classes = 2;
  return {
    name: "supcon-sprs",
    title: "ResNet-18, 64x187, batch 32: stored maps, cropped or padded and flipped",
    batchSize,
    inputShape: [64, frames, 1],
    classes,
    network: () => resnet18({ rows: 64, frames, channels: 1 }, classes),
    async items(dataDir, stepsPerEpoch, building) {
      const split = sprSoundSplit(loadSprSound(dataDir), sprSoundTask("11"), "published", { seed: 1 });
      const examples: readonly Example<"train">[] = split.train;
      const features = await openOrBuildFeatures({
        ...{ items: examples, builder: supconClips, place: supconClipsPlace },
        ...building,
      });
      const maps = new ItemMaps(features, examples);
      const options = trainingItems(examples, maps, recipe, classes, stepsPerEpoch, new Streams(1));
      return { program: supconItems as ItemsProgram<never>, options };
    },
  };
}

function respirenetResnet34(): EpochCase {
  const row = respirenetRow("respirenet/table1", "CNN+CBA+BRC");
  const recipe = { ...respirenetRecipe(row, { preset: "paper", profile: "full" }), batchSize: 4 };
  const { batchSize } = recipe;
  const inputShape = respirenetInputShape(recipe);
  const [rows, frames, channels] = inputShape;
  const classes = 4;
  return {
    name: "respirenet",
    title: "ResNet-34, 192x657x3, batch 4: stored samples, composed, augmented, made pictures",
    ...{ batchSize, inputShape, classes },
    network: () => resnet34({ rows, frames, channels }, classes),
    async items(dataDir, stepsPerEpoch, building) {
      const { split } = icbhiRunData({
        ...{ dataDir, fold: "fold4", protocol: "published", classes, input: "audio", sampleRateHz: SAMPLE_RATE_HZ },
      });
      const items = [...split.train];
      const features = await openOrBuildFeatures({ items, ...storedClips(recipe.bandPass), ...building });
      const stored = new StoredItems(features, items);
      const of = { training: split.train, stored, standard: PRINTED_STATISTICS, purpose: "" };
      const options = inputOptions({ split, preset: "paper", recipe, stepsPerEpoch, seed: 1 }, of);
      return { program: respirenetItems as ItemsProgram<never>, options };
    },
  };
}
