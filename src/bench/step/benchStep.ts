import os from "node:os";
import path from "node:path";
import { largePages } from "../../node/largePages.js";
import { projectRoot } from "../../node/paths.js";
import { bf16Rate } from "../../node/processor.js";
import { referencePython } from "../../node/referencePython.js";
import { BASELINES } from "../../papers/glancegaze/baselines.js";
import { BACKBONES } from "../../papers/multibreath/rows.js";
import { UserError } from "../../userError.js";
import { contest, type Standing } from "../contest.js";
import { type Command, Contestant } from "../contestant.js";
import { ownCommand } from "../ownCommand.js";
import { type MedianRatio, median, medianRatio } from "../ratio.js";
import { STEP_CASES, type StepCase } from "./cases.js";

/** One comparison, as `auscult bench step --json` prints it. */
export interface StepBenchResult extends MedianRatio {
  name: string;
  /** Such as "PyTorch, channels_last, 2 threads". */
  against: string;
  /** Median seconds of a step. */
  ours: number;
  reference: number;
  cpuSeconds: { ours: number; reference: number };
  peakMb: { ours: number; reference: number };
  /** Share of the matrix-product peak, measured at the start of the same process. */
  shareOfPeak: number;
  traceMilliseconds: number | null;
}

export interface StepBenchOptions {
  cases: readonly string[];
  rounds: number;
  stepsPerRound: number;
  bf16: boolean;
  eager: boolean;
  /** Whether PyTorch's fastest layout and number of threads are found out first; else it takes channels_last and all threads. */
  heats: boolean;
  /** Whether a Python tf.function takes part, of networks that the reference script has one of. */
  tensorflow: boolean;
  signal: AbortSignal;
  say(message: string): void;
  onRound(name: string, done: number, of: number): void;
}

/**
 * Trains the same networks here, in PyTorch and in a `tf.function`, round by round in one run.
 * @throws UserError for an unknown case, and where the reference environment is missing
 */
export async function benchStep(options: StepBenchOptions): Promise<StepBenchResult[]> {
  const cases = options.cases.length > 0 ? options.cases.map(caseOf) : STEP_CASES;
  const python = referencePython("torch, torchvision and tensorflow");
  if (options.bf16 && bf16Rate() === "emulated") {
    options.say("this processor has no bfloat16: all sides emulate it, which says nothing about their speed elsewhere");
  }
  const results: StepBenchResult[] = [];
  for (const one of cases) results.push(...(await benchCase(one, python, options)));
  return results;
}

/** Networks of which the reference script has no tf.function. */
const TORCH_ONLY: ReadonlySet<string> = new Set(["cycleguardian", ...BACKBONES, ...BASELINES, "Proposed"]);

async function benchCase(one: StepCase, python: string, options: StepBenchOptions): Promise<StepBenchResult[]> {
  const { rounds, stepsPerRound, bf16, signal, say } = options;
  const torch = await fastestTorch(one, python, options);
  const commands: [string, Command][] = [
    ["auscult", ourCommand(one, options)],
    ...(bf16 ? [["auscult, float32", ourCommand(one, { ...options, bf16: false })] as [string, Command]] : []),
    [torch.name, torch.command],
  ];
  if (options.tensorflow && !TORCH_ONLY.has(one.network)) {
    const name = bf16 ? "tf.function, bf16" : "tf.function";
    commands.push([name, referenceCommand(python, one, { framework: "tensorflow", bf16 })]);
  }
  const contestants: Contestant[] = [];
  try {
    // Started one after the other: the first measures the machine's peak while nothing else runs.
    const answers: Record<string, unknown>[] = [];
    for (const [name, command] of commands) {
      const contestant = new Contestant(name, command);
      contestants.push(contestant);
      answers.push(await contestant.ready());
    }
    const about = answers[0]!;
    if (about.captured === false && !options.eager) say("the engine cannot capture steps; run `npm run setup`");
    const standings = await contest(contestants, {
      rounds,
      stepsPerRound,
      signal,
      onRound: (done) => options.onRound(one.name, done, rounds),
    });
    const [ours, ...references] = standings as [Standing, ...Standing[]];
    const name = `${one.title}${options.bf16 ? ", bf16" : ""}${options.eager ? ", eager" : ""}`;
    const seconds = median(ours.seconds);
    return references.map((reference) => ({
      name,
      against: reference.name,
      ours: seconds,
      reference: median(reference.seconds),
      ...medianRatio(ours.seconds, reference.seconds),
      cpuSeconds: { ours: ours.cpuSeconds, reference: reference.cpuSeconds },
      peakMb: { ours: ours.peakMb, reference: reference.peakMb },
      shareOfPeak: (about.operations as number) / seconds / (about.operationsPerSecond as number),
      traceMilliseconds: about.traceMilliseconds as number | null,
    }));
  } finally {
    await Promise.all(contestants.map((contestant) => contestant.close()));
  }
}

/** PyTorch in both memory layouts and with half as many threads as cores, and as many: a short heat for each. */
async function fastestTorch(
  one: StepCase,
  python: string,
  { bf16, heats, say, signal }: StepBenchOptions,
): Promise<{ name: string; command: Command }> {
  const cores = os.availableParallelism();
  const torch = (channelsLast: boolean, threads: number) => {
    const how = `${bf16 ? "autocast bf16, " : ""}${channelsLast ? "channels_last" : "NCHW"}`;
    const name = `PyTorch, ${how}, ${threads} thread${threads === 1 ? "" : "s"}`;
    return { name, command: referenceCommand(python, one, { framework: "torch", channelsLast, threads, bf16 }) };
  };
  if (!heats) return torch(true, cores);
  const threadCounts = [...new Set([Math.max(1, cores >> 1), cores])];
  let best: { name: string; command: Command; seconds: number } | undefined;
  for (const threads of threadCounts) {
    for (const channelsLast of [false, true]) {
      signal.throwIfAborted();
      const { name, command } = torch(channelsLast, threads);
      const contestant = new Contestant(name, command);
      try {
        await contestant.ready();
        const seconds = median((await contestant.run(5)).seconds);
        say(`${one.name}, heat: ${name} ${(1000 * seconds).toFixed(0)} ms`);
        if (!best || seconds < best.seconds) best = { name, command, seconds };
      } finally {
        await contestant.close();
      }
    }
  }
  return best!;
}

function ourCommand(one: StepCase, { bf16, eager }: Pick<StepBenchOptions, "bf16" | "eager">): Command {
  const options = JSON.stringify({ ...one, bf16, mode: eager ? "eager" : "captured" });
  return ownCommand("step-child", options, largePages()); // as runs are started
}

function referenceCommand(
  python: string,
  { network, batch, rows, frames, channels, classes, optimizer }: StepCase,
  more: { framework: "torch" | "tensorflow"; bf16: boolean; channelsLast?: boolean; threads?: number },
): Command {
  const what = { network, batch, rows, frames, channels, classes, optimizer, ...more };
  const script = path.join(projectRoot(), "scripts", "python", "reference", "step.py");
  // Off by default on older processors, where it is faster: the reference is given what ours has.
  const env = { TF_ENABLE_ONEDNN_OPTS: process.env.TF_ENABLE_ONEDNN_OPTS ?? "1" };
  return { program: python, args: [script, JSON.stringify(what)], env };
}

function caseOf(name: string): StepCase {
  const found = STEP_CASES.find((one) => one.name === name);
  if (found) return found;
  throw new UserError(
    `unknown network "${name}"; those that can be timed: ${STEP_CASES.map((one) => one.name).join(", ")}`,
  );
}
