import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { cacheFolder, dataFolder, mlrunsFolder, projectRoot } from "../../src/node/paths.js";

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), "auscult-paths-")));
  for (const name of ["AUSCULT_ROOT", "AUSCULT_CACHE", "AUSCULT_MLRUNS", "AUSCULT_DATA", "XDG_CACHE_HOME"])
    vi.stubEnv(name, undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

test("the project is found upwards from where the process stands, unless it is told", () => {
  const below = path.join(folder, "notebooks", "deep");
  mkdirSync(below, { recursive: true });
  mkdirSync(path.join(folder, "scripts"));
  writeFileSync(path.join(folder, "scripts", "auscult.mjs"), "");
  vi.spyOn(process, "cwd").mockReturnValue(below);
  expect(projectRoot()).toBe(folder);
  expect(mlrunsFolder()).toBe(path.join(folder, "mlruns"));
  expect(dataFolder()).toBe(path.join(folder, "data"));
  vi.stubEnv("AUSCULT_ROOT", "/elsewhere");
  expect(projectRoot()).toBe("/elsewhere");
});

test("the cache is AUSCULT_CACHE, else auscult in XDG_CACHE_HOME, else in ~/.cache", () => {
  expect(cacheFolder()).toBe(path.join(homedir(), ".cache", "auscult"));
  vi.stubEnv("XDG_CACHE_HOME", "/caches");
  expect(cacheFolder()).toBe("/caches/auscult");
  vi.stubEnv("AUSCULT_CACHE", "mine");
  expect(cacheFolder()).toBe(path.resolve("mine"));
});

test("runs and data may lie elsewhere; a folder that was named comes first", () => {
  vi.stubEnv("AUSCULT_MLRUNS", "runs");
  vi.stubEnv("AUSCULT_DATA", "recordings");
  expect(mlrunsFolder()).toBe(path.resolve("runs"));
  expect(dataFolder()).toBe(path.resolve("recordings"));
  expect(dataFolder("given")).toBe(path.resolve("given"));
});
