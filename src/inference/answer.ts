/** What a model says of a clip. */
export interface Answer {
  /** One of the model's labels, decided as the run's evaluation does: without temperature, over all maps. */
  label: string;
  /** Of it among the labels. */
  labelIndex: number;
  /** What is to be shown, [outputs]: the mean over the maps of the calibrated probabilities. */
  probabilities: readonly number[];
  /** Whether the run has a calibration; else probabilities are as the network gives them. */
  calibrated: boolean;
  /** One for each map that the recipe makes of the clip. */
  maps: readonly MapAnswer[];
  /** Of the clip, or of the part that stands for it. */
  seconds: number;
  /** Of what was given. */
  givenSeconds: number;
  /** All samples are equal: the answer says nothing. */
  silent: boolean;
  /** What it took to compute the inputs, and the answers. */
  featureSeconds: number;
  networkSeconds: number;
}

export interface MapAnswer {
  /** [outputs] */
  logits: Float32Array;
  /** [outputs] */
  probabilities: Float64Array;
  /** Where it was asked for and the model has it. */
  seen?: Seen;
}

/** What a network looked at in a map, coarser than the map: rows and frames span it evenly. */
export interface Seen {
  /** "grad-cam++": one map for each output, from 0 to 1. "attention": one for all, which adds up to 1. */
  kind: "grad-cam++" | "attention";
  rows: number;
  frames: number;
  /** `[outputs, rows, frames]`, of attention `[1, rows, frames]`. Row 0 is the lowest band, also where the input is a picture. */
  values: Float32Array;
}

export interface ClassifyOptions {
  /** Also what the network looked at, where it can tell: `MapAnswer.seen`. Default false. */
  seen?: boolean;
}

/** What answers about clips. */
export interface Classifier {
  /** So much sound fills its input. */
  readonly inputSeconds: number;
  /** See `InferenceModel.classify`. */
  classify(waveform: Float32Array, sampleRateHz: number, options?: ClassifyOptions): Promise<Answer>;
}
