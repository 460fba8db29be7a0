import { describe, expect, it } from "vitest";
import { byteOfDecibel, DECIBELS } from "../../../src/datasets/icbhiLogmel/format.js";
import { bandLimit, cycleMap, RECIPE_TEXT } from "../../../src/datasets/icbhiLogmel/recipe.js";
import { UserError } from "../../../src/userError.js";

/** A tone that rises and comes and goes, another one, and a rattle; `made_up_breath` below. */
function madeUpBreath(sampleRateHz: number, seconds: number): Float32Array {
  return Float32Array.from({ length: sampleRateHz * seconds }, (_, n) => {
    const t = n / sampleRateHz;
    const tones = 0.3 * Math.sin(2 * Math.PI * (150 * t + 140 * t * t)) + 0.05 * Math.sin(2 * Math.PI * 700 * t + 1);
    return tones * Math.sin((Math.PI * t) / 2) ** 2 + 0.02 * (((n * 7919) % 1000) / 1000 - 0.5);
  });
}

// Python 3.11 (audioop is gone from 3.13), NumPy 2.4, soxr 1.1.0, librosa 0.11.0:
//   def made_up_breath(rate, seconds):
//       n = np.arange(int(rate * seconds)); t = n / rate
//       tones = 0.3 * np.sin(2*np.pi*(150*t + 140*t**2)) + 0.05 * np.sin(2*np.pi*700*t + 1)
//       return (tones * np.sin(np.pi*t/2)**2 + 0.02*((n*7919 % 1000)/1000 - 0.5)).astype(np.float32)
//   def stored_map(x, rate, start, end):
//       y = soxr.resample(x, rate, 4000) if rate != 4000 else x
//       y = np.floor(y * 32768).astype(np.int16)
//       y = y[int(start * 1000) * 4:int(end * 1000) * 4]; ms = len(y) // 4; rate = 4000
//       if ms < 4000:
//           y = np.frombuffer(audioop.ratecv(y.tobytes(), 2, 1, 4000, 11025, None)[0], np.int16)
//           y = np.concatenate([y, np.zeros(int(11025 * ((4000 - ms) / 1000)), np.int16)]); rate = 11025
//       else:
//           y = y[:16000]
//       z = soxr.resample(y.astype(np.float32) / 32768, rate, 22050)[:88200]; z = np.pad(z, (0, 88200 - len(z)))
//       S = librosa.feature.melspectrogram(y=z, sr=22050, n_fft=2048, hop_length=512, n_mels=128, fmax=4096)
//       d = librosa.power_to_db(S, ref=np.max, top_db=80)[:90]
//       return np.minimum(np.floor((d + 80) / 80 * 256), 255).astype(np.uint8)
//   m = stored_map(made_up_breath(rate, 6), rate, start, end); m[::11, 0], m[::11, 40], m[20, ::20], m.sum()
const CASES = [
  {
    rate: 44100,
    cycle: [0.5004, 2.9],
    frame0: [140, 164, 135, 103, 103, 82, 71, 56, 43],
    frame40: [0, 0, 72, 45, 7, 0, 9, 10, 0],
    row20: [146, 179, 15, 8, 10, 9, 0, 0, 0],
    sum: 309367,
  },
  {
    rate: 44100,
    cycle: [1.2, 5.9],
    frame0: [133, 141, 178, 163, 110, 104, 94, 87, 86],
    frame40: [0, 0, 0, 0, 13, 0, 20, 0, 0],
    row20: [166, 11, 11, 10, 10, 10, 9, 10, 9],
    sum: 394261,
  },
  {
    rate: 4000,
    cycle: [0.5004, 2.9],
    frame0: [141, 164, 138, 98, 103, 90, 66, 52, 55],
    frame40: [56, 75, 76, 88, 38, 32, 55, 33, 60],
    row20: [148, 179, 36, 29, 27, 42, 0, 0, 0],
    sum: 644747,
  },
  {
    rate: 4000,
    cycle: [1.2, 5.9],
    frame0: [133, 139, 179, 162, 113, 107, 105, 90, 86],
    frame40: [36, 81, 78, 84, 1, 0, 45, 0, 8],
    row20: [166, 44, 0, 41, 13, 16, 41, 0, 44],
    sum: 1043332,
  },
];

describe("the recipe of icbhi-logmel", () => {
  for (const { rate, cycle, frame0, frame40, row20, sum } of CASES) {
    const [start, end] = cycle as [number, number];
    it(`equals soxr, audioop and librosa: ${rate} Hz, ${end - start > 4 ? "longer" : "shorter"} than 4 s`, () => {
      const map = cycleMap(bandLimit(madeUpBreath(rate, 6), rate), start, end);
      const column = (frame: number) => Array.from({ length: 9 }, (_, i) => map[11 * i * 173 + frame]!);
      const row = (band: number) => Array.from({ length: 9 }, (_, i) => map[band * 173 + 20 * i]!);
      const steps = (a: number[], b: number[]) => Math.max(...a.map((x, i) => Math.abs(x - b[i]!)));
      expect(map.length).toBe(90 * 173);
      expect(Math.max(...map)).toBe(255);
      // A value at the edge of a step may fall to either side. Band 88 lies in the transition band, where soxr's filter and
      // ours differ a little; where the rate changes first, both round to other 16-bit values now and then, which moves
      // what is 70 dB down by a step or two.
      expect(steps(column(0), frame0)).toBeLessThanOrEqual(1);
      expect(steps(column(40), frame40)).toBeLessThanOrEqual(3);
      expect(steps(row(20), row20)).toBeLessThanOrEqual(rate === 4000 ? 1 : 3);
      expect(Math.abs(map.reduce((a, b) => a + b, 0) - sum) / sum).toBeLessThan(rate === 4000 ? 2e-3 : 5e-3);
    });
  }

  it("cuts at whole milliseconds, within the recording", () => {
    const recording = bandLimit(madeUpBreath(4000, 6), 4000);
    const map = cycleMap(recording, 0.5, 2.9);
    expect(cycleMap(recording, 0.50099, 2.90099)).toEqual(map);
    expect(cycleMap(recording, 0.501, 2.9)).not.toEqual(map);
    expect(cycleMap(recording, 5, 9)).toEqual(cycleMap(recording, 5, 6));
    expect(() => cycleMap(recording, 6, 7)).toThrow(UserError);
    expect(() => cycleMap(recording, 6.5, 7)).toThrow("which ends at 6 s");
  });

  it("gives the loudest value to silence, as power_to_db has it, and finite values to one sample", () => {
    expect(new Set(cycleMap(new Int16Array(8000), 0, 1))).toEqual(new Set([255]));
    expect(cycleMap(Int16Array.of(0, 100, 0, 0), 0, 0.001).some((byte) => byte === 255)).toBe(true);
  });

  it("says everything that decides a map in one text", () => {
    expect(RECIPE_TEXT).toContain("kaiser high");
    expect(RECIPE_TEXT).toContain('\\"maximumHz\\":4096');
  });

  it("stores 256 steps of the 80 dB, and reads them back within half a step", () => {
    expect([0, -80, -90, 3, -0.3, -0.32].map(byteOfDecibel)).toEqual([255, 0, 0, 255, 255, 254]);
    // u8 / 255 * 80 - 80, as the set is published
    expect([DECIBELS[0], DECIBELS[51], DECIBELS[255]]).toEqual([-80, -64, 0]);
    for (let db = -80; db <= 0; db += 0.01) {
      expect(Math.abs(DECIBELS[byteOfDecibel(db)]! - db)).toBeLessThan(80 / 255 + 1e-6);
    }
  });
});
