import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createMlflow } from "../src/mlflow.js";
import { removeIfComplete } from "../src/sending/spoolFolders.js";
import { temporaryFolder } from "./support.js";

const cli = fileURLToPath(new URL("../dist/cli.js", import.meta.url));

/** As much of a tracking server as a run needs: it takes files only when there is room. */
function answer(where: string, hasRoom: boolean): [number, object] {
  const info = { run_id: "r1", experiment_id: "7", status: "RUNNING", lifecycle_stage: "active" };
  const run = { info: { ...info, artifact_uri: "mlflow-artifacts:/7/r1/artifacts" }, data: {} };
  if (where.includes("/mlflow-artifacts/") && !hasRoom)
    return [500, { error_code: "INTERNAL_ERROR", message: "no room" }];
  if (where.endsWith("/experiments/get-by-name"))
    return [200, { experiment: { experiment_id: "7", name: "e", lifecycle_stage: "active" } }];
  if (where.endsWith("/runs/create") || where.endsWith("/runs/get")) return [200, { run }];
  if (where.endsWith("/runs/update")) return [200, { run_info: info }];
  return [200, {}];
}

describe("a spool that cannot be sent whole", () => {
  const place = { folder: "", remove: (): void => {} };
  let server: Server;
  let uri: string;
  let hasRoom: boolean;
  /** What the server took, in order: the paths of files, the keys of metrics, the status. */
  let taken: string[];
  beforeEach(async () => {
    Object.assign(place, temporaryFolder());
    hasRoom = false;
    taken = [];
    server = createServer((request, response) => {
      let text = "";
      request.setEncoding("utf8").on("data", (piece: string) => {
        text += piece;
      });
      request.once("end", () => {
        const where = request.url!.split("?")[0]!;
        const [status, body] = answer(where, hasRoom);
        if (status === 200 && where.includes("/mlflow-artifacts/"))
          taken.push(`${where.split("/artifacts/")[2]} ${text}`);
        if (where.endsWith("/log-batch"))
          taken.push(...JSON.parse(text).metrics.map((one: { key: string }) => one.key));
        if (where.endsWith("/runs/update")) taken.push(JSON.parse(text).status);
        response.writeHead(status, { "content-type": "application/json" });
        response.end(JSON.stringify(body));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    uri = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => {
    server.close();
    server.closeAllConnections();
    place.remove();
  });

  it("sends all but the files that the store does not take, names the first, and sends them in order when it does", async () => {
    const mlflow = createMlflow({ trackingUri: uri, folder: place.folder, sending: "inline", environment: {} });
    const run = mlflow.startRun({ name: "n", experiment: "e" });
    run.logText("1", "notes/why.md");
    run.logMetric("m", 1);
    run.logText("2", "notes/why.md");
    run.end();
    const stuck = await run.flush({ timeoutMs: 1_000 });
    expect(stuck).toMatchObject({
      arrived: 3,
      pending: 2,
      problem: expect.stringMatching(/"notes\/why.md": .*no room/),
    });
    expect(taken).toEqual(["m", "FINISHED"]);
    expect(removeIfComplete(run.folder, uri)).toBe(false);
    hasRoom = true;
    expect(await run.flush({ timeoutMs: 5_000 })).toMatchObject({ arrived: 5, pending: 0 });
    expect(taken).toEqual(["m", "FINISHED", "notes/why.md 1", "notes/why.md 2"]);
  });

  it("keeps and tells damaged lines", async () => {
    const mlflow = createMlflow({ trackingUri: uri, folder: place.folder, sending: "inline", environment: {} });
    const run = mlflow.startRun({ name: "n", experiment: "e" });
    run.logMetric("m", 1);
    const file = path.join(run.folder, "spool.jsonl");
    writeFileSync(file, readFileSync(file, "utf8").replace('"m":1', '"m":2'));
    run.end();
    const result = await run.flush({ timeoutMs: 5_000 });
    expect(result).toMatchObject({ arrived: 2, damaged: 1, pending: 0, problem: expect.stringMatching(/1 damaged/) });
    expect(removeIfComplete(run.folder, uri)).toBe(false);
    expect(existsSync(file)).toBe(true);
    expect(readdirSync(place.folder)).toHaveLength(1);
  });

  it("list compares with an address that it does not print the password of", () => {
    const run = createMlflow({ sending: "none", folder: place.folder, environment: {} }).startRun({ name: "n" });
    const to = "http://ann:s3cret@127.0.0.1:9/";
    const { stdout } = spawnSync(process.execPath, [cli, "list", "--to", to, place.folder], { encoding: "utf8" });
    expect(stdout).toContain("to http://127.0.0.1:9,");
    const discard = spawnSync(process.execPath, [cli, "discard", run.folder], { encoding: "utf8" });
    expect([discard.status, discard.stderr]).toEqual([1, `${run.folder}: a process is writing it\n`]);
    run.end();
    expect(spawnSync(process.execPath, [cli, "discard", run.folder]).status).toBe(0);
    expect(existsSync(run.folder)).toBe(false);
  });
});
