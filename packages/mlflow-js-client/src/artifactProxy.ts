import { type ArtifactStore, contentLength, type Take, type TransferOptions } from "./artifactStore.js";
import type { Body } from "./body.js";
import { MlflowError } from "./errors.js";
import { checkReceivedPath, joined } from "./receivedPath.js";
import type { Transport } from "./transport.js";
import type { FileInfo } from "./types.js";

/** The path of the server's artefact service. */
export const artifactService = "/api/2.0/mlflow-artifacts/artifacts";

/** How long a server may take to store what it was sent: at the least, and longer for each megabyte (it may pass it on to a slow store). */
const storeMs = 60_000;
const storeMsPerMegabyte = 2_000;

/** Artefacts that the tracking server passes on to wherever it keeps them. */
export class ArtifactProxy implements ArtifactStore {
  readonly #transport: Transport;
  readonly #root: string;

  /** @param root the path behind `mlflow-artifacts:`, without slashes at its ends */
  constructor(transport: Transport, root: string) {
    this.#transport = transport;
    this.#root = root;
  }

  async put(path: string, body: () => Promise<Body>, { onProgress, signal }: TransferOptions): Promise<void> {
    let length = 0;
    const opened = async (): Promise<Body> => {
      const made = await body();
      length = made.length;
      return made;
    };
    const first = await body();
    await this.#explained(() =>
      // MLflow answers nothing or `{}`; a page of something in between, with status 200, is no upload.
      this.#transport.json("PUT", `${artifactService}/${encoded(joined(this.#root, path))}`, {
        body: opened,
        mayBeEmpty: true,
        answerTimeoutMs: storeMs + (first.length / 1e6) * storeMsPerMegabyte,
        onSent: onProgress && ((bytes) => onProgress(bytes, length)),
        signal,
      }),
    );
  }

  async get(path: string, take: Take, { signal }: TransferOptions): Promise<void> {
    await this.#explained(() =>
      this.#transport.request("GET", `${artifactService}/${encoded(joined(this.#root, path))}`, {
        receive: ({ headers }, chunks) => take(chunks, contentLength(headers)),
        // The server may fetch the whole file before its first byte.
        answerTimeoutMs: 10 * storeMs,
        signal,
      }),
    );
  }

  async list(folder: string): Promise<FileInfo[]> {
    const query = { path: joined(this.#root, folder) };
    const { files } = await this.#explained(() =>
      this.#transport.json<{ files?: FileInfo[] }>("GET", artifactService, { query }),
    );
    return (files ?? []).map(({ path, is_dir, file_size }) => {
      checkReceivedPath(path);
      const size = file_size === undefined ? undefined : Number(file_size);
      return {
        path: joined(folder, path),
        is_dir: Boolean(is_dir),
        ...(size === undefined ? {} : { file_size: size }),
      };
    });
  }

  async #explained<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      if (error instanceof MlflowError && error.status === 503 && /--no-serve-artifacts/.test(error.message))
        throw new MlflowError(
          `${this.#transport.uri}: this experiment keeps its artefacts behind the server, which now runs with ` +
            "--no-serve-artifacts: start it with --serve-artifacts (the default)",
          503,
          "ARTIFACTS_NOT_SERVED",
        );
      throw error;
    }
  }
}

function encoded(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}
