import fs from "node:fs";
import path from "node:path";
import { run } from "./child.mjs";
import { needSpace, read, root, sha256, writeWhole } from "./common.mjs";
import { stage } from "./stage.mjs";

/**
 * npm's own record of what it installed against the lock file: no stamp of ours to go stale, and an `npm ci` typed by hand
 * counts. Workspaces and vendored links are followed by path and have no digest. A removal that was cut short leaves npm's record
 * in place: so each package is looked for as well.
 */
export function packagesReady(folder = root) {
  try {
    const want = JSON.parse(read(path.join(folder, "package-lock.json"))).packages;
    const have = JSON.parse(read(path.join(folder, "node_modules/.package-lock.json"))).packages;
    return Object.entries(want).every(([name, wanted]) => {
      if (!name.startsWith("node_modules/")) return true;
      const found = have[name];
      if (!found) return Boolean(wanted.optional || wanted.devOptional);
      if (found.version !== wanted.version || found.integrity !== wanted.integrity) return false;
      return fs.existsSync(path.join(folder, name, "package.json"));
    });
  } catch {
    return false;
  }
}

export async function installPackages() {
  needSpace(root, 1150, "node_modules");
  // What npm tells its scripts about itself would confuse the npm started here.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([key]) => !/^npm_(lifecycle|package|command)/i.test(key)),
  );
  const patience = ["--fetch-retries=2", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=5000"];
  await stage("packages (npm ci, 1,050 MB)", () =>
    run(
      "npm",
      ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--no-progress", ...patience],
      {
        env,
      },
    ),
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

export async function buildClient() {
  const digest = clientDigest();
  await stage("mlflow-js-client (tsc)", () =>
    run("npm", ["run", "--silent", "build", "-w", "mlflow-js-client"], {
      hint: "The source of packages/mlflow-js-client does not compile.",
    }),
  );
  writeWhole(stamp, digest);
}
