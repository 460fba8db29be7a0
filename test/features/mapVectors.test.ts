import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { powerToDecibel } from "../../src/features/decibel.js";
import { minMaxToHalf, zScore } from "../../src/features/normalise.js";
import { Streams } from "../../src/random/streams.js";

/** The modules as a machine without WebAssembly has them: plain loops. */
const plain = {} as {
  powerToDecibel: typeof powerToDecibel;
  minMaxToHalf: typeof minMaxToHalf;
  zScore: typeof zScore;
};

beforeAll(async () => {
  vi.stubGlobal("WebAssembly", undefined);
  vi.resetModules();
  Object.assign(plain, await import("../../src/features/decibel.js"), await import("../../src/features/normalise.js"));
  vi.unstubAllGlobals();
});

afterAll(() => {
  vi.resetModules();
});

/** More than one round and a rest that fills no vector, and few. */
const LENGTHS = [10_003, 4096, 5, 1];

/** Numbers of all sizes, signs and kinds. */
function bitPatterns(count: number): Float32Array {
  const rng = new Streams(count).stream("bits");
  const bits = Uint32Array.from({ length: count }, () => rng.integer(2 ** 32));
  return new Float32Array(bits.buffer);
}

function uniform(count: number): Float32Array {
  const rng = new Streams(count).stream("values");
  return Float32Array.from({ length: count }, () => 2 * rng.uniform() - 1);
}

describe("vectors give what plain loops give, to the bit", () => {
  it("powerToDecibel, of any bits", () => {
    for (const length of LENGTHS) {
      for (const options of [
        { reference: 1, floor: 1e-10, rangeDb: null },
        { reference: "max", floor: 2 ** -126, rangeDb: 80 },
        { reference: 3e-5, floor: 1e-3, rangeDb: 0 },
      ] as const) {
        const [ours, theirs] = [bitPatterns(length), bitPatterns(length)];
        powerToDecibel(ours, options);
        plain.powerToDecibel(theirs, options);
        expect(ours).toEqual(theirs);
      }
    }
  });

  it("powerToDecibel is 10 log10 to half a step of single precision", () => {
    const power = uniform(5000).map((value) => 2 ** (60 * value));
    const exact = power.map((value) => 10 * Math.log10(value));
    powerToDecibel(power, { reference: 1, floor: 1e-30, rangeDb: null });
    expect(power).toEqual(exact);
  });

  it("minMaxToHalf, and a sample that is not a number stays one", () => {
    for (const length of LENGTHS) {
      const samples = uniform(length);
      expect(minMaxToHalf(samples)).toEqual(plain.minMaxToHalf(samples));
      samples[length >> 1] = Number.NaN;
      expect(minMaxToHalf(samples)).toEqual(plain.minMaxToHalf(samples));
    }
  });

  it("zScore", () => {
    for (const length of LENGTHS) {
      const [ours, theirs] = [uniform(length), uniform(length)];
      zScore(ours);
      plain.zScore(theirs);
      expect(ours).toEqual(theirs);
    }
  });
});
