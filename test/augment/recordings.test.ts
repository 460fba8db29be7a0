import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { decodeWav } from "../../src/audio/wav.js";
import { readDraw, writeDraw } from "../../src/augment/replay.js";
import { cycleguardianAugmentation } from "../../src/papers/cycleguardian/augmentation.js";
import { respirenetAugmentation } from "../../src/papers/respirenet/augmentation.js";
import { Streams } from "../../src/random/streams.js";

const folder = process.env.AUSCULT_DATA;

describe.skipIf(!folder)("recordings: augmentation", () => {
  test("of three seconds of SPRSound recordings is finite, stays in range and is the same again", () => {
    const directory = path.join(folder!, "sprsound", "BioCAS2022", "test2022_wav");
    const files = readdirSync(directory).sort();
    const recipes = [
      cycleguardianAugmentation("paper"),
      cycleguardianAugmentation("authors"),
      respirenetAugmentation("paper"),
    ];
    for (let i = 0; i < 30; i++) {
      const file = files[i * 20]!;
      const { samples, sampleRateHz } = decodeWav(readFileSync(path.join(directory, file)), file);
      const clip = { samples: samples.slice(0, 3 * sampleRateHz), sampleRateHz };
      const cycle = recipes[i % 3]!.cycle!;
      const drawn = cycle.draw(new Streams(i).stream("augment", i));
      const out = cycle.apply(clip, drawn);
      expect(out.samples.every(Number.isFinite)).toBe(true);
      const peak = (of: Float32Array) => of.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
      expect(peak(out.samples)).toBeLessThan(2 * peak(clip.samples) + 0.1);
      expect(out.samples.length).toBeGreaterThanOrEqual(Math.floor(0.7 * clip.samples.length) - 1);
      expect(out.samples.length).toBeLessThanOrEqual(1.6 * clip.samples.length + 1);
      expect(cycle.apply(clip, readDraw(cycle, writeDraw(cycle, drawn)))).toEqual(out);
    }
  });
});
