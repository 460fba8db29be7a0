import { MlflowValidationError } from "../errors.js";
import { checkTag } from "../validate.js";

/** What stands as text in a parameter or tag. */
export type Scalar = string | number | boolean | bigint;

const noteTag = "mlflow.note.content";

/** The tags that a run is started with, the description among them. Throws `MlflowValidationError`. */
export function runTags(options: {
  tags?: Readonly<Record<string, Scalar>>;
  description?: string;
}): Record<string, string> {
  // Without a prototype, so that "__proto__" is seen, and refused.
  const tags: Record<string, string> = Object.create(null);
  for (const [key, value] of Object.entries(options.tags ?? {})) tags[key] = textOf("tag", key, value);
  if (options.description !== undefined) {
    if (noteTag in tags)
      throw new MlflowValidationError("description", `the tag ${noteTag} is given as well: take one away`);
    tags[noteTag] = options.description;
  }
  for (const [key, value] of Object.entries(tags)) checkTag({ key, value });
  return tags;
}

/** A number, boolean or string as text. Throws `MlflowValidationError` for what has no plain text. */
export function textOf(kind: "parameter" | "tag", key: string, value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint") return String(value);
  throw new MlflowValidationError(
    `${kind} "${key}"`,
    `a value of type ${value === null ? "null" : typeof value} must be turned into text first (JSON.stringify)`,
  );
}
