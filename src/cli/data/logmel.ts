import path from "node:path";
import { Command } from "commander";
import { loadIcbhi } from "../../datasets/icbhi/load.js";
import { compareLogmel, type LogmelComparison } from "../../datasets/icbhiLogmel/agreement.js";
import { findIcbhiLogmel, loadIcbhiLogmel } from "../../datasets/icbhiLogmel/load.js";
import { type MadeLogmel, type MakeProgress, makeIcbhiLogmel } from "../../datasets/icbhiLogmel/make.js";
import { dataFolder } from "../../node/paths.js";
import { ProgressLine } from "../progressLine.js";
import { withStopSignal } from "../stopSignal.js";

interface Options {
  data?: string;
  json?: boolean;
}

/** `auscult data logmel DIR`. */
export function dataLogmelCommand(): Command {
  return new Command("logmel")
    .description("make the icbhi-logmel maps (one log-mel map of 90 x 173 for each cycle) from recordings of ICBHI")
    .argument("<dir>", "folder for logmel.npy and logmel_index.csv, such as DATA/icbhi, where they are looked for")
    .option("--data <dir>", "folder that holds icbhi/ (default: AUSCULT_DATA, else data/)")
    .option("--json", "print counts and agreement as JSON")
    .addHelpText(
      "after",
      `
Every cycle whose recording is there gets a map. Ctrl-C stops after the cycle under way (exit code 130); the same command
goes on from the last whole recording. Where the data has stored maps already, it is said how far ours are from them.

Example:
  npx auscult data logmel ~/recordings/icbhi --data ~/recordings`,
    )
    .action((dir: string, options: Options) => withStopSignal((signal) => make(path.resolve(dir), options, signal)));
}

async function make(folder: string, { data, json }: Options, signal: AbortSignal): Promise<void> {
  const dataDir = dataFolder(data);
  const line = new ProgressLine();
  let last: MakeProgress | undefined;
  const onProgress = (done: MakeProgress) => {
    last = done;
    const { cycles, earlier, ofCycles, seconds } = done;
    const secondsLeft = (seconds / (cycles - earlier)) * (ofCycles - cycles);
    line.show({ phase: "maps", fraction: cycles / ofCycles, secondsLeft, detail: `${cycles} of ${ofCycles} cycles` });
  };
  try {
    const made = await makeIcbhiLogmel(loadIcbhi(dataDir), folder, { onProgress, signal });
    line.end();
    const agreement = compareWithStored(folder, dataDir);
    const result = { ...made, agreement: agreement ?? null };
    process.stdout.write(json ? `${JSON.stringify(result)}\n` : `${madeText(made)}${agreementText(agreement)}`);
  } catch (error) {
    line.end();
    if (!signal.aborted) throw error;
    const done = last ? ` after ${last.cycles} of ${last.ofCycles} cycles` : "";
    process.stderr.write(`auscult: interrupted${done}. The same command goes on from there.\n`);
    process.exitCode = 130;
  }
}

function compareWithStored(folder: string, dataDir: string): LogmelComparison | undefined {
  const stored = findIcbhiLogmel(dataDir);
  if (stored === undefined || path.resolve(stored) === folder) return undefined;
  const maps = loadIcbhiLogmel(folder);
  const others = loadIcbhiLogmel(dataDir);
  try {
    return compareLogmel(maps, others);
  } finally {
    maps.close();
    others.close();
  }
}

function madeText({ folder, recordings, cycles, ofRecordings, ofCycles, earlier, digest }: MadeLogmel): string {
  const count = (n: number) => n.toLocaleString("en");
  const before =
    earlier === 0 ? "" : earlier === cycles ? "; they were there already" : `; ${count(earlier)} were there already`;
  return `${folder}: maps of ${count(cycles)} of ${count(ofCycles)} cycles (${count(recordings)} of ${count(ofRecordings)} recordings have audio)${before}; digest ${digest}\n`;
}

function agreementText(all: LogmelComparison | undefined): string {
  if (!all) return "";
  const rows = [["all devices", all] as const, ...Object.entries(all.byDevice)].map(
    ([name, { cycles, equalShare, meanDb, p95Db, maxDb }]) =>
      `  ${name.padEnd(12)}${String(cycles).padStart(7)}${`${(100 * equalShare).toFixed(2)} %`.padStart(14)}${[meanDb, p95Db, maxDb].map((db) => db.toFixed(2).padStart(8)).join("")}`,
  );
  return [
    "Against the stored maps (difference in dB within 60 dB of each cycle's maximum):",
    `  ${"".padEnd(12)}${"cycles".padStart(7)}${"same bytes".padStart(14)}${["mean", "95 %", "most"].map((name) => name.padStart(8)).join("")}`,
    ...rows,
    "",
  ].join("\n");
}
