import { availableParallelism } from "node:os";
import { Argument, Command, InvalidArgumentError } from "commander";
import type { EpochBench } from "../bench/data/benchEpoch.js";
import type { StoreBench } from "../bench/data/benchStore.js";
import { recordingsOrMadeUp } from "../datasets/demo/recordingsOrMadeUp.js";
import type { BuildProgress } from "../node/featureStore/openOrBuild.js";
import { atLeast } from "./atLeast.js";
import { ProgressLine } from "./progressLine.js";
import { roundsShown } from "./roundsShown.js";
import { withStopSignal } from "./stopSignal.js";

interface Options {
  data?: string;
  only?: "store" | "epoch";
  workers: number;
  storeWorkers?: number;
  rounds: number;
  steps: number;
  json?: boolean;
}

const RECIPES = ["supcon-sprs", "cycleguardian", "multibreath", "glancegaze", "respirenet"];

/** `auscult bench data`. */
export function benchDataCommand(): Command {
  return new Command("data")
    .description(
      "whole data sets from WAV to stored features, and steps with batches made beside them against bare steps",
    )
    .addArgument(new Argument("[recipes...]", "all of them without").choices(RECIPES))
    .option(
      "--data <dir>",
      "folder that holds sprsound/ and icbhi/ (default: AUSCULT_DATA, else data/, else made-up sounds)",
    )
    .option("--only <part>", "store or epoch", part)
    .option("--workers <n>", "threads that make batches", atLeast(1), 1)
    .option("--store-workers <n>", "threads that compute what is stored (default: one for each processor)", atLeast(0))
    .option("--rounds <n>", "rounds, in which bare steps and the others take turns", atLeast(5), 11)
    .option("--steps <n>", "steps of each in a round", atLeast(1), 8)
    .option("--json", "print the result as JSON")
    .addHelpText(
      "after",
      "\nStores into a folder of its own in the cache folder, which is removed (RespireNet's images of all of ICBHI need 10 GB).\n\nExample:\n  npx auscult bench data supcon-sprs --only epoch",
    )
    .action((recipes: string[], options: Options) => withStopSignal((signal) => bench(recipes, options, signal)));
}

async function bench(recipes: readonly string[], options: Options, signal: AbortSignal): Promise<void> {
  const { only, workers, storeWorkers = availableParallelism(), rounds, steps, json } = options;
  const { dataDir, instead } = recordingsOrMadeUp(options.data);
  const line = new ProgressLine();
  if (instead) line.say("no recordings found: measured on made-up sounds");
  const isWanted = ({ name }: { name: string }) => recipes.length === 0 || recipes.includes(name);
  const building = (name: string) => ({
    signal,
    onProgress: ({ done, total, secondsLeft }: BuildProgress) =>
      line.show({ phase: name, fraction: done / total, secondsLeft, detail: `${done} of ${total} maps` }),
  });
  const stores: StoreBench[] = [];
  const epochs: EpochBench[] = [];
  if (only !== "epoch") {
    const { STORE_CASES } = await import("../bench/data/storeCases.js");
    const { benchStore } = await import("../bench/data/benchStore.js");
    for (const one of STORE_CASES.filter(isWanted)) {
      stores.push(await benchStore(one, { dataDir, workers: storeWorkers, ...building(one.name) }));
    }
  }
  if (only !== "store") {
    // Loads the engine, which is then set to its threads.
    const { EPOCH_CASES } = await import("../bench/data/epochCases.js");
    const { benchEpoch } = await import("../bench/data/benchEpoch.js");
    for (const one of EPOCH_CASES.filter(isWanted)) {
      const shown = roundsShown(line);
      const onRound = (done: number) => shown(one.name, done, rounds);
      const measured = {
        dataDir,
        rounds,
        stepsPerRound: steps,
        workers,
        building: building(one.name),
        signal,
        onRound,
      };
      epochs.push(await benchEpoch(one, measured));
    }
  }
  line.end();
  const { dataBenchText } = await import("../bench/data/benchText.js");
  const result = { madeUp: instead, stores, epochs };
  process.stdout.write(`${json ? JSON.stringify(result) : dataBenchText(stores, epochs)}\n`);
}

function part(text: string): "store" | "epoch" {
  if (text === "store" || text === "epoch") return text;
  throw new InvalidArgumentError("store or epoch is needed.");
}
