import type { Contestant, Round } from "./contestant.js";
import { median } from "./ratio.js";

/** What a contestant did in all rounds. */
export interface Standing {
  name: string;
  /** Median seconds of a step, one number for each round. */
  seconds: number[];
  /** CPU seconds of a step, median of rounds. */
  cpuSeconds: number;
  peakMb: number;
  /** Of each round, where the contestant tells: see `Round`. */
  parts: readonly Readonly<Record<string, number>>[];
}

export interface ContestOptions {
  rounds: number;
  stepsPerRound: number;
  signal: AbortSignal;
  onRound?(done: number): void;
}

/**
 * Lets contestants run one after the other, round by round, so that whatever else the machine does falls on all of them. Each
 * round begins with another contestant.
 */
export async function contest(
  contestants: readonly Contestant[],
  { rounds, stepsPerRound, signal, onRound }: ContestOptions,
): Promise<Standing[]> {
  const results = new Map<Contestant, Round[]>(contestants.map((one) => [one, []]));
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < contestants.length; turn++) {
      signal.throwIfAborted();
      const contestant = contestants[(round + turn) % contestants.length]!;
      results.get(contestant)!.push(await contestant.run(stepsPerRound));
    }
    onRound?.(round + 1);
  }
  return contestants.map((contestant) => {
    const all = results.get(contestant)!;
    return {
      name: contestant.name,
      seconds: all.map(({ seconds }) => median(seconds)),
      cpuSeconds: median(all.map(({ cpuSeconds, seconds }) => cpuSeconds / seconds.length)),
      peakMb: Math.max(...all.map(({ peakMb }) => peakMb)),
      parts: all.flatMap(({ parts }) => (parts ? [parts] : [])),
    };
  });
}
