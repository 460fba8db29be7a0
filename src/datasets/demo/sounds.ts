import type { Rng } from "../../random/streams.js";
import { filterInPlace } from "./filter.js";

/** Made-up sounds are added into a buffer: `samples` is [samples] at `sampleRateHz`. */
export interface Canvas {
  readonly samples: Float32Array;
  readonly sampleRateHz: number;
}

/** Uniform on a logarithmic scale, as frequencies and loudness are. */
export function logUniform(rng: Rng, low: number, high: number): number {
  return low * (high / low) ** rng.uniform();
}

export function between(rng: Rng, low: number, high: number): number {
  return low + (high - low) * rng.uniform();
}

/** Noise between two frequencies under a half-sine envelope, as air flow makes it; `level` is its peak RMS. */
export function addNoise(
  { samples, sampleRateHz }: Canvas,
  rng: Rng,
  { startSeconds, seconds, lowHz, highHz, level, steady = false }: NoiseShape,
): void {
  const noise = new Float32Array(Math.max(1, Math.round(seconds * sampleRateHz)));
  // Sixteen random bits a sample are enough, and words are most of the time that a recording takes.
  for (let i = 0; i < noise.length; i += 2) {
    const word = rng.uint32();
    noise[i] = (word & 0xffff) / 2 ** 15 - 1;
    noise[i + 1] = (word >>> 16) / 2 ** 15 - 1;
  }
  filterInPlace(noise, "high-pass", lowHz, sampleRateHz);
  // What a recording at a low rate cannot hold is left out.
  filterInPlace(noise, "low-pass", Math.min(highHz, 0.45 * sampleRateHz), sampleRateHz);
  let power = 0;
  for (const value of noise) power += value * value;
  const gain = level / Math.sqrt(power / noise.length + 1e-12);
  const first = Math.round(startSeconds * sampleRateHz);
  for (let i = 0; i < noise.length && first + i < samples.length; i++) {
    if (first + i < 0) continue;
    const envelope = steady ? 1 : Math.sin((Math.PI * (i + 0.5)) / noise.length);
    samples[first + i]! += gain * envelope * noise[i]!;
  }
}

export interface NoiseShape {
  startSeconds: number;
  seconds: number;
  lowHz: number;
  highHz: number;
  level: number;
  /** No envelope: background instead of breath. */
  steady?: boolean;
}

/**
 * A musical sound: a slowly drifting fundamental with harmonics that fall by `rollOff` each, 30 ms of rise and fall. With
 * its parameters it is a wheeze (100 to 1000 Hz, over 80 ms), a rhonchus (below 300 Hz, rough) or a stridor.
 */
export function addTone({ samples, sampleRateHz }: Canvas, rng: Rng, tone: ToneShape): void {
  const { startSeconds, seconds, frequencyHz, driftShare, rollOff, level, roughness = 0 } = tone;
  const count = Math.round(seconds * sampleRateHz);
  const first = Math.round(startSeconds * sampleRateHz);
  const ramp = 0.03 * sampleRateHz;
  const vibratoHz = between(rng, 2, 5);
  const vibratoPhase = 2 * Math.PI * rng.uniform();
  const roughHz = between(rng, 22, 38);
  const slope = driftShare * (rng.uniform() < 0.5 ? -1 : 1);
  let phase = 2 * Math.PI * rng.uniform();
  for (let i = 0; i < count && first + i < samples.length; i++) {
    const t = i / sampleRateHz;
    const bend = slope * (i / count - 0.5) + 0.01 * Math.sin(2 * Math.PI * vibratoHz * t + vibratoPhase);
    const hz = frequencyHz * (1 + bend);
    phase += (2 * Math.PI * hz) / sampleRateHz;
    if (first + i < 0) continue;
    let value = 0;
    for (let k = 1, gain = 1; k <= 6 && k * hz < 0.45 * sampleRateHz; k++, gain *= rollOff) {
      value += gain * Math.sin(k * phase);
    }
    const edge = Math.min(1, (i + 1) / ramp, (count - i) / ramp);
    const rough = 1 - roughness * (0.5 + 0.5 * Math.sin(2 * Math.PI * roughHz * t));
    samples[first + i]! += level * Math.SQRT2 * edge * rough * value;
  }
}

export interface ToneShape {
  startSeconds: number;
  seconds: number;
  frequencyHz: number;
  /** Change of the frequency from start to end, as a share of it. */
  driftShare: number;
  /** Amplitude of each harmonic over the one below it. */
  rollOff: number;
  /** RMS of the fundamental. */
  level: number;
  /** 0 to 1: how deep the amplitude flutters. */
  roughness?: number;
}

/**
 * One crackle: two cycles that slow down under a fast-rising envelope, `sin(4 pi t^a) (1 + cos(2 pi (sqrt(t) - 1/2))) / 2`
 * with t from 0 to 1 over the two-cycle duration and a such that the first deflection takes `firstShare` of it (Kiyokawa
 * and others, Chest 119, 2001). Fine ones last 5 ms, coarse ones 15 ms.
 */
export function addCrackle({ samples, sampleRateHz }: Canvas, crackle: CrackleShape): void {
  const { startSeconds, seconds, firstShare, level } = crackle;
  const exponent = Math.log(0.25) / Math.log(firstShare);
  const start = startSeconds * sampleRateHz;
  const length = seconds * sampleRateHz;
  for (let i = Math.max(0, Math.ceil(start)); i < start + length && i < samples.length; i++) {
    const t = (i - start) / length;
    const envelope = 0.5 * (1 + Math.cos(2 * Math.PI * (Math.sqrt(t) - 0.5)));
    samples[i]! += level * envelope * Math.sin(4 * Math.PI * t ** exponent);
  }
}

export interface CrackleShape {
  startSeconds: number;
  /** Two-cycle duration. */
  seconds: number;
  /** Duration of the first deflection as a share of it. */
  firstShare: number;
  /** Peak amplitude; the sign is its polarity. */
  level: number;
}
