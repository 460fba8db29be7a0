import { spawnSync } from "node:child_process";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stopServer } from "../../src/tracking/localServer.js";
import { findMlflow } from "../../src/tracking/mlflowExecutable.js";
import { json, Workplace } from "../endToEnd/commandLine.js";

const program = ["chromium", "chromium-browser", "google-chrome"]
  .map((name) => spawnSync("which", [name], { encoding: "utf8" }).stdout?.trim())
  .find((found) => found);
const missing = [...(program ? [] : ["Chromium"]), ...(findMlflow() ? [] : ["MLflow"])];
const reason = missing.length > 0 ? ` (skipped: no ${missing.join(", no ")})` : "";

const id = "supcon-sprs/table3";

/** What of a browser's picture is used here: its types are not Node's. */
interface Picture {
  decode(): Promise<void>;
  naturalWidth: number;
  naturalHeight: number;
  ownerDocument: {
    createElement(name: "canvas"): {
      width: number;
      height: number;
      getContext(kind: "2d"): {
        drawImage(image: Picture, x: number, y: number): void;
        getImageData(x: number, y: number, width: number, height: number): { data: { buffer: ArrayBuffer } };
      };
    };
  };
}

/** What the command line recorded on made-up sounds, as MLflow's pages show it. */
describe.skipIf(reason !== "")(`runs in MLflow's pages${reason}`, { timeout: 600_000 }, () => {
  const place = new Workplace({ MLFLOW_TRACKING_URI: undefined });
  let browser: Browser;
  let page: Page;
  let address: string;
  const errors: string[] = [];

  beforeAll(async () => {
    await place.auscult(["data", "demo", place.at("data"), "--json"]);
    const run = ["run", id, "--row", "ResNet 18", "--task", "11", "--profile", "smoke", "--json"];
    const ran = await place.auscult([...run, "--protocol", "honest", "--protocol", "published"]);
    expect(ran.code, ran.stderr).toBe(0);
    const ui = await place.auscult(["ui", id, "--json"]);
    expect(json(ui).sync, ui.stderr).toMatchObject({ pending: 0, rejected: 0 });
    address = json<{ address: string }>(ui).address;
    browser = await chromium.launch({ executablePath: program, args: ["--no-sandbox"] });
    page = await browser.newPage({ viewport: { width: 2400, height: 1000 } });
    page.setDefaultTimeout(60_000);
    page.on("pageerror", (error) => errors.push(error.message));
  }, 600_000);
  afterAll(async () => {
    await browser?.close();
    await stopServer({ mlrunsFolder: place.at("mlruns") });
    place.remove();
  });

  const row = (words: string) => page.getByRole("link", { name: words });
  const honest = "ResNet 18, task 11, honest, smoke, seed 0 (made-up sounds)";
  const openRun = async () => {
    await page.goto("about:blank");
    await page.goto(address);
    await row(honest).first().click();
    await page.getByText("About this run").waitFor();
  };

  test("the table of runs has their names and scores, for model training", async () => {
    await page.goto(address);
    await row(honest).first().waitFor();
    await row(honest.replace("honest", "published")).first().waitFor();
    for (const column of ["summary/score", "summary/se", "protocol"])
      await page.getByRole("columnheader", { name: column }).first().waitFor();
    const scores = await page.locator('[role="gridcell"][col-id*="summary/score`"]').allInnerTexts();
    expect(scores.map(Number).filter((score) => score >= 0 && score <= 1)).toHaveLength(2);
    await page.getByText("Table III: topology and technique").first().waitFor();
  });

  test("a run's page says what it is worth, on what data, below which row", async () => {
    await openRun();
    const text = await page.locator("body").innerText();
    expect(text).toMatch(/Score \d\.\d{3} \(.*printed 0\.708: not comparable \(made-up sounds/);
    for (const words of ["sprsound/11/honest/train", "Parent run", "protocol", "codeRevision"])
      expect(text).toContain(words);
    // What the client keeps for itself is not shown.
    expect(text).not.toContain("jsClient");
    await page.getByText("Show more").first().click();
    await page.getByText("npx auscult run").first().waitFor();
    // The cells of the description's table do not touch.
    const cells = await page.locator("table td").filter({ hasText: "printed (test2023)" }).first().innerText();
    expect(cells).toMatch(/\u2003$/);
  });

  test("its charts have points, its artefacts a table with rows and a picture that is not empty", async () => {
    await openRun();
    await page.getByRole("tab", { name: "Model metrics" }).click();
    await page.getByText("(select/score)").first().waitFor();
    await page.locator(".scatterlayer path").first().waitFor({ state: "attached" });

    await page.getByText("Artifacts", { exact: true }).click();
    await page.getByText("tables", { exact: true }).click();
    await page.getByText("scores.csv", { exact: true }).click();
    await page.getByText("mean of inter and intra", { exact: true }).waitFor();
    await page.getByText("figures", { exact: true }).click();
    await page.getByText("confusion-inter.svg", { exact: true }).click();
    const picture = page.locator('img[src^="blob:"], img[src*="confusion"], img[src^="data:image"]').first();
    await picture.waitFor();
    const inkOf = await picture.evaluate(async (element) => {
      const image = element as unknown as Picture;
      await image.decode();
      const canvas = image.ownerDocument.createElement("canvas");
      [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
      const context = canvas.getContext("2d");
      context.drawImage(image, 0, 0);
      const points = new Uint32Array(context.getImageData(0, 0, canvas.width, canvas.height).data.buffer);
      return { pixels: points.length, colours: new Set(points).size };
    });
    expect(inkOf.pixels).toBeGreaterThan(10_000);
    expect(inkOf.colours).toBeGreaterThan(10);
    await page.getByText("README.md", { exact: true }).click();
    await page.getByRole("cell", { name: "tables/scores.csv" }).waitFor();
  });

  test("the model has its files, and no page threw an error", async () => {
    await openRun();
    await page.getByText("Logged models").first().waitFor();
    await page.goto(address.replace(/\/runs\?.*$/, "/models?workflowType=machine_learning"));
    await page.getByRole("link", { name: "ResNet 18, task 11, honest" }).first().click();
    await page.getByText("Weights of epoch").first().waitFor();
    await page.getByText("Artifacts", { exact: true }).click();
    for (const file of ["preprocessing.json", "weights.safetensors"])
      await page.getByText(file, { exact: true }).first().waitFor();
    expect(errors).toEqual([]);
  });
});
