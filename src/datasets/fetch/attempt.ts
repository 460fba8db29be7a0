import { type FileHandle, open } from "node:fs/promises";
import path from "node:path";
import { diskFailure, networkFailure, Passing, Refused, Stopped, throwIfStopped } from "./failures.js";
import type { PartFile, PartState } from "./partFile.js";
import {
  contentRange,
  ifRange,
  isWebPage,
  sameVersion,
  statedLength,
  statusFailure,
  validatorsOf,
} from "./serverAnswer.js";

export interface AttemptOptions {
  maxBytes: number;
  /** A connection over which nothing comes for so long is given up. */
  stallMs: number;
  signal?: AbortSignal;
  onProgress?: (doneBytes: number, totalBytes: number | undefined) => void;
  say?: (message: string) => void;
}

/**
 * One request: goes on from what lies in the part file where the server still has the same version of the file, else begins again. When
 * it returns, the part file is complete.
 *
 * A part is gone on from only with If-Range and a 206 answer that begins at the right byte and names the same version (RFC 9110, 14).
 *
 * @throws Passing where another try may go on or begin again, Refused where none would help, Stopped
 */
export async function attemptDownload(address: string, part: PartFile, options: AttemptOptions): Promise<void> {
  throwIfStopped(options.signal);
  const before = part.state();
  const have = part.bytes();
  const guard = before?.address === address ? ifRange(before) : undefined;
  const goOn = have > 0 && before !== undefined && guard !== undefined;
  const stall = new StallTimer(options.stallMs, options.signal);
  try {
    const response = await request(address, goOn ? { range: `bytes=${have}-`, "if-range": guard } : {}, stall);
    const { headers } = response;
    const now = validatorsOf(headers);
    if (goOn && response.status === 416) {
      if (contentRange(headers).total === have && sameVersion(before, now)) return;
      beginAgain(part, "the file on the server is not the one that the download began with");
    }
    if (goOn && response.status === 206) {
      const { start, total } = contentRange(headers);
      const other = before.total !== undefined && total !== undefined && before.total !== total;
      if (start !== have) beginAgain(part, "the server did not go on where the download stopped");
      if (other || !sameVersion(before, now)) beginAgain(part, "another file is on the server now");
      await receive(response, part, have, { ...before, ...(total !== undefined && { total }) }, stall, options);
      return;
    }
    if (response.status !== 200) throw statusFailure(response);
    if (goOn) options.say?.("the server sends the file from its beginning: it has another one now, or cannot go on");
    const total = statedLength(headers);
    if (total !== undefined && total > options.maxBytes) throw tooLong(options.maxBytes);
    await receive(response, part, 0, { address, ...now, ...(total !== undefined && { total }) }, stall, options);
  } catch (error) {
    if (options.signal?.aborted) throw new Stopped();
    if (stall.fired) throw new Passing(`nothing came for ${Math.round(options.stallMs / 1000)} s`);
    throw error;
  } finally {
    stall.end();
  }
}

async function request(address: string, headers: Record<string, string>, stall: StallTimer): Promise<Response> {
  try {
    return await fetch(address, {
      // Any other encoding would make byte positions and lengths mean something else.
      headers: { "accept-encoding": "identity", "user-agent": "auscult", ...headers },
      signal: stall.signal,
    });
  } catch (error) {
    throw networkFailure(error);
  }
}

/** Writes the body behind the first `from` bytes of the part file. */
async function receive(
  response: Response,
  part: PartFile,
  from: number,
  state: PartState,
  stall: StallTimer,
  { maxBytes, onProgress }: AttemptOptions,
): Promise<void> {
  let done = from;
  let file: FileHandle | undefined;
  try {
    for await (const chunk of bodyOf(response)) {
      stall.restart();
      if (done === 0 && file === undefined && isWebPage(response.headers, chunk)) {
        throw new Refused("the server answered with a web page instead of the file");
      }
      if (!file) {
        // The note first: bytes of which it is not known where they come from are never gone on from.
        if (from === 0) part.remove();
        part.write(state);
        file = await open(part.path, from === 0 ? "w" : "a");
      }
      if (done + chunk.byteLength > maxBytes) throw tooLong(maxBytes);
      await writeAll(file, chunk, part);
      done += chunk.byteLength;
      onProgress?.(done, state.total);
    }
    if (!file) {
      if (isWebPage(response.headers, new Uint8Array())) throw new Refused("the server answered with a web page");
      if (from === 0) throw new Refused("the server sent an empty file");
    }
  } finally {
    // Also when it broke off: what came is worth keeping.
    await file?.sync().catch(() => {});
    await file?.close();
  }
  if (state.total !== undefined && done !== state.total) {
    throw new Passing(`the connection ended after ${done} of ${state.total} bytes`);
  }
}

async function* bodyOf(response: Response): AsyncGenerator<Uint8Array> {
  if (!response.body) return;
  try {
    for await (const chunk of response.body) yield chunk as Uint8Array;
  } catch (error) {
    throw networkFailure(error);
  }
}

async function writeAll(file: FileHandle, chunk: Uint8Array, part: PartFile): Promise<void> {
  try {
    await file.appendFile(chunk);
  } catch (error) {
    throw diskFailure(error, path.dirname(part.path));
  }
}

function beginAgain(part: PartFile, why: string): never {
  part.remove();
  throw new Passing(`${why}; it begins again`, 0);
}

const tooLong = (maxBytes: number) =>
  new Refused(`the server sends more than ${maxBytes} bytes; that is not this file`);

/** Aborts a request when nothing came for a while, or when the caller's signal says so. */
class StallTimer {
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private readonly forward = () => this.controller.abort();
  readonly signal = this.controller.signal;
  fired = false;

  constructor(
    ms: number,
    private readonly outer: AbortSignal | undefined,
  ) {
    this.timer = setTimeout(() => {
      this.fired = true;
      this.controller.abort();
    }, ms);
    outer?.addEventListener("abort", this.forward);
    if (outer?.aborted) this.forward();
  }

  restart(): void {
    this.timer.refresh();
  }

  end(): void {
    clearTimeout(this.timer);
    this.outer?.removeEventListener("abort", this.forward);
    // Frees the connection of a body that was not read to its end.
    this.controller.abort();
  }
}
