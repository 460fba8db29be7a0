/**
 * 16-bit samples at another rate by linear interpolation, bit by bit as Python's `audioop.ratecv` does (and pydub's
 * `set_frame_rate` with it): results are rounded down, the last input sample is the last place there is an output for. It
 * dulls high frequencies and leaves images; for data sets that were made with it, not for new work.
 *
 * @param samples [samples], 16-bit
 * @param fromHz positive integer
 * @param toHz positive integer
 * @returns [1 + floor((samples - 1) * toHz / fromHz)]; empty for no samples
 */
export function resampleLinear16(samples: Int16Array, fromHz: number, toHz: number): Int16Array {
  if (fromHz === toHz || samples.length === 0) return samples.slice();
  const out = new Int16Array(1 + Math.floor(((samples.length - 1) * toHz) / fromHz));
  const whole = Math.floor(fromHz / toHz);
  const rest = fromHz % toHz;
  for (let j = 0, at = 0, phase = 0; j < out.length; j++) {
    const now = samples[at]!;
    const next = phase === 0 ? now : samples[at + 1]!;
    // There the samples are the upper half of 32 bits: cut towards zero first, then down to 16 bits.
    const value = ((now * (toHz - phase) + next * phase) * 65536) / toHz;
    out[j] = Math.floor(Math.trunc(value) / 65536);
    at += whole;
    phase += rest;
    if (phase >= toHz) {
      phase -= toHz;
      at++;
    }
  }
  return out;
}
