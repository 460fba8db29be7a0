import { type ResampleQuality, resample, resamplerName } from "../../audio/resample.js";
import { sampleAt } from "../../audio/sampleAt.js";
import { UserError } from "../../userError.js";
import { canonicalJson } from "../canonicalJson.js";
import { digestText, type FeatureMap, type FrontEnd } from "../frontEnd.js";

/** Mono samples, full scale 1. */
export interface Samples {
  samples: Float32Array;
  sampleRateHz: number;
}

/** A way from a recording to the maps of its pieces, as the feature store keeps them. Pure, as a front end is. */
export interface ClipBuilder {
  readonly name: string;
  /** Everything that decides the maps: equal texts, equal maps. */
  readonly digestText: string;
  readonly rows: number;
  /** Default 1. */
  readonly channels?: number;
  /** Done once to a whole recording, before it is cut. Throws UserError for a rate that it does not take. */
  prepare(recording: Samples): Samples;
  /**
   * @param piece [samples] at the prepared rate, at least one
   * @returns [rows, frames, channels]
   */
  compute(piece: Float32Array, sampleRateHz: number): FeatureMap;
}

export interface ClipBuilderOptions {
  /** Recordings of other rates are brought to the front end's by this filter; without it they are refused. */
  resample?: ResampleQuality;
  /** Brings a piece to its length before the front end; `name` stands for all that decides the result. */
  align?: { name: string; apply(piece: Float32Array): Float32Array };
}

/** A front end with what comes before it: resampling of the whole recording, then the cut, then alignment. */
export function clipBuilder(frontEnd: FrontEnd, { resample: quality, align }: ClipBuilderOptions = {}): ClipBuilder {
  const { name, rows, channels, sampleRateHz: wanted } = frontEnd;
  return {
    name,
    rows,
    ...(channels !== undefined && { channels }),
    digestText: canonicalJson({
      frontEnd: JSON.parse(digestText(frontEnd)),
      resampler: quality ? resamplerName(quality) : null,
      alignment: align?.name ?? null,
    }),
    prepare({ samples, sampleRateHz }) {
      if (sampleRateHz === wanted) return { samples, sampleRateHz };
      if (!quality) throw new UserError(`sample rate is ${sampleRateHz} Hz; ${name} takes ${wanted} Hz`);
      return { samples: resample(samples, sampleRateHz, wanted, quality), sampleRateHz: wanted };
    },
    compute: (piece) => frontEnd.compute(align ? align.apply(piece) : piece),
  };
}

/** A piece of a recording in seconds; undefined bounds are the recording's own. */
export interface Piece {
  startSeconds?: number;
  endSeconds?: number;
}

/**
 * The samples `[trunc(start * rate), trunc(end * rate))`, clamped to the recording; a view.
 * @throws UserError for a piece without samples
 */
export function cutPiece({ samples, sampleRateHz }: Samples, piece: Piece): Float32Array {
  const { startSeconds = 0, endSeconds = samples.length / sampleRateHz } = piece;
  const start = Math.min(Math.max(sampleAt(startSeconds, sampleRateHz), 0), samples.length);
  const end = Math.min(Math.max(sampleAt(endSeconds, sampleRateHz), 0), samples.length);
  if (start < end) return samples.subarray(start, end);
  throw new UserError(
    `the piece from ${startSeconds} to ${endSeconds} s of a recording of ${samples.length / sampleRateHz} s holds no samples`,
  );
}

/** Raised whenever the code here changes what is computed from the same recording, piece and builder. */
const CODE_VERSION = 2;

/** One text for all that decides a builder's maps, with the code here. */
export function builderText({ digestText, rows, channels = 1 }: ClipBuilder): string {
  return canonicalJson({ codeVersion: CODE_VERSION, builder: JSON.parse(digestText), rows, channels });
}
