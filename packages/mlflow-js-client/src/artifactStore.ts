import type { IncomingHttpHeaders } from "node:http";
import type { Body } from "./body.js";
import type { FileInfo } from "./types.js";

export interface TransferOptions {
  /** Told how many bytes are done, of how many: the total is undefined where the server does not say it. */
  onProgress?: (doneBytes: number, totalBytes: number | undefined) => void;
  /** Gives the transfer up: it fails with code "ABORTED". */
  signal?: AbortSignal;
}

/** Takes the bytes of an artefact; called anew when a transfer begins anew. `length` where it is known. */
export type Take = (chunks: AsyncIterable<Uint8Array>, length: number | undefined) => Promise<void>;

/** Where the artefacts below one `artifact_uri` lie. Paths are relative to it, "" is the uri's own folder. */
export interface ArtifactStore {
  put(path: string, body: () => Promise<Body>, options: TransferOptions): Promise<void>;
  get(path: string, take: Take, options: TransferOptions): Promise<void>;
  /** The entries of one folder, with their full paths; none for a folder that is not there. */
  list(folder: string): Promise<FileInfo[]>;
}

/** The number that a `Content-Length` header gives. */
export function contentLength(headers: IncomingHttpHeaders): number | undefined {
  const text = headers["content-length"];
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}
