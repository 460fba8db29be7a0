import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { projectRoot } from "../../src/node/paths.js";
import { json, Workplace } from "../endToEnd/commandLine.js";
import { writeTinyModel } from "./tinyModel.js";

const place = new Workplace();
afterAll(() => place.remove());

describe("auscult listen", { timeout: 120_000 }, () => {
  test("tells how it is used, and refuses what is no exported model with 2", async () => {
    expect((await place.auscult(["listen", "--help"])).stdout).toMatch(
      /npx auscult listen --model exported\/ --build site\//,
    );
    const none = await place.auscult(["listen", "--model", place.at("nothing"), "--no-open"]);
    expect([none.code, none.stdout]).toEqual([2, ""]);
    expect(none.stderr).toMatch(/holds no exported model: there is no manifest\.json\. .*auscult export --run RUN/);
  });

  test("serves the page with the model until it is interrupted, then ends with 0", async () => {
    writeTinyModel(place.at("model"));
    const args = ["listen", "--model", place.at("model"), "--port", "0", "--no-open", "--json"];
    const child = spawn(process.execPath, [path.join(projectRoot(), "scripts", "auscult.mjs"), ...args], {
      cwd: projectRoot(),
      env: place.env,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = new Promise((resolve) => child.once("exit", resolve));
    const line = await new Promise<Buffer>((resolve) => child.stdout.once("data", resolve));
    const { url } = JSON.parse(line.toString()) as { url: string };
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
    for (const name of [
      "",
      "main.js",
      "worker.js",
      "meter.js",
      "tap.js",
      "style.css",
      "model/model.onnx",
      "runtime/ort-wasm-simd-threaded.wasm",
    ])
      expect((await fetch(url + name)).status, name).toBe(200);
    const page = await (await fetch(url)).text();
    expect(page).toContain("default-src 'none'");
    // Nothing inline, nothing from elsewhere.
    expect(page).not.toMatch(/<script(?! type="module" src=)|\sstyle=|\son\w+=|https?:\/\//);
    child.kill("SIGINT");
    expect(await ended).toBe(0);
  });

  test("--build writes the same as files, and leaves a folder that holds something alone", async () => {
    const built = await place.auscult(["listen", "--model", place.at("model"), "--build", place.at("site"), "--json"]);
    expect(json(built)).toEqual({ folder: place.at("site"), files: 14 });
    for (const name of ["index.html", "worker.js", "model/manifest.json", "_headers"])
      expect(existsSync(path.join(place.at("site"), name)), name).toBe(true);
    const again = await place.auscult(["listen", "--model", place.at("model"), "--build", place.at("site")]);
    expect([again.code, again.stderr]).toEqual([
      2,
      `auscult: ${place.at("site")}: not empty; name a new folder, or empty it first\n`,
    ]);
  });
});
