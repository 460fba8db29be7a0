import path from "node:path";
import { Command, Option } from "commander";
import type { Protocol } from "../datasets/split.js";
import { dataFolder } from "../node/paths.js";
import type { Preset, Profile } from "../papers/paper.js";
import { choosePlacement } from "../suite/placement/choosePlacement.js";
import { type Budget, readBudget } from "../suite/planning/budget.js";
import { readSettings } from "../suite/planning/setOptions.js";
import { requireBuild } from "../suite/requireBuild.js";
import { type ExperimentsOutcome, runExperiments } from "../suite/runExperiments.js";
import type { Precision } from "../training/runIdentity.js";
import { UserError } from "../userError.js";
import { atLeast } from "./atLeast.js";
import { addNodesOptions, type NodesOptions, nodesAsked } from "./nodesOptions.js";
import { addPlaceOptions, type PlaceOptions, resourcesOf } from "./placeOptions.js";
import { RunsDisplay } from "./runsDisplay.js";
import { stopSignal } from "./stopSignal.js";

interface RunOptions extends PlaceOptions, NodesOptions {
  row?: string[];
  task?: string[];
  fold?: string[];
  set?: string[];
  budget?: Budget;
  measure?: boolean;
  seed?: number[];
  protocol?: Protocol[];
  preset?: Preset;
  profile: Profile;
  data?: string;
  threads?: number;
  jobs?: number;
  init?: string;
  precision: Precision;
  engine?: "cpu" | "gpu";
  dryRun?: boolean;
  json?: boolean;
}

const repeat =
  <T>(read: (text: string) => T) =>
  (text: string, all: T[] | undefined) => [...(all ?? []), read(text)];

function seedOf(text: string): number {
  const seed = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(seed))
    throw new UserError(`--seed ${text}: must be a whole number, 0 or more`);
  return seed;
}

/** `auscult run`: trains what is missing of an experiment. */
export function runCommand(): Command {
  return addNodesOptions(addPlaceOptions(new Command("run")))
    .description("run what is missing of an experiment; what was interrupted goes on")
    .argument("<ids...>", "experiments, such as supcon-sprs/table3; 'supcon-sprs/*'; or ALL")
    .option("--row <row>", "only this row (may repeat)", repeat(String))
    .option("--task <task>", "only this task (may repeat)", repeat(String))
    .option("--fold <fold>", "only this split, where there are several (may repeat)", repeat(String))
    .option("--seed <seed>", "training seed, default 0 (may repeat)", repeat(seedOf))
    .addOption(
      new Option("--protocol <protocol>", "default honest (may repeat)").argParser(
        repeat(choice("--protocol", ["published", "honest"])),
      ),
    )
    .addOption(new Option("--preset <preset>", "settings, default paper").choices(["paper", "authors"]))
    .addOption(new Option("--profile <profile>", "budget").choices(["smoke", "quick", "full"]).default("full"))
    .option(
      "--budget <hours>",
      "equal epochs for all runs of an experiment, so that they fit into so many hours here; or 12epochs",
      readBudget,
    )
    .option("--set <key=value>", "change a setting of the recipe, such as epochs=3 (may repeat)", repeat(String))
    .option("--data <dir>", "the folder that holds the data sets (default: AUSCULT_DATA, else data/)")
    .option("--init <file>", "start from a file of weights: PyTorch's .pth, or safetensors")
    .addOption(
      new Option(
        "--precision <precision>",
        "of training steps; bf16 is experimental, see README; evaluation is float32 in any case",
      )
        .choices(["float32", "bf16"])
        .default("float32"),
    )
    .option(
      "--threads <n>",
      "threads of one operation, for runs that begin (default: the machine's, divided by --jobs)",
      atLeast(1),
    )
    .option(
      "--jobs <n>",
      "runs at once, each in a process of its own (default: 1; on a cluster all that fit)",
      atLeast(1),
    )
    .addOption(
      new Option("--engine <build>", "refuse any other build of the engine; on a cluster: set that one up").choices([
        "cpu",
        "gpu",
      ]),
    )
    .option("--dry-run", "show what would run, and what it takes")
    .option("--measure", "with --dry-run: take a few steps where it is not known what they cost")
    .option("--json", "print the runs as JSON")
    .addHelpText(
      "after",
      `
Examples:
  npx auscult run supcon-sprs/table3 --row "ResNet 18" --task 11 --profile quick
  npx auscult run supcon-sprs/table3 --protocol published --protocol honest --seed 0 --seed 1
  npx auscult run ALL --on slurm --partition short --threads 4 --jobs 32

Ctrl-C stops after the step under way and saves (exit code 130); the same command goes on from there, and ends with the
numbers of a run never stopped. A run keeps the number of threads that it was begun with. On a cluster Ctrl-C stops the watching
alone; the same command watches on, and \`npx auscult cancel\` stops the runs. docs/clusters.md says what a cluster needs.`,
    )
    .action(async (ids: string[], options: RunOptions) => {
      if (options.measure && !options.dryRun)
        throw new UserError("--measure: only with --dry-run; --budget measures what it needs");
      const nodes = nodesAsked(options);
      const display = new RunsDisplay();
      const isHere = (options.on ?? "local") === "local";
      // Nodes have their own.
      const warning = isHere && options.engine ? requireBuild(options.engine) : undefined;
      if (warning) display.say(warning);
      const { jobs, on = "local", detach, dryRun } = options;
      const resources = resourcesOf(options);
      const asked = { jobs, detach, dryRun, threads: options.threads };
      const { placement, threads } = await choosePlacement({ on, resources, ...asked });
      const outcomes = await runExperiments({
        ids,
        plan: {
          rows: options.row,
          tasks: options.task,
          folds: options.fold,
          seeds: options.seed,
          protocols: options.protocol,
          preset: options.preset,
          profile: options.profile,
          threads,
          precision: options.precision,
          ...(options.init !== undefined && { init: path.resolve(options.init) }),
          ...(options.set && { set: readSettings(options.set) }),
          dataDir: dataFolder(options.data),
        },
        ...(options.budget && { budget: options.budget }),
        jobs: jobs ?? 1,
        placement,
        ...(nodes && { nodes }),
        dryRun: dryRun === true && (options.measure ? "measure" : true),
        signal: isHere ? stopSignal() : stopSignal("no longer watching ..."),
        ...display.told(jobs ?? 1),
      }).finally(() => display.end());
      if (options.json) process.stdout.write(`${JSON.stringify(jsonOf(outcomes))}\n`);
      else for (const { text } of outcomes.tables) process.stdout.write(`${text}\n`);
      process.exitCode = outcomes.exitCode;
    });
}

/** What is run, what cannot be, and of a dry run what it takes. */
function jsonOf({ runs, cannot, plan }: ExperimentsOutcome): object {
  if (!plan) return { runs, ...(cannot.length > 0 && { cannot }) };
  const takes = new Map(
    plan.experiments.flatMap((one) =>
      one.runs.map(({ run, state, cost, secondsLeft }) => [
        run.runId,
        {
          standing: state,
          steps: cost.steps,
          expectedSeconds: secondsLeft ?? null,
          cost: cost.how,
          threads: run.threads,
        },
      ]),
    ),
  );
  return {
    runs: runs.map((run) => ({ ...run, ...takes.get(run.runId) })),
    cannot,
    experiments: plan.experiments.map(({ id, what, runs: own, cannot: not, seconds, notes }) => ({
      ...{ id, what, toDo: own.filter(({ state }) => state !== "done").length, runs: own.map(({ run }) => run.runId) },
      ...{ cannot: not.length, expectedSeconds: seconds, notes },
    })),
    total: plan.total,
  };
}

function choice<T extends string>(option: string, known: readonly T[]): (text: string) => T {
  return (text) => {
    const found = known.find((one) => one === text);
    if (!found) throw new UserError(`${option} ${text}: must be ${known.join(" or ")}`);
    return found;
  };
}
