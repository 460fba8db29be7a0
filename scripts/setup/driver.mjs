import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { read } from "./common.mjs";

/**
 * NVIDIA's driver has two halves, and TensorFlow needs both: the kernel's (`/proc/driver/nvidia/version`; under WSL the device `/dev/dxg`)
 * and the library `libcuda.so.1`, which is looked for where the loader does. `says` tells what was found, and what was not.
 */
export function nvidiaDriver({
  root = "/",
  libraryPath = process.env.LD_LIBRARY_PATH ?? "",
  ldconfig = loaderList,
} = {}) {
  const version = read(path.join(root, "proc/driver/nvidia/version"));
  const wsl = fs.existsSync(path.join(root, "dev/dxg"));
  if (version === "" && !wsl) return { found: false, says: "no NVIDIA driver (no /proc/driver/nvidia/version)" };
  const kernel = wsl && version === "" ? "/dev/dxg" : "/proc/driver/nvidia/version";
  const folders = libraryPath.split(":").filter((folder) => folder !== "");
  const inFolder = folders.some((folder) => fs.existsSync(path.join(folder, "libcuda.so.1")));
  if (!inFolder && !/\blibcuda\.so\.1\b/.test(ldconfig())) {
    return { found: false, says: `an NVIDIA driver in the kernel (${kernel}), but no libcuda.so.1 beside it` };
  }
  const [, number] = /\s(\d+\.[\d.]+)\s/.exec(version) ?? [];
  return { found: true, says: `NVIDIA driver ${number ? `${number} ` : ""}(${kernel}, libcuda.so.1)` };
}

function loaderList() {
  const { stdout } = spawnSync("ldconfig", ["-p"], {
    encoding: "utf8",
    env: { ...process.env, PATH: `${process.env.PATH}:/sbin:/usr/sbin` },
  });
  return stdout ?? "";
}
