import { Command } from "commander";
import { listExperiments } from "../suite/showing/listExperiments.js";
import { renderList } from "../suite/showing/renderList.js";
import { UserError } from "../userError.js";

interface ListOptions {
  kind?: string[];
  paper?: string[];
  rows?: boolean;
  json?: boolean;
}

const repeat = (text: string, all: string[] | undefined) => [...(all ?? []), text];

/** `auscult list`: every experiment, row and printed number. */
export function listCommand(): Command {
  return new Command("list")
    .description("list every experiment: what is printed, what is built, what it costs, what was run")
    .option(
      "--kind <kind>",
      "only ablation, comparison, result, dataset, figure, search or baseline (may repeat)",
      repeat,
    )
    .option("--paper <paper>", "only of this paper, such as supcon-sprs (may repeat)", repeat)
    .option("--rows", "with every row and printed number")
    .option("--json", "print as JSON")
    .addHelpText(
      "after",
      `
Examples:
  npx auscult list
  npx auscult list --paper respirenet --rows
  npx auscult list --kind dataset`,
    )
    .action(async ({ kind, paper, rows, json }: ListOptions) => {
      const listed = await listExperiments((message) => process.stderr.write(`${message}\n`));
      requireKnown("--kind", kind, [...new Set(listed.map((one) => one.kind))]);
      requireKnown("--paper", paper, [...new Set(listed.map((one) => one.paper))]);
      const chosen = listed.filter((one) => (kind?.includes(one.kind) ?? true) && (paper?.includes(one.paper) ?? true));
      if (json) process.stdout.write(`${JSON.stringify(chosen)}\n`);
      else if (chosen.length === 0) process.stdout.write("No entry is of that kind and that paper.\n");
      else process.stdout.write(`${renderList(chosen, rows === true)}\n`);
    });
}

function requireKnown(option: string, asked: readonly string[] | undefined, known: readonly string[]): void {
  for (const one of asked ?? []) {
    if (!known.includes(one)) throw new UserError(`${option} ${one}: must be one of ${known.join(", ")}`);
  }
}
