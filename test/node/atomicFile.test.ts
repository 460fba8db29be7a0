import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { writeFileAtomic, writeJsonAtomic } from "../../src/node/atomicFile.js";

const disk = vi.hoisted(() => ({ bytesLeft: Infinity, perCall: Infinity }));

/** A disk that takes a part at a time, and says when it is full. */
vi.mock("node:fs", async (original) => {
  const fs = await original<typeof import("node:fs")>();
  const writeSync = (handle: number, bytes: Uint8Array, at: number, count: number) => {
    if (disk.bytesLeft <= 0)
      throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
    const taken = Math.min(count, disk.bytesLeft, disk.perCall);
    disk.bytesLeft -= taken;
    return fs.writeSync(handle, bytes, at, taken);
  };
  return { ...fs, writeSync };
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "auscult-atomic-"));
});
afterEach(() => {
  Object.assign(disk, { bytesLeft: Infinity, perCall: Infinity });
  rmSync(folder, { recursive: true, force: true });
});

test("writes text and bytes, makes the folders above, leaves nothing beside", () => {
  const file = path.join(folder, "a", "b", "text.txt");
  writeFileAtomic(file, "ä\n");
  expect([...readFileSync(file)]).toEqual([0xc3, 0xa4, 0x0a]);
  writeFileAtomic(file, Uint8Array.of(9, 8, 7).subarray(1));
  expect([...readFileSync(file)]).toEqual([8, 7]);
  writeFileAtomic(file, "");
  expect(readFileSync(file).length).toBe(0);
  expect(readdirSync(path.dirname(file))).toEqual(["text.txt"]);
});

test("goes on where the system took only a part", () => {
  disk.perCall = 3;
  const fits = path.join(folder, "fits");
  writeFileAtomic(fits, "12345678");
  expect(readFileSync(fits, "utf8")).toBe("12345678");
});

test("a full disk leaves the old content and no half-made file", () => {
  const file = path.join(folder, "result.json");
  writeFileAtomic(file, "old");
  disk.bytesLeft = 3;
  expect(() => writeFileAtomic(file, "new content")).toThrow("ENOSPC");
  expect(readFileSync(file, "utf8")).toBe("old");
  expect(readdirSync(folder)).toEqual(["result.json"]);
});

test("a place that cannot be taken leaves no half-made file", () => {
  mkdirSync(path.join(folder, "taken", "inside"), { recursive: true });
  expect(() => writeFileAtomic(path.join(folder, "taken"), "x")).toThrow(/EISDIR|ENOTEMPTY|EEXIST/);
  expect(readdirSync(folder)).toEqual(["taken"]);
  writeFileSync(path.join(folder, "file"), "");
  expect(() => writeFileAtomic(path.join(folder, "file", "below"), "x")).toThrow(/ENOTDIR|EEXIST/);
});

test("JSON is indented and ends with a line break", () => {
  writeJsonAtomic(path.join(folder, "x.json"), { a: [1] });
  expect(readFileSync(path.join(folder, "x.json"), "utf8")).toBe('{\n  "a": [\n    1\n  ]\n}\n');
});
