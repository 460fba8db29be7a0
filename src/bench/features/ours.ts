import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { mapShape } from "../../features/frontEnd.js";
import { benchClip, FEATURE_CASES } from "./cases.js";

const CLIPS = 4;
const WARM_UP = 30;

/**
 * The contestant that is us: answers lines of stdin as `Contestant` wants it. A step is the front end of one clip, into the same memory
 * each time, as batches are filled; the references take theirs from NumPy and torch, which use it again too.
 */
export async function runOurFeatures(name: string): Promise<void> {
  const one = FEATURE_CASES.find((candidate) => candidate.name === name)!;
  const frontEnd = one.frontEnd();
  const clips = Array.from({ length: CLIPS }, (_, turn) => benchClip(one, turn));
  let done = 0;
  const out = new Float32Array(mapShape(frontEnd.compute(clips[0]!)).reduce((a, b) => a * b));
  const step = () => frontEnd.compute(clips[done++ % CLIPS]!, out).data[0]!;
  for (let i = 0; i < WARM_UP; i++) step();
  say({ ready: true });
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
    const memory = /VmHWM:\s+(\d+) kB/.exec(readFileSync("/proc/self/status", "utf8"));
    say({ seconds, loss, cpuSeconds: (user + system) / 1e6, peakMb: Number(memory?.[1] ?? 0) / 1024 });
  }
}

function say(answer: object): void {
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
