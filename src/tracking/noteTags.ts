import { limits } from "mlflow-js-client";

/** A description, Markdown, as the tags of a run or an experiment, cut to what the tracker keeps. */
export function noteTags(markdown: string): Record<string, string> {
  return { "mlflow.note.content": cutToTag(spaced(markdown), " ...") };
}

/** MLflow's page leaves no space between the cells of a table: they get it here. */
function spaced(markdown: string): string {
  return markdown.replace(/^\|.*\|$/gm, (line) => (/^[|\s:-]+$/.test(line) ? line : line.replaceAll(" |", "&emsp;|")));
}

/** The text as far as a tag holds it, no character cut in half. */
export function cutToTag(text: string, end = ""): string {
  if (text.length <= limits.tagCharacters) return text;
  return text.slice(0, limits.tagCharacters - end.length).replace(/[\uD800-\uDBFF]$/, "") + end;
}
