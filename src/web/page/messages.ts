import type { Mark } from "../listening/annotation.js";
import type { ModelIdentity, Precision, StretchResult } from "../listening/results.js";
import type { SeenPart } from "../listening/seenPart.js";
import type { Unit } from "../listening/unit.js";

/** What the page knows of its model. */
export interface ListeningModel {
  identity: ModelIdentity;
  /** As the folder's card has them, for people. */
  card: { term: string; text: string }[];
  /** What must be said beside every number: made-up data, a reduced budget. */
  caveats: string[];
  precisions: { precision: Precision; bytes: number }[];
  /** How the label is decided, in words. */
  rule: string;
  /** Seconds under a window, and from one to the next unless another hop is chosen. */
  windowSeconds: number;
  hopSeconds: number;
  /** What annotations and cutting are about: whole recordings have no cycles. */
  unit: Unit;
  /** What the network can tell of where it looked, and in which arithmetic. */
  seen?: { kind: "grad-cam++" | "attention"; precisions: readonly Precision[] };
  threads: number;
}

/** A file, or what a microphone brought to the worker under that number. */
export type LookedAt = { file: Blob; name: string } | { heard: number };

export type ToWorker =
  | { type: "load"; base: string }
  | {
      type: "open";
      id: number;
      file: Blob;
      name: string;
      annotation?: { name: string; file: Blob };
      precision: Precision;
      hopSeconds: number;
    }
  /** The port brings Float32Array pieces, then "end". */
  | { type: "listen"; id: number; sampleRateHz: number; port: MessagePort; precision: Precision; hopSeconds: number }
  /** Of a microphone that listens: from here on. */
  | { type: "precision"; id: number; precision: Precision }
  /** Where the network looks in a stretch; an earlier one that still waits is given up. */
  | { type: "look"; id: number; sound: LookedAt; precision: Precision; startSeconds: number; endSeconds: number }
  /** What is under way or waits is dropped. */
  | { type: "drop"; id: number }
  | { type: "measure" };

export type FromWorker =
  | { type: "ready"; model: ListeningModel }
  /** The page cannot work: no model. */
  | { type: "refused"; message: string }
  | { type: "loading"; what: string; fraction: number }
  | {
      type: "opened";
      id: number;
      sampleRateHz: number;
      seconds: number;
      /** Such as "44.1 kHz, 2 channels, 24 bits". */
      form: string;
      notes: string[];
      marks: Mark[];
      recordLabel?: string;
      cut: "annotated" | "approximate";
    }
  /** So much of a file has been gone through. */
  | { type: "passed"; id: number; precision: Precision; seconds: number }
  | { type: "results"; id: number; precision: Precision; results: StretchResult[] }
  /** Sound that waits to be answered, and stretches that were given up since it came too fast. */
  | { type: "behind"; id: number; seconds: number; dropped: number }
  | { type: "seen"; id: number; kind: "grad-cam++" | "attention"; parts: SeenPart[] }
  | { type: "notSeen"; id: number; message: string }
  | { type: "speed"; precision: Precision; msPerSecond: number }
  | { type: "measured" }
  /** All precisions are here. */
  | { type: "fetched" }
  | { type: "done"; id: number; precision: Precision; seconds: number; tookMs: number; notes: string[] }
  | { type: "failed"; id: number; message: string }
  | { type: "failedPrecision"; precision: Precision; message: string };

/** To the worker that measures what pictures show; it is not the one that classifies, so that pictures do not wait for answers. */
export type ToMeter =
  | { type: "open"; id: number; file: Blob; name: string }
  | { type: "listen"; id: number; sampleRateHz: number; port: MessagePort }
  | { type: "drop"; id: number };

export interface FromMeter {
  id: number;
  /** Heard so far. */
  seconds: number;
  /** See `Peaks.append` and `SpectrumColumns.append`. */
  peaks: Float32Array;
  columns: Uint8Array;
  /** The greatest absolute value of the newest part, 0 to 1. */
  level: number;
}
