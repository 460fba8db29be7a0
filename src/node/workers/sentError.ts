import { UserError } from "../../userError.js";

/** An error on its way between threads: what a clone of it would lose is its class. */
export interface SentError {
  message: string;
  stack?: string;
  isUserError: boolean;
}

export function packError(error: unknown): SentError {
  if (!(error instanceof Error)) return { message: String(error), isUserError: false };
  return { message: error.message, stack: error.stack, isUserError: error instanceof UserError };
}

export function unpackError({ message, stack, isUserError }: SentError): Error {
  const error = isUserError ? new UserError(message) : new Error(message);
  if (stack) error.stack = stack;
  return error;
}
