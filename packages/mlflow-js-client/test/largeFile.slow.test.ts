import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MlflowClient } from "../src/client.js";
import { newRun } from "./artifactChecks.js";
import { mlflowProgram, startServer, temporaryFolder } from "./support.js";

const program = mlflowProgram();
const reason = program ? "" : " (skipped: no mlflow program in AUSCULT_VENV or .venv)";
const megabytes = 200;

/** Sends a file and fetches it again in a process of its own; prints by how many megabytes each made its peak of memory grow. */
const script = (dist: string) => `
import { MlflowClient } from ${JSON.stringify(dist)};
const [uri, artifactUri, file] = process.argv.slice(1);
const client = new MlflowClient({ uri });
const peak = () => process.resourceUsage().maxRSS / 1024;
await client.artifacts.upload(artifactUri, "warm.txt", new Uint8Array(10));
const steps = [];
const start = peak();
await client.artifacts.upload(artifactUri, "large.bin", file, { onProgress: (done) => steps.push(done) });
const sent = peak();
await client.artifacts.downloadFile(artifactUri, "large.bin", file + ".back");
console.log(JSON.stringify({ start, sent: sent - start, fetched: peak() - sent, steps: steps.length }));
`;

describe.skipIf(!program)(`a file of ${megabytes} MB${reason}`, () => {
  const place = temporaryFolder();
  let server: Awaited<ReturnType<typeof startServer>>;
  beforeAll(async () => {
    server = await startServer(place.folder);
  });
  afterAll(async () => {
    await server?.stop();
    place.remove();
  });

  it("is not held in memory", async () => {
    const file = path.join(place.folder, "large.bin");
    const handle = openSync(file, "w");
    for (let i = 0; i < megabytes; i++) writeSync(handle, Buffer.alloc(1_000_000, i));
    closeSync(handle);
    const client = new MlflowClient({ uri: server.uri });
    const run = await newRun(client, (await client.getOrCreateExperiment("large")).experiment_id);
    const dist = new URL("../dist/index.js", import.meta.url).href;
    const args = ["--input-type=module", "-e", script(dist), server.uri, run.uri, file];
    const output = execFileSync(process.execPath, args, {
      encoding: "utf8",
      cwd: fileURLToPath(new URL("..", import.meta.url)),
    });
    console.log(output.trim());
    const { sent, fetched, steps } = JSON.parse(output) as Record<"sent" | "fetched" | "steps", number>;
    const digest = (name: string) => createHash("sha256").update(readFileSync(name)).digest("hex");
    expect(digest(`${file}.back`)).toBe(digest(file));
    // Node frees buffers when it likes: what stands here is far from the file's size and above what was seen.
    expect(sent).toBeLessThan(megabytes / 2);
    expect(fetched).toBeLessThan(megabytes / 2);
    expect(steps).toBeGreaterThan(100);
  });
});
