import { createHash } from "node:crypto";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { META_POLICY, SECURITY_HEADERS } from "../../src/web/server/headers.js";
import { modelFiles } from "../../src/web/server/modelFiles.js";
import { isOwnHost } from "../../src/web/server/ownHost.js";
import { type Served, serve } from "../../src/web/server/serve.js";
import { findFile, type Site } from "../../src/web/server/site.js";
import { writeSite } from "../../src/web/server/writeSite.js";
import { writeTinyModel } from "./tinyModel.js";

const folder = mkdtempSync(path.join(tmpdir(), "auscult-web-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (...parts: string[]) => path.join(folder, ...parts);

/** A request as it is written, without what a client would mend in the address. */
function ask(port: number, target: string, { host, method = "GET" }: { host?: string; method?: string } = {}) {
  return new Promise<{ status: number; headers: Record<string, unknown>; body: string }>((resolve, reject) => {
    const headers = { Host: host ?? `127.0.0.1:${port}`, Connection: "close" };
    const asked = request({ host: "127.0.0.1", port, path: target, method, headers }, (answer) => {
      let body = "";
      answer.on("data", (part: Buffer) => {
        body += part;
      });
      answer.on("end", () => resolve({ status: answer.statusCode!, headers: answer.headers, body }));
    });
    asked.on("error", reject).end();
  });
}

describe("the policy", () => {
  test("allows the page's own origin and nothing else", () => {
    const directives = new Map(META_POLICY.split("; ").map((one) => [one.split(" ")[0]!, one.split(" ").slice(1)]));
    expect(directives.get("default-src")).toEqual(["'none'"]);
    for (const [name, sources] of directives)
      for (const source of sources) expect(["'self'", "'none'", "'wasm-unsafe-eval'", "blob:"], name).toContain(source);
    expect(directives.get("script-src")).toEqual(["'self'", "'wasm-unsafe-eval'"]);
    expect(SECURITY_HEADERS["Content-Security-Policy"]).toContain("frame-ancestors 'none'");
  });
});

describe("isOwnHost", () => {
  test.each([
    ["127.0.0.1:8417", true],
    ["localhost:8417", true],
    ["127.0.0.1:8418", false],
    ["127.0.0.1", false],
    ["evil.example:8417", false],
    ["127.0.0.1.evil.example:8417", false],
    ["127.0.0.1:8417.evil.example", false],
    [undefined, false],
  ])("%s: %s", (host, own) => expect(isOwnHost(host, 8417)).toBe(own));
});

describe("findFile", () => {
  const site: Site = new Map([
    ["index.html", { content: new Uint8Array(1) }],
    ["a b.js", { content: new Uint8Array(2) }],
  ]);
  test.each([
    ["/", "index.html"],
    ["/?a=b", "index.html"],
    ["/a%20b.js", "a b.js"],
  ])("%s is %s", (target, name) => expect(findFile(site, target)?.name).toBe(name));
  test.each([
    "/../index.html",
    "/%2e%2e/etc/passwd",
    "/..%2findex.html",
    "//index.html",
    "/%",
    "index.html",
    "",
    "/constructor",
    "/model/",
  ])("%s is nothing", (target) => expect(findFile(site, target)).toBeUndefined());
});

describe("serve", () => {
  let served: Served;
  beforeAll(async () => {
    writeFileSync(at("big.bin"), "x".repeat(100_000));
    writeFileSync(path.join(path.dirname(folder), `${path.basename(folder)}-secret`), "secret");
    served = await serve(
      new Map([
        ["index.html", { content: new TextEncoder().encode("page") }],
        ["big.bin", { file: at("big.bin") }],
        ["gone.js", { file: at("gone.js") }],
      ]),
      0,
    );
  });
  afterAll(async () => {
    await served.close();
    rmSync(`${folder}-secret`, { force: true });
  });

  test("answers with every header, on files and refusals alike", async () => {
    for (const target of ["/", "/big.bin", "/none"]) {
      const { headers } = await ask(served.port, target);
      for (const [name, value] of Object.entries(SECURITY_HEADERS)) expect(headers[name.toLowerCase()]).toBe(value);
    }
    expect(await ask(served.port, "/")).toMatchObject({
      status: 200,
      body: "page",
      headers: { "content-type": "text/html; charset=utf-8" },
    });
    expect((await ask(served.port, "/big.bin")).body.length).toBe(100_000);
    expect(await ask(served.port, "/big.bin", { method: "HEAD" })).toMatchObject({
      status: 200,
      body: "",
      headers: { "content-length": "100000" },
    });
  });

  test("refuses other hosts, other methods, what is not of the site and what has gone", async () => {
    expect(await ask(served.port, "/", { host: `evil.example:${served.port}` })).toMatchObject({ status: 421 });
    expect(await ask(served.port, "/", { method: "POST" })).toMatchObject({
      status: 405,
      headers: { allow: "GET, HEAD" },
    });
    for (const target of [`/../${path.basename(folder)}-secret`, "/%2e%2e/big.bin", "/package.json", "/gone.js"])
      expect((await ask(served.port, target)).status, target).toBe(404);
  });

  test("a port that was asked for and is taken is refused by its number", async () => {
    await expect(serve(new Map(), served.port)).rejects.toThrow(`--port ${served.port}: it is taken`);
  });
});

describe("modelFiles", () => {
  test("are the networks and the card, below model/", async () => {
    writeTinyModel(at("good"));
    expect([...(await modelFiles(at("good"))).keys()].sort()).toEqual([
      "model/card.md",
      "model/manifest.json",
      "model/model-int8.onnx",
      "model/model.onnx",
    ]);
  });

  test.each([
    [
      "no manifest",
      (dir: string) => rmSync(path.join(dir, "manifest.json")),
      /holds no exported model: there is no manifest\.json\. .*auscult export --run RUN/,
    ],
    ["a missing part", (dir: string) => rmSync(path.join(dir, "model.onnx")), /model\.onnx is missing/],
    [
      "a longer part",
      (dir: string) => appendFileSync(path.join(dir, "model.onnx"), "x"),
      /model\.onnx has \d+ bytes where \d+ were exported/,
    ],
    [
      "an altered part of the same length",
      (dir: string) => {
        const file = path.join(dir, "model-int8.onnx");
        const bytes = readFileSync(file);
        bytes[bytes.length - 1]! ^= 1;
        writeFileSync(file, bytes);
      },
      /model-int8\.onnx is not as it was exported/,
    ],
    [
      "another format",
      (dir: string) => edit(dir, (manifest) => ({ ...manifest, format: 2 })),
      /has format 2, and this version reads 1/,
    ],
    ["no JSON", (dir: string) => writeFileSync(path.join(dir, "manifest.json"), "{"), /cannot be read as JSON/],
    [
      "a path that leads out",
      (dir: string) =>
        edit(dir, (manifest) => ({
          ...manifest,
          files: [{ path: "../good/model.onnx", bytes: 1, sha256: "", format: "onnx" }],
        })),
      /files missing or wrong/,
    ],
  ])("refuses a folder with %s", async (name, spoil, message) => {
    const dir = at(`bad-${createHash("md5").update(name).digest("hex")}`);
    writeTinyModel(dir);
    spoil(dir);
    await expect(modelFiles(dir)).rejects.toThrow(message);
  });
});

function edit(dir: string, change: (manifest: Record<string, unknown>) => unknown): void {
  const file = path.join(dir, "manifest.json");
  writeFileSync(file, JSON.stringify(change(JSON.parse(readFileSync(file, "utf8")))));
}

describe("writeSite", () => {
  test("writes all files and the headers; refuses a folder that holds something", () => {
    const site: Site = new Map([
      ["index.html", { content: new TextEncoder().encode("page") }],
      ["model/big.bin", { file: at("big.bin") }],
    ]);
    expect(writeSite(site, at("site"))).toEqual({ files: 3 });
    expect(readFileSync(at("site", "index.html"), "utf8")).toBe("page");
    expect(readFileSync(at("site", "model", "big.bin")).length).toBe(100_000);
    expect(readFileSync(at("site", "_headers"), "utf8")).toMatch(
      /^\/\*\n {2}Content-Security-Policy: default-src 'none'/,
    );
    expect(() => writeSite(site, at("site"))).toThrow("not empty");
  });
});
