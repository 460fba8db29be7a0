/**
 * What a pickle may hold here. None, booleans, numbers, strings and bytes are JavaScript's own (whole numbers beyond 2^53 are
 * bigints); a list is an array, a dict a Map.
 */
export type PickleDict = Map<unknown, unknown>;

export class Tuple {
  constructor(readonly items: readonly unknown[]) {}
}

/** A class, function or constant of Python's that may be named in a pickle. Nothing of Python's is behind it. */
export class Known {
  /**
   * @param name as in Python, such as "torch.FloatStorage"
   * @param call what calling it gives; absent for what may only be named
   */
  constructor(
    readonly name: string,
    readonly call?: (args: readonly unknown[]) => unknown,
  ) {}
}

const LONGEST_QUOTE = 100;

/** Text of a file's, fit to stand in a message: quoted, escaped, cut. */
export function quoted(text: string): string {
  const cut = text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}...` : text;
  const escaped = (char: string) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return JSON.stringify(cut).replace(/[\u007f-\u009f\u2028-\u202f\u2066-\u2069]/g, escaped);
}

/** What a value is, in a few words: "a dict of 3", "the number 1". */
export function described(value: unknown): string {
  if (value === null || value === undefined) return "None";
  if (typeof value === "string") return `the text ${quoted(value)}`;
  if (typeof value === "number" || typeof value === "bigint") return `the number ${value}`;
  if (typeof value === "boolean") return value ? "True" : "False";
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (value instanceof Map) return `a dict of ${value.size}`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (value instanceof Tuple) return `a tuple of ${value.items.length}`;
  if (value instanceof Known) return value.name;
  return `a ${value.constructor.name.replace(/^Torch/, "").toLowerCase()}`;
}
