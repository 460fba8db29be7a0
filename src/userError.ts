/**
 * A mistake of the caller's that a person can mend: bad usage, bad input, something missing on the machine. The command
 * line prints its message without a stack and ends with `exitCode` (2 unless said otherwise).
 */
export class UserError extends Error {
  readonly exitCode: number;

  /** @param message names the file or field, the value, and what would be right */
  constructor(message: string, exitCode = 2) {
    super(message);
    this.name = "UserError";
    this.exitCode = exitCode;
  }
}

/** Recordings, annotations or lists that a part of the work needs are not there or cannot be used; what needs others can go on. */
export class MissingData extends UserError {}
