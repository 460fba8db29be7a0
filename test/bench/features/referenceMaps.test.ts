import { chmodSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { referenceMaps } from "../../../src/bench/features/referenceMaps.js";

afterEach(() => vi.unstubAllEnvs());

/** Stands where Python would. */
function standIn(program: string): void {
  const file = path.join(mkdtempSync(path.join(tmpdir(), "auscult-maps-test-")), "python.cjs");
  writeFileSync(file, `#!${process.execPath}\n${program}`);
  chmodSync(file, 0o755);
  vi.stubEnv("AUSCULT_REFERENCE_PYTHON", file);
}

const clips = [{ recipe: "multibreath", samples: Float32Array.of(9, 1, 2).subarray(1) }];

test("clips go out as float32, maps come back with what counts, and what is not installed is told", async () => {
  standIn(`
    const fs = require("fs");
    const { folder, clips } = JSON.parse(process.argv[3]);
    const samples = fs.readFileSync(clips[0].file);
    fs.writeFileSync(folder + "/map", Buffer.concat([samples, samples]));
    fs.writeFileSync(folder + "/counts", Buffer.from([1, 0, 1, 1]));
    const map = { tool: "librosa", versions: { librosa: "1" }, shape: [2, 1, 2], values: folder + "/map", counts: folder + "/counts" };
    console.log(JSON.stringify([{ recipe: clips[0].recipe, maps: [map, { tool: "torchaudio", missing: "no torchaudio" }] }]));
  `);
  const before = readdirSync(tmpdir()).filter((name) => name.startsWith("auscult-maps-")).length;
  expect(await referenceMaps(clips)).toEqual([
    {
      recipe: "multibreath",
      tool: "librosa",
      versions: { librosa: "1" },
      map: { data: Float32Array.of(1, 2, 1, 2), rows: 2, frames: 1, channels: 2 },
      counts: Uint8Array.of(1, 0, 1, 1),
    },
    { recipe: "multibreath", tool: "torchaudio", missing: "no torchaudio" },
  ]);
  expect(readdirSync(tmpdir()).filter((name) => name.startsWith("auscult-maps-")).length).toBe(before);
});

test("says what to install, and what Python said last", async () => {
  vi.stubEnv("AUSCULT_REFERENCE_PYTHON", "/nowhere/python");
  await expect(referenceMaps(clips)).rejects.toThrow(/npm run setup:reference/);
  standIn('console.error("a trace\\nModuleNotFoundError: no numpy"); process.exit(1);');
  await expect(referenceMaps(clips)).rejects.toThrow(
    /did not compute.*: ModuleNotFoundError: no numpy\. It needs librosa/,
  );
});
