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
}

/** What answers about clips. */
export interface Classifier {
  /** So much sound fills its input. */
  readonly inputSeconds: number;
  /** See `InferenceModel.classify`. */
  classify(waveform: Float32Array, sampleRateHz: number): Promise<Answer>;
}
