import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import type { Round } from "./contestant.js";

/**
 * The contestant's side of `Contestant`: says that it is ready, then answers lines of stdin until "quit".
 *
 * @param about goes into the first line
 * @param step is what is timed; returns the loss, or another number that depends on all of it
 */
export async function answerRounds(about: object, step: () => number): Promise<void> {
  say({ ready: true, ...about });
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === "quit") break;
    const seconds: number[] = [];
    const before = process.cpuUsage();
    let loss = Number.NaN;
    for (let i = Number(line); i > 0; i--) {
      const started = performance.now();
      loss = step();
      seconds.push((performance.now() - started) / 1000);
    }
    const { user, system } = process.cpuUsage(before);
    say({ seconds, loss, cpuSeconds: (user + system) / 1e6, peakMb: peakMegabytes() } satisfies Round);
  }
}

/** Writes a line of the contestant's side. */
export function say(answer: object): void {
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

/** Highest resident memory so far, as the kernel counts it; the same number that the reference reports. */
export function peakMegabytes(): number {
  const line = /VmHWM:\s+(\d+) kB/.exec(readFileSync("/proc/self/status", "utf8"));
  return line ? Number(line[1]) / 1024 : process.resourceUsage().maxRSS / 1024;
}
