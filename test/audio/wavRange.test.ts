import { mkdtempSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { encodeWav } from "../../src/audio/encodeWav.js";
import { type ByteSource, decodeWav, openWav } from "../../src/audio/wav.js";
import { openWavFile } from "../../src/node/wavFile.js";
import { Streams } from "../../src/random/streams.js";
import { UserError } from "../../src/userError.js";
import { ascii, chunk, format, riff, u32 } from "./wavParts.js";

/** A file in memory that counts what is read of it. */
function source(bytes: Uint8Array): ByteSource & { bytesRead: number; reads: number } {
  return {
    name: "made-up.wav",
    bytes: bytes.length,
    bytesRead: 0,
    reads: 0,
    async readAt(offset, length) {
      const found = bytes.slice(offset, offset + length);
      this.bytesRead += found.length;
      this.reads++;
      return found;
    },
  };
}

/** Random sample bytes, floats among them finite. */
function sampleBytes(bits: number, tag: number, count: number): number[] {
  const rng = new Streams(bits + tag).stream("bytes");
  if (tag === 3) {
    const values = Array.from({ length: count }, () => 2 * rng.uniform() - 1);
    const typed = bits === 64 ? Float64Array.from(values) : Float32Array.from(values);
    return [...new Uint8Array(typed.buffer)];
  }
  return Array.from({ length: (count * bits) / 8 }, () => rng.integer(256));
}

describe("openWav", () => {
  const encodings = [
    [8, 1],
    [16, 1],
    [24, 1],
    [32, 1],
    [32, 3],
    [64, 3],
  ] as const;
  for (const [bits, tag] of encodings) {
    for (const channels of [1, 2, 3]) {
      it(`cuts what lies in the whole file: ${bits} bits, ${tag === 3 ? "float" : "integer"}, ${channels} channels`, async () => {
        // An odd chunk before the samples, so that these lie at no multiple of their size.
        const bytes = riff(
          format({ bits, tag, channels }),
          chunk("LIST", [1, 2, 3]),
          chunk("data", sampleBytes(bits, tag, 50 * channels)),
        );
        const whole = decodeWav(bytes, "made-up.wav");
        expect(whole.frames).toBe(50);
        const wav = await openWav(source(bytes));
        expect(wav.header.frames).toBe(50);
        for (const [first, end] of [
          [0, 50],
          [0, 1],
          [49, 50],
          [7, 31],
          [40, 1000],
        ] as const) {
          expect(await wav.read(first, end)).toEqual(whole.samples.slice(first, end));
        }
      });
    }
  }

  it("reads nothing but the header and what is wanted", async () => {
    const bytes = riff(chunk("LIST", new Uint8Array(100_000)), format(), chunk("data", new Uint8Array(1_000_000)));
    const counted = source(bytes);
    const wav = await openWav(counted);
    expect(counted.bytesRead).toBeLessThan(200);
    const before = counted.bytesRead;
    await wav.read(1000, 1500);
    expect(counted.bytesRead - before).toBe(1000);
  });

  it("clamps a stretch that reaches beyond the end, and is empty behind it", async () => {
    const wav = await openWav(source(encodeWav(Float32Array.of(0.25, 0.5, -0.5), 8000)));
    expect([...(await wav.read(1, 99))]).toEqual([0.5, -0.5]);
    expect((await wav.read(3, 99)).length).toBe(0);
    expect((await wav.read(2, 1)).length).toBe(0);
    for (const [first, end] of [
      [-1, 2],
      [0.5, 2],
      [0, Number.NaN],
      [0, Number.POSITIVE_INFINITY],
    ] as const) {
      await expect(wav.read(first, end)).rejects.toThrow("are no stretch of a file");
    }
  });

  it("names the sample that is not a number, and only where it is read", async () => {
    const values = Float32Array.from({ length: 10 }, (_, n) => (n === 6 ? Number.NaN : 0.5));
    const bytes = riff(format({ bits: 32, tag: 3 }), chunk("data", new Uint8Array(values.buffer)));
    const wav = await openWav(source(bytes));
    expect((await wav.read(0, 6)).length).toBe(6);
    await expect(wav.read(4, 8)).rejects.toThrow("made-up.wav: sample 6 is NaN; samples must be finite numbers");
  });

  it("is not kept by a file of nothing but chunks", async () => {
    const bytes = Uint8Array.from([
      ...ascii("RIFF"),
      ...u32(1e6),
      ...ascii("WAVE"),
      ...new Array(20_000).fill([...ascii("junk"), ...u32(0)]).flat(),
    ]);
    const counted = source(bytes);
    await expect(openWav(counted)).rejects.toThrow("more than 10000 chunks before the samples");
    expect(() => decodeWav(bytes, "made-up.wav")).toThrow("more than 10000 chunks before the samples");
  });

  it("says of a mutated file what decoding the whole of it says", async () => {
    const rng = new Streams(9).stream("mutations");
    const good = riff(format(), chunk("LIST", [1, 2, 3]), chunk("data", sampleBytes(16, 1, 20)));
    for (let round = 0; round < 3000; round++) {
      let bytes = good.slice();
      for (let hit = 0; hit <= rng.integer(3); hit++) bytes[rng.integer(60)] = rng.integer(256);
      if (rng.uniform() < 0.3) bytes = bytes.slice(0, rng.integer(bytes.length));
      let expected: unknown;
      try {
        expected = decodeWav(bytes, "made-up.wav").samples;
      } catch (error) {
        expect(error).toBeInstanceOf(UserError);
        expected = (error as UserError).message;
      }
      const found = await openWav(source(bytes))
        .then((wav) => wav.read(0, wav.header.frames))
        .catch((error: Error) => error.message);
      expect(found).toEqual(expected);
    }
  });
});

describe("openWavFile", () => {
  it("cuts a stretch from a file, and notices when the file became shorter", async () => {
    const file = path.join(mkdtempSync(path.join(tmpdir(), "wav-")), "clip.wav");
    const samples = Float32Array.from({ length: 5000 }, (_, n) => ((n % 200) - 100) / 128);
    writeFileSync(file, encodeWav(samples, 4000));
    const wav = await openWavFile(file);
    expect(await wav.read(1234, 4321)).toEqual(samples.slice(1234, 4321));
    truncateSync(file, 3000);
    await expect(wav.read(1234, 4321)).rejects.toThrow("has become shorter since its header was read");
    await wav.close();
    writeFileSync(file, "");
    await expect(openWavFile(file)).rejects.toThrow(`${file}: the file is empty`);
    await expect(openWavFile(`${file}.not`)).rejects.toThrow("ENOENT");
  });
});
