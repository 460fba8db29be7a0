import fs from "node:fs";
import path from "node:path";
import { read, root, run, say, sha256 } from "./common.mjs";

/**
 * npm's own record of what it installed against the lock file: no stamp of ours to go stale, and an `npm ci` typed by hand
 * counts. Workspaces and vendored links are followed by path and have no digest.
 */
export function packagesReady() {
  try {
    const want = JSON.parse(read(path.join(root, "package-lock.json"))).packages;
    const have = JSON.parse(read(path.join(root, "node_modules/.package-lock.json"))).packages;
    return Object.entries(want).every(
      ([name, w]) =>
        !name.startsWith("node_modules/") ||
        (have[name]
          ? have[name].version === w.version && have[name].integrity === w.integrity
          : w.optional || w.devOptional),
    );
  } catch {
    return false;
  }
}

export function installPackages() {
  say("packages: npm ci (640 MB)");
  // What npm tells its scripts about itself would confuse the npm started here.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([key]) => !/^npm_(lifecycle|package|command)/i.test(key)),
  );
  run(
    "npm",
    ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
    "Is there a network, and room on the disk? Nothing needs cleaning: run the same command again.",
    { env },
  );
}

const client = path.join(root, "packages/mlflow-js-client");
const stamp = path.join(client, "dist/.source-digest");

function clientDigest() {
  const files = fs
    .readdirSync(path.join(client, "src"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
    .sort();
  return sha256(...files.map((file) => `${path.relative(client, file)}\n${read(file)}`));
}

/** The workspace package runs as it is published: compiled. */
export function clientReady() {
  return read(stamp) === clientDigest();
}

export function buildClient() {
  say("mlflow-js-client: tsc");
  run(
    "npm",
    ["run", "--silent", "build", "-w", "mlflow-js-client"],
    "The source of packages/mlflow-js-client does not compile.",
  );
  fs.writeFileSync(stamp, clientDigest());
}
