import { UserError } from "../../userError.js";

/** A file that none of its addresses gives as it should be; it ends the fetch, except for a list that is not required. */
export class Unavailable extends UserError {
  constructor(message: string) {
    super(message, 1);
  }
}

/** An address that does not give what was asked for, and would not at a second try either. */
export class Refused extends Error {
  override name = "Refused";
}

/** A failure that may pass: a dropped connection, a busy server. */
export class Passing extends Error {
  override name = "Passing";
  /** What the server asks to wait, where it does. */
  readonly waitMs: number | undefined;

  constructor(message: string, waitMs?: number) {
    super(message);
    this.waitMs = waitMs;
  }
}

/** An archive that cannot be unpacked as it is. */
export class DamagedArchive extends Error {
  override name = "DamagedArchive";
}

/** Somebody asked to stop. What was downloaded so far is kept. */
export class Stopped extends Error {
  override name = "Stopped";

  constructor(message = "stopped; what was downloaded is kept") {
    super(message);
  }
}

/** @throws Stopped once the signal is aborted */
export function throwIfStopped(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new Stopped();
}

/** Errors that a second try does not mend: no such host, and certificates that cannot be checked. */
const LASTING: Readonly<Record<string, string>> = {
  ENOTFOUND: "there is no such host, or no network",
  ERR_INVALID_URL: "this is no address",
  CERT_HAS_EXPIRED: "its certificate has expired",
  CERT_NOT_YET_VALID: "its certificate is not valid yet; is the clock of this machine right?",
  DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is self-signed",
  SELF_SIGNED_CERT_IN_CHAIN: "its certificate is self-signed",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "its certificate cannot be verified (the chain is incomplete)",
  UNABLE_TO_GET_ISSUER_CERT: "its certificate cannot be verified (the chain is incomplete)",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "its certificate cannot be verified (the chain is incomplete)",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is of another host",
};

const PASSING: Readonly<Record<string, string>> = {
  ECONNREFUSED: "the connection was refused",
  ECONNRESET: "the connection was dropped",
  UND_ERR_SOCKET: "the connection was dropped",
  EPIPE: "the connection was dropped",
  ETIMEDOUT: "no answer came in time",
  UND_ERR_CONNECT_TIMEOUT: "no answer came in time",
  UND_ERR_HEADERS_TIMEOUT: "no answer came in time",
  UND_ERR_BODY_TIMEOUT: "nothing more came",
  EAI_AGAIN: "the host's name could not be looked up",
};

/** What `fetch` threw, as a failure in words: `Refused` where it will not pass, else `Passing`. */
export function networkFailure(error: unknown): Refused | Passing {
  const { code, message } = deepestCause(error);
  const lasting = code === undefined ? undefined : LASTING[code];
  if (lasting) return new Refused(`${lasting} (${code})`);
  if (/redirect count exceeded|unknown scheme|unsupported protocol/i.test(message)) return new Refused(message);
  const passing = code === undefined ? undefined : PASSING[code];
  return new Passing(passing ? `${passing} (${code})` : `the connection failed: ${message}`);
}

/** `fetch` wraps what happened in one or more errors; several addresses of a host give an AggregateError. */
function deepestCause(error: unknown): { code: string | undefined; message: string } {
  let at = error as { code?: string; message?: string; cause?: unknown; errors?: unknown[] };
  for (let depth = 0; depth < 5; depth++) {
    const inner = at.cause ?? at.errors?.[0];
    if (typeof inner !== "object" || inner === null) break;
    at = inner as typeof at;
  }
  return { code: at.code, message: at.message ?? String(error) };
}

/** A full or closed disk, in words; any other error as it is. */
export function diskFailure(error: unknown, folder: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === "ENOSPC" || code === "EDQUOT") {
    return new UserError(
      `the disk of ${folder} is full; free some space and run the same command again: it goes on from there`,
      1,
    );
  }
  if (code === "EACCES" || code === "EPERM" || code === "EROFS") {
    return new UserError(`${folder} cannot be written to (${code})`, 1);
  }
  return error;
}
