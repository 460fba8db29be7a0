import { type Command, Option } from "commander";
import type { Resources } from "../suite/placement/submission.js";
import { UserError } from "../userError.js";
import { atLeast } from "./atLeast.js";

/** Where runs are carried out, and what a cluster is told. */
export interface PlaceOptions {
  on?: "local" | "slurm" | "ray";
  partition?: string;
  account?: string;
  time?: string;
  memory?: number;
  gpus?: number;
  /** Of nodes, which set it up. */
  engine?: "cpu" | "gpu";
  sbatch?: string[];
  address?: string;
  detach?: boolean;
}

/** Adds `--on` and what belongs to it. */
export function addPlaceOptions(command: Command): Command {
  return command
    .addOption(new Option("--on <place>", "where runs are carried out").choices(["local", "slurm", "ray"]))
    .option("--detach", "with a cluster: hand the runs over and end; `status` shows them")
    .option("--memory <GB>", "with a cluster: of each run", number("--memory"))
    .option("--gpus <n>", "with a cluster: of each run (default: 1 with --engine gpu, else 0)", atLeast(0))
    .option("--partition <name>", "with Slurm")
    .option("--account <name>", "with Slurm")
    .option(
      "--time <limit>",
      "with Slurm: of a run, such as 4:00:00; one that reaches it saves and is queued again",
      timeOf,
    )
    .option("--sbatch <option>", "with Slurm: a further option, such as --qos=long (may repeat)", collect)
    .option("--address <url>", "with Ray: of its dashboard (default: RAY_ADDRESS, else http://127.0.0.1:8265)");
}

/** What a cluster is told of each run, without threads. Throws UserError for options that belong to another place. */
export function resourcesOf(options: PlaceOptions): Omit<Resources, "threads" | "atOnce"> {
  const { on = "local", partition, account, time, memory, gpus, sbatch, address, detach, engine } = options;
  const refuse = (place: string, given: Record<string, unknown>) => {
    const [name] = Object.entries(given).find(([, value]) => value !== undefined) ?? [];
    if (name) throw new UserError(`--${name}: only with --on ${place}`);
  };
  if (on !== "slurm") refuse("slurm", { partition, account, time, sbatch });
  if (on !== "ray") refuse("ray", { address });
  if (on === "local") refuse("slurm or --on ray", { memory, gpus, detach });
  const usualGpus = on !== "local" && engine === "gpu" ? 1 : undefined;
  return {
    ...((gpus ?? usualGpus) !== undefined && { gpus: gpus ?? usualGpus }),
    ...(on !== "local" && engine !== undefined && { engine }),
    ...(memory !== undefined && { memoryGb: memory }),
    ...(time !== undefined && { time }),
    ...(partition !== undefined && { partition }),
    ...(account !== undefined && { account }),
    ...(sbatch && { sbatch }),
    ...(address !== undefined && { address }),
  };
}

function number(option: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!(value > 0 && value < 1e5)) throw new UserError(`${option} ${text}: must be a number above 0`);
    return value;
  };
}

/** As `sbatch` reads it. */
function timeOf(text: string): string {
  const [, days = "0", clock = ""] = /^(?:(\d+)-)?(\d+(?::\d{1,2}){0,2})$/.exec(text) ?? [];
  if (clock === "") throw new UserError(`--time ${text}: must be minutes, H:MM:SS or D-H:MM:SS, such as 4:00:00`);
  const parts = clock.split(":").map(Number);
  // With days the first number counts hours, without it counts minutes unless there are three.
  const hours = text.includes("-") || parts.length === 3;
  const minutes = hours ? 60 * parts[0]! + (parts[1] ?? 0) : parts[0]!;
  if (1440 * Number(days) + minutes < LEAST_MINUTES)
    throw new UserError(
      `--time ${text}: must be ${LEAST_MINUTES} minutes or more; a run saves two minutes before its end`,
    );
  return text;
}

const LEAST_MINUTES = 10;

function collect(text: string, before: string[] | undefined): string[] {
  if (!/^--?[a-z][^\n]*$/i.test(text))
    throw new UserError(`--sbatch ${text}: must be an option of sbatch as it stands, such as --sbatch=--qos=long`);
  return [...(before ?? []), text];
}
