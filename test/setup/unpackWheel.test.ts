import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { beforeEach, expect, it } from "vitest";
import { root, scratch } from "./scripts.js";

const python = path.join(root, ".venv/bin/python");
let folder: string;
beforeEach(() => {
  folder = scratch();
});

/** A wheel as Python's own zipfile writes it: names with permissions and texts. */
function wheel(files: [name: string, mode: number][]): string {
  const code = `
import sys, json, zipfile
with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as z:
    for name, mode in json.loads(sys.argv[2]):
        info = zipfile.ZipInfo(name); info.external_attr = (0o100000 | mode) << 16
        z.writestr(info, name)
`;
  const file = path.join(folder, "made.whl");
  expect(spawnSync(python, ["-c", code, file, JSON.stringify(files)]).status).toBe(0);
  return file;
}

it("takes what matches out of a wheel, with its permissions", () => {
  const file = wheel([
    ["nvidia/made/lib/libmade.so.1", 0o644],
    ["nvidia/made/bin/program", 0o755],
    ["nvidia/made/include/made.h", 0o644],
    ["nvidia/made/lib/libmade.a", 0o644],
  ]);
  const out = path.join(folder, "out");
  const script = path.join(root, "scripts/python/unpackWheel.py");
  const { status } = spawnSync(python, [script, file, out, "nvidia/*/lib/*.so*", "nvidia/*/bin/*"]);
  expect(status).toBe(0);
  const files = fs
    .readdirSync(out, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name, parentPath }) => path.relative(out, path.join(parentPath, name)));
  expect(files.sort()).toEqual(["nvidia/made/bin/program", "nvidia/made/lib/libmade.so.1"]);
  expect(fs.statSync(path.join(out, "nvidia/made/bin/program")).mode & 0o777).toBe(0o755);
  expect(fs.readFileSync(path.join(out, "nvidia/made/lib/libmade.so.1"), "utf8")).toBe("nvidia/made/lib/libmade.so.1");
});
