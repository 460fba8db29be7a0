import { describe, expect, test } from "vitest";
import { testPathOf } from "../../src/papers/testPaths.js";
import { placesOf } from "../../src/web/listening/inputPlace.js";
import { rowBordersHz } from "../../src/web/listening/rowFrequencies.js";
import {
  frameAt,
  mapsOf,
  rowAt,
  type SeenMap,
  type SeenPart,
  sharesOf,
  valueAt,
} from "../../src/web/listening/seenPart.js";
import { seenText } from "../../src/web/listening/seenText.js";

const RATE = 8000;
/** A tone from 0.2 s before a time to 0.2 s after it, over faint noise: a picture of it has one bright place. */
function clipWithTone(seconds: number, atSeconds: number, hertz: number): Float32Array {
  let seed = 1;
  return Float32Array.from({ length: Math.round(seconds * RATE) }, (_, n) => {
    seed = (seed * 16_807) % 2_147_483_647;
    const near = Math.abs(n / RATE - atSeconds) / 0.2;
    const swell = near < 1 ? Math.cos((Math.PI * near) / 2) ** 2 : 0;
    return 0.5 * swell * Math.sin((2 * Math.PI * hertz * n) / RATE) + 1e-3 * (seed / 1e9 - 1);
  });
}

/** The time at which a row is brightest, of what is drawn. */
function brightest(seen: SeenMap, row: number, seconds: number): number {
  let [best, bestAt] = [Number.NEGATIVE_INFINITY, Number.NaN];
  for (let time = 0; time < seconds; time += 0.01) {
    const frame = frameAt(seen, time);
    const value = frame < 0 ? Number.NEGATIVE_INFINITY : valueAt(seen, row, frame);
    if (value > best) [best, bestAt] = [value, time];
  }
  return bestAt;
}

const PICTURE = { seconds: 7, padding: "tile", bandPass: true, imageScale: 1, clipBlank: false } as const;

/** [recipe, task, parameters, length of the clip, where the tone is]: short clips, and such that are cut. */
const CASES = [
  ["multibreath", "11", undefined, 3, 1.1],
  ["multibreath", "11", undefined, 12, 7.3],
  ["glancegaze", "11", undefined, 3, 2.2],
  ["glancegaze-logmel", "11", undefined, 2.5, 0.8],
  ["cycleguardian-logmel", "11", undefined, 6, 3.1],
  ["respirenet", "11", PICTURE, 3, 1.4],
] as const;

describe("where inputs lie", () => {
  test.each(CASES)(
    "%s (%s, %j): a tone in a clip of %d s at %d s is seen there",
    (recipe, task, parameters, seconds, at) => {
      const path = testPathOf(recipe, task, parameters);
      const hertz = 700;
      const [map] = path.maps(clipWithTone(seconds, at, hertz), RATE);
      const { rows, frames, channels = 1, data } = map!;
      const isPicture = path.frontEnd.name === "mel-image";
      // Of magma's channels green grows with the level all the way.
      const values = Float32Array.from({ length: rows * frames }, (_, i) => {
        const cell = isPicture ? (rows - 1 - Math.floor(i / frames)) * frames + (i % frames) : i;
        return data[cell * channels + (isPicture ? 1 : 0)]!;
      });
      const [place] = placesOf(path, frames, seconds)!;
      const bordersHz = rowBordersHz(path.frontEnd, rows, rows)!;
      const seen: SeenMap = { rows, frames, values, place: place!, isPlaced: true, bordersHz };
      // Where the page would draw the tone's row brightest. Of recipes that bring each row to mean 0, that row is as good as others.
      const row = rowAt(seen, hertz);
      expect(Math.abs(brightest(seen, row, seconds) - at)).toBeLessThan(0.1);
      // Of all rows the tone's own is the brightest then, or the one beside it.
      const frame = Math.round(frameAt(seen, at));
      const column = Array.from({ length: rows }, (_, i) => values[i * frames + frame]!);
      if (recipe !== "cycleguardian-logmel") {
        const most = column.indexOf(Math.max(...column));
        expect(bordersHz[Math.max(0, most - 1)]!).toBeLessThan(hertz);
        expect(bordersHz[Math.min(rows, most + 2)]!).toBeGreaterThan(hertz);
      }
      expect(bordersHz[Math.floor(row + 0.5)]!).toBeLessThanOrEqual(hertz);
      expect(bordersHz[Math.floor(row + 0.5) + 1]!).toBeGreaterThan(hertz);
    },
  );

  test("cepstra are placed in time; in the middle, or between silence; they and mixed channels have no frequencies", () => {
    const event = testPathOf("supcon-sprs", "11");
    for (const seconds of [1, 5]) {
      const [map] = event.maps(clipWithTone(seconds, 0.5 * seconds + 0.3, 700), RATE);
      const [place] = placesOf(event, 187, seconds)!;
      // The first coefficient is the level.
      const level = map!.data.subarray(0, 187);
      const seen: SeenMap = { rows: 1, frames: 187, values: level, place: place!, isPlaced: true };
      expect((place!.endSeconds - place!.startSeconds) / 187).toBeCloseTo(0.016, 6);
      expect(Math.abs(brightest(seen, 0, seconds) - (0.5 * seconds + 0.3))).toBeLessThan(0.06);
    }
    expect(placesOf(event, 187, 1)![0]).toMatchObject({ soundStartSeconds: 0, soundEndSeconds: 1, filling: "zeros" });
    expect(rowBordersHz(event.frontEnd, 64, 16)).toBeUndefined();
    expect(rowBordersHz(testPathOf("cycleguardian").frontEnd, 84, 84)).toBeUndefined();
    expect(rowBordersHz(testPathOf("respirenet").frontEnd, 192, 192)).toBeUndefined();
    expect(placesOf({ ...event, steps: { other: "unheard of" } }, 187, 3)).toBeUndefined();
  });

  test.each([3, 7, 9, 10.5, 14, 21.3])(
    "of a clip of %d s there are as many places as inputs, and the last ones end with it",
    (seconds) => {
      for (const [recipe, task, parameters] of [
        ["respirenet", "11", PICTURE],
        ["supcon-sprs", "22-windows", undefined],
      ] as const) {
        const path = testPathOf(recipe, task, parameters);
        const maps = path.maps(clipWithTone(seconds, 1, 500), RATE);
        const places = placesOf(path, maps[0]!.frames, seconds)!;
        expect(places).toHaveLength(maps.length);
        if (recipe === "respirenet") expect(places.at(-1)!.soundEndSeconds).toBeCloseTo(seconds, 6);
        for (const { soundStartSeconds, soundEndSeconds } of places) {
          expect(soundStartSeconds).toBeGreaterThanOrEqual(0);
          expect(soundEndSeconds).toBeLessThanOrEqual(seconds + 1e-9);
        }
      }
    },
  );

  test("the last 8 s of a longer clip, where a recipe keeps those", () => {
    const [place] = placesOf(testPathOf("cycleguardian-authors"), 688, 11)!;
    expect([place!.soundStartSeconds, place!.soundEndSeconds]).toEqual([3, 11]);
  });
});

describe("what a map holds", () => {
  const part: SeenPart = {
    ...{ rows: 2, frames: 4, values: Float32Array.of(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1, 0, 1), isPlaced: true },
    place: { startSeconds: 10, endSeconds: 18, soundStartSeconds: 10, soundEndSeconds: 13, filling: "repeats" },
    bordersHz: [0, 1000, 3000],
  };

  test("shares in the filling and above the spectrogram are counted by hand", () => {
    const maps = mapsOf([part], "grad-cam++", 1);
    // Of 5 cells of 2 s, sound is in one frame and a half: 2 and 2 halves; filling has 2 halves and 1. Above 2 of 3 kHz: half of the upper row's.
    const { filling, above, isEmpty } = sharesOf(maps, 2000);
    expect([filling, above, isEmpty]).toEqual([(1 + 1) / 5, (0.5 * 1.5) / 5, false]);
    const text = seenText({
      ...{ kind: "grad-cam++", maps, shares: { filling, above, isEmpty }, output: "Crackle", unit: "cycle" },
      ...{ seconds: 3, topHz: 2000 },
    }).join(" ");
    expect(text).toMatch(/Grad-CAM\+\+.*speaks for Crackle/);
    expect(text).toMatch(/input of 8\u00a0s repeats this cycle.*40\u00a0% of the map lies in what is not drawn/);
    expect(text).toMatch(/15\u00a0% of the map lies above 2 kHz/);
    expect(sharesOf(mapsOf([part], "grad-cam++", 0), 2000).isEmpty).toBe(true);
  });

  test("nothing is drawn of the filling, and attention is brought to its largest share over all inputs", () => {
    const [map] = mapsOf([part], "grad-cam++", 1);
    expect([9.9, 13, 17].map((time) => frameAt(map!, time))).toEqual([-1, -1, -1]);
    expect([10, 11, 12].map((time) => frameAt(map!, time))).toEqual([0, 0, 0.5]);
    expect([-1, 0, 500, 2000, 3000].map((hertz) => rowAt(map!, hertz))).toEqual([-1, 0, 0, 1, -1]);
    expect(valueAt(map!, 0.5, 1.5)).toBe(0.5);
    const shares = [
      [0.1, 0.2, 0.3, 0.4],
      [0.05, 0.8, 0.1, 0.05],
    ].map((values) => ({ ...part, rows: 1, values: Float32Array.from(values) }));
    const scaled = mapsOf(shares, "attention", 0).map(({ values }) =>
      [...values].map((value) => Number(value.toFixed(4))),
    );
    expect(scaled).toEqual([
      [0.125, 0.25, 0.375, 0.5],
      [0.0625, 1, 0.125, 0.0625],
    ]);
  });
});
