import { nearest } from "../../suite/nearest.js";

/** What a value of a parameter may be. "other": a type that only the kernel's own check knows, such as an imported one. */
export type ParameterType =
  | { kind: "text" }
  | { kind: "number" }
  | { kind: "boolean" }
  | { kind: "literal"; value: Plain }
  | { kind: "array"; of: ParameterType }
  | { kind: "union"; of: ParameterType[] }
  | { kind: "other"; name: string };

/** A value that a type can name by itself. */
export type Plain = string | number | boolean | null | undefined;

/** Why a text is no value of a type, as the end of a sentence that begins with the text. */
export class NotOfType extends Error {}

/**
 * The value that a text of the command line stands for; of an array, JSON or a list with commas. Throws NotOfType with what
 * would be right.
 */
export function readValue(text: string, type: ParameterType): unknown {
  const value = type.kind === "array" ? readArray(text, type.of) : readOne(text, type);
  if (value !== NONE) return value;
  const known = literalsOf(type).map(String);
  // Of a few, all are in sight.
  throw new NotOfType(`must be ${describeType(type)}${known.length > 5 ? nearest(text, known) : ""}`);
}

/** A type in words: `"11", "12" or "21"`. */
export function describeType(type: ParameterType): string {
  switch (type.kind) {
    case "text":
      return "text";
    case "number":
      return "a number";
    case "boolean":
      return "true or false";
    case "literal":
      return type.value === undefined ? "undefined" : JSON.stringify(type.value);
    case "array":
      return `values with commas between, or a JSON array, each of them ${describeType(type.of)}`;
    case "union": {
      const all = type.of.map(describeType);
      return `${all.slice(0, -1).join(", ")} or ${all.at(-1)}`;
    }
    default:
      return `JSON (the type is ${type.name})`;
  }
}

const NONE = Symbol("no value");

function readOne(text: string, type: ParameterType): unknown {
  switch (type.kind) {
    case "text":
      return text;
    case "number":
      return text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : NONE;
    case "boolean":
      return text === "true" || text === "false" ? text === "true" : NONE;
    case "literal": {
      const same = typeof type.value === "number" ? readOne(text, { kind: "number" }) : text;
      return same === (typeof type.value === "number" ? type.value : String(type.value)) ? type.value : NONE;
    }
    case "array":
      return readArray(text, type.of);
    case "union": {
      // What is written out comes first, any text last: of `number | "auto" | string`, 3 is the number.
      const order = ["literal", "boolean", "number", "array", "other", "text"];
      const sorted = [...type.of].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
      for (const one of sorted) {
        const value = readOne(text, one);
        if (value !== NONE) return value;
      }
      return NONE;
    }
    default:
      return parsed(text);
  }
}

function readArray(text: string, of: ParameterType): unknown {
  if (text.trim().startsWith("[")) {
    const value = parsed(text);
    return Array.isArray(value) && value.every((one) => accepts(one, of)) ? value : NONE;
  }
  const values = text.split(",").map((one) => readOne(one.trim(), of));
  return text.trim() === "" || values.includes(NONE) ? NONE : values;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return NONE;
  }
}

function accepts(value: unknown, type: ParameterType): boolean {
  if (type.kind === "literal") return value === type.value;
  if (type.kind === "array") return Array.isArray(value) && value.every((one) => accepts(one, type.of));
  if (type.kind === "union") return type.of.some((one) => accepts(value, one));
  return type.kind === "other" || typeof value === (type.kind === "text" ? "string" : type.kind);
}

function literalsOf(type: ParameterType): Plain[] {
  if (type.kind === "literal") return [type.value];
  if (type.kind === "array") return literalsOf(type.of);
  return type.kind === "union" ? type.of.flatMap(literalsOf) : [];
}
