import { Command, InvalidArgumentError } from "commander";
import { type WrittenDemo, writeDemo } from "../../datasets/demo/writeDemo.js";

/** `auscult data demo DIR`. */
export function dataDemoCommand(): Command {
  return new Command("demo")
    .description("write small labelled sets of made-up breath sounds, in the layouts of SPRSound and ICBHI")
    .argument("<dir>", "folder to write sprsound/ and icbhi/ to; give it to other commands as --data")
    .option("--seed <n>", "another seed makes other sounds", parseSeed, 1)
    .option("--json", "print the counts as JSON")
    .addHelpText(
      "after",
      `
Made-up sets that are there are replaced; recordings are never touched. About 60 MB.

Examples:
  npx auscult data demo made-up && npx auscult data check sprsound --data made-up
  npx auscult data check icbhi --data made-up`,
    )
    .action((dir: string, options: { seed: number; json?: boolean }) => {
      process.stderr.write(`Writing made-up sounds to ${dir} ...\n`);
      const written = writeDemo(dir, { seed: options.seed });
      process.stdout.write(options.json ? `${JSON.stringify(written)}\n` : sentence(written));
    });
}

function sentence({ folder, sprsound, icbhi }: WrittenDemo): string {
  const of = ({ recordings, patients }: { recordings: number; patients: number }) =>
    `${recordings} made-up recordings of ${patients} made-up patients`;
  return [
    `sprsound: ${of(sprsound)}, ${sprsound.events} events`,
    `icbhi: ${of(icbhi)}, ${icbhi.cycles} cycles`,
    `read them with --data ${folder}\n`,
  ].join("\n");
}

function parseSeed(text: string): number {
  const seed = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(seed)) return seed;
  throw new InvalidArgumentError("A whole number, 0 or more, is needed.");
}
