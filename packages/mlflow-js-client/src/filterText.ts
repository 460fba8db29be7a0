import { MlflowValidationError } from "./errors.js";
import { type Clause, type Comparator, type FieldName, nameOf, type Ordering } from "./filterClauses.js";
import { grammars, type Searched } from "./filterGrammars.js";
import { quoted, quotedList } from "./filterQuotes.js";
import { refuse, refuseType, shown } from "./messages.js";
import { checkStatus } from "./validate.js";

/** Conditions in MLflow's search language. Throws `MlflowValidationError` for what it cannot say of `searched`. */
export function textOfClauses(clauses: readonly Clause[], searched: Searched): string {
  const texts = clauses.map((clause) => textOfClause(clause, searched));
  // A backslash before the closing quote may be read as if the text went on, to the next quote: so such a text comes last.
  const open = texts.filter((text) => /\\['"]$/.test(text));
  if (open.length > 1)
    refuse(
      "filter",
      "two texts that end with a backslash cannot stand in one filter: search for one, look for the other",
    );
  return [...texts.filter((text) => text !== open[0]), ...open].join(" AND ");
}

/** Orders in MLflow's search language. Throws `MlflowValidationError` for what it cannot say of `searched`. */
export function textsOfOrders(orders: readonly (Ordering | string)[] | undefined, searched: Searched): string[] {
  const { name, ordered } = grammars[searched];
  return (orders ?? []).map((order) => {
    if (typeof order === "string") return order;
    const { field, descending } = order;
    if (!ordered.has(field.kind === "attribute" ? field.key : field.kind))
      refuse(`order by ${nameOf(field)}`, `${name} can be ordered by ${[...ordered].join(", ")}`);
    return `${identifier(field, searched)} ${descending ? "DESC" : "ASC"}`;
  });
}

/** Of a text that cannot be written. */
export function unquotable(field: string, value: string): MlflowValidationError {
  return new MlflowValidationError(
    field,
    `${shown(value)} cannot be written in a search filter, which has no escapes: it holds both kinds of quotes or ends with a backslash`,
  );
}

function textOfClause(clause: Clause, searched: Searched): string {
  const grammar = grammars[searched];
  const { field } = clause;
  const where = `filter on ${nameOf(field)}`;
  if (!grammar.kinds.has(field.kind)) refuse(where, `${grammar.name} are not searched by it`);
  if (field.kind === "attribute") checkAttribute(field, searched);
  if (field.kind === "dataset") checkDatasetField(field.key);
  const left = identifier(field, searched);
  const listed = grammar.lists(field.kind, field.key);
  if (!("values" in clause || "value" in clause)) {
    if (!grammar.nulls.has(field.kind))
      refuse(
        where,
        `a search of ${grammar.name} takes ${clause.comparator} for ${[...grammar.nulls].join(", ") || "nothing"}`,
      );
    return `${left} ${clause.comparator}`;
  }
  if ("values" in clause) {
    if (!listed)
      refuse(
        where,
        `a search of ${grammar.name} takes lists for ${grammar.listedNames} alone: search once for each value`,
      );
    return `${left} ${clause.comparator} ${quotedList(clause.values)}`;
  }
  const { comparator, value } = clause;
  if (field.kind === "metric" || (field.kind === "attribute" && grammar.numbers.has(field.key)))
    return `${left} ${comparator} ${numberText(where, field, comparator, value)}`;
  if (typeof value !== "string") refuseType(where, value, "a text");
  if (comparator.startsWith("<") || comparator.startsWith(">")) refuse(where, `${comparator} compares numbers alone`);
  if (field.kind === "attribute" && field.key === "status" && /=/.test(comparator)) checkStatus(value);
  const text = quoted(value, grammar.onlySingleQuotes);
  if (text !== undefined) return `${left} ${comparator} ${text}`;
  // In lists there are escapes.
  if (listed && comparator === "=") return `${left} IN ${quotedList([value])}`;
  if (listed && comparator === "!=") return `${left} NOT IN ${quotedList([value])}`;
  throw unquotable(where, value);
}

/** Throws `MlflowValidationError` for what no data set is searched by. */
export function checkDatasetField(what: unknown): void {
  if (!["name", "digest", "context"].includes(what as string))
    refuse(`filter on dataset ${shown(what)}`, "runs are searched by a data set's name, digest, context");
}

function checkAttribute(field: FieldName, searched: Searched): void {
  const grammar = grammars[searched];
  const why = grammar.never?.[field.key];
  if (why !== undefined) refuse(`filter on ${nameOf(field)}`, why);
  if (!grammar.numbers.has(field.key) && !grammar.texts.has(field.key))
    refuse(
      `filter on ${nameOf(field)}`,
      `${grammar.name} are searched by the attributes ${[...grammar.texts, ...grammar.numbers].join(", ")}`,
    );
}

function identifier({ kind, key }: FieldName, searched: Searched): string {
  if (kind === "attribute") return searched === "runs" ? `attributes.${key}` : key;
  return kind === "dataset" ? `datasets.${key}` : `${kind}s.\`${key}\``;
}

/** As MLflow's parser knows numbers: no "+" in an exponent, no "-0". */
function numberText(where: string, field: FieldName, comparator: Comparator, value: string | number): string {
  if (typeof value !== "number") refuseType(where, value, "a number");
  if (comparator === "LIKE" || comparator === "ILIKE") refuse(where, "a number has no pattern");
  if (field.kind === "attribute" && !Number.isSafeInteger(value)) refuse(where, `${value} must be a whole number`);
  return String(value === 0 ? 0 : value).replace("e+", "e");
}
