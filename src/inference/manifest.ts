import type { Json } from "../features/canonicalJson.js";

/** What an exported model is: `manifest.json` of its folder. All that a program needs that has the project's signal code and a runtime. */
export interface Manifest {
  format: typeof MANIFEST_FORMAT;
  /** Of the project, when it was exported. */
  version: string;
  /** The run that trained it. */
  run: { id: string; experiment: string; row: string; signature: string; codeRevision: string };
  /** Such as "icbhi/4-class". */
  task: string;
  /** In the order of the outputs. */
  labels: readonly string[];
  /**
   * What the outputs are: logits of labels that exclude each other, or of single findings (Crackle, Wheeze), each by itself, from which
   * labels are decided.
   */
  outputs:
    | { kind: "softmax" }
    | {
        kind: "sigmoid";
        /** In the order of the logits. */
        findings: readonly string[];
        /** Of `combination`: a finding is there where its probability is above it. */
        threshold: number;
        /**
         * `combination`: label k is that of the findings which are there, finding i where bit i of k is 1. `largest`: findings are the labels, and
         * the one with the largest probability counts; of equals the last where it is one of them and the first is not, else the first.
         */
        decide: "combination" | "largest";
      };
  input: {
    /** `[rows, frames, channels]`, without the batch. */
    shape: readonly number[];
    sampleRateHz: number;
    /** The recipe's name and what it was asked for: see `testPathOf`. */
    recipe: string;
    parameters?: Json;
    /** Of the whole way from a clip to the input. Equal digests, equal inputs. */
    digest: string;
  };
  /** What the network's second output, `seen`, shows: where it looked. Absent where the network has none. */
  seen?: SeenOutput;
  /** Fitted on the select role; null: the run has none, and probabilities are as the network gives them. */
  calibration: { temperature: number; errorBefore: number; errorAfter: number; role: string } | null;
  /** What it was trained on and how, and its numbers with their intervals, as the run's record has them. */
  card: {
    data: string;
    madeUp: boolean;
    protocol: string;
    reduced?: string;
    leaks: readonly string[];
    scores: Readonly<Record<string, { score: number; low: number; high: number; se: number; sp: number; auc: number }>>;
  };
  /** How alike the formats answered when they were written. */
  agreement?: {
    /** What was asked, in words. */
    inputs: string;
    /** Greatest difference of a logit from the training graph's, by format, float32. */
    logits: Readonly<Record<string, number>>;
    /** The share of items whose label is the training graph's; where true labels were known, the challenge's Score of both, 0 to 1. */
    int8: { items: number; sameLabel: number; score?: { float32: number; int8: number } };
    /** Of `seen`, in shares of a map's largest value: greatest differences of float32 by format, the mean difference of int8. */
    seen?: { maps: number; unsteady: number; seen: Readonly<Record<string, number>>; int8: number };
  };
  files: readonly ManifestFile[];
}

/** The output `seen`, `[batch, rows, frames, outputs]`. */
export interface SeenOutput {
  /**
   * "grad-cam++": of each logit the places that speak for it, from 0 to 1 by its map's smallest and largest. "attention": how a network that
   * attends to time shares itself over the frames, whatever the logit; a map adds up to 1.
   */
  kind: "grad-cam++" | "attention";
  /** They span the input's rows and frames evenly. */
  rows: number;
  frames: number;
  /** As many as logits, in their order; of attention 1. */
  outputs: number;
  /** The input is a picture: its first row, and that of `seen`, is the highest band. Absent: the lowest. */
  upsideDown?: true;
  /** Of the ONNX networks that have it. */
  precisions: readonly NonNullable<ManifestFile["precision"]>[];
}

export interface ManifestFile {
  /** Within the folder, with slashes. */
  path: string;
  bytes: number;
  /** Of its content, 64 hexadecimal digits. */
  sha256: string;
  /** "onnx" of either precision; others are for other programs. */
  format: "onnx" | "tfjs" | "savedmodel" | "safetensors" | "card";
  precision?: "float32" | "int8";
}

export const MANIFEST_FORMAT = 1;
export const MANIFEST_FILE = "manifest.json";
