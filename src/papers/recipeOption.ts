/** What a setting of a recipe may hold. */
export type OptionValue = number | string | boolean;

interface Common<T> {
  /** What it is, with its unit. */
  about: string;
  /** What the row has without it; undefined where it follows from the data. */
  default: T | undefined;
  /** Presets that decide it themselves: with them it cannot be set. */
  decidedBy?: readonly ("paper" | "authors")[];
  /** Whether weights to start from decide it. */
  decidedByInit?: boolean;
}

/** A setting of a row's recipe that can be overridden for one run. */
export type RecipeOption =
  | (Common<number> & {
      type: "whole number" | "number";
      /** The least that it may be, or what it must be above. */
      from?: number;
      above?: number;
      /** The largest. */
      to?: number;
    })
  | (Common<string> & { type: "choice"; of: readonly string[] })
  | (Common<boolean> & { type: "switch" });

/** Settings by name. */
export type RecipeOptions = Readonly<Record<string, RecipeOption>>;
