import type { ExperimentEntry } from "../entry.js";
import { reportModel } from "../reporting/report.js";
import { verdictWords } from "../reporting/reportTable.js";
import { shownInterval, shownOurs, shownPrinted } from "../reporting/shownNumber.js";
import type { RunSummary } from "../reporting/summaryLine.js";

/** What an experiment is, for the tracker's page of it: Markdown. */
export function experimentNote(entry: ExperimentEntry): string {
  const titles = entry.columns.map(({ title }) => title);
  const rows = entry.rows.map(({ name, printed }) => [
    name,
    ...entry.columns.map((column) => shownPrinted(printed[column.key], column)),
  ]);
  return [
    // The list of experiments shows its first words as they stand.
    `${entry.title}: ${entry.citation}`,
    "",
    `Printed (${entry.metric}, test set ${entry.testSet}):`,
    "",
    ...table([entry.vary, ...titles], rows),
    "",
    ...entry.flags.map((flag) => `- ${flag}`),
    "",
    "Each row is a run whose children are the trainings, one for each task, protocol, profile and seed.",
    "",
    ...command(`npx auscult run ${entry.id} --protocol published --protocol honest`),
  ].join("\n");
}

/**
 * What a row of an experiment is and how far it came, for the run that its trainings stand under: Markdown.
 * @param records of the finished trainings; other rows' and experiments' are left out
 */
export function rowNote(entry: ExperimentEntry, row: string, records: readonly RunSummary[], now = new Date()): string {
  const { cells } = reportModel(entry, records);
  const own = cells.filter((cell) => cell.row === row);
  const made = own.filter(({ ours }) => ours !== null);
  const lines = own.map((cell) => [
    ...[[cell.variant, cell.edition].filter(Boolean).join("; ") || "-", cell.column, shownPrinted(cell.printed, cell)],
    ...[
      shownOurs(cell.ours?.mean, cell),
      shownInterval(cell.ours, cell),
      cell.ours ? String(cell.ours.n) : "",
      cell.ours ? verdictWords(cell) : cell.why,
    ],
  ]);
  const heads = ["trainings", "task", `printed (${entry.testSet})`, "ours", "95 % interval", "seeds", "verdict"];
  const state =
    made.length === 0
      ? "None of its trainings is finished."
      : `Ours are the trainings that one machine had finished by ${now.toISOString().slice(0, 16).replace("T", " ")} UTC.`;
  return [
    `**${row}**: ${made.length} of ${own.length} cells have a number. ${entry.metric}.`,
    "",
    `${entry.title} - ${entry.citation}`,
    "",
    ...table(heads, lines),
    "",
    state,
    "",
    ...command(`npx auscult run ${entry.id} --row "${row}" --protocol published --protocol honest`),
  ].join("\n");
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(heads), line(heads.map(() => "---")), ...rows.map(line)];
}

function command(text: string): string[] {
  return ["```", text, "```"];
}
