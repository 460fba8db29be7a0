/** A millionth of a sample is forgiven: 0.126 s at 8 kHz is sample 1008, though the product may come out just below. */
export function sampleAt(seconds: number, sampleRateHz: number): number {
  return Math.trunc(seconds * sampleRateHz + 1e-6);
}
