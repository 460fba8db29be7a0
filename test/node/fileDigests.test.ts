import { mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { fileDigests } from "../../src/node/fileDigests.js";

const folder = mkdtempSync(path.join(tmpdir(), "auscult-digests-"));
const file = path.join(folder, "a");
beforeAll(() => {
  vi.stubEnv("AUSCULT_CACHE", path.join(folder, "cache"));
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

// printf abc | sha256sum (the example of FIPS 180-2), printf abd | sha256sum
const abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
const abd = "a52d159f262b2c6ddb724a61840befc36eb30c88877a4030b65cbe86298449c9";

test("are SHA-256 of the content, also when asked again", () => {
  writeFileSync(file, "abc");
  expect(fileDigests([file, file])).toEqual([abc, abc]);
  expect(fileDigests([file])).toEqual([abc]);
});

test("notice another content of the same size, even with its time of modification set back", () => {
  const { atime, mtime } = statSync(file);
  writeFileSync(file, "abd");
  utimesSync(file, atime, mtime);
  expect(fileDigests([file])).toEqual([abd]);
});

test("do without a cache that is damaged", () => {
  writeFileSync(path.join(folder, "cache", "file-digests.json"), "{");
  expect(fileDigests([file])).toEqual([abd]);
});
