import { Interrupted } from "../../training/interrupted.js";

/** Whether something was thrown because work was asked to stop. */
export function isAbort(error: unknown): boolean {
  return error instanceof Interrupted || (error as Error).name === "AbortError";
}
