import { Streams } from "../../random/streams.js";

/** Noise that swells and falls every three seconds, the same each time: to measure how long answers take, nothing else. */
export function madeUpBreath(length: number, sampleRateHz: number): Float32Array {
  const rng = new Streams(1).stream("breath");
  return Float32Array.from({ length }, (_, n) => {
    const swell = Math.max(0.02, Math.sin((Math.PI * n) / sampleRateHz / 1.5)) ** 2;
    return 0.3 * swell * (2 * rng.uniform() - 1);
  });
}
