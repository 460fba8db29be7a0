import path from "node:path";
import { projectRoot } from "../node/paths.js";
import type { Command } from "./contestant.js";

/** The contestant that is us: `auscult bench CHILD ARGUMENT`, with whatever its environment has besides ours. */
export function ownCommand(child: string, argument: string, env: Command["env"] = {}): Command {
  const launcher = path.join(projectRoot(), "scripts", "auscult.mjs");
  return { program: process.execPath, args: [launcher, "bench", child, argument], env };
}
