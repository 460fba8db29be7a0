import { describe, expect, it } from "vitest";
import { encodeWav } from "../../src/audio/encodeWav.js";
import { decodeWav, readWavHeader } from "../../src/audio/wav.js";
import { Streams } from "../../src/random/streams.js";
import { largestDifference } from "../features/madeUp.js";
import { chunk, format, riff } from "./wavParts.js";

const bytesOf = (hexadecimal: string) => Uint8Array.from(Buffer.from(hexadecimal, "hex"));

describe("decodeWav", () => {
  // soundfile 0.14 (libsndfile 1.2.2):
  //   x = np.array([[0.5, -0.25], [-1, 0.125], [0.999, 0.3]]); b = io.BytesIO()
  //   sf.write(b, x, 8000, subtype=s, format=f); b.getvalue().hex(); b.seek(0); sf.read(b)[0].mean(1).tolist()
  const written: [string, number, string, number[]][] = [
    [
      "WAV PCM_U8",
      8,
      "524946462a00000057415645666d74201000000001000200401f0000803e0000020008006461746106000000c0600090ffa6",
      [0.125, -0.4375, 0.64453125],
    ],
    [
      "WAV PCM_16",
      16,
      "524946463000000057415645666d74201000000001000200401f0000007d000004001000646174610c000000004000e000800010df7f6626",
      [0.125, -0.4375, 0.6494903564453125],
    ],
    [
      "WAV PCM_24",
      24,
      "524946463600000057415645666d74201000000001000200401f000080bb00000600180064617461120000000000400000e00000800000103bdf7f666626",
      [0.125, -0.4375, 0.6494999527931213],
    ],
    [
      "WAV PCM_32",
      32,
      "524946463c00000057415645666d74201000000001000200401f000000fa000008002000646174611800000000000040000000e00000008000000010643bdf7f66666626",
      [0.125, -0.4375, 0.6494999998249114],
    ],
    [
      "WAV FLOAT",
      32,
      "524946466800000057415645666d74201000000003000200401f000000fa0000080020006661637404000000030000005045414b1800000001000000078b016b0000803f010000009a99993e0200000064617461180000000000003f000080be000080bf0000003e77be7f3f9a99993e",
      [0.125, -0.4375, 0.6495000123977661],
    ],
    [
      "WAV DOUBLE",
      64,
      "524946468000000057415645666d74201000000003000200401f000000f40100100040006661637404000000030000005045414b1800000001000000078b016b0000803f010000009a99993e020000006461746130000000000000000000e03f000000000000d0bf000000000000f0bf000000000000c03f2b8716d9cef7ef3f333333333333d33f",
      [0.125, -0.4375, 0.6495],
    ],
    [
      "WAVEX PCM_U8",
      8,
      "524946464e00000057415645666d742028000000feff0200401f0000803e00000200080016000800030000000100000000001000800000aa00389b716661637404000000030000006461746106000000c0600090ffa6",
      [0.125, -0.4375, 0.64453125],
    ],
    [
      "WAVEX PCM_16",
      16,
      "524946465400000057415645666d742028000000feff0200401f0000007d00000400100016001000030000000100000000001000800000aa00389b71666163740400000003000000646174610c000000004000e000800010df7f6626",
      [0.125, -0.4375, 0.6494903564453125],
    ],
    [
      "WAVEX PCM_24",
      24,
      "524946465a00000057415645666d742028000000feff0200401f000080bb00000600180016001800030000000100000000001000800000aa00389b7166616374040000000300000064617461120000000000400000e00000800000103bdf7f666626",
      [0.125, -0.4375, 0.6494999527931213],
    ],
    [
      "WAVEX PCM_32",
      32,
      "524946466000000057415645666d742028000000feff0200401f000000fa00000800200016002000030000000100000000001000800000aa00389b71666163740400000003000000646174611800000000000040000000e00000008000000010643bdf7f66666626",
      [0.125, -0.4375, 0.6494999998249114],
    ],
    [
      "WAVEX FLOAT",
      32,
      "524946468000000057415645666d742028000000feff0200401f000000fa00000800200016002000030000000300000000001000800000aa00389b716661637404000000030000005045414b1800000001000000078b016b0000803f010000009a99993e0200000064617461180000000000003f000080be000080bf0000003e77be7f3f9a99993e",
      [0.125, -0.4375, 0.6495000123977661],
    ],
  ];
  for (const [name, bits, hexadecimal, means] of written) {
    it(`reads what libsndfile wrote: ${name}`, () => {
      const wav = decodeWav(bytesOf(hexadecimal), name);
      expect(wav).toMatchObject({ sampleRateHz: 8000, channels: 2, bitsPerSample: bits, frames: 3, warnings: [] });
      expect(wav.samples).toEqual(Float32Array.from(means));
    });
  }

  const twoSamples = chunk("data", [0, 64, 0, 192]); // 0.5 and -0.5
  const half = Float32Array.of(0.5, -0.5);

  it("reaches exactly -1 at full scale, and one step less above", () => {
    expect(decodeWav(riff(format(), chunk("data", [0, 128, 255, 127])), "a").samples).toEqual(
      Float32Array.of(-1, 32767 / 32768),
    );
    const wide = riff(format({ bits: 24 }), chunk("data", [0, 0, 128, 255, 255, 127]));
    expect(decodeWav(wide, "a").samples).toEqual(Float32Array.of(-1, 8388607 / 8388608));
    expect(decodeWav(riff(format({ bits: 8 }), chunk("data", [0, 128, 255])), "a").samples).toEqual(
      Float32Array.of(-1, 0, 127 / 128),
    );
  });

  it("passes over other chunks, of odd size too, before, between and after", () => {
    const wav = riff(chunk("LIST", [1, 2, 3]), format(), chunk("bext", [5]), twoSamples, chunk("id3 ", [7]));
    expect(decodeWav(wav, "a")).toMatchObject({ samples: half, warnings: [] });
    expect(decodeWav(riff(twoSamples, format()), "data first").samples).toEqual(half);
  });

  it("finds the next chunk where the padding byte is missing", () => {
    const unpadded = chunk("LIST", [1, 2, 3]).slice(0, -1);
    expect(decodeWav(riff(unpadded, format(), twoSamples), "a").samples).toEqual(half);
    expect(decodeWav(riff(format(), unpadded, twoSamples), "a").samples).toEqual(half);
  });

  it("reads from the middle of a larger buffer, at an odd place", () => {
    const wav = riff(format(), twoSamples);
    const larger = new Uint8Array(wav.length + 10).fill(77);
    larger.set(wav, 3);
    expect(decodeWav(larger.subarray(3, 3 + wav.length), "a").samples).toEqual(half);
  });

  it("mends a wrong block alignment, with a warning", () => {
    const wrong = riff(format({ blockAlign: 4, bytesPerSecond: 16000 }), twoSamples);
    expect(decodeWav(wrong, "a")).toMatchObject({
      samples: half,
      warnings: ["block alignment is 4 in the header; 1 x 16 bits make 2, which was used"],
    });
  });

  it("uses what is there of a data chunk that claims more, and drops half a frame, with warnings", () => {
    expect(decodeWav(riff(format(), chunk("data", [0, 64, 0, 192], 0xffffffff)), "a")).toMatchObject({
      samples: half,
      warnings: ["the data chunk claims 4294967295 bytes, the file holds 4; what is there was used"],
    });
    const cut = riff(format(), chunk("data", [0, 64, 0, 192, 5, 6], 100)).subarray(0, -1);
    const { samples, warnings } = decodeWav(cut, "a");
    expect(samples).toEqual(half);
    expect(warnings).toEqual([
      "the data chunk claims 100 bytes, the file holds 5; what is there was used",
      "the last frame is cut short (1 of 2 bytes) and was dropped",
    ]);
  });
});

describe("readWavHeader", () => {
  it("needs only the beginning where it is told the file's length", () => {
    const wav = encodeWav(new Float32Array(1000), 4000);
    expect(readWavHeader(wav.subarray(0, 64), "a", wav.length)).toEqual({
      sampleRateHz: 4000,
      channels: 1,
      bitsPerSample: 16,
      encoding: "integer",
      frames: 1000,
      dataOffset: 44,
      warnings: [],
    });
  });
});

describe("encodeWav", () => {
  // soundfile 0.14: sf.write(b, np.array([0, 0.5, -1, 0.25]), 8000, subtype="PCM_16", format="WAV"); b.getvalue().hex()
  it("writes the bytes that libsndfile writes", () => {
    const expected =
      "524946462c00000057415645666d74201000000001000100401f0000803e00000200100064617461080000000000004000800020";
    expect(Buffer.from(encodeWav(Float32Array.of(0, 0.5, -1, 0.25), 8000)).toString("hex")).toBe(expected);
  });

  // soundfile 0.14, libsndfile 1.2.2: as above with subtype="PCM_24", and the first three samples, whose bytes are odd
  it.each([
    [
      [0, 0.5, -1, 0.25],
      "524946463000000057415645666d74201000000001000100401f0000c05d000003001800646174610c000000000000000040000080000020",
    ],
    [
      [0, 0.5, -1],
      "524946462e00000057415645666d74201000000001000100401f0000c05d000003001800646174610900000000000000004000008000",
    ],
  ])("writes 24 bits as libsndfile does: %j", (samples, expected) => {
    const wav = encodeWav(Float32Array.from(samples), 8000, 24);
    expect(Buffer.from(wav).toString("hex")).toBe(expected);
    expect([...decodeWav(wav, "a").samples]).toEqual(samples);
  });

  it("comes back exact from 16 bits, within half a step from anything, clipped beyond full scale", () => {
    const all = Float32Array.from({ length: 65536 }, (_, i) => (i - 32768) / 32768);
    expect(decodeWav(encodeWav(all, 8000), "a").samples).toEqual(all);
    const rng = new Streams(1).stream("noise");
    const noise = Float32Array.from({ length: 5000 }, () => 1.8 * rng.uniform() - 0.9);
    expect(largestDifference(decodeWav(encodeWav(noise, 44100), "a").samples, noise)).toBeLessThanOrEqual(2 ** -16);
    expect(decodeWav(encodeWav(Float32Array.of(2, -2), 8000), "a").samples).toEqual(Float32Array.of(32767 / 32768, -1));
  });

  it("refuses samples that are not finite and rates that are none", () => {
    expect(() => encodeWav(Float32Array.of(0, Number.NaN), 8000)).toThrow("sample 1 is NaN");
    for (const rate of [0, -1, 8000.5, Number.NaN])
      expect(() => encodeWav(new Float32Array(1), rate)).toThrow(RangeError);
  });
});
