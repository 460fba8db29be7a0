import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "vitest";
import type { MlflowClient } from "../src/client.js";
import { python } from "./support.js";

export const newFolder = (): string => mkdtempSync(path.join(tmpdir(), "mlflow-js-client-"));
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

/** A run to hang artefacts on. */
export async function newRun(client: MlflowClient, experimentId: string): Promise<{ id: string; uri: string }> {
  const { info } = await client.createRun({ experimentId, name: "artefacts" });
  return { id: info.run_id, uri: info.artifact_uri };
}

/** What all stores must do alike. */
export async function checkStore(
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
