/** No answer, or half of one. */
export class ExchangeFailure extends Error {
  /** "TIMEOUT", "ABORTED", "FILE_CHANGED", or the code of Node's error. */
  readonly code: string;
  /** Whether the connection had served before and ended without a byte of an answer: most likely it was closed while idle. */
  readonly stale: boolean;

  constructor(code: string, message: string, stale = false) {
    super(message);
    this.code = code;
    this.stale = stale;
  }
}

/** The code of an error within TLS, which some versions of Node only tell in the message. */
export function secureCode(error: NodeJS.ErrnoException): string | undefined {
  const said = error.code === "EPROTO" ? /SSL routines:[^:]*:([^:\n]+)/.exec(error.message)?.[1] : undefined;
  return (
    said &&
    `ERR_SSL_${said
      .trim()
      .toUpperCase()
      .replace(/[^A-Z0-9]+/g, "_")}`
  );
}
