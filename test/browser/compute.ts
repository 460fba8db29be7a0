import { drawAlignment } from "../../src/audio/align.js";
import { applyAlignment } from "../../src/audio/alignment.js";
import { butterworthBandPass } from "../../src/audio/butterworth.js";
import { encodeWav } from "../../src/audio/encodeWav.js";
import { realFft } from "../../src/audio/realFft.js";
import { resample } from "../../src/audio/resample.js";
import { simdFftKernel } from "../../src/audio/simdRealFft.js";
import { sosFilterBothWays } from "../../src/audio/sosFilter.js";
import { decodeWav } from "../../src/audio/wav.js";
import { TEST_PATH_RECIPES, testPathOf } from "../../src/papers/testPaths.js";
import { Streams } from "../../src/random/streams.js";

/** What the signal code gives for one made-up sound: runs in Node and in a browser. */
export function compute(): { vectors: boolean; values: Record<string, number[]> } {
  const chirp = Float32Array.from(
    { length: 30_000 },
    (_, n) => 0.5 * Math.sin(2e-6 * n * n) + 0.2 * Math.sin(0.05 * n),
  );
  const decoded = decodeWav(encodeWav(chirp, 44_100, 24), "chirp.wav").samples;
  const fft = realFft(1024);
  fft.samples.set(decoded.subarray(0, 1024));
  fft.forward();
  const clip = resample(decoded, 44_100, 4000);
  const band = butterworthBandPass({ order: 5, lowHz: 200, highHz: 1800, sampleRateHz: 4000 });
  const rng = new Streams(1).stream("align");
  const drawn = drawAlignment(clip.length, { length: 8000, short: "random-self-segments", long: "random" }, rng);
  const values: Record<string, ArrayLike<number>> = {
    decoded,
    spectrum: fft.real,
    resampled: clip,
    filtered: sosFilterBothWays(band, clip),
    aligned: applyAlignment(clip, drawn)[0]!,
  };
  for (const recipe of TEST_PATH_RECIPES) values[recipe] = testPathOf(recipe).maps(decoded, 44_100)[0]!.data;
  return {
    vectors: simdFftKernel(1024) !== undefined,
    // Every 37th value: a thousandth of the maps is enough to see them differ.
    values: Object.fromEntries(
      Object.entries(values).map(([name, all]) => [name, Array.from(all).filter((_, i) => i % 37 === 0)]),
    ),
  };
}
