import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { encodeWav } from "../../src/audio/encodeWav.js";
import { measureLevels } from "../../src/audio/levels.js";
import { decodeWav } from "../../src/audio/wav.js";
import { type ScannedSound, scanAudio } from "../../src/datasets/audioScan.js";
import { fileDigests } from "../../src/node/fileDigests.js";
import { Streams } from "../../src/random/streams.js";
import { chunk, format, riff } from "../audio/wavParts.js";
import { temporaryFolder } from "./sprsound/layoutFixture.js";

const folder = temporaryFolder();
const put = (name: string, bytes: Uint8Array) => {
  const file = path.join(folder, name);
  writeFileSync(file, bytes);
  return file;
};
beforeAll(() => {
  vi.stubEnv("AUSCULT_CACHE", path.join(folder, "cache"));
});
afterAll(() => {
  vi.unstubAllEnvs();
});

/** Bytes that stay small as floating-point samples, with stretches of `zero`. */
function noise(bytes: number, stream: number, zero: number): Uint8Array {
  const rng = new Streams(3).stream("noise", stream);
  const values = Uint8Array.from({ length: bytes }, () => rng.integer(62));
  for (let at = 0; at + 999 < bytes; at += 7919) values.fill(zero, at, at + 999);
  return values;
}

/** Longer than a block by an amount that cuts frames, after a header of odd length. */
const LONG = (1 << 20) + 12_345;
const FORMATS: [string, number, number, number][] = [
  ["8 bits", 1, 8, 1],
  ["16 bits", 1, 16, 1],
  ["16 bits, two channels", 1, 16, 2],
  ["24 bits", 1, 24, 1],
  ["24 bits, three channels", 1, 24, 3],
  ["32 bits", 1, 32, 1],
  ["floating point", 3, 32, 1],
  ["floating point of 64 bits", 3, 64, 1],
];

describe("scanAudio", () => {
  it.each(FORMATS)("finds what decoding the whole file finds: %s", async (name, tag, bits, channels) => {
    for (const [index, text] of ["even", "odd!!"].entries()) {
      const body = noise(LONG, index, bits === 8 ? 128 : 0);
      const header = riff(format({ tag, bits, channels }), chunk("note", Buffer.from(text)), chunk("data", [], LONG));
      // A chunk of odd length is padded; without its padding byte the samples start at an odd place.
      const start = text.length % 2 ? Buffer.from(header.filter((_, at) => at !== header.length - 9)) : header;
      const bytes = Buffer.concat([start, body, Buffer.from("after the samples")]);
      const file = put(`${name} ${text}.wav`, bytes);
      const { sounds, bytes: read } = await scanAudio([file]);
      const decoded = decodeWav(bytes, name);
      const sound = sounds.get(file) as ScannedSound;
      const { rms, dcOffset, ...levels } = measureLevels(decoded.samples);
      expect(sound.levels).toMatchObject(levels);
      expect(sound.levels.rms).toBeCloseTo(rms, 12);
      expect(sound.levels.dcOffset).toBeCloseTo(dcOffset, 12);
      expect(levels.longestSilent).toBeGreaterThan(100);
      expect(sound.sha256).toBe(createHash("sha256").update(bytes).digest("hex"));
      expect(sound.durationSeconds).toBe(decoded.frames / 8000);
      expect(read).toBe(bytes.length);
    }
  });

  it("finds samples that start after a block", async () => {
    const sound = encodeWav(Float32Array.of(0.5, 0.25), 4000);
    const filler = chunk("LIST", new Uint8Array(LONG));
    const file = put("late.wav", Buffer.concat([sound.subarray(0, 36), Buffer.from(filler), sound.subarray(36)]));
    expect((await scanAudio([file])).sounds.get(file)).toMatchObject({ levels: { frames: 2, peak: 0.5 } });
  });

  it("says what is wrong with a file and goes on", async () => {
    const good = put("good.wav", encodeWav(Float32Array.of(0.5, 0.25), 4000));
    mkdirSync(path.join(folder, "folder.wav"));
    symlinkSync("loop.wav", path.join(folder, "loop.wav"));
    symlinkSync("nowhere", path.join(folder, "dangling.wav"));
    execFileSync("mkfifo", [path.join(folder, "pipe.wav")]);
    put("empty.wav", new Uint8Array());
    put("page.wav", Buffer.from("<html>not found</html>"));
    put("nan.wav", riff(format({ tag: 3, bits: 32 }), chunk("data", [0, 0, 0, 0, 0, 0, 192, 127])));
    put("cut.wav", encodeWav(new Float32Array(10), 4000).subarray(0, 44));
    const bad = {
      folder: "is a folder where a file was expected",
      loop: "is a symbolic link that leads in a circle",
      dangling: "is missing, or a symbolic link that leads nowhere",
      pipe: "is no ordinary file",
      empty: "the file is empty; expected a WAV file",
      page: 'not a WAV file (it starts with "<htm"',
      nan: "holds samples that are not finite numbers",
      cut: "it holds no samples",
    };
    const files = [...Object.keys(bad).map((name) => path.join(folder, `${name}.wav`)), good];
    const { sounds } = await scanAudio(files);
    expect([...sounds.keys()]).toEqual(files);
    for (const [name, error] of Object.entries(bad)) {
      expect(sounds.get(path.join(folder, `${name}.wav`)), name).toEqual({ error: expect.stringContaining(error) });
    }
    expect(sounds.get(good)).toMatchObject({ levels: { peak: 0.5 } });
  });

  it("remembers the digests, so that nothing is read for them again", async () => {
    const file = put("remembered.wav", encodeWav(Float32Array.of(0.5), 4000));
    const { sounds } = await scanAudio([file]);
    const store = path.join(folder, "cache", "file-digests.json");
    const known = JSON.parse(readFileSync(store, "utf8"));
    expect(known[file][3]).toBe((sounds.get(file) as ScannedSound).sha256);
    // Were it read again, the true digest would come back.
    known[file][3] = "remembered";
    writeFileSync(store, JSON.stringify(known));
    expect(fileDigests([file])).toEqual(["remembered"]);
  });

  it("tells how far it is, and stops when asked", async () => {
    const files = Array.from({ length: 20 }, (_, i) => put(`${i}.wav`, encodeWav(Float32Array.of(0.5), 4000)));
    const seen: number[] = [];
    await scanAudio(files, { onProgress: ({ files: done, ofFiles }) => seen.push(done / ofFiles) });
    expect(seen).toEqual(files.map((_, i) => (i + 1) / 20));

    const stop = new AbortController();
    const stopped = scanAudio(files, {
      signal: stop.signal,
      onProgress: ({ files: done }) => {
        if (done === 5) stop.abort();
        expect(done).toBeLessThan(10);
      },
    });
    await expect(stopped).rejects.toThrow(expect.objectContaining({ name: "AbortError" }));
  });

  it("has nothing to do without files", async () => {
    const { sounds, bytes } = await scanAudio([]);
    expect([sounds.size, bytes]).toEqual([0, 0]);
    expect(existsSync(folder)).toBe(true);
  });
});
