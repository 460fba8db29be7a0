import path from "node:path";
import { read, root, SetupError, writeWhole } from "./common.mjs";
import { nvidiaDriver } from "./driver.mjs";

const remembered = (folder) => path.join(folder, ".engine");

/**
 * Which build to link, why, and whether CUDA's libraries belong beside it: what `--engine` says now or said last, or `AUSCULT_ENGINE`; else
 * the GPU build where NVIDIA's driver is found; else what is linked already; else the CPU build. Without a driver nothing could use CUDA's
 * libraries: they are left out unless `--cuda` asks for them, as for a machine that shares this disk.
 */
export function engineChoice(args, linked, { env = process.env, folder = root, driver = nvidiaDriver } = {}) {
  const flag = flagOf(args);
  const asked =
    known(flag, "--engine") ??
    known(env.AUSCULT_ENGINE, "AUSCULT_ENGINE") ??
    known(read(remembered(folder)).trim(), ".engine");
  const cuda = args.includes("--cuda");
  if (cuda && asked === "cpu") throw new SetupError("--cuda belongs to --engine gpu; the CPU build uses no CUDA.");
  if (asked === "cpu") return { build: "cpu", cuda: false, why: "asked for", flag };
  const { found, says } = driver();
  if (asked === "gpu" || cuda || found) return { build: "gpu", cuda: found || cuda, why: says, driver: found, flag };
  return { build: linked ?? "cpu", cuda: false, why: says, driver: false, flag };
}

/** `--engine` holds for later set-ups too, which npm's own commands start without it. */
export function remember({ flag }, folder = root) {
  if (flag && read(remembered(folder)).trim() !== flag) writeWhole(remembered(folder), `${flag}\n`);
}

function flagOf(args) {
  const at = args.findIndex((arg) => arg === "--engine" || arg.startsWith("--engine="));
  if (at < 0) return undefined;
  return args[at].includes("=") ? args[at].slice("--engine=".length) : (args[at + 1] ?? "");
}

function known(value, from) {
  if (value === undefined || (value === "" && from !== "--engine")) return undefined;
  if (value === "cpu" || value === "gpu") return value;
  throw new SetupError(`${from} ${value}: must be cpu or gpu`);
}
