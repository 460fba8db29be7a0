/** What a tracking server answered, or that it did not answer. Never holds a secret. */
export class MlflowError extends Error {
  /** The HTTP status; 0 when no answer came. */
  readonly status: number;
  /** MLflow's `error_code`, such as "RESOURCE_DOES_NOT_EXIST"; "UNREACHABLE" or "TIMEOUT" when no answer came. */
  readonly code: string;
  /** How long the server asked to wait (`Retry-After`), in milliseconds. */
  retryAfterMs?: number;

  constructor(message: string, status: number, code: string) {
    super(message);
    this.name = "MlflowError";
    this.status = status;
    this.code = code;
  }

  /** Whether the same request may succeed later: no answer, too many requests, or a fault of the server's own. */
  get transient(): boolean {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
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
