/**
 * Texts of MLflow's search language. A text stands in single or double quotes, and a single one has no escapes
 * (`mlflow/utils/search_utils.py`, `_strip_quotes`); a list is read as a Python tuple (`ast.literal_eval`), with Python's.
 */

/** The text in quotes; undefined where it cannot be written: it holds both kinds of quotes. */
export function quoted(text: string, onlySingle = false): string | undefined {
  if (!text.includes("'")) return onlySingle && text.endsWith("\\") ? undefined : `'${text}'`;
  return text.includes('"') || onlySingle ? undefined : `"${text}"`;
}

/** The texts as a list, all but plain letters escaped as Python does. */
export function quotedList(texts: readonly string[]): string {
  return `(${texts.map((text) => `'${escaped(text)}'`).join(", ")})`;
}

function escaped(text: string): string {
  return text.replace(/[^ !#-&(-[\]-~]/gu, (character) => {
    const code = character.codePointAt(0)!;
    const digits = code < 0x100 ? 2 : code < 0x10000 ? 4 : 8;
    return `\\${{ 2: "x", 4: "u", 8: "U" }[digits]}${code.toString(16).padStart(digits, "0")}`;
  });
}
