import fs from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { root, setup } from "./scripts.js";

const theirs = path.join(root, "node_modules/@tensorflow/tfjs-node-gpu/binding");

it("compiles tfjs-node's sources with a few lines more, beside ours; node_modules stays as npm delivers it", async () => {
  const { addonSources } = await setup("addon");
  const sources: Map<string, string> = addonSources();
  const added: string[] = [];
  for (const name of fs.readdirSync(theirs).filter((file) => /\.(cc|h)$/.test(file))) {
    const original = fs.readFileSync(path.join(theirs, name), "utf8");
    expect(original).not.toContain("auscult");
    const lines = sources.get(name)!.split("\n");
    const before = new Set(original.split("\n"));
    added.push(...lines.filter((line) => !before.has(line)));
    // Nothing of theirs is taken away.
    expect(lines.filter((line) => before.has(line)).length).toBeGreaterThanOrEqual(original.split("\n").length);
  }
  expect(added.map((line) => line.trim())).toEqual([
    "namespace auscult {",
    "struct GraphCapture;",
    "}",
    "friend struct auscult::GraphCapture;",
    '#include "graphCapture.h"',
    "auscult::exportGraphCapture(env, exports);",
  ]);
  for (const name of fs.readdirSync(path.join(root, "native"))) expect(sources.has(name)).toBe(true);
});

it("builds another addon when a source of ours changes", async () => {
  const { addonDigest } = await setup("addon");
  const digest = addonDigest();
  expect(digest).toMatch(/^[0-9a-f]{8}$/);
  expect(addonDigest()).toBe(digest);
  const changed = addonDigest(new Map([["graph.cc", "// another"]]));
  expect(changed).not.toBe(digest);
});
