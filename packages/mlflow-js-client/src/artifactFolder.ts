import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, realpath, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { ArtifactStore, Take, TransferOptions } from "./artifactStore.js";
import type { Body } from "./body.js";
import { MlflowError, MlflowValidationError } from "./errors.js";
import { fileBody, writeAll } from "./files.js";
import { joined } from "./receivedPath.js";
import type { FileInfo } from "./types.js";

/** Files that are being written: MLflow hides such names from listings. */
const unfinished = ".artifact.uploading.";

/** Artefacts in a folder that this machine shares with the server. */
export class ArtifactFolder implements ArtifactStore {
  readonly #root: string;

  /** Throws `MlflowError` with code "ARTIFACTS_NOT_SERVED" where the folder is not one of this machine. */
  constructor(artifactUri: string, serverUri: string) {
    this.#root = localPath(artifactUri);
    checkReachable(this.#root, serverUri);
  }

  async put(where: string, body: () => Promise<Body>, { onProgress, signal }: TransferOptions): Promise<void> {
    const { length, chunks } = await body();
    const place = path.join(this.#root, where);
    if (path.basename(place).startsWith(unfinished))
      throw new MlflowValidationError(
        `artefact path "${where}"`,
        `names that begin with "${unfinished}" are MLflow's own`,
      );
    const beside = path.join(path.dirname(place), `${unfinished}${randomUUID()}`);
    try {
      await mkdir(path.dirname(place), { recursive: true });
      await this.#checkInside(path.dirname(place));
      const written = await writeAll(beside, chunks, (bytes) => {
        if (signal?.aborted) throw new MlflowError(`${place}: the caller gave up`, 0, "ABORTED");
        onProgress?.(bytes, length);
      });
      if (written !== length)
        throw new MlflowError(`${place}: what was to be stored changed its size meanwhile`, 0, "FILE_CHANGED");
      await rename(beside, place);
    } catch (error) {
      await rm(beside, { force: true }).catch(() => {});
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EEXIST" || code === "EISDIR" || code === "ENOTDIR" || code === "ENAMETOOLONG")
        throw new MlflowValidationError(
          `artefact path "${where}"`,
          `it cannot be written (${code}): it is too long, or a folder is where a file must be, or the other way round`,
        );
      throw diskError(place, error);
    }
  }

  async get(where: string, take: Take): Promise<void> {
    const place = path.join(this.#root, where);
    const { length, chunks } = await this.#checkInside(place)
      .then(() => fileBody(place))
      .catch((error) => {
        throw diskError(place, error);
      });
    await take(asynchronous(chunks), length);
  }

  async list(folder: string): Promise<FileInfo[]> {
    const place = path.join(this.#root, folder);
    let names: string[];
    try {
      await this.#checkInside(place);
      names = (await readdir(place)).filter((name) => !name.startsWith(unfinished)).sort();
    } catch (error) {
      if (isGone(error)) return [];
      throw diskError(place, error);
    }
    const found = await Promise.all(
      names.map(async (name): Promise<FileInfo | undefined> => {
        const entry = await stat(path.join(place, name)).catch((error: unknown) => {
          // It was deleted meanwhile, or is a link that leads nowhere.
          if (isGone(error)) return undefined;
          throw diskError(path.join(place, name), error);
        });
        if (entry === undefined) return undefined;
        const file = { path: joined(folder, name), is_dir: entry.isDirectory() };
        return file.is_dir ? file : { ...file, file_size: entry.size };
      }),
    );
    return found.filter((file) => file !== undefined);
  }

  /** A link within the folder must not lead out of it. */
  async #checkInside(place: string): Promise<void> {
    const [root, real] = await Promise.all([realpath(this.#root), realpath(place)]);
    if (real !== root && !real.startsWith(root + path.sep))
      throw new MlflowError(`"${place}" is a link that leads out of the folder of the artefacts`, 0, "UNSAFE_PATH");
  }
}

/** Whether an `artifact_uri` is a place in a file system: `file:`, an absolute path, or a relative one. */
export function isLocal(artifactUri: string): boolean {
  return /^file:/i.test(artifactUri) || !/^[a-z][a-z0-9+.-]+:/i.test(artifactUri);
}

function localPath(artifactUri: string): string {
  if (/^file:/i.test(artifactUri)) {
    try {
      return fileURLToPath(artifactUri);
    } catch {
      throw notHere(artifactUri, "it names another machine, or is relative to the server's own folder");
    }
  }
  if (!path.isAbsolute(artifactUri)) throw notHere(artifactUri, "it is relative to the server's own folder");
  return path.normalize(artifactUri);
}

/**
 * A folder that is made here although the server means its own machine would be a place where nobody looks. Runs have
 * theirs at ROOT/EXPERIMENT/RUN/artifacts (models: ROOT/EXPERIMENT/models/MODEL/artifacts), where EXPERIMENT is a number or a
 * folder that was given to it. So the experiment's folder must be there; for its first run, ROOT of a server elsewhere (a shared
 * disk), and for a server on this machine the folder in which ROOT lies.
 */
function checkReachable(folder: string, serverUri: string): void {
  const above = path.resolve(folder, "../..");
  const experiment = path.basename(above) === "models" ? path.dirname(above) : above;
  const root = path.dirname(experiment);
  const onThisMachine = ["localhost", "127.0.0.1", "[::1]"].includes(new URL(serverUri).hostname);
  const enough = [experiment];
  if (onThisMachine) enough.push(root, path.dirname(root));
  else if (/^\d+$/.test(path.basename(experiment))) enough.push(root);
  const top = path.parse(root).root;
  if (enough.some((place) => place !== top && existsSync(place))) return;
  throw notHere(
    folder,
    `there is no folder "${enough.findLast((place) => place !== top) ?? experiment}" on this machine`,
  );
}

function notHere(place: string, why: string): MlflowError {
  return new MlflowError(
    `the server keeps artefacts in a folder of its own machine ("${place}"), which is not reached from here: ${why}. ` +
      "Start the server with --serve-artifacts (the default) and use a new experiment (an experiment keeps its place), or mount that folder here under the same path",
    0,
    "ARTIFACTS_NOT_SERVED",
  );
}

function isGone(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "ENOENT" || code === "ENOTDIR" || code === "ELOOP";
}

function diskError(place: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (error instanceof MlflowError || error instanceof MlflowValidationError || !/^E[A-Z0-9]+$/.test(code ?? ""))
    return error;
  if (code === "ENOENT" || code === "ENOTDIR")
    return new MlflowError(`there is no artefact "${place}"`, 404, "RESOURCE_DOES_NOT_EXIST");
  if (code === "EACCES" || code === "EPERM" || code === "EROFS")
    return notHere(place, `this user must not write or read there (${code})`);
  return new MlflowError(`${place}: ${code}`, 0, "DISK");
}

async function* asynchronous(chunks: Body["chunks"]): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) yield chunk;
}
