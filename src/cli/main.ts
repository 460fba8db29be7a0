import { Command, CommanderError } from "commander";
import { UserError } from "../userError.js";

/** Each command's file, in the order of the help. Only the one that was asked for is loaded: a report must not wait for a server's code. */
const commands: Record<string, () => Promise<Command>> = {
  start: async () => (await import("./start.js")).startCommand(),
  doctor: async () => (await import("./doctor.js")).doctorCommand(),
  data: async () => (await import("./data.js")).dataCommand(),
  features: async () => (await import("./features.js")).featuresCommand(),
  list: async () => (await import("./list.js")).listCommand(),
  show: async () => (await import("./show.js")).showCommand(),
  run: async () => (await import("./run.js")).runCommand(),
  status: async () => (await import("./status.js")).statusCommand(),
  logs: async () => (await import("./logs.js")).logsCommand(),
  cancel: async () => (await import("./cancel.js")).cancelCommand(),
  resume: async () => (await import("./resume.js")).resumeCommand(),
  report: async () => (await import("./report.js")).reportCommand(),
  results: async () => (await import("./results.js")).resultsCommand(),
  notebook: async () => (await import("./notebook.js")).notebookCommand(),
  ui: async () => (await import("./ui.js")).uiCommand(),
  lab: async () => (await import("./lab.js")).labCommand(),
  predict: async () => (await import("./predict.js")).predictCommand(),
  export: async () => (await import("./export.js")).exportCommand(),
  listen: async () => (await import("./listen.js")).listenCommand(),
  bench: async () => (await import("./bench.js")).benchCommand(),
};

/** The command line with the one command that `args` name, or with all where they name none. */
async function program(args: readonly string[]): Promise<Command> {
  if (args[0] === "placed") return new Command("auscult").addCommand((await import("./placed.js")).placedCommand());
  const root = new Command("auscult").description(
    "A laboratory for respiratory-sound classification: exact, resumable, honest re-runs of five papers.",
  );
  const asked = args[0] !== undefined && Object.hasOwn(commands, args[0]) ? [args[0]] : Object.keys(commands);
  for (const name of asked) root.addCommand(await commands[name]!());
  return root.addHelpText(
    "after",
    '\nExample:\n  npx auscult run supcon-sprs/table3 --row "ResNet 18" --task 11 --profile quick',
  );
}

/** Runs one command and sets the exit code: 0 done, 1 failed, 2 wrong usage or bad input, 130 interrupted and resumable. */
export async function main(args: string[]): Promise<void> {
  const root = await program(args);
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
