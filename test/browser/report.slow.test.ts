import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { reportModels } from "../../src/suite/reporting/reportModels.js";
import { writeReport } from "../../src/suite/reporting/writeReport.js";

const program = ["chromium", "chromium-browser", "google-chrome"]
  .map((name) => spawnSync("which", [name], { encoding: "utf8" }).stdout?.trim())
  .find((found) => found);

/** The report of everything, from the committed results, as a browser shows it from files. */
describe.skipIf(!program)(`the report's pages${program ? "" : " (skipped: no Chromium)"}`, { timeout: 300_000 }, () => {
  const out = path.join(mkdtempSync(path.join(tmpdir(), "auscult-report-")), "report.html");
  let files: string[];
  let browser: Browser;

  beforeAll(async () => {
    const models = await reportModels({ ids: [], epochs: true, compare: true, warn: () => {} });
    files = writeReport(out, models);
    browser = await chromium.launch({ executablePath: program!, args: ["--no-sandbox"] });
  }, 300_000);
  afterAll(() => browser?.close());

  test("none is large, asks the network for anything, or shows what is no number", () => {
    for (const file of files) {
      expect(statSync(file).size, file).toBeLessThan(3e6);
      expect(readFileSync(file, "utf8"), file).not.toMatch(/\ssrc=|<link|@import|url\(|NaN|undefined/);
    }
  });

  test.each([360, 1200])("nothing is wider than a window of %i pixels, and no link is dead", async (width) => {
    const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme: "dark" });
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    for (const file of files) {
      await page.goto(pathToFileURL(file).href);
      const wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
      expect(wide, file).toBeLessThanOrEqual(0);
      const dead = await page.evaluate(
        "[...document.querySelectorAll('a[href^=\"#\"]')].filter((a) => !document.getElementById(a.hash.slice(1))).length",
      );
      expect(dead, file).toBe(0);
      // What a reader who does not see the page goes by.
      const unnamed = await page.evaluate(
        "document.querySelectorAll('table:not(:has(caption)), th:not([scope]), svg:not([role=img])').length",
      );
      expect(unnamed, file).toBe(0);
      expect(await page.locator("h1").count()).toBe(1);
    }
    expect(asked.filter((url) => !url.startsWith("file:"))).toEqual([]);
    await page.close();
  });

  test("the overview leads to each page, and the page back", async () => {
    const page = await browser.newPage();
    await page.goto(pathToFileURL(out).href);
    expect(await page.locator("table a").count()).toBe(files.length - 1);
    await page.getByRole("heading", { name: "How to read this" }).waitFor();
    await page.locator('table a[href*="supcon-sprs-table3"]').click();
    await page.getByRole("heading", { name: "Ours against printed" }).waitFor();
    await page.getByRole("link", { name: "all experiments" }).click();
    await page.getByRole("heading", { level: 1, name: "Printed tables and figures" }).waitFor();
    await page.close();
  });
});
