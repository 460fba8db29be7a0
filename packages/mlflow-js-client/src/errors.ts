/** Errors that the same request would meet again, although no final answer of the server stands behind them. */
const lasting: readonly string[] = ["ARTIFACTS_NOT_SERVED", "UNSAFE_PATH"];

/** What a tracking server answered, or that it did not answer. Never holds a secret. */
export class MlflowError extends Error {
  /** The HTTP status; 0 when no answer came. */
  readonly status: number;
  /**
   * MLflow's `error_code`, such as "RESOURCE_DOES_NOT_EXIST". Without an answer: "UNREACHABLE", "TIMEOUT", "TLS" (one side
   * does not trust the other's certificate), "ABORTED", "CLOSED", "FILE_CHANGED" (what was sent changed meanwhile). "NOT_JSON" for an answer that cannot be read,
   * "ARTIFACTS_NOT_SERVED" for a store that cannot be reached from here, "DISK" for a fault of this machine's disk.
   */
  readonly code: string;
  /** How long the server asked to wait before the request is repeated, in milliseconds. */
  readonly retryAfterMs?: number;

  constructor(message: string, status: number, code: string, retryAfterMs?: number) {
    super(message);
    this.name = "MlflowError";
    this.status = status;
    this.code = code;
    if (retryAfterMs !== undefined) this.retryAfterMs = retryAfterMs;
  }

  /** Whether the same request may succeed later: no answer or none that can be read, too many requests, a fault of the server's own. */
  get transient(): boolean {
    if (lasting.includes(this.code)) return false;
    if (this.status === 0 || this.status === 408 || this.status === 429 || this.code === "NOT_JSON") return true;
    // 501 and 505: the server does not know how, and will not learn it.
    return this.status >= 500 && this.status !== 501 && this.status !== 505;
  }
}

/** A value that the server would have stored wrongly without saying so, refused before it is sent. */
export class MlflowValidationError extends Error {
  /** What was refused, such as `metric "train/loss"`. */
  readonly field: string;

  /** @param message names the field, the value, and what would be right */
  constructor(field: string, message: string) {
    super(`${field}: ${message}`);
    this.name = "MlflowValidationError";
    this.field = field;
  }
}
