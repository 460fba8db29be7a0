import { UserError } from "../../userError.js";
import { nearest } from "../nearest.js";

/** Throws UserError, with what there is, for a value that an experiment does not have. */
export function requireChoice(
  option: string,
  value: string,
  known: readonly string[],
  experiment: string,
  what: string,
): void {
  if (known.includes(value)) return;
  const has = known.length > 0 ? `${nearest(value, known)}; it has ${known.join(", ")}` : `; it has no ${what}s`;
  throw new UserError(`${option} ${value}: ${experiment} has no such ${what}${has}`);
}
