import path from "node:path";
import { projectRoot } from "../../node/paths.js";
import { referencePython } from "../../node/referencePython.js";
import { contest } from "../contest.js";
import { type Command, Contestant } from "../contestant.js";
import { ownCommand } from "../ownCommand.js";
import { type MedianRatio, median, medianRatio } from "../ratio.js";
import { FEATURE_CASES, type FeatureCase } from "./cases.js";

/** One comparison, as `auscult bench features --json` prints it. */
export interface FeatureBenchResult extends MedianRatio {
  name: string;
  /** Such as "librosa, 1 thread". */
  against: string;
  /** The reference's versions. */
  versions: Record<string, string>;
  /** Median seconds of a clip. */
  ours: number;
  reference: number;
  cpuSeconds: { ours: number; reference: number };
}

export interface FeatureBenchOptions {
  cases: readonly string[];
  rounds: number;
  clipsPerRound: number;
  signal: AbortSignal;
  onRound(name: string, done: number, of: number): void;
}

/** Libraries read these when they are loaded, so they are set before. */
const THREAD_VARIABLES = ["OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"];

/**
 * Each front end here and with the tools of its paper, at one thread and at their own number of threads, round by round in one
 * run.
 *
 * @throws UserError where the reference environment is missing
 */
export async function benchFeatures(options: FeatureBenchOptions): Promise<FeatureBenchResult[]> {
  const python = referencePython(
    "librosa, nnAudio, torch, opencv-python-headless and, if it should be compared, torchaudio",
  );
  const cases = FEATURE_CASES.filter(({ name }) => options.cases.length === 0 || options.cases.includes(name));
  const results: FeatureBenchResult[] = [];
  for (const one of cases) results.push(...(await benchCase(one, python, options)));
  return results;
}

async function benchCase(
  one: FeatureCase,
  python: string,
  { rounds, clipsPerRound, signal, onRound }: FeatureBenchOptions,
): Promise<FeatureBenchResult[]> {
  const commands: [string, Command][] = [
    ["auscult", ownCommand("features-child", one.name)],
    [`${one.tools}, 1 thread`, referenceCommand(python, one, "paper", 1)],
    [`${one.tools}, default threads`, referenceCommand(python, one, "paper")],
  ];
  if (one.torchaudio) commands.push(["torchaudio, 1 thread", referenceCommand(python, one, "torchaudio", 1)]);
  const contestants: Contestant[] = [];
  const versions: Record<string, string>[] = [];
  try {
    for (const [name, command] of commands) {
      const contestant = new Contestant(name, command);
      contestants.push(contestant);
      const about = await contestant.ready();
      versions.push((about.versions ?? {}) as Record<string, string>);
      if (about.missing) {
        await contestants.pop()!.close();
        versions.pop();
      }
    }
    const [ours, ...references] = await contest(contestants, {
      rounds,
      stepsPerRound: clipsPerRound,
      signal,
      onRound: (done) => onRound(one.name, done, rounds),
    });
    return references.map((reference, index) => ({
      name: one.title,
      against: reference.name,
      versions: versions[index + 1]!,
      ours: median(ours!.seconds),
      reference: median(reference.seconds),
      ...medianRatio(ours!.seconds, reference.seconds),
      cpuSeconds: { ours: ours!.cpuSeconds, reference: reference.cpuSeconds },
    }));
  } finally {
    await Promise.all(contestants.map((contestant) => contestant.close()));
  }
}

function referenceCommand(
  python: string,
  { name, samples }: FeatureCase,
  tools: "paper" | "torchaudio",
  threads?: number,
): Command {
  const script = path.join(projectRoot(), "scripts", "python", "reference", "features.py");
  const env = threads === undefined ? {} : Object.fromEntries(THREAD_VARIABLES.map((key) => [key, String(threads)]));
  return {
    program: python,
    args: [script, JSON.stringify({ recipe: name, samples, tools, threads: threads ?? 0 })],
    env,
  };
}
