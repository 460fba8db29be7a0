import { Command } from "commander";
import type { ExportedRun } from "../suite/exporting/exportRun.js";
import { Interrupted } from "../training/interrupted.js";
import { UserError } from "../userError.js";
import { atLeast } from "./atLeast.js";
import { ProgressLine } from "./progressLine.js";
import { withStopSignal } from "./stopSignal.js";

interface Options {
  run: string;
  data?: string;
  items?: number;
  json?: boolean;
}

/** `auscult export`: a trained model for other programs. */
export function exportCommand(): Command {
  return new Command("export")
    .description("write a run's model for other programs: ONNX (float32, int8), SavedModel, TensorFlow.js, safetensors")
    .argument("<dir>", "the folder to make; one that is there must be empty")
    .requiredOption("--run <run>", "a finished run; the beginning of its name will do")
    .option("--data <dir>", "folder that holds icbhi/ and sprsound/ (default: AUSCULT_DATA, else data/)")
    .option("--items <count>", "clips of the test set that all formats are asked for (default: 200)", atLeast(1))
    .option("--json", "print {files, sizes, agreement, ...} as JSON")
    .addHelpText(
      "after",
      `
All formats are asked for the same inputs before the folder is there; logits that differ from the training graph's by more than
1e-4 are refused, and so is what cannot be converted, by its operation's name. Int8 is held against float32 on clips of the run's own test
set, else on made-up sounds, which is said. The converters are Python's: the first export installs them (1,700 MB, in .venv-export).

Example:
  npx auscult export --run cycleguardian-table2_ours-cos exported/cycleguardian`,
    )
    .action((folder: string, options: Options) => withStopSignal((signal) => write(folder, options, signal)));
}

async function write(folder: string, { run, data, items, json }: Options, signal: AbortSignal): Promise<void> {
  // The engine takes a second to load; help does not wait for it.
  const { exportRun } = await import("../suite/exporting/exportRun.js");
  const line = new ProgressLine();
  const done = await exportRun({
    ...{ run, folder, signal },
    ...(data !== undefined && { dataDir: data }),
    ...(items !== undefined && { items }),
    onProgress: (report) => line.show(report),
    say: (message) => line.say(message),
  })
    .catch((error: unknown) => {
      // Nothing is kept that the same command could go on from.
      throw error instanceof Interrupted ? new UserError(error.message, 130) : error;
    })
    .finally(() => line.end());
  process.stdout.write(json ? `${JSON.stringify(done)}\n` : summary(done));
}

const MEGABYTE = 1e6;

function summary({ folder, run, sizes, agreement, seconds }: ExportedRun): string {
  const { logits, int8, inputs } = agreement;
  const percent = (value: number) => `${(100 * value).toFixed(1)} %`;
  const lines = [
    `${folder}: ${run}, in ${seconds.toFixed(0)} s`,
    ...Object.entries(sizes).map(([name, bytes]) => `  ${name}: ${(bytes / MEGABYTE).toFixed(2)} MB`),
    `asked for ${inputs}`,
    ...Object.entries(logits).map(([name, value]) => `  ${name}: logits within ${value.toExponential(1)}`),
    `  int8: same label ${percent(int8.sameLabel)} of ${int8.items}, logits within ${int8.logits.toFixed(3)}, ${int8.size.toFixed(3)} of the size`,
    int8.score ? `  ${scoreWords(int8.score)}` : "  no Score: true labels are not known",
  ];
  return lines.map((text) => `${text}\n`).join("");
}

const ONE_POINT = 0.01;

function scoreWords({ float32, int8 }: { float32: number; int8: number }): string {
  const points = (value: number) => (100 * value).toFixed(1);
  const apart = Math.abs(float32 - int8) > ONE_POINT ? ": MORE THAN A POINT APART" : "";
  return `Score ${points(float32)} in float32, ${points(int8)} in int8${apart}`;
}
