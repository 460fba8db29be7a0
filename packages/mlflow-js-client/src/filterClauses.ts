import { shown } from "./messages.js";

export type FieldKind = "metric" | "param" | "tag" | "attribute" | "dataset";

export interface FieldName {
  readonly kind: FieldKind;
  readonly key: string;
}

export type Comparator = "=" | "!=" | ">" | ">=" | "<" | "<=" | "LIKE" | "ILIKE";

/** One condition of a filter. */
export type Clause =
  | { field: FieldName; comparator: Comparator; value: string | number }
  | { field: FieldName; comparator: "IN" | "NOT IN"; values: readonly string[] }
  | { field: FieldName; comparator: "IS NULL" | "IS NOT NULL" };

/** An order of what is found: by `field`, from the least or from the greatest. */
export interface Ordering {
  readonly field: FieldName;
  readonly descending: boolean;
}

/** A field in a message. */
export function nameOf({ kind, key }: FieldName): string {
  return `${kind} ${shown(key)}`;
}
