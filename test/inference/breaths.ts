import { Streams } from "../../src/random/streams.js";

export interface Breath {
  /** Where breathing in begins. */
  startSeconds: number;
  /** Where the next one begins. */
  endSeconds: number;
}

/**
 * Breath as noise from 150 to 600 Hz or so: in for 35 % of a cycle, a gap, out more softly for 30 %, then the pause.
 *
 * @param durations of cycles in seconds
 * @param leadSeconds quiet before the first
 */
export function breaths(
  durations: readonly number[],
  sampleRateHz: number,
  leadSeconds = 0.7,
  gapSeconds = 0.15,
): { samples: Float32Array; cycles: Breath[] } {
  // biome-ignore format: one line
  const rng = new Streams(3).stream("breath");
  const total = leadSeconds + durations.reduce((a, b) => a + b, 0);
  const cycles: Breath[] = [];
  let at = leadSeconds;
  for (const seconds of durations) {
    cycles.push({ startSeconds: at, endSeconds: at + seconds });
    at += seconds;
  }
  // A resonance at 300 Hz.
  const turn = 2 * 0.97 * Math.cos((2 * Math.PI * 300) / sampleRateHz);
  let [a, b] = [0, 0];
  const samples = Float32Array.from({ length: Math.round(total * sampleRateHz) }, (_, n) => {
    const t = n / sampleRateHz;
    const cycle = cycles.find(({ startSeconds, endSeconds }) => t >= startSeconds && t < endSeconds);
    [a, b] = [turn * a - 0.97 ** 2 * b + 0.01 * rng.normal(), a];
    return a * (cycle ? loudness(t - cycle.startSeconds, cycle.endSeconds - cycle.startSeconds, gapSeconds) : 0.02);
  });
  return { samples, cycles };
}

function loudness(t: number, seconds: number, gap: number): number {
  const [into, out] = [0.35 * seconds, 0.3 * seconds];
  if (t < into) return 0.02 + 0.98 * Math.sin((Math.PI * t) / into);
  if (t >= into + gap && t < into + gap + out) return 0.02 + 0.5 * Math.sin((Math.PI * (t - into - gap)) / out);
  return 0.02;
}
