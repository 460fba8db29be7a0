import { Command } from "commander";
import { listExperiments } from "../suite/listExperiments.js";

/** `auscult list`: every experiment, row and printed number. */
export function listCommand(): Command {
  return new Command("list")
    .description("list every experiment, its rows and printed numbers")
    .option("--json", "print as JSON")
    .addHelpText("after", "\nExample:\n  npx auscult list")
    .action(async (options: { json?: boolean }) => {
      const listed = await listExperiments((message) => process.stderr.write(`${message}\n`));
      if (options.json) {
        process.stdout.write(`${JSON.stringify(listed)}\n`);
        return;
      }
      for (const { id, title, rows, columns, cost } of listed) {
        process.stdout.write(`${id}  ${title}\n`);
        for (const row of rows) {
          const printed = columns.map((column) => `${column} ${row.printed[column] ?? "-"}`).join("  ");
          process.stdout.write(
            `  ${row.name.padEnd(34)} ${printed}   ${row.state}${row.runs > 0 ? `, runs: ${row.runs}` : ""}\n`,
          );
        }
        process.stdout.write(`  cost: quick ${cost.quick}; full ${cost.full}\n`);
      }
    });
}
