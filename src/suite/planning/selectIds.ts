import { UserError } from "../../userError.js";
import { nearest } from "../nearest.js";

/** An experiment that was asked for. */
export interface SelectedId {
  id: string;
  /** By its own name, not by a pattern: then what it does not have is a mistake. */
  named: boolean;
}

/**
 * The experiments that a command names, each once, in its order: ids, "ALL", and patterns with * for any letters, such as
 * "supcon-sprs/*". Throws UserError, with the nearest ids, for what names none.
 */
export function selectIds(asked: readonly string[], known: readonly string[]): SelectedId[] {
  const selected = new Map<string, SelectedId>();
  for (const word of asked) {
    const isPattern = word === "ALL" || word.includes("*");
    const found = isPattern
      ? known.filter((id) => word === "ALL" || matches(word, id))
      : known.filter((id) => id === word);
    if (found.length === 0)
      throw new UserError(
        isPattern
          ? `no experiment is called ${word}${nearest(word.replaceAll("*", ""), known)}; \`npx auscult list\` shows all`
          : `experiment "${word}" is not known${nearest(word, known)}; \`npx auscult list\` shows all`,
      );
    for (const id of found) selected.set(id, { id, named: !isPattern || selected.get(id)?.named === true });
  }
  return [...selected.values()];
}

function matches(pattern: string, id: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(id);
}
