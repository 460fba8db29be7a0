import { clipBuilder } from "../../features/store/clipBuilder.js";
import { waveform } from "../../features/store/waveform.js";
import type { ItemsProgram } from "../../node/batches/batchItems.js";
import { openShared, type SharedSet } from "../../node/featureStore/storedSet.js";
import { respirenetAugmentation } from "../../papers/respirenet/augmentation.js";
import { respirenetTestPath } from "../../papers/respirenet/frontEnd.js";
import { Streams } from "../../random/streams.js";

export interface RespirenetItemsOptions {
  clips: SharedSet;
  names: readonly string[];
  batchSize: number;
  classes: number;
  seed: number;
}

/** Size of the picture of 7 s. */
export const RESPIRENET_INPUT = [192, 657, 3] as const;
const SAMPLE_RATE_HZ = 4000;

/** Cycles at the rate of the recipe, as the store keeps them. */
export const respirenetWaveforms = clipBuilder(waveform(SAMPLE_RATE_HZ), { resample: "high" });
export const respirenetWaveformsPlace = { file: "src/bench/data/respirenetItems.ts", name: "respirenetWaveforms" };

/**
 * RespireNet's input of cycles drawn at random, from the stored samples on: augmented in time (papers.md 5.5), filtered, brought to 7 s,
 * made a picture in colour. For measuring: labels are of no account, and nothing is composed.
 */
export const respirenetItems: ItemsProgram<RespirenetItemsOptions> = {
  file: "src/bench/data/respirenetItems.ts",
  name: "respirenetItems",
  make({ clips, names, batchSize, classes, seed }) {
    const streams = new Streams(seed);
    const set = openShared(clips);
    const path = respirenetTestPath();
    const { cycle } = respirenetAugmentation("paper");
    const drawn = (epoch: number, step: number, index: number) =>
      streams.stream("draw", epoch, step, index).integer(set.count);
    return {
      batchSize,
      inputSize: RESPIRENET_INPUT.reduce((product, size) => product * size, 1),
      targetSize: classes,
      nameOf: (epoch, step, index) => names[drawn(epoch, step, index)]!,
      write(epoch, step, index, input, target) {
        const clip = { samples: set.map(drawn(epoch, step, index)), sampleRateHz: SAMPLE_RATE_HZ };
        const rng = streams.stream("augment", epoch, step, index);
        const { samples } = cycle!.apply(clip, cycle!.draw(rng));
        input.set(path.maps(samples, SAMPLE_RATE_HZ)[0]!.data);
        target[index % classes] = 1;
      },
    };
  },
};
