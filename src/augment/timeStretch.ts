import { BINS, type ComplexSpectrogram, complexStft, inverseStft } from "./complexStft.js";

/**
 * The same sound in another time, pitches unchanged: phase vocoder with `librosa.effects.time_stretch`'s defaults (0.10 and
 * later, zeros around the clip). Phases of bins far below the strongest depend on rounding: on lung sounds the result agrees
 * with librosa's to 68 dB or better, as librosa's own in float32 and float64 do.
 *
 * @param samples [samples]
 * @param rate above 1 is faster
 * @returns [round(samples / rate)], halves to the even number
 * @throws RangeError unless `rate` is a positive number
 */
export function timeStretch(samples: Float32Array, rate: number): Float32Array {
  if (!(rate > 0 && Number.isFinite(rate))) throw new RangeError(`timeStretch: rate must be above 0, got ${rate}`);
  const length = roundToEven(samples.length / rate);
  return samples.length === 0 ? samples.slice() : inverseStft(phaseVocoder(complexStft(samples), rate), length);
}

/**
 * A transform read at `rate` frames a frame: magnitudes between two frames are interpolated, phases go on by what they
 * advance from the one to the other (Ellis 2002; `librosa.phase_vocoder`, whose expected advance is a whole number of turns
 * off the one found and drops out). Phases are kept as numbers on the unit circle.
 */
function phaseVocoder({ frames, real, imaginary }: ComplexSpectrogram, rate: number): ComplexSpectrogram {
  const steps = Math.ceil(frames / rate);
  const out = { frames: steps, real: new Float64Array(steps * BINS), imaginary: new Float64Array(steps * BINS) };
  const magnitude = new Float64Array((frames + 2) * BINS); // silence, of phase 0, follows the last frame
  const cos = new Float64Array((frames + 2) * BINS).fill(1);
  const sin = new Float64Array((frames + 2) * BINS);
  for (let i = 0; i < frames * BINS; i++) {
    const size = Math.sqrt(real[i]! * real[i]! + imaginary[i]! * imaginary[i]!);
    if (size === 0) continue;
    magnitude[i] = size;
    cos[i] = real[i]! / size;
    sin[i] = imaginary[i]! / size;
  }
  const nowCos = cos.slice(0, BINS);
  const nowSin = sin.slice(0, BINS);
  for (let t = 0; t < steps; t++) {
    const share = (t * rate) % 1;
    let from = Math.floor(t * rate) * BINS;
    let at = t * BINS;
    for (let k = 0; k < BINS; k++, from++, at++) {
      const next = from + BINS;
      const size = (1 - share) * magnitude[from]! + share * magnitude[next]!;
      const x = nowCos[k]!;
      const y = nowSin[k]!;
      out.real[at] = size * x;
      out.imaginary[at] = size * y;
      const turnCos = cos[next]! * cos[from]! + sin[next]! * sin[from]!;
      const turnSin = sin[next]! * cos[from]! - cos[next]! * sin[from]!;
      nowCos[k] = x * turnCos - y * turnSin;
      nowSin[k] = x * turnSin + y * turnCos;
    }
  }
  return out;
}

function roundToEven(value: number): number {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}
