import { Command, InvalidArgumentError } from "commander";
import { writeDemo } from "../../datasets/demo/writeDemo.js";

/** `auscult data demo DIR`. */
export function dataDemoCommand(): Command {
  return new Command("demo")
    .description("write a small labelled set of made-up breath sounds, in the layout of the real data set")
    .argument("<dir>", "folder to write to; give it to other commands as --data")
    .option("--seed <n>", "another seed makes other sounds", parseSeed, 1)
    .option("--json", "print the counts as JSON")
    .addHelpText(
      "after",
      "\nExample:\n  npx auscult data demo made-up && npx auscult data check sprsound --data made-up",
    )
    .action((dir: string, options: { seed: number; json?: boolean }) => {
      process.stderr.write(`Writing made-up sounds to ${dir} ...\n`);
      const written = writeDemo(dir, { seed: options.seed });
      const { recordings, patients, events } = written.sprsound;
      const counts = `${recordings} made-up recordings of ${patients} made-up patients, ${events} events`;
      process.stdout.write(
        options.json ? `${JSON.stringify(written)}\n` : `${counts}; read them with --data ${written.folder}\n`,
      );
    });
}

function parseSeed(text: string): number {
  const seed = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(seed)) return seed;
  throw new InvalidArgumentError("A whole number, 0 or more, is needed.");
}
