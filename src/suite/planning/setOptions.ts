import type { Preset } from "../../papers/paper.js";
import type { OptionValue, RecipeOption, RecipeOptions } from "../../papers/recipeOption.js";
import { UserError } from "../../userError.js";
import { nearest } from "../nearest.js";

/**
 * The settings of `--set key=value`, by key.
 *
 * @param texts such as "epochs=3"; the same one twice is one
 * Throws UserError for what is not of that form, and for two values of one key.
 */
export function readSettings(texts: readonly string[]): Record<string, string> {
  const settings: Record<string, string> = {};
  for (const text of texts) {
    const [, key, value] = /^\s*([\w.]+)\s*=\s*(\S.*?)\s*$/.exec(text) ?? [];
    if (key === undefined || value === undefined)
      throw new UserError(`--set ${text}: must be of the form key=value, such as --set epochs=3`);
    const before = settings[key];
    if (before !== undefined && before !== value)
      throw new UserError(`--set ${key}=${before} and --set ${key}=${value} contradict each other; leave one out`);
    settings[key] = value;
  }
  return settings;
}

/** Whose settings are overridden, and what else was asked for. */
export interface SettingsOf {
  experiment: string;
  row: string;
  preset: Preset;
  /** Weights to start from, where there are any. */
  init?: string;
  options: RecipeOptions;
  /** Options of the experiment's other rows, by row. */
  others: Readonly<Record<string, RecipeOptions>>;
}

/**
 * Typed settings of a row, in the order of their names; those that equal what the row has anyway are left out.
 *
 * Throws UserError for a setting that the row does not have (with the rows that do, or the nearest names), for a value of the wrong
 * type or out of range, and for one that the preset or the starting weights decide.
 */
export function settingsOf(
  given: Readonly<Record<string, OptionValue>>,
  asked: SettingsOf,
): Record<string, OptionValue> | undefined {
  const changed = Object.entries(given)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([key, text]) => {
      const option = optionNamed(key, asked);
      const value = typedValue(key, String(text), option);
      if (value === option.default) return [];
      refuseDecided(key, option, asked);
      return [[key, value] as const];
    });
  return changed.length > 0 ? Object.fromEntries(changed) : undefined;
}

/** "set: epochs=3, learningRate=0.01" */
export function settingsWords(set: Readonly<Record<string, OptionValue>>): string {
  return `set: ${Object.entries(set)
    .map(([key, value]) => `${key}=${value}`)
    .join(", ")}`;
}

function optionNamed(key: string, { experiment, row, options, others }: SettingsOf): RecipeOption {
  if (Object.hasOwn(options, key)) return options[key]!;
  const having = Object.entries(others).flatMap(([name, theirs]) => (Object.hasOwn(theirs, key) ? [`"${name}"`] : []));
  if (having.length > 0)
    throw new UserError(
      `--set ${key}: "${row}" of ${experiment} has no such setting; ${having.join(", ")} ${having.length === 1 ? "has" : "have"} it: name the rows with --row`,
    );
  const names = Object.keys(options);
  if (names.length === 0) throw new UserError(`--set ${key}: "${row}" of ${experiment} has no settings to change`);
  throw new UserError(
    `--set ${key}: "${row}" of ${experiment} has no such setting${nearest(key, names)}; it has ${names.join(", ")}`,
  );
}

function typedValue(key: string, text: string, option: RecipeOption): OptionValue {
  const wrong = () => new UserError(`--set ${key}=${text}: ${key} (${option.about}) must be ${rangeWords(option)}`);
  if (option.type === "choice") {
    if (!option.of.includes(text)) throw wrong();
    return text;
  }
  if (option.type === "switch") {
    if (text !== "true" && text !== "false") throw wrong();
    return text === "true";
  }
  const value = Number(text);
  const { from = -Infinity, above = -Infinity, to = Infinity } = option;
  const isWhole = option.type === "number" || Number.isSafeInteger(value);
  if (text.trim() === "" || !Number.isFinite(value) || !isWhole || value < from || value <= above || value > to)
    throw wrong();
  return value;
}

/** "a whole number from 1 to 1000" */
export function rangeWords(option: RecipeOption): string {
  if (option.type === "choice") return option.of.join(" or ");
  if (option.type === "switch") return "true or false";
  const { from, above, to } = option;
  const bounds = [
    ...(from !== undefined ? [`from ${from}`] : []),
    ...(above !== undefined ? [`above ${above}`] : []),
    ...(to !== undefined ? [`${from !== undefined ? "to" : "at most"} ${to}`] : []),
  ];
  return `a ${option.type}${bounds.length > 0 ? ` ${bounds.join(" ")}` : ""}`;
}

function refuseDecided(key: string, option: RecipeOption, { preset, init }: SettingsOf): void {
  if (option.decidedBy?.includes(preset))
    throw new UserError(`--set ${key} and --preset ${preset}: the preset decides ${key} itself; leave one out`);
  if (option.decidedByInit && init !== undefined)
    throw new UserError(`--set ${key} and --init: the weights decide ${key}; leave one out`);
}
