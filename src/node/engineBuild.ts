import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import path from "node:path";

/** The native library that set-up linked: `cpu` knows no GPU; `gpu` uses one where it finds one, else the processor. */
export interface EngineBuild {
  kind: "cpu" | "gpu";
  /** TensorFlow's version, as in "2.21.0". */
  version: string;
  /** Whether NVIDIA's libraries lie beside it; without them a GPU is not used. */
  cuda: boolean;
}

/** The build that `root`'s packages are linked with, told from the name of the wheel it came from; nothing where none is linked. */
export function linkedBuild(root: string): EngineBuild | undefined {
  const link = path.join(root, "node_modules/@tensorflow/tfjs-node-gpu/lib/napi-v8/tfjs_binding.node");
  try {
    const library = path.dirname(realpathSync(link));
    const wheel = readFileSync(path.join(library, "complete"), "utf8");
    const [, cpu, version] = /^tensorflow(_cpu)?-([\d.]+)-/.exec(wheel) ?? [];
    if (!version) return undefined;
    return { kind: cpu ? "cpu" : "gpu", version, cuda: existsSync(path.join(library, "cuda/complete")) };
  } catch {
    return undefined;
  }
}

/** What NVIDIA's kernel driver calls the GPUs it serves, each name once; empty without a driver, or where it does not say. */
export function gpuModels(driver = "/proc/driver/nvidia"): string[] {
  try {
    const gpus = path.join(driver, "gpus");
    const models = readdirSync(gpus).map((gpu) => {
      const [, model] = /^Model:\s*(.+?)\s*$/m.exec(readFileSync(path.join(gpus, gpu, "information"), "utf8")) ?? [];
      return model;
    });
    return [...new Set(models.filter((model) => model !== undefined))].sort();
  } catch {
    return [];
  }
}
