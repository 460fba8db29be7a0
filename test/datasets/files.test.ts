import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { describeFolder, filesIn, fileTrouble, folderTrouble, pathBelow, readText } from "../../src/datasets/files.js";
import { asNobody } from "./asNobody.js";
import { temporaryFolder } from "./sprsound/layoutFixture.js";

/** What is odd in a folder, by base name. */
function oddIn(folder: string, ending: string): { names: string[]; odd: Record<string, string> } {
  const odd: Record<string, string> = {};
  const names = filesIn(folder, ending, (file, what) => {
    odd[path.relative(folder, file)] = what;
  });
  return { names, odd };
}

describe("files of a data set", () => {
  const folder = temporaryFolder();
  chmodSync(folder, 0o755);
  const at = (name: string) => path.join(folder, name);
  writeFileSync(at("b.txt"), "two");
  writeFileSync(at("a.TXT"), "one");
  writeFileSync(at("c.wav"), "other ending");
  writeFileSync(at(".hidden.txt"), "hidden");
  mkdirSync(at("folder.txt"));
  symlinkSync("loop.txt", at("loop.txt"));
  symlinkSync("there", at("back"));
  symlinkSync("back", at("there"));
  writeFileSync(at("locked.txt"), "secret");
  chmodSync(at("locked.txt"), 0);
  mkdirSync(at("closed"));
  writeFileSync(path.join(at("closed"), "inside.txt"), "");
  chmodSync(at("closed"), 0);
  afterAll(() => chmodSync(at("closed"), 0o755)); // so that it can be removed

  it("lists files with an ending, sorted, and tells folders that have it", () => {
    expect(oddIn(folder, ".txt")).toEqual({
      names: ["a.TXT", "b.txt", "locked.txt", "loop.txt"],
      odd: { "folder.txt": "is a folder where a file was expected" },
    });
    expect(filesIn(at("nowhere"), ".txt")).toEqual([]);
  });

  it("tells folders that cannot be listed", () => {
    expect(oddIn(at("back"), ".txt").odd).toEqual({ "": "is a symbolic link that leads in a circle" });
    expect(oddIn(at("b.txt"), ".txt").odd).toEqual({ "": "is a file where a folder was expected" });
    asNobody(() => {
      const denied = "may not be read (permission denied); give yourself read access, such as with chmod u+r";
      expect(oddIn(at("closed"), ".txt")).toEqual({ names: [], odd: { "": denied } });
      expect(() => filesIn(at("closed"), ".txt")).toThrow(`closed: ${denied}`);
      expect(folderTrouble(at("closed"))).toBe(denied);
      expect(folderTrouble(path.join(at("closed"), "below"))).toBe(denied);
      expect(describeFolder(at("closed"))).toBe(`it ${denied}`);
    });
    expect([folderTrouble(folder), folderTrouble(at("nowhere"))]).toEqual([undefined, undefined]);
  });

  it("reads a text or says why not", () => {
    expect(readText(at("b.txt"))).toBe("two");
    expect(() => readText(at("folder.txt"))).toThrow("is a folder where a file was expected");
    expect(() => readText(at("loop.txt"))).toThrow("is a symbolic link that leads in a circle");
    expect(() => readText(at("nowhere"))).toThrow("is missing, or a symbolic link that leads nowhere");
    expect(() => readText(path.join(at("b.txt"), "x"))).toThrow("is below a file where a folder was expected");
    expect(() => readText("/dev/zero")).toThrow("is no ordinary file");
    writeFileSync(at("long.txt"), Buffer.alloc((16 << 20) + 1));
    expect(() => readText(at("long.txt"))).toThrow("has 16,777,217 bytes; expected a small text file");
    asNobody(() => {
      expect(() => readText(at("locked.txt"))).toThrow("may not be read (permission denied)");
      expect(fileTrouble(path.join(at("closed"), "inside.txt"))).toMatch("permission denied");
      expect(fileTrouble(at("locked.txt"))).toBeUndefined();
    });
  });

  it("names a place below a root with forward slashes, another one in full", () => {
    expect(pathBelow("/data/set", "/data/set/a/b.txt")).toBe("a/b.txt");
    expect(pathBelow("/data/set", "/data/other/b.txt")).toBe("/data/other/b.txt");
  });
});
