import {
  type Clause,
  type Comparator,
  type FieldKind,
  type FieldName,
  nameOf,
  type Ordering,
} from "./filterClauses.js";
import type { Searched } from "./filterGrammars.js";
import { quoted } from "./filterQuotes.js";
import { checkDatasetField, textOfClauses, unquotable } from "./filterText.js";
import { limits } from "./limits.js";
import { refuse, refuseType, shown } from "./messages.js";
import { checkKey, checkText } from "./validate.js";

export type { FieldKind, FieldName, Ordering } from "./filterClauses.js";
export type { Searched } from "./filterGrammars.js";
export { textsOfOrders as orderTexts } from "./filterText.js";

/**
 * Conditions that all hold; MLflow's search language has no other way to join them. Made by `and(metric("loss").lt(0.5),
 * tag("paper").eq("x"))` and the like. What the language cannot say is refused: by the search, if it depends on what is
 * searched.
 */
export class Filter {
  readonly clauses: readonly Clause[];

  constructor(clauses: readonly Clause[]) {
    this.clauses = clauses;
  }

  /** The filter in MLflow's search language, for a search of runs. Throws `MlflowValidationError` for what it cannot say. */
  toString(): string {
    return textOfClauses(this.clauses, "runs");
  }
}

/** A thing to compare, or to order by. */
class Field {
  readonly field: FieldName;

  constructor(kind: FieldKind, key: string) {
    this.field = { kind, key };
  }

  /** An order from the least on. */
  asc(): Ordering {
    return { field: this.field, descending: false };
  }

  /** An order from the greatest on. */
  desc(): Ordering {
    return { field: this.field, descending: true };
  }

  protected get where(): string {
    return `filter on ${nameOf(this.field)}`;
  }

  protected compared(comparator: Comparator, value: string | number): Filter {
    if (typeof value === "number" && !Number.isFinite(value))
      refuse(this.where, `${value} has no word in the search language`);
    if (typeof value === "string") checkText(this.where, value, limits.versionTagCharacters);
    else if (typeof value !== "number") refuseType(this.where, value, "a number or a text");
    return new Filter([{ field: this.field, comparator, value }]);
  }
}

/** Comparisons with a number. NaN and infinities are refused: the language has no word for them. */
export class NumberField extends Field {
  eq(value: number): Filter {
    return this.compared("=", value);
  }
  ne(value: number): Filter {
    return this.compared("!=", value);
  }
  gt(value: number): Filter {
    return this.compared(">", value);
  }
  gte(value: number): Filter {
    return this.compared(">=", value);
  }
  lt(value: number): Filter {
    return this.compared("<", value);
  }
  lte(value: number): Filter {
    return this.compared("<=", value);
  }
}

/** Comparisons with a text. */
export class TextField extends Field {
  eq(value: string): Filter {
    return this.compared("=", value);
  }
  ne(value: string): Filter {
    return this.compared("!=", value);
  }
  /** "%" stands for any text, "_" for any character; the language has no way to mean them as they are. */
  like(pattern: string): Filter {
    return this.compared("LIKE", pattern);
  }
  /** As `like`, whatever the case of the letters. */
  ilike(pattern: string): Filter {
    return this.compared("ILIKE", pattern);
  }
  startsWith(text: string): Filter {
    return this.like(`${this.#literal(text)}%`);
  }
  endsWith(text: string): Filter {
    return this.like(`%${this.#literal(text)}`);
  }
  contains(text: string): Filter {
    return this.like(`%${this.#literal(text)}%`);
  }
  /** One of the values. Servers take lists for few things: `MlflowValidationError` at the search says for which. */
  in(values: readonly string[]): Filter {
    return this.#listed("IN", values);
  }
  /** None of the values. */
  notIn(values: readonly string[]): Filter {
    return this.#listed("NOT IN", values);
  }
  /** Not there. Only tags and parameters can be asked for this (MLflow 3.11). */
  isNull(): Filter {
    return new Filter([{ field: this.field, comparator: "IS NULL" }]);
  }
  /** There, with any value. Only tags and parameters can be asked for this (MLflow 3.11). */
  isNotNull(): Filter {
    return new Filter([{ field: this.field, comparator: "IS NOT NULL" }]);
  }

  /** A text without characters that mean something else in a pattern. Databases differ in whether "\" escapes them. */
  #literal(text: string): string {
    if (/[%_\\]/.test(text))
      refuse(
        this.where,
        `${shown(text)} holds %, _ or a backslash, which mean something else in a pattern and cannot be escaped: use like()`,
      );
    return text;
  }

  #listed(comparator: "IN" | "NOT IN", values: readonly string[]): Filter {
    if (values.length === 0 || values.length > limits.listedValues)
      refuse(this.where, `a list holds 1 to ${limits.listedValues} values, this one ${values.length}`);
    for (const value of values) checkText(this.where, value, limits.versionTagCharacters);
    return new Filter([{ field: this.field, comparator, values }]);
  }
}

/** An attribute: whether it is a number or a text is known where it is searched. */
export class AttributeField extends TextField {
  override eq(value: string | number): Filter {
    return this.compared("=", value);
  }
  override ne(value: string | number): Filter {
    return this.compared("!=", value);
  }
  gt(value: number): Filter {
    return this.compared(">", value);
  }
  gte(value: number): Filter {
    return this.compared(">=", value);
  }
  lt(value: number): Filter {
    return this.compared("<", value);
  }
  lte(value: number): Filter {
    return this.compared("<=", value);
  }
}

/** The newest point of a metric. A run whose newest point is NaN is found by no comparison but `ne`. */
export function metric(key: string): NumberField {
  checkKey("metric", key);
  return new NumberField("metric", key);
}

/** A parameter. */
export function param(key: string): TextField {
  checkKey("parameter", key);
  return new TextField("param", key);
}

/** A tag. */
export function tag(key: string): TextField {
  checkKey("tag", key);
  return new TextField("tag", key);
}

/** What a thing has besides metrics, parameters and tags: of runs "status", "run_name", "start_time" (milliseconds) ... */
export function attribute(name: string): AttributeField {
  return new AttributeField("attribute", name);
}

/** A data set that is an input of the run. Throws `MlflowValidationError` for anything but the three. */
export function dataset(what: "name" | "digest" | "context"): TextField {
  checkDatasetField(what);
  return new TextField("dataset", what);
}

/** All conditions together. */
export function and(...filters: readonly Filter[]): Filter {
  return new Filter(filters.flatMap((filter) => filter.clauses));
}

/** A text as it stands in a search filter. Throws `MlflowValidationError` where it cannot be written there. */
export function filterString(value: string): string {
  const text = quoted(value);
  if (text === undefined || value.endsWith("\\")) throw unquotable("filter", value);
  return text;
}

/** The filter in MLflow's search language; "" for none. Throws `MlflowValidationError` for what it cannot say. */
export function filterText(filter: Filter | string | undefined, searched: Searched): string {
  if (filter === undefined || typeof filter === "string") return filter ?? "";
  if (!(filter instanceof Filter)) refuseType("filter", filter, 'a text, or made by tag("...").eq("...") and the like');
  return textOfClauses(filter.clauses, searched);
}
