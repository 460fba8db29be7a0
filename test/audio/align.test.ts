import { describe, expect, it } from "vitest";
import { type AlignOptions, drawAlignment } from "../../src/audio/align.js";
import { applyAlignment, LONG_RULES, SHORT_RULES } from "../../src/audio/alignment.js";
import { smartNeighbours } from "../../src/audio/smartNeighbours.js";
import { Streams } from "../../src/random/streams.js";

/** 1, 2, 3 ... */
const counting = (count: number) => Float32Array.from({ length: count }, (_, i) => i + 1);
const rng = (seed = 1) => new Streams(seed).stream("align");

function aligned(count: number, options: Partial<AlignOptions>, seed = 1): number[][] {
  const drawn = drawAlignment(count, { length: 8, short: "tile", long: "first", ...options }, rng(seed));
  return applyAlignment(counting(count), JSON.parse(JSON.stringify(drawn))).map((piece) => [...piece]);
}

describe("alignment of short clips", () => {
  // NumPy 2.4: x = np.arange(1, 4); np.resize(x, 8); np.pad(x, (0, 5)); np.pad(x, (2, 3)); np.pad(x, (0, 5), mode="reflect")
  it.each([
    ["tile", [1, 2, 3, 1, 2, 3, 1, 2]],
    ["zero-end", [1, 2, 3, 0, 0, 0, 0, 0]],
    ["zero-centre", [0, 0, 1, 2, 3, 0, 0, 0]],
    ["reflect", [1, 2, 3, 2, 1, 2, 3, 2]],
  ] as const)("%s is what NumPy does", (short, expected) => {
    expect(aligned(3, { short })).toEqual([expected]);
  });

  it("double-and-attach is RespireNet's loader, in front and behind about as often", () => {
    /** As the loader does it: the clip doubled until it covers what is missing, its end in front or its start behind. */
    const attach = (clip: number[], length: number, front: boolean) => {
      const left = length - clip.length;
      let longer = clip;
      while (longer.length < left) longer = [...longer, ...longer];
      return front ? [...longer.slice(longer.length - left), ...clip] : [...clip, ...longer.slice(0, left)];
    };
    const clip = [...counting(3)];
    const [front, behind] = [attach(clip, 8, true), attach(clip, 8, false)];
    let fronts = 0;
    for (let seed = 0; seed < 400; seed++) {
      const [out] = aligned(3, { short: "double-and-attach" }, seed);
      if (out![0] === front[0]) fronts++;
      expect(out).toEqual(out![0] === front[0] ? front : behind);
    }
    expect(Math.abs(fronts - 200)).toBeLessThan(50); // five deviations of a fair coin
  });

  it("random-offset-zero puts the clip anywhere, equally often", () => {
    const counts = new Array(6).fill(0);
    for (let seed = 0; seed < 1200; seed++) {
      const [out] = aligned(3, { short: "random-offset-zero" }, seed);
      const offset = out!.indexOf(1);
      counts[offset]++;
      expect(out).toEqual([...Array(offset).fill(0), 1, 2, 3, ...Array(5 - offset).fill(0)]);
    }
    for (const count of counts) expect(Math.abs(count - 200)).toBeLessThan(65); // five deviations
  });

  it("random-self-segments keeps the clip in front and appends runs of it, half of it or longer", () => {
    const starts = new Set<number>();
    for (let seed = 0; seed < 300; seed++) {
      const { pieces } = drawAlignment(10, { length: 47, short: "random-self-segments", long: "first" }, rng(seed));
      const fill = pieces[0]!.fill;
      if (fill.with !== "segments") throw new Error(fill.with);
      expect(fill.segments.reduce((sum, { count }) => sum + count, 0)).toBe(37);
      for (const { start, count } of fill.segments.slice(0, -1)) {
        expect(count).toBeGreaterThanOrEqual(5);
        expect(start + count).toBeLessThanOrEqual(10);
        starts.add(start);
      }
      const [out] = applyAlignment(counting(10), { length: 47, pieces });
      let at = 10;
      expect([...out!.subarray(0, 10)]).toEqual([...counting(10)]);
      for (const { start, count } of fill.segments) {
        expect([...out!.subarray(at, at + count)]).toEqual([...counting(10).subarray(start, start + count)]);
        at += count;
      }
    }
    expect([...starts].sort()).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it("smart appends the neighbours and then the clip itself", () => {
    const options: AlignOptions = { length: 12, short: "smart", long: "first", neighbours: [4, 2] };
    const neighbours = [Float32Array.of(11, 12, 13, 14), Float32Array.of(21, 22)];
    const drawn = drawAlignment(3, options);
    expect(drawn.pieces[0]!.fill).toEqual({ with: "neighbours", count: 2 });
    expect([...applyAlignment(counting(3), drawn, neighbours)[0]!]).toEqual([1, 2, 3, 11, 12, 13, 14, 21, 22, 1, 2, 3]);
    // No more of them than needed, the last one cut.
    const few = drawAlignment(3, { ...options, length: 6 });
    expect(few.pieces[0]!.fill).toEqual({ with: "neighbours", count: 1 });
    expect([...applyAlignment(counting(3), few, neighbours)[0]!]).toEqual([1, 2, 3, 11, 12, 13]);
    expect(() => applyAlignment(counting(3), drawn, neighbours.slice(1))).toThrow("2 neighbours were drawn, 1 are");
    expect([...applyAlignment(counting(3), drawAlignment(3, { ...options, length: 5, neighbours: [] }))[0]!]).toEqual([
      1, 2, 3, 1, 2,
    ]);
  });
});

describe("alignment of long clips", () => {
  it.each([
    ["first", [[1, 2, 3, 4, 5, 6, 7, 8]]],
    ["last", [[4, 5, 6, 7, 8, 9, 10, 11]]],
    ["centre", [[2, 3, 4, 5, 6, 7, 8, 9]]],
  ] as const)("%s", (long, expected) => {
    expect(aligned(11, { long })).toEqual(expected);
  });

  it("random takes any place, equally often", () => {
    const counts = new Array(4).fill(0);
    for (let seed = 0; seed < 800; seed++) {
      const [out] = aligned(11, { long: "random" }, seed);
      counts[out![0]! - 1]++;
      expect(out).toEqual(Array.from({ length: 8 }, (_, i) => out![0]! + i));
    }
    for (const count of counts) expect(Math.abs(count - 200)).toBeLessThan(62); // five deviations
  });

  it("split takes windows half a length apart and fills up what is left", () => {
    // librosa.util.frame(x, frame_length=8, hop_length=4) has floor((n - 8) / 4) + 1 windows; the rest follows hop * windows.
    expect(aligned(9, { long: "split" })).toEqual([
      [1, 2, 3, 4, 5, 6, 7, 8],
      [5, 6, 7, 8, 9, 5, 6, 7],
    ]);
    expect(aligned(17, { long: "split", short: "zero-end" })).toEqual([
      [1, 2, 3, 4, 5, 6, 7, 8],
      [5, 6, 7, 8, 9, 10, 11, 12],
      [9, 10, 11, 12, 13, 14, 15, 16],
      [13, 14, 15, 16, 17, 0, 0, 0],
    ]);
    expect(aligned(3, { long: "split", length: 1 })).toEqual([[1], [2], [3]]);
  });
});

describe("alignment", () => {
  it("gives the length for every pair of rules, from one sample on, from samples of the clip or zeros", () => {
    for (const short of SHORT_RULES) {
      for (const long of LONG_RULES) {
        for (const count of [1, 2, 7, 8, 9, 16, 100]) {
          for (const length of [1, 2, 8, 33]) {
            for (const piece of aligned(count, { short, long, length }, count)) {
              expect(piece.length).toBe(length);
              expect(piece.every((value) => Number.isInteger(value) && value >= 0 && value <= count)).toBe(true);
              if (count >= length && long !== "split") expect(piece).not.toContain(0);
            }
          }
        }
        expect(aligned(8, { short, long })).toEqual([[1, 2, 3, 4, 5, 6, 7, 8]]);
      }
    }
  });

  it("is the same again from the same stream, and needs a stream only where it draws", () => {
    for (const short of SHORT_RULES) {
      const options: AlignOptions = { length: 50, short, long: "first" };
      expect(drawAlignment(7, options, rng(4))).toEqual(drawAlignment(7, options, rng(4)));
      const draws = ["random-self-segments", "double-and-attach", "random-offset-zero"].includes(short);
      if (draws) expect(() => drawAlignment(7, options)).toThrow(`"${short}" draws at random, so it needs an rng`);
      else expect(drawAlignment(7, options)).toEqual(drawAlignment(7, options, rng()));
    }
    expect(() => drawAlignment(9, { length: 8, short: "tile", long: "random" })).toThrow("needs an rng");
  });

  it("refuses what is no clip, no length and no rule", () => {
    const options: AlignOptions = { length: 8, short: "tile", long: "first" };
    expect(() => drawAlignment(0, options)).toThrow("sampleCount must be a positive integer, got 0");
    expect(() => drawAlignment(3, { ...options, length: 0.5 })).toThrow("length must be a positive integer, got 0.5");
    expect(() => drawAlignment(3, { ...options, short: "zero" as "tile" })).toThrow(
      "short must be one of tile, zero-end",
    );
    expect(() => drawAlignment(3, { ...options, long: "end" as "last" })).toThrow("long must be one of first, last");
    expect(() => applyAlignment(counting(2), drawAlignment(3, options))).toThrow(
      "the clip of 2 samples has no 3 from 0",
    );
  });
});

describe("smartNeighbours", () => {
  const cycles = (labels: string) => Array.from(labels, (label) => ({ label, samples: 10 }));

  it("goes after, before, after, before while labels qualify", () => {
    expect(smartNeighbours(3, cycles("ccncncc"), 1000, "n")).toEqual([4, 2, 5, 1, 6, 0]);
  });

  it("ends a side at another label and at the recording's end", () => {
    expect(smartNeighbours(3, cycles("ncwcncn"), 1000, "n")).toEqual([4, 5, 6]);
    expect(smartNeighbours(0, cycles("cncwc"), 1000, "n")).toEqual([1, 2]);
    expect(smartNeighbours(0, cycles("c"), 1000, "n")).toEqual([]);
    // A normal cycle takes only normal ones.
    expect(smartNeighbours(2, cycles("ncnnc"), 1000, "n")).toEqual([3]);
  });

  it("takes no more than needed", () => {
    expect(smartNeighbours(2, cycles("nnnnn"), 10, "n")).toEqual([]);
    expect(smartNeighbours(2, cycles("nnnnn"), 11, "n")).toEqual([3]);
    expect(smartNeighbours(2, cycles("nnnnn"), 31, "n")).toEqual([3, 1, 4]);
  });

  it("refuses a cycle that is not there", () => {
    expect(() => smartNeighbours(5, cycles("nnnnn"), 10, "n")).toThrow("there is no cycle 5 among 5");
  });
});
