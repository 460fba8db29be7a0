import { rmSync } from "node:fs";
import type { Example } from "../../datasets/roles.js";
import type { SprSoundSplit } from "../../datasets/sprsound/split.js";
import { assessSprSound } from "../../evaluation/sprsoundAssessment.js";
import { embeddingsOf } from "../../explain/embeddingsOf.js";
import type { Points } from "../../explain/points.js";
import type { TensorFlow } from "../../tensorflow.js";
import type { Precision } from "../../training/runIdentity.js";
import { evenly } from "../evenly.js";
import type { PreparedTrial } from "../paper.js";
import { PRETRAINING_FILES } from "../pretrainingFiles.js";
import { recordEpoch } from "../recordEpoch.js";
import type { ItemMaps } from "./inputs.js";
import { EMBEDDING } from "./network.js";
import { pretrain } from "./pretraining.js";
import type { PretrainingRecipe } from "./pretrainingRecipe.js";

/** Of the training role, whose embeddings make the class means. */
const MEAN_ITEMS = 1000;

export interface PretrainingTrial {
  split: SprSoundSplit;
  recipe: PretrainingRecipe;
  stepsPerEpoch: number;
  seed: number;
  precision: Precision;
}

/**
 * A pretraining, looked at on the select role after each epoch: losses of different temperatures cannot be compared, so items are given the
 * class whose mean embedding over training items is nearest, and that has a Score.
 */
export function tryPretraining({ split, recipe, stepsPerEpoch, seed, precision }: PretrainingTrial): PreparedTrial {
  const { labels, adventitiousFrom } = split.task;
  return {
    settings: { ...recipe, stepsPerEpoch },
    async execute(context) {
      const { signal, recorder, runFolder } = context;
      const training = evenly(evenly(split.train, recipe.trainItems), MEAN_ITEMS);
      const select = evenly(split.select, recipe.selectItems);
      const measure = async ({ model, maps }: { model: TensorFlow.LayersModel; maps: ItemMaps }) => {
        const embed = (examples: readonly Example[]) => {
          return embeddingsOf({
            ...{ model, layer: EMBEDDING, signal, count: examples.length, inputShape: [maps.rows, recipe.frames, 1] },
            writeInput: (i, out, at) => maps.write(examples[i]!, recipe.frames, "centre", out, at),
          });
        };
        const means = classMeans(await embed(training), training, labels.length);
        const logits = nearness(await embed(select), means);
        const { scores } = assessSprSound({ examples: select, logits, labels, adventitiousFrom });
        return { "select/se": scores.se, "select/sp": scores.sp, "select/score": scores.score };
      };
      await pretrain(
        {
          ...{ train: split.train, select: split.select, labels, published: split.protocol === "published" },
          ...{ recipe, stepsPerEpoch, seed, precision },
          watch: {
            measure,
            onEpoch(record) {
              recordEpoch(recorder, record);
              return context.onEpoch(record);
            },
          },
        },
        { ...context, folder: runFolder },
      );
      for (const file of PRETRAINING_FILES) rmSync(`${runFolder}/${file}`, { force: true });
    },
  };
}

/** Mean embedding of each class, `[classes, size]`; of a class without items not a number: nothing is near it. */
function classMeans({ values, size }: Points, examples: readonly Example[], classes: number): Float32Array {
  const means = new Float32Array(classes * size);
  const counts = new Int32Array(classes);
  examples.forEach(({ label }, i) => {
    counts[label]!++;
    for (let d = 0; d < size; d++) means[label * size + d]! += values[i * size + d]!;
  });
  return means.map((sum, i) => sum / counts[Math.floor(i / size)]!);
}

/** Minus the squared distance of each point to each mean, `[count, classes]`; minus infinity where a class has none. */
function nearness({ values, size }: Points, means: Float32Array): Float32Array {
  const [count, classes] = [values.length / size, means.length / size];
  const logits = new Float32Array(count * classes);
  for (let i = 0; i < count; i++)
    for (let c = 0; c < classes; c++)
      for (let d = 0; d < size; d++) logits[i * classes + c]! -= (values[i * size + d]! - means[c * size + d]!) ** 2;
  return logits.map((value) => (Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value));
}
