import fs from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { scratch, setup } from "./scripts.js";

let folder: string;
let ready: () => boolean;
const lock = {
  "": { name: "x" },
  "packages/ours": { version: "0.1.0" },
  "node_modules/a": { version: "1.0.0", integrity: "sha512-a" },
  "node_modules/only-elsewhere": { version: "1.0.0", integrity: "sha512-b", optional: true },
};
const installed = { "node_modules/a": lock["node_modules/a"] };

function write(file: string, packages: unknown) {
  fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
  fs.writeFileSync(path.join(folder, file), JSON.stringify({ packages }));
}

beforeEach(async () => {
  folder = scratch();
  const { packagesReady } = await setup("packages");
  ready = () => packagesReady(folder);
  write("package-lock.json", lock);
  write("node_modules/.package-lock.json", installed);
  fs.mkdirSync(path.join(folder, "node_modules/a"));
  fs.writeFileSync(path.join(folder, "node_modules/a/package.json"), "{}");
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

it("is content with what npm recorded, without another platform's packages", () => expect(ready()).toBe(true));

it("wants packages where there are none", () => {
  fs.rmSync(path.join(folder, "node_modules"), { recursive: true });
  expect(ready()).toBe(false);
});

it("notices a changed lock file: another version, another digest, one more package", () => {
  write("package-lock.json", { ...lock, "node_modules/a": { version: "1.0.1", integrity: "sha512-a" } });
  expect(ready()).toBe(false);
  write("package-lock.json", { ...lock, "node_modules/a": { version: "1.0.0", integrity: "sha512-c" } });
  expect(ready()).toBe(false);
  write("package-lock.json", { ...lock, "node_modules/b": { version: "1.0.0", integrity: "sha512-b" } });
  expect(ready()).toBe(false);
});

it("notices a package whose folder is gone while npm's record is still there", () => {
  fs.rmSync(path.join(folder, "node_modules/a"), { recursive: true });
  expect(ready()).toBe(false);
});

it("takes a half-written record for none", () => {
  fs.writeFileSync(path.join(folder, "node_modules/.package-lock.json"), '{"packages": {"node_mod');
  expect(ready()).toBe(false);
});
