import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll } from "vitest";

export const root = path.resolve(__dirname, "../..");

/** A module of `scripts/setup/`, which is plain JavaScript and has no types. */
export const setup = (name: string) => import(pathToFileURL(path.join(root, "scripts/setup", `${name}.mjs`)).href);

export const setupUrl = (name: string) => pathToFileURL(path.join(root, "scripts/setup", `${name}.mjs`)).href;

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) fs.rmSync(folder, { recursive: true, force: true });
}, 900_000); // a whole set-up is 55,000 files

/** A new folder, removed after the tests of the file. */
export function scratch(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "auscult-setup-"));
  folders.push(folder);
  return folder;
}

/** An executable shell script in `folder`. */
export function program(folder: string, name: string, body: string): void {
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
}
