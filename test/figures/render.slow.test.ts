import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compactNumbers } from "../../src/lab/compactNumbers.js";
import { figureImage, findChromium } from "../../src/lab/figureImage.js";
import { lookAndListenForms } from "../../src/lab/lookAndListen.js";
import { examples, sound } from "./examples.js";

const program = findChromium();
const reason = program ? "" : " (skipped: no Chromium)";

/** In a page: what texts of a drawing reach out of it, and which of them lie on one another. Boxes are cut by a hair. */
const LABELS_AT_FAULT = `(selector) => {
  const svg = document.querySelector(selector);
  const outer = svg.getBoundingClientRect();
  const texts = [...document.querySelectorAll(selector + " text")].filter((text) => text.textContent.trim() && getComputedStyle(text).opacity !== "0");
  const turned = (text) => /rotate\\((?!0[,)])/.test(text.getAttribute("transform") ?? "");
  const faults = [];
  const boxes = texts.map((text) => text.getBoundingClientRect());
  boxes.forEach((box, i) => {
    const name = texts[i].textContent;
    if (box.left < outer.left - 2 || box.right > outer.right + 2 || box.top < outer.top - 2 || box.bottom > outer.bottom + 2) faults.push("cut: " + name);
    if (turned(texts[i])) return;
    for (let j = 0; j < i; j++) {
      if (turned(texts[j])) continue;
      const across = Math.min(box.right, boxes[j].right) - Math.max(box.left, boxes[j].left);
      const down = Math.min(box.bottom, boxes[j].bottom) - Math.max(box.top, boxes[j].top);
      if (across > 2 && down > 5) faults.push(name + " on " + texts[j].textContent);
    }
  });
  return faults;
}`;

describe.skipIf(!program)(`figures in a browser${reason}`, { timeout: 120_000 }, () => {
  let browser: Browser;
  let page: Page;
  const errors: string[] = [];
  const options = {
    title: "What is shown, in a title of usual length",
    note: "made-up sounds, smoke scale: no result",
  };

  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: program!,
      args: ["--no-sandbox", "--autoplay-policy=no-user-gesture-required"],
    });
    page = await browser.newPage({ viewport: { width: 900, height: 800 } });
    page.on("pageerror", (error) => errors.push(error.message));
    await page.setContent('<body style="margin:0"><div id="live"></div><div id="still"></div></body>');
    const require = createRequire(import.meta.url);
    await page.addScriptTag({ content: readFileSync(require.resolve("plotly.js-cartesian-dist-min"), "utf8") });
  });
  afterAll(() => browser?.close());

  test.each(Object.entries(examples))("%s: all labels are whole and apart, in both forms", async (_, make) => {
    const figure = make(options);
    const live = compactNumbers(figure.plotly());
    await page.evaluate(
      `Plotly.newPlot("live", ...((figure) => [figure.data, figure.layout, figure.config])(${JSON.stringify(live)}))`,
    );
    await page.evaluate(`document.getElementById("still").innerHTML = ${JSON.stringify(figure.svg())}`);
    expect(await page.evaluate(`(${LABELS_AT_FAULT})("#still > svg")`)).toEqual([]);
    expect(await page.evaluate(`(${LABELS_AT_FAULT})("#live .main-svg")`)).toEqual([]);
    expect(errors).toEqual([]);
  });

  test("the line of lookAndListen follows a click and the sound", async () => {
    const html = lookAndListenForms(sound, options)["text/html"]!;
    await page.setContent(`<body style="margin:0">${html}</body>`);
    const sounded = page.locator("audio");
    await expect
      .poll(() => sounded.evaluate((audio) => (audio as unknown as { duration: number }).duration))
      .toBeCloseTo(4, 2);
    const line = page.locator(".auscult-now");
    expect(await line.getAttribute("visibility")).toBe("hidden");
    await page.locator("figure > svg").click({ position: { x: 450, y: 200 } });
    const place = async () => Number.parseFloat((await line.getAttribute("x1")) ?? "0");
    await expect.poll(place).toBeGreaterThan(51);
    const before = await place();
    await expect.poll(place).toBeGreaterThan(before);
    expect(errors).toEqual([]);
  });

  test("a figure of one's own becomes a picture; what cannot be drawn gives the reason", async () => {
    const figure = { data: [{ type: "scatter", y: [1, 3, 2] }], layout: { title: { text: "<b>own</b>" } } };
    const image = await figureImage(figure, { width: 300, height: 200, scale: 1 });
    const png = Buffer.from((image as { png: Uint8Array }).png);
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([300, 200]);
    expect(await figureImage({ ...figure, layout: { xaxis: null } })).toMatchObject({
      problem: /plotly drew no picture/,
    });
  });
});
