/** What a cell says when it fails: the compiler's complaints with the lines they are about, a thrown value with its place. */
import { inspect } from "node:util";
import { inCells } from "./cellLines.mjs";

/** Of many complaints the first ones tell the most. */
const MOST_COMPLAINTS = 5;

/**
 * @param {unknown[][]} said what tslab gave to `console.error`: a thrown value, or the compiler's complaints
 * @param {string} code the cell
 * @param {(message: string) => string | undefined} hint what may help with a complaint
 * @returns {{ ename: string, evalue: string, traceback: string[] }} the fields of Jupyter's messages
 */
export function errorContent(said, code, hint) {
  if (said.length === 1 && said[0].length === 1) return thrownContent(said[0][0]);
  const complaints = gathered(said);
  const told = complaints.slice(0, MOST_COMPLAINTS).map(({ line, column, messages }) => {
    const text = code.split("\n")[line - 1];
    const where = text === undefined ? "At the end" : `Line ${line}`;
    const place = text === undefined ? "" : `\n    ${text}\n    ${" ".repeat(column - 1)}^`;
    const helps = messages.flatMap((message) => hint(message) ?? []).map((help) => `\n${help}`);
    return `${where}: ${messages.join("\n  ")}${place}${helps.join("")}`;
  });
  const more = complaints.length - told.length;
  const traceback = [...told, ...(more > 0 ? [`... and ${more} more.`] : [])];
  return { ename: "TypeScript", evalue: traceback.join("\n"), traceback };
}

/** The compiler's complaints, each with what explains it: tslab gives them apart, at the same place. */
function gathered(said) {
  const complaints = [];
  for (const [, file, line, column, message] of said) {
    const last = complaints.at(-1);
    if (last?.line === line && last.column === column) last.messages.push(message);
    else if (file === "") complaints.push({ line, column, messages: [message] });
  }
  return complaints;
}

function thrownContent(thrown) {
  const message = String(thrown?.message ?? thrown);
  if (/^Interrupted async|interrupted by `SIGINT`/.test(message))
    return { ename: "Interrupted", evalue: "", traceback: ["Interrupted."] };
  const ename = thrown?.name ?? typeof thrown;
  // Mistakes that the caller can mend, and what was asked for: the sentence says it all.
  if (ename === "UserError" || ename === "Interrupted") return { ename, evalue: message, traceback: [message] };
  return { ename, evalue: message, traceback: [printed(thrown)] };
}

/** A thrown value with the places in cells and sources that it went through. */
export function printed(thrown) {
  if (typeof thrown?.stack === "string") {
    const foreign = /\n +at [^\n]*(node_modules\/tslab|\/kernels\/auscult\/|node:)[^\n]*/g;
    thrown.stack = inCells(thrown.stack.replace(foreign, ""));
  }
  return inspect(thrown, { colors: true });
}
