import { Command } from "commander";
import { trackingBenchText } from "../bench/tracking/benchText.js";
import { benchTracking } from "../bench/tracking/benchTracking.js";
import type { WriterOptions } from "../bench/tracking/writer.js";
import { atLeast } from "./atLeast.js";
import { ProgressLine } from "./progressLine.js";
import { roundsShown } from "./roundsShown.js";
import { withStopSignal } from "./stopSignal.js";

interface Options {
  writers?: number[];
  points: number;
  rounds: number;
  json?: boolean;
}

/** `auscult bench tracking`. */
export function benchTrackingCommand(): Command {
  const count = (text: string, all: number[] | undefined) => [...(all ?? []), atLeast(1)(text)];
  return new Command("tracking")
    .description("metric points to a local tracking server by many writers, against one of MLflow's own client")
    .option("--writers <n>", "writers at once (may repeat; default 1, 4 and 16)", count)
    .option("--points <n>", "of each writer in a round", atLeast(10), 10_000)
    .option("--rounds <n>", "rounds, in which all take turns", atLeast(5), 5)
    .option("--json", "print the result as JSON")
    .addHelpText(
      "after",
      "\nStarts a server on SQLite in a folder of its own, and stops it.\n\nExample:\n  npx auscult bench tracking --writers 16",
    )
    .action((options: Options) => withStopSignal((signal) => bench(options, signal)));
}

/** One of the writers; `bench tracking` starts it. */
export function trackingChildCommand(): Command {
  return new Command("tracking-child").argument("<options>").action(async (options: string) => {
    const { runWriter } = await import("../bench/tracking/writer.js");
    await runWriter(JSON.parse(options) as WriterOptions);
  });
}

async function bench({ writers = [1, 4, 16], points, rounds, json }: Options, signal: AbortSignal): Promise<void> {
  const line = new ProgressLine();
  const shown = roundsShown(line);
  const results = await benchTracking({
    ...{ writers, points, rounds, signal },
    onRound: (done, of) => shown("tracking", done, of),
  });
  line.end();
  process.stdout.write(`${json ? JSON.stringify(results) : trackingBenchText(results)}\n`);
}
