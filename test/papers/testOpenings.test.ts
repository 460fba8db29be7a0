import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { TestOpenings } from "../../src/papers/testOpenings.js";

const first = { set: "sprsound/inter2022", purpose: "epoch 1, as published", count: 24 };
const second = { set: "sprsound/intra2022", purpose: "chosen epoch 1", count: 12 };

let folder: string;
const open = () => new TestOpenings(path.join(folder, "openings.jsonl"));
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "auscult-openings-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test("none before the first", () => {
  expect(open().all()).toEqual([]);
});

test("those of earlier sittings are kept, repeated ones too", () => {
  open().record(first);
  open().record(first);
  open().record(second);
  expect(open().all()).toEqual([first, first, second]);
});

test("a line that was cut short costs no other", () => {
  open().record(first);
  appendFileSync(path.join(folder, "openings.jsonl"), '\n{"set":"spr');
  open().record(second);
  expect(open().all()).toEqual([first, second]);
});
