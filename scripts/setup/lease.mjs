import { randomBytes } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { Worker } from "node:worker_threads";
import { read } from "./common.mjs";

/**
 * A lock that holds between machines on every shared disk: a folder with one file, named at random, to which its holder adds a point every few
 * seconds. The folder is made beside and renamed to its place, which succeeds only where there is none or an empty one. Only that one name is
 * ever removed, be it to release or to break: who is late removes nobody else's.
 *
 * A lease is broken where `ended` and `me.domain` tell that its holder is gone, else when no point was added for `lapseMs`, by the clock of
 * the one who waits: no two clocks are compared. Nodes may see a shared folder's entries a minute late: the lapse is longer. Programs that
 * a killed holder left behind on another machine get that time, too.
 *
 * Answers with a function that releases it, or nothing when `waited(holder)`, called after each look in vain, turned true.
 */
export async function takeLease(folder, me, ended, { beatMs = 5000, lapseMs = 120_000 }, waited) {
  let seen = { name: undefined, length: -1, since: 0 };
  for (;;) {
    let [name] = entries(folder);
    if (name === undefined) {
      const mine = place(folder, me);
      if (mine) return hold(folder, mine, beatMs);
      [name] = entries(folder);
    }
    const text = name === undefined ? "" : read(path.join(folder, name));
    if (name !== seen.name || text.length !== seen.length) {
      seen = { name, length: text.length, since: performance.now() };
    }
    const { domain, holder } = parse(text);
    if (name !== undefined && ((ended && domain === me.domain) || performance.now() - seen.since > lapseMs)) {
      fs.rmSync(path.join(folder, name), { force: true });
      continue;
    }
    if (await waited(holder)) return undefined;
  }
}

/** Puts a lease in its place where that is free, and answers with its file's name. */
function place(folder, me) {
  const name = randomBytes(8).toString("hex");
  const making = `${folder}-${name}`;
  fs.mkdirSync(making);
  try {
    fs.writeFileSync(path.join(making, name), `${JSON.stringify(me)}\n`);
    try {
      fs.rmdirSync(folder); // an empty one, of a holder that ended just so
    } catch {}
    fs.renameSync(making, folder);
  } catch (error) {
    // ENOENT: whoever came first has tidied up ours.
    if (!["ENOTEMPTY", "EEXIST", "ENOENT"].includes(error.code)) throw error;
  } finally {
    fs.rmSync(making, { recursive: true, force: true });
  }
  // Asked anew: a network file system may have done what it reported as failed.
  return fs.existsSync(path.join(folder, name)) ? name : undefined;
}

/** Keeps it fresh from a thread, which the long deletions of set-up do not hold up. Answers how to release it. */
function hold(folder, name, beatMs) {
  tidy(folder);
  const file = path.join(folder, name);
  const beating = new Worker(new URL("./beat.mjs", import.meta.url), { execArgv: [], workerData: { file, beatMs } });
  beating.unref();
  return async () => {
    await beating.terminate();
    fs.rmSync(file, { force: true });
    try {
      fs.rmdirSync(folder);
    } catch {
      // another's already
    }
  };
}

/** Removes what others left who were killed while they made theirs; who is alive makes it again. */
function tidy(folder) {
  const start = `${path.basename(folder)}-`;
  for (const name of entries(path.dirname(folder))) {
    if (name.startsWith(start)) fs.rmSync(path.join(path.dirname(folder), name), { recursive: true, force: true });
  }
}

function entries(folder) {
  try {
    return fs.readdirSync(folder);
  } catch (error) {
    if (error.code === "ENOENT") return [];
    throw error;
  }
}

/** Who holds it, as its first line says; nothing while that is not whole. */
function parse(text) {
  try {
    return JSON.parse(text.split("\n", 1)[0]);
  } catch {
    return {};
  }
}
