import { Command, CommanderError } from "commander";
import { UserError } from "../userError.js";
import { benchCommand } from "./bench.js";
import { dataCommand } from "./data.js";
import { doctorCommand } from "./doctor.js";
import { featuresCommand } from "./features.js";
import { labCommand } from "./lab.js";
import { listCommand } from "./list.js";
import { notebookCommand } from "./notebook.js";
import { reportCommand } from "./report.js";
import { resultsCommand } from "./results.js";
import { runCommand } from "./run.js";
import { showCommand } from "./show.js";
import { startCommand } from "./start.js";
import { uiCommand } from "./ui.js";

function program(): Command {
  return new Command("auscult")
    .description("A laboratory for respiratory-sound classification: exact, resumable, honest re-runs of five papers.")
    .addCommand(startCommand())
    .addCommand(doctorCommand())
    .addCommand(dataCommand())
    .addCommand(featuresCommand())
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(runCommand())
    .addCommand(reportCommand())
    .addCommand(resultsCommand())
    .addCommand(notebookCommand())
    .addCommand(uiCommand())
    .addCommand(labCommand())
    .addCommand(benchCommand())
    .addHelpText(
      "after",
      '\nExample:\n  npx auscult run supcon-sprs/table3 --row "ResNet 18" --task 11 --profile quick',
    );
}

/** Runs one command and sets the exit code: 0 done, 1 failed, 2 wrong usage or bad input, 130 interrupted and resumable. */
export async function main(args: string[]): Promise<void> {
  const root = program();
  refuseQuietly(root);
  try {
    await root.parseAsync(args, { from: "user" });
  } catch (error) {
    process.exitCode = exitCodeOf(error);
  }
}

/** commander would end the process itself; here it throws, so that every ending has its exit code from one place. */
function refuseQuietly(command: Command): void {
  command.exitOverride();
  for (const child of command.commands) refuseQuietly(child);
}

function exitCodeOf(error: unknown): number {
  // Help and version end this way too; commander has already printed what there is to say.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof UserError) {
    process.stderr.write(`auscult: ${error.message}\n`);
    return error.exitCode;
  }
  const { name, message, stack } = error as Error;
  if (name === "MlflowValidationError") {
    process.stderr.write(`auscult: ${message}\n`);
    return 2;
  }
  if (name === "Interrupted" || name === "AbortError") {
    process.stderr.write(`auscult: ${message}. What was done is saved; the same command goes on from there.\n`);
    return 130;
  }
  process.stderr.write(`auscult: ${stack ?? message}\n`);
  return 1;
}
