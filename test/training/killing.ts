import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { decodeWav } from "../../src/audio/wav.js";
import { projectRoot } from "../../src/node/paths.js";
import { type Rng, Streams } from "../../src/random/streams.js";

/** What a training to be killed is told: the first argument, as JSON. */
export interface KilledTraining {
  folder: string;
  /** Float32 maps, `[items, SIDE, SIDE]`. */
  inputs: string;
  optimizer: "sgd" | "adam";
  average: boolean;
  epochs: number;
  checkpointEverySeconds: number;
  stepMs: number;
  /** How long each sync takes, so that a kill can come in the middle of a checkpoint. */
  syncMs: number;
}

export const SIDE = 24;
/** When a process is killed: some time after its first step, after some steps, or while a checkpoint is being written. */
export type KillMoment = "any time" | "between steps" | "half a checkpoint";

const ITEMS = 90;

/** Pieces of recordings where there are some, else of noise, as a file of float32 maps; and whether they are recordings. */
export function writeInputs(file: string): "recordings" | "made-up" {
  const values = new Float32Array(ITEMS * SIDE * SIDE);
  const wavs = process.env.AUSCULT_DATA && path.join(process.env.AUSCULT_DATA, "sprsound/BioCAS2022/train2022_wav");
  const found = wavs && existsSync(wavs) ? readdirSync(wavs).sort() : [];
  const rng = new Streams(1).stream("noise");
  for (let item = 0; item < ITEMS; item++) {
    const part = values.subarray(item * SIDE * SIDE, (item + 1) * SIDE * SIDE);
    if (found.length === 0)
      part.forEach((_, i) => { part[i] = rng.normal(); }); // biome-ignore format: one line
    else {
      const name = path.join(wavs!, found[Math.floor((item * found.length) / ITEMS)]!);
      const { samples } = decodeWav(readFileSync(name), name);
      part.set(Float32Array.from(samples.subarray(0, part.length), (value) => 20 * value));
    }
  }
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, values);
  return found.length === 0 ? "made-up" : "recordings";
}

interface Sitting {
  signal: NodeJS.Signals | null;
  code: number | null;
  output: string;
}

/** A sitting of a training in a process of its own, to its end unless `kill` ends it. */
export function sit(task: KilledTraining, kill?: { moment: KillMoment; rng: Rng }): Promise<Sitting> {
  const program = path.join(projectRoot(), "test", "training", "killedTraining.ts");
  const child = spawn(process.execPath, ["--import", "tsx", program, JSON.stringify(task)], {
    cwd: projectRoot(),
    env: { ...process.env, TF_NUM_INTRAOP_THREADS: "2" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  const stopWatching = kill && killAt(child, task, kill.moment, kill.rng, () => output.split("step\n").length - 1);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      stopWatching?.();
      resolve({ signal, code, output });
    });
  });
}

function killAt(child: ChildProcess, task: KilledTraining, moment: KillMoment, rng: Rng, steps: () => number) {
  const wantedSteps = moment === "between steps" ? 1 + rng.integer(12) : 1;
  // A checkpoint waits for four syncs: of two files and two folders.
  const delayMs = rng.uniform() * (moment === "any time" ? 250 : moment === "half a checkpoint" ? 4 * task.syncMs : 0);
  const isHalf = () => existsSync(task.folder) && readdirSync(task.folder).some((name) => name.endsWith(".tmp"));
  let due: number | undefined;
  const timer = setInterval(() => {
    if (due === undefined && steps() >= wantedSteps && (moment !== "half a checkpoint" || isHalf()))
      due = performance.now() + delayMs;
    if (due !== undefined && performance.now() >= due) child.kill("SIGKILL");
  }, 1);
  return () => clearInterval(timer);
}

/** The digest of all that a training left. Throws an Error with what it said where it did not end well. */
export function digestOf({ output, code, signal }: Sitting): string {
  const [, digest] = /^done (\w{64})$/m.exec(output) ?? [];
  if (!digest) throw new Error(`ended with ${signal ?? code}: ${output.replaceAll("step\n", "")}`);
  return digest;
}
