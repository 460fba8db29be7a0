import { MlflowError, MlflowValidationError } from "./errors.js";

/** Who may ask, and how often: no word on what was asked. */
const notAboutTheValue: readonly number[] = [401, 403, 407, 408, 429];

/**
 * Whether what was asked was looked at and refused, so that asking the same again is vain. What a proxy says in the
 * server's place (HTML, an answer cut short) is none, but for "too large".
 */
export function isRefusal(error: unknown): boolean {
  if (error instanceof MlflowValidationError) return true;
  if (!(error instanceof MlflowError)) return false;
  const { status, code } = error;
  if (status === 0) return !error.transient;
  if (status === 413 || code === "NOT_SUPPORTED") return true;
  return status >= 400 && status < 500 && !notAboutTheValue.includes(status) && !code.startsWith("HTTP_");
}

/** Whether MLflow itself, and not a proxy before it, says that there is no such thing. */
export function notFound(error: unknown): boolean {
  return error instanceof MlflowError && error.status === 404 && error.code === "RESOURCE_DOES_NOT_EXIST";
}
