import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it } from "vitest";
import { encodeWav } from "../../src/audio/encodeWav.js";
import { wavSeconds } from "../../src/node/wavSeconds.js";

function written(bytes: Uint8Array): string {
  const file = path.join(mkdtempSync(path.join(tmpdir(), "auscult-wav-")), "a.wav");
  writeFileSync(file, bytes);
  return file;
}

it("a file's length is its frames by its rate", () => {
  expect(wavSeconds(written(encodeWav(new Float32Array(2432), 8000)))).toBe(0.304);
  expect(wavSeconds(written(encodeWav(new Float32Array(10), 44_100)))).toBe(10 / 44_100);
});

it("chunks before the samples may be longer than the beginning that is read", () => {
  const wav = encodeWav(new Float32Array(800), 8000);
  const long = Buffer.alloc(8 + 5000);
  long.write("LIST");
  long.writeUInt32LE(5000, 4);
  const head = Buffer.from(wav.subarray(0, 36));
  head.writeUInt32LE(wav.length - 8 + long.length, 4);
  expect(wavSeconds(written(Buffer.concat([head, long, wav.subarray(36)])))).toBe(0.1);
});

it("what is no WAV file is refused by name", () => {
  const file = written(Buffer.from("not a sound"));
  expect(() => wavSeconds(file)).toThrow(file);
});
