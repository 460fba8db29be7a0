import { afterEach, describe, expect, it, vi } from "vitest";
import { decodeSamples } from "../../src/audio/decodeSamples.js";
import { mixDown } from "../../src/audio/mixDown.js";
import { areFinite } from "../../src/audio/pcmVectors.js";
import { Streams } from "../../src/random/streams.js";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

const ENCODINGS = [
  [8, "integer"],
  [16, "integer"],
  [24, "integer"],
  [32, "integer"],
  [32, "float"],
  [64, "float"],
] as const;
type Encoding = (typeof ENCODINGS)[number][1];

/** One sample by the format's definition, read by a view. */
function sampleAt(view: DataView, bits: number, encoding: Encoding, at: number): number {
  if (encoding === "float") return bits === 64 ? Math.fround(view.getFloat64(at, true)) : view.getFloat32(at, true);
  if (bits === 8) return (view.getUint8(at) - 128) / 128;
  if (bits === 16) return view.getInt16(at, true) / 32768;
  if (bits === 24) return ((view.getUint8(at) << 8) | (view.getInt16(at + 1, true) << 16)) / 2147483648;
  return Math.fround(view.getInt32(at, true) / 2147483648);
}

/** Random samples: of integers all bit patterns, of floats finite ones of all sizes, with zeros of both signs among them. */
function bytesOf(bits: number, encoding: Encoding, count: number, offset: number): Uint8Array {
  const rng = new Streams(bits).stream("bytes");
  const bytes = Uint8Array.from({ length: offset + (count * bits) / 8 }, () => rng.integer(256));
  const view = new DataView(bytes.buffer);
  for (let i = 0; encoding === "float" && i < count; i++) {
    const value = i % 50 === 0 ? -0 : Math.fround((2 * rng.uniform() - 1) * 2 ** (rng.integer(250) - 126));
    if (bits === 64) view.setFloat64(offset + 8 * i, value * (1 + 1e-9), true);
    else view.setFloat32(offset + 4 * i, value, true);
  }
  return bytes;
}

/** More than one round of the kernel and a rest that fills no vector; from an odd place. */
const [FRAMES, OFFSET] = [9001, 45];

describe.each(ENCODINGS)("%i bits, %s", (bitsPerSample, encoding) => {
  for (const channels of [1, 2, 3]) {
    it(`${channels} channels are the mean of what a view reads, with and without vectors`, async () => {
      const layout = { channels, bitsPerSample, encoding, frames: FRAMES, dataOffset: OFFSET } as const;
      const bytes = bytesOf(bitsPerSample, encoding, FRAMES * channels, OFFSET);
      const view = new DataView(bytes.buffer);
      const all = Float32Array.from({ length: FRAMES * channels }, (_, i) =>
        sampleAt(view, bitsPerSample, encoding, OFFSET + (i * bitsPerSample) / 8),
      );
      const means = Float32Array.from({ length: FRAMES }, (_, frame) => {
        const values = all.subarray(frame * channels, (frame + 1) * channels);
        return values.reduce((sum, value) => sum + value, 0) / channels;
      });
      if (channels === 1) means.set(all); // -0 stays
      vi.stubGlobal("WebAssembly", undefined);
      vi.resetModules();
      const plain = await import("../../src/audio/mixDown.js");
      const plainSamples = await import("../../src/audio/decodeSamples.js");
      vi.unstubAllGlobals();
      for (const decoded of [decodeSamples(bytes, layout), plainSamples.decodeSamples(bytes, layout)]) {
        expect(decoded).toEqual(all);
      }
      for (const mixed of [mixDown(bytes, layout), plain.mixDown(bytes, layout)]) {
        expect(mixed.findIndex((value, i) => value !== means[i])).toBe(-1);
      }
      expect(areFinite(mixDown(bytes, layout))).toBe(true);
    });
  }
});

describe("what is not finite is found", () => {
  const encoding = "float";
  for (const bitsPerSample of [32, 64]) {
    for (const channels of [1, 2, 3]) {
      it(`at any place: ${bitsPerSample} bits, ${channels} channels`, () => {
        const frames = 5000;
        const layout = { channels, bitsPerSample, encoding, frames, dataOffset: 0 } as const;
        const values = new (bitsPerSample === 64 ? Float64Array : Float32Array)(frames * channels).fill(0.5);
        const bytes = new Uint8Array(values.buffer);
        const places = [0, 1, 15, 16, 31, 32, 4095, 4096, values.length - 2, values.length - 1];
        for (const place of places) {
          for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
            values[place] = bad;
            const samples = mixDown(bytes, layout);
            const found = samples.findIndex((value) => !Number.isFinite(value));
            expect([areFinite(samples), found]).toEqual([false, Math.floor(place / channels)]);
          }
          values[place] = 0.5;
          // The file before leaves nothing behind.
          expect(areFinite(mixDown(bytes, layout))).toBe(true);
        }
        expect(areFinite(mixDown(bytes, { ...layout, frames: 3 }))).toBe(true);
      });
    }
  }

  it("two channels whose sum is beyond single precision have a mean", () => {
    const values = new Float32Array(200).fill(3e38);
    const layout = { channels: 2, bitsPerSample: 32, encoding, frames: 100, dataOffset: 0 } as const;
    expect(new Set(mixDown(new Uint8Array(values.buffer), layout))).toEqual(new Set([Math.fround(3e38)]));
    const wide = new Uint8Array(new Float64Array(200).fill(1e300).buffer);
    expect(areFinite(mixDown(wide, { ...layout, bitsPerSample: 64 }))).toBe(false);
  });
});
