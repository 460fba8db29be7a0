import { existsSync, mkdirSync, mkdtempSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ArtifactFolder } from "../src/artifactFolder.js";
import { MlflowClient } from "../src/client.js";
import type { MlflowError } from "../src/errors.js";
import { fileBody } from "../src/files.js";
import { checkStore, newFolder, newRun } from "./artifactChecks.js";
import { mlflowProgram, startServer, temporaryFolder } from "./support.js";

const program = mlflowProgram();
const reason = program ? "" : " (skipped: no mlflow program in AUSCULT_VENV or .venv)";

describe.skipIf(!program)(`artefacts of a server with --no-serve-artifacts${reason}`, () => {
  const place = temporaryFolder();
  let server: Awaited<ReturnType<typeof startServer>>;
  let client: MlflowClient;
  beforeAll(async () => {
    server = await startServer(place.folder, undefined, { args: ["--no-serve-artifacts"] });
    client = new MlflowClient({ uri: server.uri });
  });
  afterAll(async () => {
    await server?.stop();
    place.remove();
  });

  it("MLflow's own client reads back the bytes, and so do we", async () => {
    const { experiment_id } = await client.getOrCreateExperiment("local");
    const run = await newRun(client, experiment_id);
    expect(run.uri.startsWith("mlflow-artifacts:")).toBe(false);
    await checkStore(client, run);
    // Nothing half-written is left.
    const names = readdirSync(place.folder, { recursive: true }) as string[];
    expect(names.filter((name) => name.includes(".artifact.uploading."))).toEqual([]);
  });

  it("the same in an experiment with a folder of its own, as a file: address", async () => {
    const own = path.join(newFolder(), "of its own");
    const json = { name: "own folder", artifact_location: `file://${encodeURI(own)}` };
    const path_ = "/api/2.0/mlflow/experiments/create";
    const { experiment_id } = await client.transport.json<{ experiment_id: string }>("POST", path_, { json });
    const run = await newRun(client, experiment_id);
    await client.artifacts.upload(run.uri, "a/b.txt", Buffer.from("x"));
    expect(existsSync(path.join(own, run.id, "artifacts/a/b.txt"))).toBe(true);
    expect(await client.artifacts.listAll(run.uri)).toEqual([{ path: "a/b.txt", is_dir: false, file_size: 1 }]);
  });
});

describe("a folder of artefacts", () => {
  const here = "http://127.0.0.1:5000";
  const elsewhere = "http://mlflow.example:5000";
  const refusal = (uri: string, server: string): MlflowError | undefined => {
    try {
      new ArtifactFolder(uri, server);
      return undefined;
    } catch (error) {
      return error as MlflowError;
    }
  };

  it("is used only where it is one of this machine", () => {
    const base = mkdtempSync(path.join(tmpdir(), "mlflow-js-client-"));
    const run = (root: string, experiment: string) => path.join(base, root, experiment, "run/artifacts");
    // A server here has not made its root yet; one elsewhere must share it.
    expect(refusal(run("mlruns", "1"), here)).toBeUndefined();
    expect(refusal(run("mlruns", "1"), elsewhere)?.code).toBe("ARTIFACTS_NOT_SERVED");
    mkdirSync(path.join(base, "mlruns"));
    expect(refusal(run("mlruns", "1"), elsewhere)).toBeUndefined();
    expect(refusal(path.join(base, "mlruns/1/models/m-1/artifacts"), elsewhere)).toBeUndefined();
    // A folder that was given to an experiment is no sign of a shared disk before it is there.
    expect(refusal(run("mlruns", "breath"), elsewhere)?.message).toContain(`no folder "${base}/mlruns/breath"`);
    mkdirSync(path.join(base, "mlruns/breath"));
    expect(refusal(run("mlruns", "breath"), elsewhere)).toBeUndefined();
    for (const uri of [
      "/no/such/mlruns/1/r/artifacts",
      "/mlruns-none/1/r/artifacts",
      "file:///no/such/mlruns/1/r/artifacts",
    ])
      for (const server of [here, elsewhere]) {
        const error = refusal(uri, server)!;
        expect(error).toMatchObject({ code: "ARTIFACTS_NOT_SERVED", transient: false });
        expect(error.message).toMatch(/Start the server with --serve-artifacts .* or mount that folder here/);
      }
    for (const uri of ["./mlruns/1/r/artifacts", "mlruns/1/r/artifacts", "file://host/mlruns/1/r/artifacts"])
      expect(refusal(uri, here)?.message).toMatch(/relative to the server's own folder|names another machine/);
    expect(existsSync("/no")).toBe(false);
  });

  it("is not left by links, neither to read nor to write", async () => {
    const root = mkdtempSync(path.join(tmpdir(), "mlflow-js-client-"));
    const secret = newFolder();
    writeFileSync(path.join(secret, "s.txt"), "s");
    symlinkSync(secret, path.join(root, "out"));
    const store = new ArtifactFolder(root, here);
    const body = async () => ({ length: 1, chunks: [Buffer.from("x")] });
    await expect(store.put("out/new.txt", body, {})).rejects.toMatchObject({ code: "UNSAFE_PATH" });
    await expect(store.get("out/s.txt", async () => {})).rejects.toMatchObject({ code: "UNSAFE_PATH" });
    await expect(store.list("out")).rejects.toMatchObject({ code: "UNSAFE_PATH" });
    expect(readdirSync(secret)).toEqual(["s.txt"]);
  });

  it("lists what is there although a link leads nowhere", async () => {
    const root = mkdtempSync(path.join(tmpdir(), "mlflow-js-client-"));
    writeFileSync(path.join(root, "f.txt"), "12");
    symlinkSync(path.join(root, "none"), path.join(root, "dangling"));
    const store = new ArtifactFolder(root, here);
    expect(await store.list("")).toEqual([{ path: "f.txt", is_dir: false, file_size: 2 }]);
    expect(await store.list("none")).toEqual([]);
    expect(await store.list("f.txt")).toEqual([]);
  });

  it("refuses for good what no repetition mends", async () => {
    const root = mkdtempSync(path.join(tmpdir(), "mlflow-js-client-"));
    const store = new ArtifactFolder(root, here);
    const body = async () => ({ length: 1, chunks: [Buffer.from("x")] });
    await store.put("file", body, {});
    await store.put("folder/file", body, {});
    for (const place of ["file/below", "file/further/below", "folder", "n".repeat(300)])
      await expect(store.put(place, body, {})).rejects.toMatchObject({ name: "MlflowValidationError" });
    expect((readdirSync(root, { recursive: true }) as string[]).sort()).toEqual(["file", "folder", "folder/file"]);
  });

  it("tells a source that is not there from one that cannot be read now", async () => {
    const folder = newFolder();
    const missing = fileBody(path.join(folder, "none"));
    await expect(missing).rejects.toMatchObject({ name: "MlflowValidationError" });
    await expect(fileBody(folder)).rejects.toThrow(/it is a folder/);
    symlinkSync("loop", path.join(folder, "loop"));
    const loop = fileBody(path.join(folder, "loop"));
    await expect(loop).rejects.toMatchObject({ name: "MlflowError", code: "DISK", transient: true });
  });

  it("keeps the older file when the new one breaks off", async () => {
    const root = mkdtempSync(path.join(tmpdir(), "mlflow-js-client-"));
    const store = new ArtifactFolder(root, here);
    await store.put("f.txt", async () => ({ length: 3, chunks: [Buffer.from("old")] }), {});
    const short = async () => ({ length: 9, chunks: [Buffer.from("new")] });
    await expect(store.put("f.txt", short, {})).rejects.toMatchObject({ code: "FILE_CHANGED", transient: true });
    const stop = AbortSignal.abort();
    const whole = async () => ({ length: 3, chunks: [Buffer.from("new")] });
    await expect(store.put("f.txt", whole, { signal: stop })).rejects.toMatchObject({ code: "ABORTED" });
    expect(readdirSync(root)).toEqual(["f.txt"]);
    let text = "";
    await store.get("f.txt", async (chunks) => {
      for await (const chunk of chunks) text += Buffer.from(chunk).toString();
    });
    expect(text).toBe("old");
  });
});
