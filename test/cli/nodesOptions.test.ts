import { Command } from "commander";
import { describe, expect, test } from "vitest";
import { addNodesOptions, type NodesOptions, nodesAsked } from "../../src/cli/nodesOptions.js";

function read(...args: string[]) {
  const command = addNodesOptions(new Command("run")).option("--dry-run").exitOverride();
  command.configureOutput({ writeErr: () => {} });
  return nodesAsked(command.parse(args, { from: "user" }).opts<NodesOptions & { dryRun?: boolean }>());
}

describe("--nodes", () => {
  test("may repeat, with what is not usual beside it; without it nothing is simulated", () => {
    expect(read("--dry-run")).toBeUndefined();
    expect(read("--dry-run", "--nodes", "1", "--nodes", "64")).toEqual({ nodes: [1, 64], limits: {} });
    const all = [
      "--slots-per-node",
      "4",
      "--node-loss-hours",
      "never",
      "--tracking-limit",
      "500",
      "--folder-limit",
      "80",
    ];
    expect(read("--dry-run", "--nodes", "8", ...all)).toEqual({
      ...{ nodes: [8], slotsPerNode: 4, hoursBetweenLosses: Number.POSITIVE_INFINITY },
      limits: { pointsPerSecond: 500, megabytesPerSecond: 80 },
    });
  });

  test.each([
    [["--nodes", "8"], /--nodes: only with --dry-run/],
    [["--dry-run", "--slots-per-node", "2"], /--slots-per-node: only with --nodes/],
    [["--dry-run", "--node-loss-hours", "5"], /--node-loss-hours: only with --nodes/],
    [["--dry-run", "--nodes", "0"], /A whole number, 1 or more/],
    [["--dry-run", "--nodes", "1", "--node-loss-hours", "0"], /--node-loss-hours 0: must be a number above 0/],
    [["--dry-run", "--nodes", "1", "--tracking-limit", "many"], /--tracking-limit many: must be a number above 0/],
  ])("%j is refused", (args, words) => {
    expect(() => read(...args)).toThrow(words);
  });
});
