#!/usr/bin/env node
/** The command line's launcher: checks that set-up was done, then runs `src/cli/main.ts` as it stands. */
import path from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./setup/common.mjs";
import { engineReady } from "./setup/engine.mjs";
import { nodeProblem } from "./setup/machine.mjs";
import { packagesReady } from "./setup/packages.mjs";

const refuse = (message) => {
  console.error(`auscult: ${message}`);
  process.exit(1);
};
// A reader that has seen enough (`auscult list | head`) is no error.
process.stdout.on("error", (error) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});
const node = nodeProblem();
if (node) refuse(`${node}.`);
if (!packagesReady() || !engineReady()) {
  refuse(`not set up yet, or the lock file has changed. Run \`npm run setup\` in ${root}, then this again.`);
}
process.env.AUSCULT_ROOT = root;
const { register } = await import("tsx/esm/api");
register();
const { main } = await import(pathToFileURL(path.join(root, "src/cli/main.ts")).href);
await main(process.argv.slice(2));
