import type { Dimension, SearchSpace } from "../papers/searchSpace.js";
import { UserError } from "../userError.js";

/** Throws UserError, with the name of the setting, for a space that is empty or has bounds that hold nothing. */
export function requireSpace(space: SearchSpace): void {
  const settings = Object.entries(space);
  if (settings.length === 0) throw new UserError("a search needs at least one setting to vary");
  for (const [name, dimension] of settings) {
    const wrong = faultOf(dimension);
    if (wrong) throw new UserError(`the search varies ${name}, ${spaceWords(dimension)}: ${wrong}`);
  }
}

/** Throws UserError for a setting that is no choice, and for more trials than the space has points. */
export function requireGrid(space: SearchSpace, trials: number): void {
  let points = 1;
  for (const [name, dimension] of Object.entries(space)) {
    if (dimension.type !== "choice")
      throw new UserError(`a grid tries every choice; ${name} is none: ${spaceWords(dimension)}`);
    points *= dimension.of.length;
  }
  if (trials > points) throw new UserError(`a grid of ${points} points cannot be tried in ${trials} trials`);
}

function faultOf(dimension: Dimension): string | undefined {
  if (dimension.type === "choice") {
    const { of } = dimension;
    if (of.length === 0) return "there is nothing to choose";
    return new Set(of).size < of.length ? "a choice stands there twice" : undefined;
  }
  const { type, from, to } = dimension;
  if (!Number.isFinite(from) || !Number.isFinite(to)) return "its bounds must be numbers";
  if (from > to) return "its lower bound must not be above the upper";
  if (type === "log-uniform" && from <= 0) return "a logarithm needs a lower bound above 0";
  if (type !== "whole number") return undefined;
  const { step = 1 } = dimension;
  if (![from, to, step].every(Number.isSafeInteger) || step < 1)
    return "bounds and step must be whole, the step from 1";
  return (to - from) % step === 0 ? undefined : "its range must be a multiple of the step";
}

/** "0.0001 to 0.1 (log)", "64 to 512 in steps of 32", "2, 4, 6, 8". */
export function spaceWords(dimension: Dimension): string {
  if (dimension.type === "choice") return dimension.of.join(", ");
  const { type, from, to } = dimension;
  const step = (dimension.type === "whole number" && dimension.step) || 1;
  const how = step > 1 ? ` in steps of ${step}` : type === "log-uniform" ? " (log)" : "";
  return `${from} to ${to}${how}`;
}
