import { resampleLinear16 } from "../../audio/linearResample.js";
import { resample, resamplerName } from "../../audio/resample.js";
import { canonicalJson } from "../../features/canonicalJson.js";
import { digestText } from "../../features/frontEnd.js";
import { logMel } from "../../features/logMel.js";
import { UserError } from "../../userError.js";
import { byteOfDecibel, MAP_BYTES } from "./format.js";

const BAND_LIMITED_HZ = 4000;
/** Samples of a millisecond at that rate. */
const PER_MS = BAND_LIMITED_HZ / 1000;
/** A cycle that must be lengthened is first brought to this rate, that of the silence behind it. */
const SILENCE_HZ = 11025;
const CLIP_MS = 4000;

/** The front end of the maps, of a clip of 4 s at its rate; decibels below the clip's maximum. */
export const logmelFrontEnd = logMel({
  sampleRateHz: 22050,
  fftSize: 2048,
  hop: 512,
  padding: "zeros",
  bands: 128,
  keptBands: 90,
  maximumHz: 4096,
  scale: "slaney",
  norm: "area",
  reference: "max",
});
const CLIP_SAMPLES = (CLIP_MS / 1000) * logmelFrontEnd.sampleRateHz;

/** Everything that decides the maps, as text: equal texts, equal maps. */
export const RECIPE_TEXT = canonicalJson({
  version: 1,
  bandLimit: { sampleRateHz: BAND_LIMITED_HZ, resampler: resamplerName("high"), rounding: "down to 16 bits" },
  cut: "milliseconds, rounded down",
  length: { milliseconds: CLIP_MS, shorter: `linear to ${SILENCE_HZ} Hz, then silence`, longer: "first" },
  resampler: resamplerName("high"),
  frontEnd: digestText(logmelFrontEnd),
  bytes: "256 steps, rounded down",
});

/**
 * A recording as the maps' makers had it: at 4 kHz, in 16 bits, rounded down.
 *
 * @param samples [samples], full scale 1
 */
export function bandLimit(samples: Float32Array, sampleRateHz: number): Int16Array {
  const limited = resample(samples, sampleRateHz, BAND_LIMITED_HZ, "high");
  const out = new Int16Array(limited.length);
  for (let i = 0; i < out.length; i++) out[i] = Math.max(-32768, Math.min(32767, Math.floor(limited[i]! * 32768)));
  return out;
}

/**
 * The stored map of a cycle (data/README: band-limited to 2 kHz, cut, padded or cropped to 4 s, log-mel). What that leaves
 * open was found by comparing with the stored maps, which it gives back byte by byte where the original audio is whole:
 * times are cut to milliseconds; a shorter cycle is brought to the silence's 11,025 Hz by linear interpolation, which
 * dulls its upper bands by up to 7 dB; a longer one is not.
 *
 * @param recording from `bandLimit`
 * @returns [90, 173], see `byteOfDecibel`
 * @throws UserError for a cycle that starts after the recording's end
 */
export function cycleMap(recording: Int16Array, startSeconds: number, endSeconds: number): Uint8Array {
  const cycle = cutMilliseconds(recording, startSeconds, endSeconds);
  const ms = cycle.length / PER_MS;
  const clip = new Float32Array(CLIP_SAMPLES);
  if (ms < CLIP_MS) {
    const lengthened = resampleLinear16(cycle, BAND_LIMITED_HZ, SILENCE_HZ);
    const silence = Math.trunc(SILENCE_HZ * ((CLIP_MS - ms) / 1000));
    const whole = fullScale(lengthened, lengthened.length + silence);
    place(resample(whole, SILENCE_HZ, logmelFrontEnd.sampleRateHz, "high"), clip);
  } else {
    const first = fullScale(cycle, CLIP_MS * PER_MS);
    place(resample(first, BAND_LIMITED_HZ, logmelFrontEnd.sampleRateHz, "high"), clip);
  }
  const { data } = logmelFrontEnd.compute(clip);
  const bytes = new Uint8Array(MAP_BYTES);
  for (let i = 0; i < MAP_BYTES; i++) bytes[i] = byteOfDecibel(data[i]!);
  return bytes;
}

/**
 * The map that would be stored of a clip that is a recording's only cycle; one below a millisecond is filled up with silence.
 *
 * @param samples [samples], at least one, full scale 1
 * @returns [90, 173], see `byteOfDecibel`
 */
export function clipMap(samples: Float32Array, sampleRateHz: number): Uint8Array {
  const clip = new Float32Array(Math.max(Math.ceil(sampleRateHz / 1000), samples.length));
  clip.set(samples);
  return cycleMap(bandLimit(clip, sampleRateHz), 0, clip.length / sampleRateHz);
}

/** As pydub slices: whole milliseconds, at most the recording's own, rounded; a last one that is not whole is filled up. */
function cutMilliseconds(recording: Int16Array, startSeconds: number, endSeconds: number): Int16Array {
  const lengthMs = roundHalfEven(recording.length / PER_MS);
  const start = Math.min(Math.trunc(startSeconds * 1000), lengthMs);
  const end = Math.min(Math.trunc(endSeconds * 1000), lengthMs);
  if (!(start < end)) {
    throw new UserError(
      `the cycle from ${startSeconds} to ${endSeconds} s holds no millisecond of the recording, which ends at ${recording.length / BAND_LIMITED_HZ} s`,
    );
  }
  const out = new Int16Array((end - start) * PER_MS);
  out.set(recording.subarray(start * PER_MS, end * PER_MS));
  return out;
}

/** The first `length` samples, full scale 1, with zeros behind. */
function fullScale(samples: Int16Array, length: number): Float32Array {
  const out = new Float32Array(length);
  for (let i = 0; i < Math.min(length, samples.length); i++) out[i] = samples[i]! / 32768;
  return out;
}

/** Python's `round`. */
function roundHalfEven(value: number): number {
  const down = Math.floor(value);
  if (value - down !== 0.5) return Math.round(value);
  return down % 2 === 0 ? down : down + 1;
}

/** Cut to the clip's length, or with zeros behind. */
function place(samples: Float32Array, clip: Float32Array): void {
  clip.set(samples.subarray(0, clip.length));
}
