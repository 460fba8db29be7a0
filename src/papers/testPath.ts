import { resample, resamplerName } from "../audio/resample.js";
import { canonicalJson, type Json } from "../features/canonicalJson.js";
import { digestText, type FeatureMap, type FrontEnd } from "../features/frontEnd.js";

/** From a clip as it was recorded to what a paper's model takes at test time; nothing is drawn at random. */
export interface TestPath {
  /** The recipe's name, as commands take it. */
  readonly recipe: string;
  readonly frontEnd: FrontEnd;
  /** Equal texts, equal maps: every step from the clip on. */
  readonly digest: string;
  /** How a clip comes to the front end's rate. */
  readonly resampler: string;
  /** What is done around the front end, as plain data: lengths, padding, cropping. */
  readonly steps: Json;
  /** What the recipe was asked for, where it can be asked for several things: see `testPathOf`. */
  readonly parameters?: Json;
  /** Which part of a clip that is far too long stands for it. */
  readonly keeps: "start" | "centre" | "end";
  /**
   * @param samples [samples], a cycle, an event or a recording, full scale 1
   * @returns the model's input; several where the recipe takes a long clip apart
   * @throws RangeError for a clip of no samples and for samples that are not finite numbers
   */
  maps(samples: Float32Array, sampleRateHz: number): FeatureMap[];
}

export interface TestSteps {
  recipe: string;
  frontEnd: FrontEnd;
  /** What `prepare` and `finish` do, as plain data. */
  steps: Json;
  /** Default: the start. */
  keeps?: TestPath["keeps"];
  /** From the whole clip at the front end's rate to clips of the model's length. */
  prepare: (samples: Float32Array) => Float32Array[];
  finish?: (map: FeatureMap) => FeatureMap;
}

/** A recipe's way: resampled (`high`), prepared, computed. */
export function testPath({ recipe, frontEnd, steps, keeps = "start", prepare, finish }: TestSteps): TestPath {
  const quality = "high";
  const resampler = resamplerName(quality);
  return {
    recipe,
    ...{ frontEnd, steps, keeps, resampler },
    digest: canonicalJson({ resampler, steps, frontEnd: digestText(frontEnd) }),
    maps(samples, sampleRateHz) {
      requireClip(recipe, samples);
      const clip = resample(samples, sampleRateHz, frontEnd.sampleRateHz, quality);
      return prepare(clip).map((piece) => {
        const map = frontEnd.compute(piece);
        return finish ? finish(map) : map;
      });
    },
  };
}

/** Throws RangeError for a clip of no samples and for samples that are not finite numbers. */
export function requireClip(recipe: string, samples: Float32Array): void {
  if (samples.length === 0) throw new RangeError(`${recipe}: a clip of 0 samples has no map`);
  const bad = samples.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw new RangeError(`${recipe}: sample ${bad} is ${samples[bad]}; samples must be finite numbers`);
}
