import { limits } from "./limits.js";
import { refuse, refuseType, shown } from "./messages.js";
import type { KeyValue } from "./types.js";
import { checkKey, checkText } from "./validate.js";

/** The name of a logged model: no `/ : . % " '`. Throws `MlflowValidationError`. */
export function checkLoggedModelName(name: unknown): asserts name is string {
  checkText("logged model name", name, limits.loggedModelNameCharacters, 1);
  if (/[/:.%"']/.test(name)) refuse("logged model name", `${shown(name)} must hold none of / : . % " '`);
}

/** The name of a registered model: no `/` and `:`, not blank. Throws `MlflowValidationError`. */
export function checkRegisteredModelName(name: unknown): asserts name is string {
  checkText("registered model name", name, limits.registeredModelNameCharacters, 1);
  if (name.trim() === "") refuse("registered model name", `${shown(name)} is blank`);
  if (/[/:]/.test(name)) refuse("registered model name", `${shown(name)} must hold no "/" and no ":"`);
  if (name === "." || name.startsWith(".."))
    refuse("registered model name", `${shown(name)} must not be "." and not begin with ".."`);
}

/**
 * An alias of a version: letters, digits, "_" and "-". With `write`, not one that the server keeps for itself ("latest",
 * "v" and a number). Throws `MlflowValidationError`.
 */
export function checkAlias(alias: unknown, write: boolean): asserts alias is string {
  checkText("alias", alias, limits.aliasCharacters, 1);
  if (!/^[\p{L}\p{N}_-]+$/u.test(alias)) refuse("alias", `${shown(alias)} may hold letters, digits, "_" and "-" only`);
  if (write && (alias.toLowerCase() === "latest" || /^v\p{Nd}+$/iu.test(alias)))
    refuse("alias", `${shown(alias)} is kept by the server for itself ("latest", "v1", "v2" ...): use another word`);
}

/** The number of a version. Throws `MlflowValidationError`. */
export function checkVersion(version: unknown): asserts version is number {
  if (typeof version !== "number") refuseType("model version", version, "a number");
  if (!Number.isSafeInteger(version) || version < 1)
    refuse("model version", `${shown(version)} must be a whole number from 1 on`);
}

/** A description of a registered model or version, at most 5,000 characters. Throws `MlflowValidationError`. */
export function checkDescription(description: unknown): asserts description is string {
  checkText("description", description, limits.descriptionCharacters);
}

/** A tag of a registered model, at most 5,000 characters. Throws `MlflowValidationError`. */
export function checkRegisteredModelTag(tag: KeyValue): void {
  checkKey("tag", tag.key);
  checkText(`tag ${shown(tag.key)}`, tag.value, limits.registeredModelTagCharacters);
}

/** A tag of a version, at most 100,000 characters and 65,535 bytes. Throws `MlflowValidationError`. */
export function checkVersionTag(tag: KeyValue): void {
  checkKey("tag", tag.key);
  checkText(`tag ${shown(tag.key)}`, tag.value, limits.versionTagCharacters);
  const bytes = Buffer.byteLength(tag.value);
  if (bytes > limits.versionTagBytes)
    refuse(
      `tag ${shown(tag.key)}`,
      `${shown(tag.value)} has ${bytes} bytes, at most ${limits.versionTagBytes} are kept`,
    );
}
