import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { declarationView } from "./declarationView.mjs";

/** More than the sources of this project; beyond it, those that were not used are dropped. */
const MOST = 2000;

/**
 * `declarationView`, with its results kept in a file from one kernel to the next: they are a third of the time of an
 * import. A view is found by the text of its source, so an edited source gets a new one.
 * @param ts the compiler
 * @param {string} folder made if need be; where it cannot be written, nothing is kept
 */
export function keptViews(ts, folder) {
  const hash = (text) => createHash("sha256").update(text).digest("base64url");
  const file = path.join(folder, "lab", `views-${hash(`${ts.version} ${declarationView}`).slice(0, 12)}.json`);
  const kept = read(file);
  const used = new Set();
  let waiting = false;
  return (text) => {
    const key = hash(text);
    used.add(key);
    const known = kept.get(key);
    if (known !== undefined) return known;
    const view = declarationView(ts, text);
    kept.set(key, view);
    // Later, when the cell is done.
    if (!waiting) setImmediate(keep);
    waiting = true;
    return view;
  };
  function keep() {
    waiting = false;
    if (kept.size > MOST) for (const key of kept.keys()) if (!used.has(key)) kept.delete(key);
    write(file, kept);
  }
}

function read(file) {
  try {
    return new Map(Object.entries(JSON.parse(readFileSync(file, "utf8"))));
  } catch {
    return new Map();
  }
}

function write(file, views) {
  const beside = `${file}.${process.pid}.tmp`;
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(beside, JSON.stringify(Object.fromEntries(views)));
    renameSync(beside, file);
  } catch {
    // They are made again by the next kernel.
  }
}
