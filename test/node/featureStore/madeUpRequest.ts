import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { encodeWav } from "../../../src/audio/encodeWav.js";
import type { FrontEnd } from "../../../src/features/frontEnd.js";
import { clipBuilder } from "../../../src/features/store/clipBuilder.js";
import type { FeatureItem } from "../../../src/node/featureStore/openOrBuild.js";
import { madeUp } from "../../features/madeUp.js";

/** Each frame is one sample: what comes out is the piece that went in, above its negative. */
export const mirror: FrontEnd = {
  name: "mirror",
  options: {},
  sampleRateHz: 8000,
  rows: 2,
  frames: (sampleCount) => sampleCount,
  compute: (samples) => ({
    data: Float32Array.of(...samples, ...samples.map((x) => -x)),
    rows: 2,
    frames: samples.length,
  }),
};

export const mirrorClips = clipBuilder(mirror);

/** Takes its time, so that a kill finds it at work. */
export const slowClips = clipBuilder({
  ...mirror,
  name: "slow mirror",
  compute(samples) {
    for (const until = performance.now() + 4; performance.now() < until; );
    return mirror.compute(samples);
  },
});

export const place = (name: "mirrorClips" | "slowClips") => ({ file: "test/node/featureStore/madeUpRequest.ts", name });

/** Made-up recordings, each whole and in three pieces. */
export function madeUpItems(folder: string, recordings: number): FeatureItem[] {
  mkdirSync(folder, { recursive: true });
  return Array.from({ length: recordings }, (_, r) => {
    const file = path.join(folder, `r${String(r).padStart(2, "0")}.wav`);
    writeFileSync(file, encodeWav(madeUp(300 + 7 * r), 8000));
    const pieces = [0, 1, 2].map((k) => ({
      id: `r${r}#${k}`,
      file,
      startSeconds: k * 0.01,
      endSeconds: k * 0.01 + 0.012,
    }));
    return [{ id: `r${r}`, file }, ...pieces];
  }).flat();
}
