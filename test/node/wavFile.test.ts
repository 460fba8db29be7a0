import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { encodeWav } from "../../src/audio/encodeWav.js";
import { readWavFile, readWavFileHeader } from "../../src/node/wavFile.js";

const folder = mkdtempSync(path.join(tmpdir(), "auscult-wav-"));

test("a WAV file is read and decoded in one call, and named where it is none", () => {
  const file = path.join(folder, "a.wav");
  writeFileSync(file, encodeWav(Float32Array.of(0, 0.5, -0.25), 8000));
  expect(readWavFile(file)).toMatchObject({ sampleRateHz: 8000, samples: Float32Array.of(0, 0.5, -0.25) });
  writeFileSync(file, "no sound");
  expect(() => readWavFile(file)).toThrow(/a\.wav: /);
  expect(() => readWavFile(path.join(folder, "none.wav"))).toThrow(/ENOENT/);
});

test("a header is read alone, and what is no WAV file is named", () => {
  const file = path.join(folder, "b.wav");
  writeFileSync(file, encodeWav(new Float32Array(3), 11_025));
  expect(readWavFileHeader(file)).toMatchObject({ sampleRateHz: 11_025, frames: 3 });
  writeFileSync(file, "no sound");
  expect(() => readWavFileHeader(file)).toThrow(/b\.wav: /);
});
