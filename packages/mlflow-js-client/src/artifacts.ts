import { randomUUID } from "node:crypto";
import { mkdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import type { ArtifactStore, TransferOptions } from "./artifactStore.js";
import type { Body } from "./body.js";
import { CombinedProgress } from "./combinedProgress.js";
import { MlflowError, MlflowValidationError } from "./errors.js";
import { bytesBody, fileBody, filesBelow, inParallel, writeAll } from "./files.js";
import { checkReceivedPath, joined } from "./receivedPath.js";
import { storeOf } from "./storeOf.js";
import type { Transport } from "./transport.js";
import type { FileInfo } from "./types.js";
import { checkArtifactPath } from "./validate.js";

export type { TransferOptions } from "./artifactStore.js";

export interface FolderTransferOptions extends TransferOptions {
  /** How many files travel at the same time; 4 unless given. */
  atOnce?: number;
}

export interface FolderTransfer {
  /** The files that travelled, by their paths below the folder. */
  files: string[];
  bytes: number;
  /** What was left out because it is neither a file nor a folder, or is a link to a folder. */
  skipped: string[];
}

const deepest = 100;

/**
 * Files of runs and models, by their `artifact_uri`: through the tracking server, or in a folder that this machine shares with
 * it. Paths are relative, with forward slashes. Methods throw `MlflowValidationError` for paths and files that cannot be
 * meant, and `MlflowError`, with code "ARTIFACTS_NOT_SERVED" for stores that cannot be reached from here.
 */
export class Artifacts {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Writes bytes, or the file of that name, to `path`. An existing one is replaced, and never by half of the new one. */
  async upload(
    artifactUri: string,
    path: string,
    content: Uint8Array | string,
    options: TransferOptions = {},
  ): Promise<void> {
    checkArtifactPath(path);
    const body = async (): Promise<Body> => (typeof content === "string" ? fileBody(content) : bytesBody(content));
    await storeOf(this.#transport, artifactUri).put(path, body, options);
  }

  /** Uploads all files below a local folder to below `path`. All names are checked before the first file is sent. */
  async uploadFolder(
    artifactUri: string,
    folder: string,
    path = "",
    options: FolderTransferOptions = {},
  ): Promise<FolderTransfer> {
    const store = storeOf(this.#transport, artifactUri);
    const { files, others } = await filesBelow(folder).catch((error: NodeJS.ErrnoException) => {
      throw new MlflowValidationError(`artefact folder "${folder}"`, `it cannot be read (${error.code})`);
    });
    if (path !== "") checkArtifactPath(path);
    for (const file of files) checkArtifactPath(joined(path, file.path));
    const together = new CombinedProgress(files, options);
    await inParallel(files, options.atOnce ?? 4, async (file) => {
      const transfer = together.of(file.path);
      await store.put(joined(path, file.path), () => fileBody(`${folder}/${file.path}`), transfer);
    });
    return { files: files.map((file) => file.path), bytes: together.total, skipped: others };
  }

  /** The bytes of an artefact. For large ones `downloadFile` needs less memory. */
  async download(artifactUri: string, path: string, options: TransferOptions = {}): Promise<Uint8Array> {
    checkReceivedPath(path);
    let all: Uint8Array[] = [];
    await storeOf(this.#transport, artifactUri).get(
      path,
      async (chunks, length) => {
        all = [];
        let bytes = 0;
        for await (const chunk of chunks) {
          all.push(chunk);
          bytes += chunk.length;
          options.onProgress?.(bytes, length);
        }
      },
      options,
    );
    return Buffer.concat(all);
  }

  /**
   * Writes an artefact to a local file, whole or not at all: beside its place first, and compared with the size that the server
   * gives. Answers its size in bytes. Throws `MlflowError` with code "SIZE_MISMATCH" or "DISK" besides the others.
   */
  async downloadFile(artifactUri: string, path: string, file: string, options: TransferOptions = {}): Promise<number> {
    checkReceivedPath(path);
    return this.#toFile(storeOf(this.#transport, artifactUri), path, file, undefined, options);
  }

  /** Writes everything below `path` to below a local folder, which is made if there is none. */
  async downloadFolder(
    artifactUri: string,
    path: string,
    folder: string,
    options: FolderTransferOptions = {},
  ): Promise<FolderTransfer> {
    const listed = await this.listAll(artifactUri, path);
    if (listed.length === 0 && path !== "")
      throw new MlflowError(`there are no artefacts below "${path}"`, 404, "RESOURCE_DOES_NOT_EXIST");
    await mkdir(folder, { recursive: true });
    const store = storeOf(this.#transport, artifactUri);
    const files = listed.map((file) => ({ ...file, path: file.path.slice(path === "" ? 0 : path.length + 1) }));
    const together = new CombinedProgress(
      files.map((file) => ({ path: file.path, bytes: file.file_size ?? 0 })),
      options,
    );
    let bytes = 0;
    await inParallel(files, options.atOnce ?? 4, async (file) => {
      const place = `${folder}/${file.path}`;
      const transfer = together.of(file.path);
      const size = await this.#toFile(store, joined(path, file.path), place, file.file_size, transfer);
      bytes += size;
    });
    return { files: files.map((file) => file.path), bytes, skipped: [] };
  }

  /** What lies in a folder, not below it; paths are relative to the `artifact_uri`. */
  async list(artifactUri: string, folder = ""): Promise<FileInfo[]> {
    if (folder !== "") checkReceivedPath(folder);
    return storeOf(this.#transport, artifactUri).list(folder);
  }

  /** All files in a folder and below it, in order. */
  async listAll(artifactUri: string, folder = ""): Promise<FileInfo[]> {
    if (folder !== "") checkReceivedPath(folder);
    const store = storeOf(this.#transport, artifactUri);
    const files: FileInfo[] = [];
    const walk = async (place: string, depth: number): Promise<void> => {
      if (depth > deepest)
        throw new MlflowError(`the server names folders that are more than ${deepest} deep`, 0, "UNSAFE_PATH");
      for (const entry of await store.list(place)) {
        if (!entry.is_dir) files.push(entry);
        else await walk(entry.path, depth + 1);
      }
    };
    await walk(folder, 1);
    return files.sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  async #toFile(
    store: ArtifactStore,
    from: string,
    file: string,
    listed: number | undefined,
    options: TransferOptions,
  ): Promise<number> {
    const place = path.resolve(file);
    let beside = "";
    let expected = listed;
    let bytes = 0;
    try {
      await mkdir(path.dirname(place), { recursive: true });
      await store.get(
        from,
        async (chunks, length) => {
          await rm(beside, { force: true });
          beside = path.join(path.dirname(place), `.${randomUUID()}.part`);
          expected = listed ?? length;
          bytes = await writeAll(beside, chunks, (done) => options.onProgress?.(done, expected));
        },
        options,
      );
      expected ??= (await store.list(path.posix.dirname(from).replace(/^\.$/, ""))).find(
        (f) => f.path === from,
      )?.file_size;
      if (expected !== undefined && expected !== bytes)
        throw new MlflowError(`"${from}" came with ${bytes} bytes instead of ${expected}`, 0, "SIZE_MISMATCH");
      await rename(beside, place);
      return bytes;
    } catch (error) {
      if (beside !== "") await rm(beside, { force: true });
      const { code } = error as NodeJS.ErrnoException;
      if (error instanceof MlflowError || !/^E[A-Z0-9]+$/.test(code ?? "")) throw error;
      throw new MlflowError(`${place}: it cannot be written (${code})`, 0, "DISK");
    }
  }
}
