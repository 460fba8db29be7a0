import type { Command } from "commander";
import type { AskedNodes } from "../suite/planning/simulatedProgramme.js";
import { UserError } from "../userError.js";
import { atLeast } from "./atLeast.js";

/** On what a dry run is simulated. */
export interface NodesOptions {
  nodes?: number[];
  slotsPerNode?: number;
  nodeLossHours?: number;
  trackingLimit?: number;
  folderLimit?: number;
}

/** Adds `--nodes` and what belongs to it. */
export function addNodesOptions(command: Command): Command {
  const count = (text: string, all: number[] | undefined) => [...(all ?? []), atLeast(1)(text)];
  return command
    .option("--nodes <n>", "with --dry-run: simulate what is left on so many nodes (may repeat)", count)
    .option("--slots-per-node <n>", "with --nodes: runs at once on each, default 1", atLeast(1))
    .option("--node-loss-hours <h>", "with --nodes: a node is lost every so often, default 1000; or never", lossOf)
    .option(
      "--tracking-limit <n>",
      "with --nodes: points that the tracking server takes in a second",
      above("--tracking-limit"),
    )
    .option("--folder-limit <MB>", "with --nodes: what the shared folder takes in a second", above("--folder-limit"));
}

/** Undefined where nothing is to be simulated. Throws UserError for options that say nothing then. */
export function nodesAsked(options: NodesOptions & { dryRun?: boolean }): AskedNodes | undefined {
  const { nodes, dryRun, slotsPerNode, nodeLossHours, trackingLimit, folderLimit } = options;
  const others = {
    "--slots-per-node": slotsPerNode,
    "--node-loss-hours": nodeLossHours,
    "--tracking-limit": trackingLimit,
    "--folder-limit": folderLimit,
  };
  if (!nodes) {
    const [name] = Object.entries(others).find(([, value]) => value !== undefined) ?? [];
    if (name) throw new UserError(`${name}: only with --nodes`);
    return undefined;
  }
  if (!dryRun)
    throw new UserError("--nodes: only with --dry-run, which simulates; --on says where runs are carried out");
  return {
    nodes,
    ...(slotsPerNode !== undefined && { slotsPerNode }),
    ...(nodeLossHours !== undefined && { hoursBetweenLosses: nodeLossHours }),
    limits: {
      ...(trackingLimit !== undefined && { pointsPerSecond: trackingLimit }),
      ...(folderLimit !== undefined && { megabytesPerSecond: folderLimit }),
    },
  };
}

function lossOf(text: string): number {
  return text === "never" ? Number.POSITIVE_INFINITY : above("--node-loss-hours")(text);
}

function above(option: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== "" && value > 0 && value < Number.POSITIVE_INFINITY) return value;
    throw new UserError(`${option} ${text}: must be a number above 0`);
  };
}
