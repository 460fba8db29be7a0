import { MlflowValidationError } from "./errors.js";

/** A value for a message, at most 60 characters. */
export function shown(value: unknown): string {
  let text: string;
  if (typeof value === "string") text = JSON.stringify(value);
  else if (Object.is(value, -0)) text = "-0";
  else if (typeof value === "object" && value !== null) text = Array.isArray(value) ? "[...]" : "{...}";
  else text = String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** Throws `MlflowValidationError`. */
export function refuse(field: string, message: string): never {
  throw new MlflowValidationError(field, message);
}

/** Refuses a value of the wrong type. */
export function refuseType(field: string, value: unknown, right: string): never {
  if (value === null || value === undefined) refuse(field, `it is ${value}, it must be ${right}`);
  const type = Array.isArray(value) ? "an array" : typeof value === "object" ? "an object" : `a ${typeof value}`;
  refuse(field, `${shown(value)} is ${type}, it must be ${right}`);
}
