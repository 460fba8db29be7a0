import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MlflowClient } from "../src/client.js";
import type { MlflowError } from "../src/errors.js";
import { inParallel } from "../src/files.js";
import { type LocalServer, startLocalServer } from "./localServers.js";
import { mlflowProgram, python, startServer, temporaryFolder } from "./support.js";

const program = mlflowProgram();
const reason = program ? "" : " (skipped: no mlflow program in AUSCULT_VENV or .venv)";

const newFolder = (): string => mkdtempSync(path.join(tmpdir(), "mlflow-js-client-"));
const digest = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** Bytes that no compression or encoding leaves alone by chance. */
function noise(length: number, seed: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let i = 0, x = seed; i < length; i++) {
    x = (Math.imul(x, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[i] = x >>> 24;
  }
  return bytes;
}

/** The digests of all files of a run, as MLflow's own client downloads them. */
const readByMlflow = `
import sys, json, os, hashlib, mlflow
mlflow.set_tracking_uri(sys.argv[1])
folder = mlflow.artifacts.download_artifacts(run_id=sys.argv[2], dst_path=sys.argv[3])
found = {}
for root, _, names in os.walk(folder):
    for name in names:
        full = os.path.join(root, name)
        found[os.path.relpath(full, folder)] = hashlib.sha256(open(full, "rb").read()).hexdigest()
print(json.dumps(found))
`;

/** A folder with files as people have them. */
function exampleFolder(): { folder: string; digests: Record<string, string> } {
  const folder = newFolder();
  const files: Record<string, Buffer> = {
    "empty.txt": Buffer.alloc(0),
    "model/weights.bin": noise(2_500_000, 1),
    "model/deep/er/größe 漢.json": Buffer.from('{"ä":1}'),
    "a+b & c=d;e,f@g!.csv": Buffer.from("x,y\n1,2\n"),
    "curves/epoch_1.svg": Buffer.from("<svg/>"),
  };
  for (const [name, bytes] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), bytes);
  }
  return { folder, digests: Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, digest(bytes)])) };
}

function digestsBelow(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const files = names.map((entry) => path.join(entry.parentPath, entry.name));
  return Object.fromEntries(files.map((file) => [path.relative(folder, file), digest(readFileSync(file))]));
}

async function newRun(client: MlflowClient, experimentId: string): Promise<{ id: string; uri: string }> {
  const { info } = await client.createRun({ experimentId, name: "artefacts" });
  return { id: info.run_id, uri: info.artifact_uri };
}

/** What all stores must do alike. */
async function checkStore(
  client: MlflowClient,
  run: { id: string; uri: string },
  serverUri = client.transport.uri,
): Promise<void> {
  const { folder, digests } = exampleFolder();
  symlinkSync(folder, path.join(folder, "loop"));
  const total = Object.keys(digests).reduce((sum, name) => sum + readFileSync(path.join(folder, name)).length, 0);
  const steps: [number, number | undefined][] = [];
  const onProgress = (done: number, all: number | undefined) => void steps.push([done, all]);
  const sent = await client.artifacts.uploadFolder(run.uri, folder, "", { onProgress });
  expect(sent).toEqual({ files: Object.keys(digests).sort(), bytes: total, skipped: ["loop"] });
  expect(steps.at(-1)).toEqual([total, total]);
  expect(steps.map(([done]) => done)).toEqual(steps.map(([done]) => done).sort((a, b) => a - b));
  expect(python(readByMlflow, serverUri, run.id, newFolder())).toEqual(digests);

  const listed = await client.artifacts.listAll(run.uri);
  expect(listed.map((file) => [file.path, file.is_dir]).sort()).toEqual(
    Object.keys(digests)
      .map((name) => [name, false])
      .sort(),
  );
  expect(await client.artifacts.list(run.uri, "model")).toEqual([
    { path: "model/deep", is_dir: true },
    { path: "model/weights.bin", is_dir: false, file_size: 2_500_000 },
  ]);
  expect(await client.artifacts.list(run.uri, "nothing/here")).toEqual([]);

  const back = path.join(newFolder(), "made", "here");
  const fetched = await client.artifacts.downloadFolder(run.uri, "", back);
  expect(fetched).toMatchObject({ bytes: total, files: Object.keys(digests).sort() });
  expect(digestsBelow(back)).toEqual(digests);
  const part = newFolder();
  await client.artifacts.downloadFolder(run.uri, "model/deep", part);
  expect(Object.keys(digestsBelow(part))).toEqual(["er/größe 漢.json"]);

  const progress: [number, number | undefined][] = [];
  const place = path.join(part, "w.bin");
  writeFileSync(place, "older");
  const bytes = await client.artifacts.downloadFile(run.uri, "model/weights.bin", place, {
    onProgress: (done, all) => progress.push([done, all]),
  });
  expect(bytes).toBe(2_500_000);
  expect(progress.at(-1)).toEqual([2_500_000, 2_500_000]);
  expect(digest(readFileSync(place))).toBe(digests["model/weights.bin"]);
  expect(digest(await client.artifacts.download(run.uri, "model/weights.bin"))).toBe(digests["model/weights.bin"]);

  // Replaced by bytes; a file that is not there; a folder in a file's place.
  await client.artifacts.upload(run.uri, "curves/epoch_1.svg", Buffer.from("<svg></svg>"));
  expect(Buffer.from(await client.artifacts.download(run.uri, "curves/epoch_1.svg")).toString()).toBe("<svg></svg>");
  const missing = await client.artifacts
    .downloadFile(run.uri, "no.txt", path.join(part, "no.txt"))
    .catch((error) => error);
  expect(missing).toMatchObject({ status: 404, code: "RESOURCE_DOES_NOT_EXIST" });
  expect(readdirSync(part).sort()).toEqual(["er", "w.bin"]);
  await expect(client.artifacts.downloadFolder(run.uri, "none", part)).rejects.toThrow(/no artefacts below "none"/);
  await expect(client.artifacts.upload(run.uri, "x.txt", path.join(folder, "gone.txt"))).rejects.toThrow(
    /gone.txt": there is no such file/,
  );
  await expect(client.artifacts.upload(run.uri, "x.txt", folder)).rejects.toThrow(/it is a folder, not a file/);
  for (const bad of ["../x", "/x", "a/../b", "a//b", ""])
    await expect(client.artifacts.upload(run.uri, bad, Buffer.alloc(1))).rejects.toThrow(/artefact path/);
  for (const bad of ["../x", "/etc/passwd", "a/../../b"])
    await expect(client.artifacts.download(run.uri, bad)).rejects.toMatchObject({ code: "UNSAFE_PATH" });
}

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
    expect(begun.length).toBeLessThanOrEqual(6);
  });
});
