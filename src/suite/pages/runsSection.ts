import { shownDuration } from "../html.js";
import { runCommand } from "../recording/runDescription.js";
import type { RunSummary } from "../reporting/summaryLine.js";
import { variantLabel } from "../reporting/variants.js";
import { markdownTable, plain } from "./markdown.js";
import { budgetWords } from "./pageModel.js";

/** The committed runs: one line for those that differ in their seed only, what they took, and the commands. */
export function runsSection(runs: readonly RunSummary[]): string {
  if (runs.length === 0) return "No run of it is committed yet.";
  const groups = new Map<string, RunSummary[]>();
  for (const run of runs) {
    const key = lineOf([run]).join("\n") + run.recipe + run.split.digest;
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  const lines = [...groups.values()].map((own) => [
    ...lineOf(own),
    own.map(({ request }) => request.seed).join(", "),
    duration(own),
  ]);
  const commands = [...new Set(runs.map(({ request }) => runCommand(request)))];
  return [
    markdownTable(["row", "task", "runs", "budget", "data", "seeds", { right: "time" }], lines),
    provenance(runs),
    `<details><summary>The ${commands.length} commands</summary>\n\n\`\`\`sh\n${commands.join("\n")}\n\`\`\`\n\n</details>`,
  ].join("\n\n");
}

/** What runs of one line have in common. */
function lineOf([run]: readonly RunSummary[]): string[] {
  const { request, data } = run!;
  return [
    [request.experiment.split("/")[1], request.row].join(", "),
    [request.task, request.fold].filter(Boolean).join(", "),
    variantLabel(run!),
    budgetWords(run!),
    data.description,
  ].map(plain);
}

function duration(runs: readonly RunSummary[]): string {
  return shownDuration(runs.reduce((sum, { result }) => sum + result.seconds, 0));
}

function provenance(runs: readonly RunSummary[]): string {
  const distinct = (of: (run: RunSummary) => string) => [...new Set(runs.map(of))].sort();
  const code = (of: (run: RunSummary) => string) =>
    distinct(of)
      .map((text) => `\`${text}\``)
      .join(", ");
  const engines = distinct(({ engine, threads }) => `${engine}, ${threads} ${threads === 1 ? "thread" : "threads"}`);
  return [
    `${runs.length} runs, ${duration(runs)} of training and evaluation together; features, which runs share, apart.`,
    `Computed by ${plain(engines.join("; "))}.`,
    `Data by digest: ${code(({ data }) => data.digest.slice(0, 12))}. Code by revision: ${code(({ codeRevision }) => codeRevision)}.`,
  ].join(" ");
}
