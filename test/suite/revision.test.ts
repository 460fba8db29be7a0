import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { codeDigest } from "../../src/suite/revision.js";

test("the digest of the code follows names and contents of what computes, and nothing else", () => {
  const root = mkdtempSync(path.join(tmpdir(), "auscult-code-"));
  const write = (file: string, text: string) => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
    return codeDigest(root);
  };
  const first = write("src/nn/a.ts", "one");
  expect(first).toMatch(/^[0-9a-f]{16}$/);
  expect(write("docs/page.md", "two")).toBe(first);
  expect(write("test/a.test.ts", "two")).toBe(first);
  expect(codeDigest(root)).toBe(first);
  const others = [
    write("src/nn/a.ts", "two"),
    write("src/nn/b.ts", ""),
    write("native/x.cc", "x"),
    write("package-lock.json", "{}"),
  ];
  expect(new Set([first, ...others]).size).toBe(5);
  expect(write("src/nn/a.ts", "one")).not.toBe(first);
});
