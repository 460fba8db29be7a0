/**
 * Linear spectra of clips by the transforms of a recipe's front end, for features.py.
 *
 * usage: node spectra.mjs '{"recipe": "multibreath", "clips": ["a.f32", ...], "folder": "out"}'
 *
 * A clip is a file of float32 samples at the recipe's rate. Prints a list of {clip, transform, magnitude, power}: `transform` as
 * `Stft` takes it, and two files of float32 values, [bins, frames].
 */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "../../setup/common.mjs";

process.env.AUSCULT_ROOT = root;
const { register } = await import("tsx/esm/api");
register();
const load = (file) => import(pathToFileURL(path.join(root, "src", file)).href);
const { testPathOf } = await load("papers/testPaths.ts");
const { spectrogram } = await load("features/spectrogram.ts");

/** The short-time transforms in a front end's options, each once. */
function transforms(options, found = new Map()) {
  if (options === null || typeof options !== "object") return found;
  if ("fftSize" in options) {
    const { sampleRateHz, fftSize, windowSize = fftSize, hop, padding, precision = "single" } = options;
    const transform = { sampleRateHz, fftSize, windowSize, hop, padding, precision };
    found.set(JSON.stringify(transform), transform);
  }
  for (const value of Object.values(options)) transforms(value, found);
  return found;
}

const { recipe, clips, folder } = JSON.parse(process.argv[2]);
const written = [];
for (const transform of transforms(testPathOf(recipe).frontEnd.options).values()) {
  for (const clip of clips) {
    const samples = new Float32Array(Uint8Array.from(readFileSync(clip)).buffer);
    const one = { clip, transform };
    for (const quantity of ["magnitude", "power"]) {
      one[quantity] = path.join(folder, `${written.length}-${quantity}.f32`);
      writeFileSync(one[quantity], spectrogram({ ...transform, quantity }).compute(samples).data);
    }
    written.push(one);
  }
}
process.stdout.write(JSON.stringify(written));
