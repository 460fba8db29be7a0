import { classAttention } from "../explain/classAttention.js";
import { type Figure, withNote } from "../figures/figure.js";
import { overlay } from "../figures/overlay.js";
import type { LoadedModel } from "../papers/loadModel.js";
import { type TensorFlow, tf } from "../tensorflow.js";
import { UserError } from "../userError.js";
import { type Slot, show } from "./display.js";
import type { LookOptions, Sound } from "./lookAndListen.js";
import { seenMap, upright } from "./seenMap.js";
import { withSound } from "./withSound.js";

export interface AttentionOptions extends LookOptions {
  /** What each output stands for, such as ["crackle", "wheeze"]. */
  outputs: readonly string[];
  /** Counted from 0; absent: the mean over all heads. */
  head?: number;
  /** Which of the maps that the recipe makes of a long clip, counted from 0, the default. */
  part?: number;
}

type Looked = Pick<LoadedModel, "network" | "path">;
type Clip = Pick<Sound, "samples" | "sampleRateHz">;

/**
 * Shows what each output of a network with class-specific residual attention looked at in a sound, over the network's input, and plays the
 * sound: a static picture for each output, beneath them the whole sound with its waveform, spectrogram and player.
 *
 * @throws UserError as `classAttention` does, and for outputs or a part that there are not
 */
export function attentionOverlay(model: Looked, clip: Clip, options: AttentionOptions, slot?: Slot): void {
  show(attentionForms(model, clip, options), slot);
}

/** What `attentionOverlay` shows, by MIME type. */
export function attentionForms(model: Looked, clip: Clip, options: AttentionOptions): Record<string, string> {
  const words = options.title ?? `attention for ${options.outputs.join(", ")}`;
  return withSound(attentionFigures(model, clip, options), words, clip, options);
}

/** A figure for each output. */
export function attentionFigures(
  { network, path }: Looked,
  { samples, sampleRateHz }: Clip,
  { outputs, head, part = 0, ...options }: AttentionOptions,
): Figure[] {
  const maps = path.maps(samples, sampleRateHz);
  const map = maps[part];
  if (!map) throw new UserError(`there is no part ${part}: the recipe makes ${maps.length} of the clip, from 0`);
  const inputs = tf.tensor4d(map.data, [1, map.rows, map.frames, map.channels ?? 1]) as TensorFlow.Tensor4D;
  try {
    const [found] = classAttention(network, inputs, head);
    if (found!.maps.length !== outputs.length) {
      throw new UserError(`the network has ${found!.maps.length} outputs, got names of ${outputs.length}`);
    }
    return found!.maps.map((attention, i) => {
      const label = `attention for ${outputs[i]}`;
      return overlay(
        { map: seenMap(map, path.frontEnd), weights: { ...upright(attention, path.frontEnd), label } },
        withNote(
          { title: label, ...options },
          options.title !== undefined && label,
          head === undefined ? "mean over the heads" : `head ${head + 1}`,
          maps.length > 1 && `part ${part + 1} of ${maps.length} of the clip`,
        ),
      );
    });
  } finally {
    inputs.dispose();
  }
}
