import { randomUUID } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { addonDigest, compileAddon } from "./addon.mjs";
import { cacheFolder, projectLock, read, root, SetupError, say, writeWhole } from "./common.mjs";
import { remember } from "./engineChoice.mjs";
import { cudaReady, fetchCuda, fetchLibrary, libraryFolder, libraryReady } from "./library.mjs";
import { locked } from "./lock.mjs";
import { wheels } from "./wheel.mjs";

/** The engine: TensorFlow's native library, for the CPU or for a GPU too, with the addon of tfjs-node compiled against it. */
const addonLink = path.join(root, "node_modules/@tensorflow/tfjs-node-gpu/lib/napi-v8/tfjs_binding.node");
/** Which host linked it. */
const linkedBy = `${addonLink}.host`;

const addonFile = (build) => path.join(libraryFolder(build), `tfjs_binding-${addonDigest()}.node`);
const inCache = (file) => file.split(path.sep).slice(-2).join(path.sep);

function linkedAddon() {
  try {
    return fs.readlinkSync(addonLink);
  } catch {
    return undefined;
  }
}

/** The build that the package leads to, be it compiled from older sources of ours; nothing where there is none. */
export function linkedBuild() {
  const library = path.basename(path.dirname(linkedAddon() ?? ""));
  return ["cpu", "gpu"].find((build) => path.basename(libraryFolder(build)) === library);
}

/** Ready when the package leads to the right addon in a whole library, in this cache folder or in the one of an earlier set-up. */
export function engineReady({ build = linkedBuild(), cuda = false } = {}) {
  if (build === undefined) return false;
  const target = linkedAddon();
  if (target === undefined) return false;
  try {
    const whole = fs.existsSync(path.join(path.dirname(target), "complete"));
    const right = inCache(target) === inCache(addonFile(build));
    return right && whole && fs.existsSync(target) && (!cuda || cudaReady(path.dirname(target)));
  } catch {
    return false;
  }
}

/**
 * Makes what `choose()` wants in the cache, and links it. The cache has a lock of its own, since other checkouts use it; the link has the
 * checkout's, since nodes may have a cache each. What was chosen is asked for again before the link is changed: another node may have
 * linked the GPU build meanwhile, which a node without a driver leaves in its place.
 */
export async function installEngine(choose, { goOn, host = os.hostname(), relink = false } = {}) {
  let linked = false;
  for (let choice = choose(); !linked && !engineReady(choice); choice = choose()) {
    if (!relink) refuseAnothersCache(host);
    await locked(
      path.join(cacheFolder(), "setup.lock"),
      () => builtReady(choice),
      () => build(choice),
      goOn,
    );
    await locked(
      projectLock,
      () => engineReady(choose()),
      () => {
        const now = choose();
        if (now.build !== choice.build || !builtReady(now)) return;
        if (!relink) refuseAnothersCache(host);
        link(now, host);
        linked = true;
      },
      goOn,
    );
  }
}

const builtReady = ({ build, cuda }) =>
  libraryReady(build) && (!cuda || cudaReady(libraryFolder(build))) && fs.existsSync(addonFile(build));

async function build({ build, cuda, why, driver, flag }) {
  try {
    if (!libraryReady(build)) await fetchLibrary(build);
    if (cuda && !cudaReady()) await fetchCuda();
  } catch (error) {
    if (!(error instanceof SetupError) || !driver || flag) throw error;
    throw new SetupError(
      [
        error.message,
        `The GPU build is wanted since this machine has a GPU: ${why}. Nodes without a network find it in a cache that they share,`,
        "after `npm run setup -- --engine gpu --cuda` on one with a network; `npm run setup -- --engine cpu` keeps the CPU build on all.",
      ].join("\n        "),
    );
  }
  const built = addonFile(build);
  if (!fs.existsSync(built)) await compileAddon(libraryFolder(build), built);
}

/** In one move: a program that starts meanwhile finds the one or the other, and one that has loaded the other keeps it. */
function link(choice, host) {
  const { build, why, driver } = choice;
  if (build === "gpu") say(`engine: GPU build, not yet run on a GPU; ${why}`);
  remember(choice);
  fs.mkdirSync(path.dirname(addonLink), { recursive: true });
  writeWhole(linkedBy, `${host}\n`);
  const beside = `${addonLink}.${randomUUID()}`;
  fs.symlinkSync(addonFile(build), beside);
  fs.renameSync(beside, addonLink);
  say(`engine: ${wheels[build].name} ${wheels[build].version} is linked`);
  if (build === "gpu" && !driver && !cudaReady()) {
    say(
      "engine: without a driver it computes on the CPU. CUDA's libraries are left out; --cuda fetches them all the same",
    );
  }
}

/**
 * One checkout has one link, and so all its nodes need one path to the engine, though each may have a disk of its own there. Another
 * host's link that leads nowhere here is left alone: changed for this node it would lead nowhere there.
 */
function refuseAnothersCache(host) {
  const by = read(linkedBy).trim();
  const target = linkedAddon();
  if (by === "" || by === host || target === undefined || fs.existsSync(target)) return;
  const theirs = path.dirname(path.dirname(target));
  if (theirs === cacheFolder()) return;
  throw new SetupError(
    [
      `the engine of ${root} was linked on ${by}, where the cache is ${theirs}; ${host} has no such folder, and another cache: ${cacheFolder()}.`,
      "Nodes that share a checkout need one path for the cache, whatever disk lies there:",
      `run this again with AUSCULT_CACHE=${theirs}, or, where ${by} is no longer in use, with --relink.`,
    ].join("\n        "),
  );
}
