import { readFileSync } from "node:fs";
import { MlflowError } from "./errors.js";
import type { Transport } from "./transport.js";
import type { FileInfo } from "./types.js";
import { checkArtifactPath } from "./validate.js";

const proxy = "/api/2.0/mlflow-artifacts/artifacts";

/** How long a transfer may take at the least, and how much longer for each megabyte: a slow line is no fault. */
const transferMs = 60_000;
const transferMsPerMegabyte = 2_000;

function encoded(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}

/** Files of runs and models through the tracking server's artefact proxy. */
export class Artifacts {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Writes bytes, or the file of that name, to `path` below an `artifact_uri`. An existing one is replaced. */
  async upload(artifactUri: string, path: string, content: Uint8Array | string): Promise<void> {
    checkArtifactPath(path);
    const bytes = typeof content === "string" ? readFileSync(content) : content;
    const timeoutMs = transferMs + (bytes.length / 1e6) * transferMsPerMegabyte;
    await this.#transport.request("PUT", `${proxy}/${encoded(`${rootOf(artifactUri)}/${path}`)}`, { bytes, timeoutMs });
  }

  async download(artifactUri: string, path: string): Promise<Uint8Array> {
    checkArtifactPath(path);
    const url = `${proxy}/${encoded(`${rootOf(artifactUri)}/${path}`)}`;
    return (await this.#transport.request("GET", url, { timeoutMs: 10 * transferMs })).bytes;
  }

  /** What lies in a folder; paths are relative to the `artifact_uri`. */
  async list(artifactUri: string, folder = ""): Promise<FileInfo[]> {
    if (folder !== "") checkArtifactPath(folder);
    const path = folder === "" ? rootOf(artifactUri) : `${rootOf(artifactUri)}/${folder}`;
    const { files } = await this.#transport.json<{ files?: FileInfo[] }>("GET", proxy, { query: { path } });
    return (files ?? []).map((file) => ({ ...file, path: folder === "" ? file.path : `${folder}/${file.path}` }));
  }
}

/** The path behind `mlflow-artifacts:`. Throws `MlflowError` for stores that only the server's own machine or a cloud reaches. */
function rootOf(artifactUri: string): string {
  const match = /^mlflow-artifacts:(?:\/\/[^/]*)?\/+(.*?)\/*$/.exec(artifactUri);
  if (!match)
    throw new MlflowError(
      `artefacts at "${artifactUri.replace(/\/\/[^/@]*@/, "//")}" are not served by the tracking server: start it with --serve-artifacts (the default) and --artifacts-destination`,
      0,
      "ARTIFACTS_NOT_SERVED",
    );
  return match[1]!;
}
