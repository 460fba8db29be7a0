import { closeSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { decodeWav, readWavHeader } from "../../src/audio/wav.js";
import { Streams } from "../../src/random/streams.js";
import { UserError } from "../../src/userError.js";
import { ascii, chunk, format, riff, u16, u32 } from "./wavParts.js";

const data = chunk("data", [0, 64, 0, 192]);
const good = riff(format(), data);
const withMagic = (magic: string) => Uint8Array.from([...ascii(magic), ...good.subarray(4)]);
const extensible = (guidStart: number[]) =>
  chunk("fmt ", [
    ...format({ tag: 0xfffe }).slice(8),
    ...[...u16(22), ...u16(16), ...u32(4), ...guidStart],
    ...new Array(16 - guidStart.length).fill(9),
  ]);

/** Each wrong file, and what is said of it after the name. */
const illFormed: [string, Uint8Array, string][] = [
  ["empty", new Uint8Array(0), "the file is empty"],
  ["cut in the header", good.subarray(0, 9), "the file ends after 9 bytes, within its header"],
  ["text", Uint8Array.from(ascii("start,end,label")), 'not a WAV file (it starts with "star" instead of "RIFF")'],
  ["zeros", new Uint8Array(100), 'not a WAV file (it starts with bytes 00 00 00 00 instead of "RIFF")'],
  ["FLAC", withMagic("fLaC"), 'not a WAV file (it starts with "fLaC" instead of "RIFF")'],
  ["big-endian", withMagic("RIFX"), "big-endian WAV (RIFX) is not read"],
  ["64-bit", withMagic("RF64"), "64-bit WAV (RF64) is not read"],
  [
    "AVI",
    Uint8Array.from([...good.subarray(0, 8), ...ascii("AVI "), ...good.subarray(12)]),
    'a RIFF file, but not a WAV file (its type is "AVI " instead of "WAVE")',
  ],
  ["no fmt", riff(data), 'no "fmt " chunk, so rate and bits are unknown'],
  ["no data", riff(format()), 'no "data" chunk, so there are no samples'],
  ["a chunk past the end", riff(format(), chunk("LIST", [1, 2], 0xfffffffe), data), 'no "data" chunk'],
  ["short fmt", riff(chunk("fmt ", [1, 0, 1, 0]), data), 'its "fmt " chunk is too short (4 bytes, at least 16)'],
  ["cut fmt", riff(format()).subarray(0, 30), 'its "fmt " chunk is too short'],
  ["A-law", riff(format({ tag: 6, bits: 8 }), data), "compressed or unknown audio (format 6, A-law) is not read"],
  ["MP3", riff(format({ tag: 85 }), data), "compressed or unknown audio (format 85, MP3) is not read"],
  ["unknown format", riff(format({ tag: 0x1234 }), data), "compressed or unknown audio (format 4660) is not read"],
  ["12 bits", riff(format({ bits: 12 }), data), "12 bits per integer sample are not read"],
  ["0 bits", riff(format({ bits: 0 }), data), "0 bits per integer sample are not read"],
  ["half floats", riff(format({ tag: 3, bits: 16 }), data), "16 bits per floating-point sample are not read"],
  ["no channels", riff(format({ channels: 0 }), data), "its header says 0 channels"],
  ["no rate", riff(format({ sampleRateHz: 0 }), data), "its header says a sample rate of 0 Hz"],
  [
    "24 in 32 bits",
    riff(format({ bits: 24, blockAlign: 4 }), data),
    "24-bit samples in 32-bit containers are not read",
  ],
  [
    "short extensible",
    riff(format({ tag: 0xfffe }), data),
    'its extensible "fmt " chunk is too short (16 bytes of 40)',
  ],
  ["unknown sub-format", riff(extensible([1, 0, 1]), data), "its extensible sub-format is unknown"],
  ["no samples", riff(format(), chunk("data", [])), "it holds no samples"],
  ["half a frame", riff(format({ channels: 3 }), data), "it holds no samples"],
  [
    "a recorder cut off",
    riff(format(), chunk("data", [1, 2, 3, 4], 0)),
    "its data chunk has size 0 (4 bytes follow it; a recorder that was cut off leaves this)",
  ],
];

describe("an ill-formed file is refused with its name and reason", () => {
  for (const [what, bytes, reason] of illFormed) {
    it(what, () => {
      const read = () => decodeWav(bytes, "102_1b1.wav");
      expect(read).toThrow(UserError);
      expect(read).toThrow(`102_1b1.wav: ${reason}`);
      expect(read).toThrow("expected a WAV file of integer PCM (8, 16, 24 or 32 bits)");
    });
  }

  it("samples that are not finite", () => {
    const floats = chunk("data", [0, 0, 0, 63, 0, 0, 192, 127]); // 0.5 and NaN
    expect(() => decodeWav(riff(format({ tag: 3, bits: 32 }), floats), "a.wav")).toThrow(
      "a.wav: sample 1 is NaN; samples must be finite numbers",
    );
  });

  it("decodes or refuses, whatever is changed, and never holds more samples than bytes", () => {
    const rng = new Streams(11).stream("fuzz");
    const sources = [
      good,
      riff(chunk("LIST", [1, 2, 3]), format({ channels: 2, bits: 24 }), chunk("data", new Array(60).fill(3))),
    ];
    let decoded = 0;
    let refused = 0;
    for (let round = 0; round < 20_000; round++) {
      let bytes = Uint8Array.from(sources[rng.integer(sources.length)]!);
      for (let changes = rng.integer(4); changes >= 0; changes--) bytes[rng.integer(bytes.length)] = rng.integer(256);
      if (rng.uniform() < 0.3) bytes = bytes.subarray(0, rng.integer(bytes.length + 1));
      try {
        const { samples, frames } = decodeWav(bytes, "fuzz.wav");
        expect(samples.length).toBe(frames);
        expect(frames).toBeGreaterThan(0);
        expect(frames).toBeLessThan(bytes.length);
        expect(samples.every((value) => Math.abs(value) <= 1 || readWavHeader(bytes, "").encoding === "float")).toBe(
          true,
        );
        decoded++;
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        expect(error.message).toContain("fuzz.wav: ");
        refused++;
      }
    }
    expect(decoded).toBeGreaterThan(1000);
    expect(refused).toBeGreaterThan(1000);
  });
});

const folder = process.env.AUSCULT_DATA;
describe.skipIf(!folder)("recordings: SPRSound headers", () => {
  it("are 8 kHz, one channel, 16 bits, of the published lengths, with the one known fault", () => {
    const lengths = new Map<number, number>();
    const warnings = new Set<string>();
    const head = new Uint8Array(4096);
    for (const set of ["train2022_wav", "test2022_wav"]) {
      const directory = path.join(folder!, "sprsound", "BioCAS2022", set);
      for (const file of readdirSync(directory)) {
        const name = path.join(directory, file);
        const handle = openSync(name, "r");
        const read = readSync(handle, head, 0, head.length, 0);
        closeSync(handle);
        const header = readWavHeader(head.subarray(0, read), file, statSync(name).size);
        expect(header).toMatchObject({ sampleRateHz: 8000, channels: 1, bitsPerSample: 16, encoding: "integer" });
        for (const warning of header.warnings) warnings.add(warning);
        lengths.set(header.frames / 8000, (lengths.get(header.frames / 8000) ?? 0) + 1);
      }
    }
    expect([lengths.get(9.216), lengths.get(15.36), Math.min(...lengths.keys())]).toEqual([1919, 759, 0.304]);
    expect([...warnings]).toEqual(["block alignment is 4 in the header; 1 x 16 bits make 2, which was used"]);
  });
});
