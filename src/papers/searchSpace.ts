import type { OptionValue } from "./recipeOption.js";

/** What a setting may be in a search; bounds are included. */
export type Dimension =
  | { type: "uniform" | "log-uniform"; from: number; to: number }
  | { type: "whole number"; from: number; to: number; step?: number }
  | { type: "choice"; of: readonly (number | string)[] };

/** The settings that a search varies, by name. */
export type SearchSpace = Readonly<Record<string, Dimension>>;

/** One point of a space. */
export type SearchedValues = Readonly<Record<string, OptionValue>>;
