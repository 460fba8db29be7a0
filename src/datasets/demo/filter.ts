import { sosFilter } from "../../audio/sosFilter.js";

/**
 * Second-order low-pass or high-pass filter, in place (Robert Bristow-Johnson's audio EQ cookbook, Q = 0.707).
 * @param samples [samples]
 * @param cutoffHz below half the sample rate
 */
export function filterInPlace(
  samples: Float32Array,
  kind: "low-pass" | "high-pass",
  cutoffHz: number,
  sampleRateHz: number,
): Float32Array {
  const omega = (2 * Math.PI * cutoffHz) / sampleRateHz;
  const alpha = Math.sin(omega) * Math.SQRT1_2;
  const cos = Math.cos(omega);
  const a0 = 1 + alpha;
  const edge = kind === "low-pass" ? 1 - cos : 1 + cos;
  const b0 = edge / 2 / a0;
  const b1 = (kind === "low-pass" ? edge : -edge) / a0;
  const a1 = (-2 * cos) / a0;
  const a2 = (1 - alpha) / a0;
  const section = { b0, b1, b2: b0, a1, a2 };
  samples.set(sosFilter([section], samples));
  return samples;
}
