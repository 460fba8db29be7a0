import type { Example } from "../../datasets/roles.js";
import { loadSprSound } from "../../datasets/sprsound/load.js";
import { sprSoundSplit } from "../../datasets/sprsound/split.js";
import { sprSoundTask } from "../../datasets/sprsound/tasks.js";
import { resnet18 } from "../../nn/backbones/resnet18.js";
import { resnet34 } from "../../nn/backbones/resnet34.js";
import type { ItemsProgram } from "../../node/batches/batchItems.js";
import { type FeatureRequest, openOrBuildFeatures } from "../../node/featureStore/openOrBuild.js";
import { supconClips, supconClipsPlace } from "../../papers/supconSprs/clipBuilder.js";
import { ItemMaps, supconItems, trainingItems } from "../../papers/supconSprs/inputs.js";
import { supconRecipe } from "../../papers/supconSprs/recipe.js";
import { Streams } from "../../random/streams.js";
import type { TensorFlow } from "../../tensorflow.js";
import { RESPIRENET_INPUT, respirenetItems, respirenetWaveforms, respirenetWaveformsPlace } from "./respirenetItems.js";
import { icbhiCycles } from "./storeCases.js";

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
  const batchSize = 4;
  const classes = 4;
  const [rows, frames, channels] = RESPIRENET_INPUT;
  return {
    name: "respirenet",
    title: "ResNet-34, 192x657x3, batch 4: stored samples, augmented in time, band-pass, image",
    batchSize,
    inputShape: RESPIRENET_INPUT,
    classes,
    network: () => resnet34({ rows, frames, channels }, classes),
    async items(dataDir, _stepsPerEpoch, building) {
      const items = icbhiCycles(dataDir);
      const clips = await openOrBuildFeatures({
        ...{ items, builder: respirenetWaveforms, place: respirenetWaveformsPlace },
        ...building,
      });
      const options = { clips: clips.shared(), names: items.map(({ id }) => id), batchSize, classes, seed: 1 };
      return { program: respirenetItems as ItemsProgram<never>, options };
    },
  };
}
