import type { Rng } from "../../random/streams.js";
import type { IcbhiDevice } from "../icbhi/labels.js";
import { filterInPlace } from "./filter.js";
import { scaled } from "./recording.js";
import { addNoise, logUniform } from "./sounds.js";

/** How a made-up device colours what it records. */
interface DeviceShape {
  /** What it lets through. */
  lowHz: number;
  highHz: number;
  /** Its own noise: band, and RMS as a share of the recording's, drawn between two bounds. */
  noise: { lowHz: number; highHz: number; share: readonly [number, number] };
  /** Hum of the mains, as a share of the recording's RMS. */
  humShare: number;
  /** Highest sample, drawn between two bounds. */
  peak: readonly [number, number];
  /** Sample rates and bit depths, taken in turn. */
  formats: readonly { sampleRateHz: number; bitsPerSample: 16 | 24 }[];
}

const COMPACT = { sampleRateHz: 11025, bitsPerSample: 16 } as const;

/**
 * In the manner of the real ones: a microphone with a wide band and hiss, an electronic stethoscope with hum and several
 * formats, a tube that swallows what is high, a narrow-band stethoscope at 4 kHz. Most of the real files have 44.1 kHz;
 * here few do, so that the set stays small.
 */
const SHAPES: Readonly<Record<IcbhiDevice, DeviceShape>> = {
  AKGC417L: {
    lowHz: 60,
    highHz: 4000,
    noise: { lowHz: 500, highHz: 4500, share: [0.05, 0.2] },
    humShare: 0,
    peak: [0.15, 0.6],
    formats: [COMPACT],
  },
  Meditron: {
    lowHz: 25,
    highHz: 1800,
    noise: { lowHz: 20, highHz: 300, share: [0.05, 0.2] },
    humShare: 0.15,
    peak: [0.3, 0.95],
    formats: [
      { sampleRateHz: 10000, bitsPerSample: 16 },
      { sampleRateHz: 4000, bitsPerSample: 16 },
      COMPACT,
      { sampleRateHz: 4000, bitsPerSample: 16 },
      { sampleRateHz: 10000, bitsPerSample: 16 },
      { sampleRateHz: 4000, bitsPerSample: 16 },
      COMPACT,
      { sampleRateHz: 44100, bitsPerSample: 24 },
    ],
  },
  LittC2SE: {
    lowHz: 30,
    highHz: 900,
    noise: { lowHz: 30, highHz: 2500, share: [0.05, 0.2] },
    humShare: 0,
    peak: [0.4, 0.95],
    formats: [
      COMPACT,
      COMPACT,
      COMPACT,
      COMPACT,
      COMPACT,
      COMPACT,
      COMPACT,
      { sampleRateHz: 44100, bitsPerSample: 16 },
    ],
  },
  Litt3200: {
    lowHz: 20,
    highHz: 1100,
    noise: { lowHz: 100, highHz: 1500, share: [0.02, 0.1] },
    humShare: 0,
    peak: [0.05, 0.5],
    formats: [{ sampleRateHz: 4000, bitsPerSample: 16 }],
  },
};

const MAINS_HZ = 50;

/** The format of a device's recording `index`, counted from 0. */
export function deviceFormat(device: IcbhiDevice, index: number): DeviceShape["formats"][number] {
  const { formats } = SHAPES[device];
  return formats[index % formats.length]!;
}

/**
 * The same sounds as the device would have recorded them: its band, its noise, its level.
 * @param samples [samples], changed in place and returned
 */
export function recordWith(device: IcbhiDevice, rng: Rng, samples: Float32Array, sampleRateHz: number): Float32Array {
  const { lowHz, highHz, noise, humShare, peak } = SHAPES[device];
  filterInPlace(samples, "high-pass", lowHz, sampleRateHz);
  filterInPlace(samples, "low-pass", Math.min(highHz, 0.45 * sampleRateHz), sampleRateHz);
  let power = 0;
  for (const value of samples) power += value * value;
  const rms = Math.sqrt(power / samples.length);
  const steady = { startSeconds: 0, seconds: samples.length / sampleRateHz, steady: true };
  const level = rms * logUniform(rng, ...noise.share);
  addNoise({ samples, sampleRateHz }, rng, { ...steady, lowHz: noise.lowHz, highHz: noise.highHz, level });
  if (humShare > 0) addHum(samples, sampleRateHz, humShare * rms, 2 * Math.PI * rng.uniform());
  return scaled(samples, logUniform(rng, ...peak));
}

/** 50 Hz and its third harmonic; `level` is the RMS of the first. */
function addHum(samples: Float32Array, sampleRateHz: number, level: number, phase: number): void {
  const step = (2 * Math.PI * MAINS_HZ) / sampleRateHz;
  for (let i = 0; i < samples.length; i++) {
    const angle = phase + step * i;
    samples[i]! += level * Math.SQRT2 * (Math.sin(angle) + 0.3 * Math.sin(3 * angle));
  }
}
