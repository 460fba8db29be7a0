import { renderCounted } from "../counting/renderCounted.js";
import type { ExperimentEntry } from "../entry.js";
import type { Flag } from "../flag.js";
import { shownPrinted } from "../reporting/shownNumber.js";
import { wrapLine } from "../wrapLine.js";
import { printedTable } from "./printedTable.js";
import type { ShownExperiment } from "./showExperiment.js";

/** One entry in full, as text of at most 100 columns where names and commands allow it. */
export function renderShown(shown: ShownExperiment): string {
  const { entry, counted, decisions } = shown;
  const lines = [
    ...(counted ? renderCounted(entry, counted).split("\n") : printedLines(shown)),
    ...section(
      "Open or contradictory in print, and decided so:",
      decisions.map(({ number, question, decision }) => `  ${String(number).padStart(2)}  ${question}: ${decision}`),
    ),
    ...section("Cost of a run:", costLines(entry)),
    ...runLines(shown),
  ];
  // A command stays in one line, to be copied.
  return [...lines.flatMap((line) => wrapLine(line)), "", `  ${entry.command}`].join("\n");
}

function printedLines({ entry, found }: ShownExperiment): string[] {
  const { id, title, citation, vary, metric, testSet, shows } = entry;
  const hasNumbers = entry.rows.some(({ printed }) => Object.keys(printed).length > 0);
  return [
    `${id}: ${title}`,
    citation,
    "",
    `Rows differ in: ${vary}`,
    `Printed: ${metric}; test set: ${testSet}`,
    ...(shows ? [`It shows: ${shows}`] : []),
    ...(entry.folds ? [`Splits (--fold): ${entry.folds.join(", ")}`] : []),
    "",
    ...(hasNumbers ? printedTable(entry, found) : entry.rows.map(({ name, state }) => `  ${name}: ${state}`)),
    ...section(
      "! contradicts other print:",
      found.map((flag) => flagLine(entry, flag)),
    ),
    ...section(
      "Remarks:",
      entry.flags.map((remark) => `  ${remark}`),
    ),
  ];
}

/** "  CNN, Score: printed 0.59, expected 0.6 (rounding): mean of ...". */
function flagLine({ columns }: ExperimentEntry, { row, column, printed, found, kind, says }: Flag): string {
  const style = columns.find(({ key }) => key === column)!;
  const expected = Number(found.toFixed(4));
  return `  ${row}, ${style.title}: printed ${shownPrinted(printed, style)}, expected ${shownPrinted(expected, style)} (${kind}): ${says}`;
}

function costLines({ fullRun, cost }: ExperimentEntry): string[] {
  if (!fullRun) return [`  ${cost.full}`];
  return (["smoke", "quick", "full"] as const).map((profile) => `  ${profile}: ${cost[profile]}`);
}

/** Runs by row, task, split, protocol, preset and profile, with their seeds. */
function runLines({ entry, runs }: ShownExperiment): string[] {
  if (!entry.fullRun) return [];
  const groups = new Map<string, number[]>();
  for (const { request } of runs) {
    const { experiment, row, task, fold, protocol, preset, profile, seed } = request;
    const home = experiment === entry.id ? "" : ` of ${experiment}`;
    const words = [`"${row}"${home}`, task, ...(fold === undefined ? [] : [fold]), protocol, preset, profile].join(
      ", ",
    );
    groups.set(words, [...(groups.get(words) ?? []), seed]);
  }
  if (groups.size === 0) return ["", "No run so far."];
  const lines = [...groups].map(
    ([words, seeds]) => `  ${words}: ${seeds.length === 1 ? "seed" : "seeds"} ${[...new Set(seeds)].join(", ")}`,
  );
  return [...section("Runs so far:", lines), `  \`npx auscult report ${entry.id}\` holds them against print.`];
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", title, ...lines];
}
