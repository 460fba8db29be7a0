import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import { describe, expect, it } from "vitest";
import { projectRoot } from "../../src/node/paths.js";
import { compute } from "./compute.js";

type Computed = ReturnType<typeof compute>;

const browser = ["chromium", "chromium-browser", "google-chrome"]
  .map((name) => spawnSync("which", [name], { encoding: "utf8" }).stdout?.trim())
  .find((found) => found);

/** Every file of these rooms, so that one that imports Node or TensorFlow cannot be bundled. */
function signalFiles(): string[] {
  return ["audio", "features", "augment", "random"].flatMap((room) =>
    readdirSync(path.join(projectRoot(), "src", room), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => path.join(projectRoot(), "src", room, file)),
  );
}

async function bundle(): Promise<string> {
  const imports = signalFiles().map((file, i) => `import * as file${i} from ${JSON.stringify(file)};`);
  const used = signalFiles().map((_, i) => `file${i}`);
  const { outputFiles } = await build({
    stdin: {
      contents: `${imports.join("\n")}
        import { compute } from ${JSON.stringify(path.join(projectRoot(), "test/browser/compute.ts"))};
        globalThis.everything = [${used.join(", ")}];
        globalThis.compute = compute;`,
      resolveDir: projectRoot(),
    },
    bundle: true,
    write: false,
    platform: "browser",
    format: "iife",
    logLevel: "silent",
  });
  return outputFiles![0]!.text;
}

/** Sines and logarithms of two engines may differ in their last bit; decibels and rows of spread 1 make more of it. */
function largestDifferences(a: Computed, b: Computed): Record<string, number> {
  expect(Object.keys(a.values)).toEqual(Object.keys(b.values));
  return Object.fromEntries(
    Object.entries(a.values).map(([name, values]) => {
      const others = b.values[name]!;
      expect(values.length).toBe(others.length);
      return [name, values.reduce((most, value, i) => Math.max(most, Math.abs(value - others[i]!)), 0)];
    }),
  );
}

const EXACT = ["decoded", "resampled", "filtered", "aligned"];

function expectEqual(found: Computed, here: Computed): void {
  for (const [name, difference] of Object.entries(largestDifferences(found, here))) {
    expect(difference, name).toBeLessThan(EXACT.includes(name) ? 1e-6 : 2e-3);
  }
}

describe("the signal code", () => {
  it("is bundled for a browser: nothing in it needs Node", async () => {
    expect((await bundle()).length).toBeGreaterThan(10_000);
  });

  const name = "gives the same values in Chromium as in Node";
  if (!browser) it.skip(`${name} (no Chromium was found)`, () => {});
  else {
    it(name, async () => {
      const page = path.join(mkdtempSync(path.join(tmpdir(), "browser-")), "page.html");
      writeFileSync(page, `<!doctype html><meta charset="utf-8"><script>${await bundle()}</script>`);
      const program = await chromium.launch({ executablePath: browser, args: ["--no-sandbox"] });
      try {
        const tab = await program.newPage();
        const errors: string[] = [];
        tab.on("pageerror", (error) => errors.push(error.message));
        await tab.goto(`file://${page}`);
        const found = await tab.evaluate(() => (globalThis as unknown as { compute: () => Computed }).compute());
        expect(errors).toEqual([]);
        expect(found.vectors).toBe(true);
        expectEqual(found, compute());
      } finally {
        await program.close();
      }
    });
  }
});
