import { ColourImage, type ColourImageOptions } from "./colourImage.js";
import { type FrontEnd, mapValues } from "./frontEnd.js";
import { type LogMelOptions, logMel } from "./logMel.js";
import { type Standard, standardise } from "./normalise.js";

/** A type and no interface, so that it is plain data to the compiler too. */
export type MelImageOptions = {
  mel: LogMelOptions;
  image: ColourImageOptions;
  /** Of the three channels over the data set's images; default: values stay from 0 to 1. */
  standard?: Standard | null;
};

/**
 * Mel bands in decibels as a picture in magma's colours, highest band at the top, [bands * scale, frames * scale, 3]: see
 * `ColourImage`.
 *
 * @throws RangeError for options that do not fit together
 */
export function melImage({ mel, image, standard = null }: MelImageOptions): FrontEnd {
  const bands = logMel(mel);
  const picture = new ColourImage(bands.rows, image);
  const { scale } = image;
  return {
    name: "mel-image",
    options: { mel: bands.options, image, standard },
    sampleRateHz: bands.sampleRateHz,
    rows: picture.rows,
    channels: 3,
    frames: (sampleCount) => bands.frames(sampleCount) * scale,
    compute(samples, out) {
      const frames = bands.frames(samples.length);
      const data = mapValues(picture.rows * frames * scale * 3, out);
      const map = bands.compute(samples);
      picture.draw(map.data, map.frames, data);
      if (standard) standardise(data, standard);
      return { data, rows: picture.rows, frames: map.frames * scale, channels: 3 };
    },
  };
}
