import { gradCamPlusPlus } from "../explain/gradCam.js";
import { type Figure, withNote } from "../figures/figure.js";
import { overlay } from "../figures/overlay.js";
import type { LoadedModel } from "../papers/loadModel.js";
import { tf } from "../tensorflow.js";
import { UserError } from "../userError.js";
import { type Slot, show } from "./display.js";
import type { LookOptions, Sound } from "./lookAndListen.js";
import { seenMap, upright } from "./seenMap.js";
import { withSound } from "./withSound.js";

export interface CamOverlayOptions extends LookOptions {
  /** The name of one whose output is a map, such as "layer4.2.relu2". */
  layer: string;
  /** The label that is explained; the predicted one unless told. */
  label?: string;
  /** Which of the maps that the recipe makes of a long clip, counted from 0, the default. */
  part?: number;
}

type Looked = Pick<LoadedModel, "network" | "path" | "preprocessing">;
type Clip = Pick<Sound, "samples" | "sampleRateHz">;

/**
 * Shows what a model looked at in a sound, by Grad-CAM++, and plays the sound: `camFigure` as a static picture, beneath it the whole
 * sound with its waveform, spectrogram and player. For the interactive overlay, whose opacity can be changed: `show(camFigure(...))`.
 *
 * @throws UserError as `gradCamPlusPlus` does, and for a label or part that there is not
 */
export function camOverlay(model: Looked, clip: Clip, options: CamOverlayOptions, slot?: Slot): void {
  show(camOverlayForms(model, clip, options), slot);
}

/** What `camOverlay` shows, by MIME type. */
export function camOverlayForms(
  model: Looked,
  { samples, sampleRateHz }: Clip,
  options: CamOverlayOptions,
): Record<string, string> {
  const { figure, words } = drawn(model, { samples, sampleRateHz }, options);
  return withSound([figure], words, { samples, sampleRateHz }, options);
}

/**
 * The Grad-CAM++ map over the model's own input: the mean of its channels, in time from the input's beginning, so that what was cut off,
 * padded or repeated on the way is seen as the model sees it. Pictures, whose first row is the top, are drawn as they are looked at.
 */
export function camFigure(model: Looked, clip: Clip, options: CamOverlayOptions): Figure {
  return drawn(model, clip, options).figure;
}

function drawn(
  { network, path, preprocessing }: Looked,
  { samples, sampleRateHz }: Clip,
  { layer, label, part = 0, ...options }: CamOverlayOptions,
): { figure: Figure; words: string } {
  const { labels } = preprocessing;
  if (label !== undefined && !labels.includes(label)) {
    throw new UserError(`the model has no label "${label}"; it has ${labels.join(", ")}`);
  }
  const maps = path.maps(samples, sampleRateHz);
  const map = maps[part];
  if (!map) throw new UserError(`there is no part ${part}: the recipe makes ${maps.length} of the clip, from 0`);
  const inputs = tf.tensor(map.data, [1, map.rows, map.frames, map.channels ?? 1]);
  const classes = label === undefined ? "predicted" : [labels.indexOf(label)];
  try {
    const found = gradCamPlusPlus({ model: network, layer, inputs, classes, resolution: "layer" });
    const explained = labels[found.classes[0]!]!;
    const words = `Grad-CAM++ for ${explained}`;
    const figure = overlay(
      {
        map: seenMap(map, path.frontEnd),
        weights: { ...upright(found.maps[0]!, path.frontEnd), label: words },
      },
      withNote(
        { title: words, ...options },
        `${label === undefined ? "the predicted label; " : ""}at ${layer}`,
        maps.length > 1 && `part ${part + 1} of ${maps.length} of the clip`,
      ),
    );
    return { figure, words: options.title ?? words };
  } finally {
    inputs.dispose();
  }
}
