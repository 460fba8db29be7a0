import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { decodeWav } from "../../../src/audio/wav.js";
import { digestText } from "../../../src/features/frontEnd.js";
import { supconMfcc } from "../../../src/papers/supconSprs/frontEnd.js";
import { largestDifference, madeUp } from "../../features/madeUp.js";

describe("supconMfcc", () => {
  // librosa 0.10.2, `made_up` as above the constants of test/features/mfcc.test.ts:
  //   x = made_up(4000); x = (x - x.min())/(x.max() - x.min()) - np.float32(0.5)
  //   m = librosa.feature.mfcc(y=x, sr=8000, n_mfcc=64, n_fft=512, hop_length=128); z = (m - m.mean())/m.std()
  //   z[[0, 1, 2, 20, 63]][:, [0, 10, 31]]
  it("equals the authors' steps in librosa", () => {
    const map = supconMfcc.compute(madeUp(4000));
    const expected = [
      [-6.30654097, -6.74840164, -4.74605036],
      [2.11455059, 0.805459738, -0.654595375],
      [1.50379145, -0.591713548, -0.0425486676],
      [-0.287628859, 0.179093182, -0.023549756],
      [0.225533307, 0.333946377, 0.192289978],
    ];
    const ours = [0, 1, 2, 20, 63].flatMap((row) => [0, 10, 31].map((frame) => map.data[row * map.frames + frame]!));
    expect(largestDifference(ours, expected.flat())).toBeLessThan(1e-4);
  });

  it("does not hear loudness", () => {
    const quiet = supconMfcc.compute(madeUp(4000).map((value) => value / 8));
    expect(largestDifference(quiet.data, supconMfcc.compute(madeUp(4000)).data)).toBeLessThan(1e-4);
  });

  it("makes 64 x (1 + samples / 128) of anything, finite for silence and for one sample", () => {
    for (const clip of [new Float32Array(24000), Float32Array.of(0.1), new Float32Array(300).fill(0.5), madeUp(511)]) {
      const map = supconMfcc.compute(clip);
      expect([map.rows, map.frames]).toEqual([64, supconMfcc.frames(clip.length)]);
      expect(map.data.length).toBe(64 * map.frames);
      expect(map.data.every(Number.isFinite)).toBe(true);
    }
    expect(supconMfcc.frames(24000)).toBe(188);
  });

  it("says all that decides its values", () => {
    expect(JSON.parse(digestText(supconMfcc))).toEqual({
      codeVersion: expect.any(Number),
      name: "supcon-sprs/mfcc",
      sampleRateHz: 8000,
      rows: 64,
      options: {
        amplitude: "min-max to half",
        map: "z-score",
        mfcc: {
          sampleRateHz: 8000,
          coefficients: 64,
          fftSize: 512,
          windowSize: 512,
          hop: 128,
          padding: "zeros",
          bands: 128,
          minimumHz: 0,
          maximumHz: 4000,
          scale: "slaney",
          norm: "area",
          floor: 1e-10,
          rangeDb: 80,
        },
      },
    });
  });
});

const data = process.env.AUSCULT_DATA;
describe.skipIf(!data)("recordings: supconMfcc", () => {
  it("standardises whole recordings", () => {
    const folder = path.join(data!, "sprsound", "BioCAS2022", "test2022_wav");
    for (const file of readdirSync(folder).sort().slice(0, 20)) {
      const { samples } = decodeWav(readFileSync(path.join(folder, file)), file);
      const map = supconMfcc.compute(samples);
      expect(map.frames).toBe(1 + Math.floor(samples.length / 128));
      const mean = map.data.reduce((sum, value) => sum + value, 0) / map.data.length;
      const square = map.data.reduce((sum, value) => sum + value * value, 0) / map.data.length;
      expect(Math.abs(mean)).toBeLessThan(1e-5);
      expect(Math.abs(square - 1)).toBeLessThan(1e-5);
    }
  });
});
