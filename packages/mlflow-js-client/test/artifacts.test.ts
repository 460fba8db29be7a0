import { existsSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MlflowClient } from "../src/client.js";
import type { MlflowError } from "../src/errors.js";
import { inParallel } from "../src/files.js";
import { checkStore, newFolder, newRun } from "./artifactChecks.js";
import { type LocalServer, startLocalServer } from "./localServers.js";
import { mlflowProgram, startServer, temporaryFolder } from "./support.js";

const program = mlflowProgram();
const reason = program ? "" : " (skipped: no mlflow program in AUSCULT_VENV or .venv)";

describe.skipIf(!program)(`artefacts through a real server${reason}`, () => {
  const place = temporaryFolder();
  let server: Awaited<ReturnType<typeof startServer>>;
  let client: MlflowClient;
  beforeAll(async () => {
    server = await startServer(place.folder);
    client = new MlflowClient({ uri: server.uri });
  });
  afterAll(async () => {
    await server?.stop();
    place.remove();
  });

  it("MLflow's own client reads back the bytes, and so do we", async () => {
    const { experiment_id } = await client.getOrCreateExperiment("default place");
    await checkStore(client, await newRun(client, experiment_id));
  });

  it("the same where the experiment has a place of its own behind the server", async () => {
    const location = "mlflow-artifacts:/team a/breath";
    const json = { name: "own place", artifact_location: location };
    const path = "/api/2.0/mlflow/experiments/create";
    const { experiment_id } = await client.transport.json<{ experiment_id: string }>("POST", path, { json });
    const run = await newRun(client, experiment_id);
    expect(run.uri.startsWith("mlflow-artifacts:/team")).toBe(true);
    await checkStore(client, run);
    expect(existsSync(`${place.folder}/artifacts/team a/breath/${run.id}/artifacts/curves`)).toBe(true);
    // The same place by an address with a host, and by the address of the service.
    const { host } = new URL(server.uri);
    const below = run.uri.slice("mlflow-artifacts:".length);
    for (const uri of [
      `mlflow-artifacts://${host}${below}`,
      `${server.uri}/api/2.0/mlflow-artifacts/artifacts${below}`,
    ])
      expect(await client.artifacts.list(uri, "curves")).toHaveLength(1);
  });

  it("the same behind another path of a web server", async () => {
    const { experiment_id } = await client.getOrCreateExperiment("behind a path");
    const run = await newRun(client, experiment_id);
    const front = await startLocalServer(async (incoming, outgoing) => {
      if (!incoming.url!.startsWith("/ml/flow/")) return void outgoing.writeHead(404).end();
      const { request } = await import("node:http");
      const { method, headers } = incoming;
      const onward = request(
        `${server.uri}${incoming.url!.slice("/ml/flow".length)}`,
        { method, headers },
        (answer) => {
          outgoing.writeHead(answer.statusCode!, answer.headers);
          answer.pipe(outgoing);
        },
      );
      incoming.pipe(onward);
    });
    try {
      await checkStore(new MlflowClient({ uri: `${front.uri}/ml/flow/` }), run, server.uri);
    } finally {
      await front.close();
    }
  });

  it("names with signs that the server reads otherwise are refused before the first file is sent", async () => {
    const { experiment_id } = await client.getOrCreateExperiment("names");
    const run = await newRun(client, experiment_id);
    for (const name of ["100%.txt", "a#b.txt", "a\\b.txt"]) {
      const folder = newFolder();
      writeFileSync(path.join(folder, "0.txt"), "first");
      writeFileSync(path.join(folder, name), "x");
      await expect(client.artifacts.uploadFolder(run.uri, folder)).rejects.toThrow(/artefact path/);
    }
    expect(await client.artifacts.listAll(run.uri)).toEqual([]);
    await expect(client.artifacts.uploadFolder(run.uri, "/no/such/folder")).rejects.toThrow(
      /cannot be read \(ENOENT\)/,
    );
  });
});

describe("artefacts of a server that is not to be trusted", () => {
  let server: LocalServer;
  let client: MlflowClient;
  let answer: (path: string) => { body: string | Buffer; status?: number; headers?: Record<string, string> };
  const uri = "mlflow-artifacts:/1/r/artifacts";
  beforeAll(async () => {
    server = await startLocalServer((request, response) => {
      const { body, status = 200, headers } = answer(request.url!);
      response.writeHead(status, headers).end(body);
    });
    client = new MlflowClient({ uri: server.uri }, { attempts: 2, pauseMs: 1 });
  });
  afterAll(() => server.close());

  it("names that lead out of the folder are refused, and nothing is written", async () => {
    for (const name of ["../evil", "/etc/evil", "a/../../evil", "..", "C:\\evil", "a\\..\\evil", "", "a\u0000b", 7]) {
      answer = () => ({ body: JSON.stringify({ files: [{ path: name, is_dir: false, file_size: 1 }] }) });
      const above: string = newFolder();
      const folder = path.join(above, "down");
      const error = await client.artifacts.downloadFolder(uri, "", folder).catch((thrown) => thrown);
      expect(error).toMatchObject({ name: "MlflowError", code: "UNSAFE_PATH", transient: false });
      expect((readdirSync(above, { recursive: true }) as string[]).filter((file: string) => file !== "down")).toEqual(
        [],
      );
    }
    answer = () => ({ body: JSON.stringify({ files: [{ path: "again", is_dir: true }] }) });
    await expect(client.artifacts.listAll(uri)).rejects.toThrow(/more than 100 deep/);
  });

  it("a file of another size than listed is not kept", async () => {
    const size = (listed: number) => {
      answer = (where) =>
        where.includes("?path=")
          ? { body: JSON.stringify({ files: [{ path: "f.bin", is_dir: false, file_size: listed }] }) }
          : // No length: then the listing is asked for it.
            { body: "12345", headers: { "transfer-encoding": "chunked" } };
    };
    const folder = newFolder();
    size(6);
    for (const act of [
      () => client.artifacts.downloadFile(uri, "f.bin", path.join(folder, "f.bin")),
      () => client.artifacts.downloadFolder(uri, "", folder),
    ]) {
      const error = (await act().catch((thrown) => thrown)) as MlflowError;
      expect(error.code).toBe("SIZE_MISMATCH");
      expect(error.message).toBe('"f.bin" came with 5 bytes instead of 6');
    }
    expect(readdirSync(folder)).toEqual([]);
    size(5);
    expect(await client.artifacts.downloadFile(uri, "f.bin", path.join(folder, "f.bin"))).toBe(5);
  });

  it("a file of a long name is written beside its place under a short one", async () => {
    answer = () => ({ body: "12345", headers: { "content-length": "5" } });
    const file = path.join(newFolder(), `${"ü".repeat(125)}.bin`);
    expect(await client.artifacts.downloadFile(uri, "f.bin", file)).toBe(5);
  });

  it("a server that stopped serving artefacts is told from one that is busy", async () => {
    const body = "Endpoint: /x disabled due to the mlflow server running with `--no-serve-artifacts`. To enable ...";
    answer = () => ({ status: 503, body });
    server.seen.length = 0;
    const error = await client.artifacts.upload(uri, "x.txt", Buffer.from("x")).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: "ARTIFACTS_NOT_SERVED", transient: false });
    expect(error.message).toMatch(/start it with --serve-artifacts/);
  });

  it("stores of clouds are refused with their name and the way out", async () => {
    for (const [address, name] of [
      ["s3://b/x", "an S3 bucket (s3://...)"],
      ["gs://b/x", "a Google Cloud Storage bucket (gs://...)"],
      ["wasbs://c@a/x", "Azure Blob Storage (wasbs://...)"],
      ["abfss://c@a/x", "Azure Data Lake Storage (abfss://...)"],
      ["dbfs:/x", "the Databricks file system (dbfs://...)"],
      ["hdfs://h/x", "a Hadoop file system (hdfs://...)"],
      ["ftp://h/x", "an FTP server (ftp://...)"],
      ["sftp://h/x", "an SFTP server (sftp://...)"],
      ["odd+x://h/x", "a store that this client does not know (odd+x://...)"],
    ] as const)
      for (const act of [
        () => client.artifacts.upload(address, "x", Buffer.alloc(1)),
        () => client.artifacts.download(address, "x"),
        () => client.artifacts.listAll(address),
      ]) {
        const error = (await act().catch((thrown) => thrown)) as MlflowError;
        expect(error).toMatchObject({ code: "ARTIFACTS_NOT_SERVED", transient: false });
        expect(error.message).toContain(name);
        expect(error.message).toMatch(/--serve-artifacts and --artifacts-destination .* new experiment .* own tools$/);
      }
  });

  it("no more than the given number of files travel at once, and none is begun after a failure", async () => {
    let now = 0;
    let most = 0;
    const done: number[] = [];
    await inParallel([...Array(20).keys()], 3, async (item) => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setTimeout(resolve, 1));
      now--;
      done.push(item);
    });
    expect(most).toBe(3);
    expect(done.sort((a, b) => a - b)).toEqual([...Array(20).keys()]);
    const begun: number[] = [];
    const failing = inParallel([...Array(20).keys()], 2, async (item) => {
      begun.push(item);
      await new Promise((resolve) => setTimeout(resolve, 1));
      if (item === 3) throw new Error("three");
    });
    await expect(failing).rejects.toThrow("three");
    for (const atOnce of [Number.NaN, 0, -1, 1.5, Number.POSITIVE_INFINITY])
      await expect(inParallel([1], atOnce, async () => {})).rejects.toThrow(/^atOnce: .* must be a whole number/);
    expect(begun.length).toBeLessThanOrEqual(6);
  });
});
