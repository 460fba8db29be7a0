import type { Precision } from "../../inference/description.js";

export type { Precision };

/** How the borders of a stretch were found. */
export type Cut = "annotated" | "approximate" | "clock" | "whole";

/** What the model says of one stretch of sound. */
export interface StretchResult {
  /** A window that moves on with the clock, a breathing cycle or event, or the recording as a whole. */
  kind: "window" | "cycle" | "recording";
  startSeconds: number;
  endSeconds: number;
  cut: Cut;
  /** As the annotation file has it, where there is one. */
  annotated?: string;
  /** Of the model's labels. */
  label: string;
  /** One for each output, in the model's order: see `ListeningModel.outputs`. */
  probabilities: readonly number[];
  /** Nothing but one value all through: the answer says nothing of a patient. */
  silent: boolean;
}

/** All that was found of one recording, or of what the microphone heard. */
export interface RecordingResults {
  name: string;
  source: "file" | "microphone";
  sampleRateHz: number;
  /** Of the sound that was heard. */
  seconds: number;
  /** From one window to the next. */
  hopSeconds: number;
  precision: Precision;
  /** All of it was answered in this precision. */
  complete: boolean;
  /** What is odd about the file, mended or left out, one sentence each. */
  notes: readonly string[];
  results: readonly StretchResult[];
}

/** What exports say of the model. */
export interface ModelIdentity {
  run: string;
  experiment: string;
  row: string;
  task: string;
  labels: readonly string[];
  /** What probabilities belong to: the labels, or single findings from which labels are decided. */
  outputs: readonly string[];
  calibrated: boolean;
  temperature: number | null;
  inputDigest: string;
  /** What data it learned from, and whether they were made up. */
  data: string;
  madeUp: boolean;
  protocol: string;
  version: string;
}

export const NO_DEVICE = "Research software, not a medical device: not for diagnosis or treatment.";
