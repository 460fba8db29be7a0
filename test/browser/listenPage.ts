import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";
import type { Page } from "playwright-core";
import { projectRoot } from "../../src/node/paths.js";

/** The browser that is there, if any. */
export const chromiumProgram = ["chromium", "chromium-browser", "google-chrome"]
  .map((name) => spawnSync("which", [name], { encoding: "utf8" }).stdout?.trim())
  .find((found) => found);

export interface Listening {
  url: string;
  end(): Promise<number | null>;
}

/** `auscult listen` of a model without opening a browser. */
export async function listenTo(model: string, cache: string): Promise<Listening> {
  const args = [path.join(projectRoot(), "scripts", "auscult.mjs"), "listen", "--model", model, "--port", "0"];
  const child: ChildProcess = spawn(process.execPath, [...args, "--no-open", "--json"], {
    cwd: projectRoot(),
    env: { ...process.env, AUSCULT_CACHE: cache },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout! })
      .once("line", resolve)
      .once("close", () => reject(new Error("no address")));
  });
  return {
    url: (JSON.parse(line) as { url: string }).url,
    end: () =>
      new Promise((resolve) => {
        if (child.exitCode !== null) resolve(child.exitCode);
        child.once("exit", resolve);
        child.kill("SIGINT");
      }),
  };
}

/** Waits until the page's model is there. */
export async function opened(page: Page, url: string): Promise<void> {
  page.setDefaultTimeout(120_000);
  await page.goto(url);
  await page.locator("#open:enabled").waitFor();
  await page.locator("#offline").waitFor();
}
