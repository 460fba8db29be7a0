import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { type Browser, chromium, type Locator, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { projectRoot } from "../../src/node/paths.js";
import { json, readJson, Workplace } from "../endToEnd/commandLine.js";

const root = projectRoot();
const program = ["chromium", "chromium-browser", "google-chrome"]
  .map((name) => spawnSync("which", [name], { encoding: "utf8" }).stdout?.trim())
  .find((found) => found);
const missing = [
  ...(program ? [] : ["Chromium"]),
  ...(existsSync(path.join(root, ".venv", "bin", "jupyter")) ? [] : ["JupyterLab"]),
];
const reason = missing.length > 0 ? ` (skipped: no ${missing.join(", no ")})` : "";

/** What of a page's sound is used here: its types are not Node's. */
interface Sound {
  muted: boolean;
  currentTime: number;
  play(): Promise<void>;
}

/** The tour in a live JupyterLab on made-up sounds. Pictures go to the folder that AUSCULT_PICTURES names, if any. */
describe.skipIf(reason !== "")(`the tour in JupyterLab${reason}`, { timeout: 600_000 }, () => {
  const place = new Workplace();
  // A copy, since JupyterLab saves outputs; within the project's folder, where it may look, in a part that git ignores.
  const folder = path.join(root, "dist", `lab-test-${process.pid}`);
  const notebook = path.join(folder, "0-tour.ipynb");
  let lab: ChildProcess;
  let url: string;
  let browser: Browser;
  let page: Page;
  const errors: string[] = [];
  const foreign: string[] = [];

  /** `auscult lab` without a browser: its process, and what it prints when JupyterLab answers. */
  async function start(): Promise<{ child: ChildProcess; said: { url: string; running: boolean } }> {
    const args = [path.join(root, "scripts", "auscult.mjs"), "lab", "--no-browser", "--json", notebook];
    const env = { ...place.env, JUPYTER_RUNTIME_DIR: place.at("runtime"), JUPYTER_CONFIG_DIR: place.at("config") };
    const child = spawn(process.execPath, args, { cwd: root, env, stdio: ["ignore", "pipe", "inherit"] });
    const line = await new Promise<string>((resolve, reject) => {
      createInterface({ input: child.stdout! })
        .once("line", resolve)
        .once("close", () => reject(new Error("no address")));
    });
    return { child, said: JSON.parse(line) };
  }
  /** It may have ended before it is asked. */
  const ended = async (child: ChildProcess) => {
    if (child.exitCode === null && child.signalCode === null)
      await new Promise((resolve) => child.once("exit", resolve));
  };

  beforeAll(async () => {
    await place.auscult(["data", "demo", place.at("data"), "--json"]);
    mkdirSync(folder, { recursive: true });
    cpSync(path.join(root, "notebooks", "0-tour.ipynb"), notebook);
    const started = await start();
    lab = started.child;
    url = started.said.url;
    browser = await chromium.launch({
      executablePath: program,
      args: ["--no-sandbox", "--autoplay-policy=no-user-gesture-required"],
    });
    page = await browser.newPage({ viewport: { width: 1500, height: 1100 } });
    page.setDefaultTimeout(40_000);
    page.on("pageerror", (error) => errors.push(error.message));
    page.on("request", (request) => {
      const { protocol, hostname } = new URL(request.url());
      if (/^(http|ws)/.test(protocol) && hostname !== "127.0.0.1") foreign.push(request.url());
    });
    await page.goto(url);
    await page.locator(".jp-KernelName, .jp-Toolbar-kernelName", { hasText: "TypeScript (auscult)" }).first().waitFor();
    await status("idle").waitFor();
  }, 300_000);
  afterAll(async () => {
    await picture("last");
    await browser?.close();
    if (lab && lab.exitCode === null) {
      lab.kill("SIGINT");
      await ended(lab);
    }
    rmSync(folder, { recursive: true, force: true });
    place.remove();
  });

  const status = (state: "idle" | "busy") =>
    page.locator(`.jp-Notebook-ExecutionIndicator[data-status=${state}]`).first();
  const cell = (text: string): Locator => page.locator(".jp-CodeCell").filter({ hasText: text });
  const picture = async (name: string) => {
    if (!process.env.AUSCULT_PICTURES) return;
    await page.waitForTimeout(1000);
    await page.screenshot({ path: path.join(process.env.AUSCULT_PICTURES, `lab-${name}.png`) });
  };
  const choose = async (menu: string, ...names: string[]) => {
    await page.locator(".lm-MenuBar-itemLabel", { hasText: menu }).click();
    const item = (name: string) => page.locator(".lm-Menu-itemLabel").getByText(name, { exact: true });
    for (const name of names.slice(0, -1)) await item(name).hover();
    await item(names.at(-1)!).click();
  };
  const training = () => cell("await trainInCell");

  test("all cells run, one after the other, until the training is interrupted", async () => {
    await choose("Run", "Run All Cells");
    await cell("findExperiment(").locator("table").waitFor({ state: "attached" });
    await training().getByText("ResNet 18, task 11").first().waitFor({ state: "attached" });
    // Cells wait: the kernel is busy until the last of them is answered.
    await status("busy").waitFor();
    await page
      .locator('button[data-command="notebook:interrupt-kernel"], [data-command="notebook:interrupt-kernel"] button')
      .first()
      .click();
    await training().getByText("run the cell again to go on").last().waitFor({ state: "attached" });
    await status("idle").waitFor();
    await training().scrollIntoViewIfNeeded();
    await picture("interrupted");
    expect(await cell("tests.inter").locator(".jp-OutputArea-output").count()).toBe(0);
  });

  test("the training's cell run again goes on, and so do those after it", async () => {
    await training().locator(".jp-InputArea-prompt").click();
    await choose("Run", "Run Selected Cell and All Below");
    await cell("reportModel(").locator("table").waitFor({ state: "attached" });
    await status("idle").waitFor();
    expect(await page.locator('.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.stderr"]').count()).toBe(
      0,
    );
    expect(await page.locator(".jp-OutputArea-output").filter({ hasText: "made-up sounds" }).count()).toBeGreaterThan(
      0,
    );
    await training().scrollIntoViewIfNeeded();
    await picture("trained");
  });

  test("a sound plays, a figure answers the pointer", async () => {
    const sound = page.locator("audio").first();
    await sound.scrollIntoViewIfNeeded();
    const seconds = await sound.evaluate(async (element) => {
      const player = element as unknown as Sound;
      player.muted = true;
      await player.play();
      await new Promise((resolve) => setTimeout(resolve, 1000));
      return player.currentTime;
    });
    expect(seconds).toBeGreaterThan(0.2);
    await picture("playing");
    const plot = cell("confusion(tests").locator(".js-plotly-plot").first();
    await plot.scrollIntoViewIfNeeded();
    await plot.locator(".nsewdrag").first().hover();
    await plot.locator(".hovertext").first().waitFor();
    await picture("hover");
  });

  test("the dark theme is dark in outputs, too, and no output has a scroll bar of its own", async () => {
    await choose("Settings", "Theme", "JupyterLab Dark");
    await page.waitForFunction('document.body.dataset.jpThemeLight === "false"');
    await page.locator("audio").first().scrollIntoViewIfNeeded();
    await picture("dark");
    const scrolling = await page
      .locator(".jp-OutputArea-output")
      .evaluateAll(
        (outputs) =>
          (outputs as unknown as { scrollHeight: number; clientHeight: number }[]).filter(
            ({ scrollHeight, clientHeight }) => clientHeight > 0 && scrollHeight > clientHeight + 2,
          ).length,
      );
    expect(scrolling).toBe(0);
  });

  test("nothing was asked of other machines, and the page had no error", () => {
    expect(foreign).toEqual([]);
    expect(errors).toEqual([]);
  });

  test("a second start finds the one that runs; Ctrl-C ends it with its kernels; the next has the same address", async () => {
    const second = await start();
    expect(second.said).toEqual({ url, running: true });
    expect(statSync(place.at("mlruns", "lab", "place.json")).mode & 0o777).toBe(0o600);
    expect(url).toContain(readJson<{ token: string }>(place.at("mlruns", "lab", "place.json")).token);
    lab.kill("SIGINT");
    await ended(lab);
    expect(lab.exitCode).toBe(0);
    expect(spawnSync("pgrep", ["-f", `kernel.mjs .*${place.folder}`], { encoding: "utf8" }).stdout).toBe("");
    expect(json(await place.auscult(["lab", "--stop", "--json"]))).toEqual({ stopped: false });
    const again = await start();
    expect(again.said).toEqual({ url, running: false });
    expect(json(await place.auscult(["lab", "--stop", "--json"]))).toEqual({ stopped: true });
    await ended(again.child);
    expect(again.child.exitCode).toBe(0);
  });
});
