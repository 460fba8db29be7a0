import fs from "node:fs";
import path from "node:path";
import { addonDigest, compileAddon } from "./addon.mjs";
import { root, say } from "./common.mjs";
import { cudaReady, fetchCuda, fetchLibrary, libraryFolder, libraryReady } from "./library.mjs";
import { wheels } from "./wheel.mjs";

/** The engine: TensorFlow's native library, for the CPU or for a GPU too, with the addon of tfjs-node compiled against it. */
const addonLink = path.join(root, "node_modules/@tensorflow/tfjs-node-gpu/lib/napi-v8/tfjs_binding.node");

const addonFile = (build) => path.join(libraryFolder(build), `tfjs_binding-${addonDigest()}.node`);
const inCache = (file) => file.split(path.sep).slice(-2).join(path.sep);

/** The build that the package leads to, be it compiled from older sources of ours; nothing where there is none. */
export function linkedBuild() {
  try {
    const library = path.basename(path.dirname(fs.readlinkSync(addonLink)));
    return ["cpu", "gpu"].find((build) => path.basename(libraryFolder(build)) === library);
  } catch {
    return undefined;
  }
}

/** Ready when the package leads to the right addon in a whole library, in this cache folder or in the one of an earlier set-up. */
export function engineReady({ build = linkedBuild(), cuda = false } = {}) {
  if (build === undefined) return false;
  try {
    const target = fs.readlinkSync(addonLink);
    const whole = fs.existsSync(path.join(path.dirname(target), "complete"));
    const right = inCache(target) === inCache(addonFile(build));
    return right && whole && fs.existsSync(target) && (!cuda || cudaReady(path.dirname(target)));
  } catch {
    return false;
  }
}

export async function installEngine({ build, cuda, why, driver }) {
  if (build === "gpu") say(`engine: GPU build, not yet run on a GPU; ${why}`);
  if (!libraryReady(build)) await fetchLibrary(build);
  if (cuda && !cudaReady()) await fetchCuda();
  else if (build === "gpu" && !driver && !cudaReady()) {
    say(
      "engine: without a driver it computes on the CPU. CUDA's libraries are left out; --cuda fetches them all the same",
    );
  }
  const built = addonFile(build);
  if (!fs.existsSync(built)) await compileAddon(libraryFolder(build), built);
  fs.mkdirSync(path.dirname(addonLink), { recursive: true });
  // In one move: a program that starts meanwhile finds the one or the other.
  const beside = `${addonLink}.${process.pid}`;
  fs.rmSync(beside, { force: true });
  fs.symlinkSync(built, beside);
  fs.renameSync(beside, addonLink);
  say(`engine: ${wheels[build].name} ${wheels[build].version} is linked`);
}
