#!/usr/bin/env node
/** The command line's launcher: checks that set-up was done, then runs `src/cli/main.ts` as it stands. */
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { engineReady } from "./setup/engine.mjs";
import { packagesReady } from "./setup/packages.mjs";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
if (!packagesReady() || !engineReady()) {
  console.error(`auscult is not set up yet (or its lock file changed). Run \`npm run setup\` in ${root}, then this again.`);
  process.exit(1);
}
process.env.AUSCULT_ROOT = root;
const { register } = await import("tsx/esm/api");
register();
const { main } = await import(pathToFileURL(path.join(root, "src/cli/main.ts")).href);
await main(process.argv.slice(2));
