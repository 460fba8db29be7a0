import { Streams } from "../../src/random/streams.js";

/** Points of three clouds on the unit sphere, with the cloud of each; every tenth point is the one before it again. */
export function threeClouds(count: number, size = 8): { values: Float32Array; size: number; classes: number[] } {
  const rng = new Streams(5).stream("clouds");
  const centres = Array.from({ length: 3 * size }, () => 2 * rng.normal());
  const values = new Float32Array(count * size);
  const classes = Array.from({ length: count }, (_, i) => Math.floor((3 * i) / count));
  for (let i = 0; i < count; i++) {
    const row = Array.from({ length: size }, (_, d) => centres[classes[i]! * size + d]! + 0.4 * rng.normal());
    const length = Math.hypot(...row);
    const again = i % 10 === 9 && classes[i] === classes[i - 1];
    if (again) values.copyWithin(i * size, (i - 1) * size, i * size);
    else values.set(row.map((value) => value / length), i * size); // biome-ignore format: one line
  }
  return { values, size, classes };
}
