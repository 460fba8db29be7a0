import { existsSync } from "node:fs";
import { linkedBuild } from "../node/engineBuild.js";
import { projectRoot } from "../node/paths.js";
import { UserError } from "../userError.js";

/**
 * Answers with a warning where the GPU build that was asked for will compute on the processor. Throws a UserError where the linked build is
 * another than `asked`: a process cannot change it.
 */
export function requireBuild(
  asked: "cpu" | "gpu",
  { root = projectRoot(), driver = ["/proc/driver/nvidia/version", "/dev/dxg"] } = {},
): string | undefined {
  const linked = linkedBuild(root);
  if (linked?.kind !== asked) {
    const found = linked ? `the engine's ${linked.kind.toUpperCase()} build is linked` : "no engine is linked";
    throw new UserError(
      `--engine ${asked}: ${found}. Run \`npm run setup -- --engine ${asked}\` in ${root}, then this again; it links the other build for all later commands.`,
    );
  }
  if (asked === "cpu" || driver.some((file) => existsSync(file))) return undefined;
  return "--engine gpu: there is no NVIDIA driver on this machine; the GPU build computes on the CPU";
}
