import { readdirSync, readFileSync } from "node:fs";

/**
 * Does work and answers with the largest memory that this process's descendants held together meanwhile, bytes: of memory that
 * several share, each is counted its part. Looks twice a second. Linux only, elsewhere 0.
 */
export async function withPeakMemory<T>(work: () => Promise<T>): Promise<{ result: T; peakBytes: number }> {
  let peakBytes = 0;
  const look = () => {
    const bytes = descendants(process.pid).reduce((sum, pid) => sum + proportionalBytes(pid), 0);
    peakBytes = Math.max(peakBytes, bytes);
  };
  const timer = setInterval(look, 500);
  try {
    const result = await work();
    return { result, peakBytes };
  } finally {
    clearInterval(timer);
  }
}

function descendants(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
    // "pid (any name) state parent ..."
    const parent = Number(/\) \S (\d+)/.exec(readIfThere(`/proc/${name}/stat`))?.[1]);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const found: number[] = [];
  for (let next = [root]; next.length > 0; found.push(...next)) next = next.flatMap((pid) => children.get(pid) ?? []);
  return found;
}

function proportionalBytes(pid: number): number {
  return 1024 * Number(/^Pss:\s+(\d+) kB/m.exec(readIfThere(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0);
}

/** A file's text, or nothing: processes come and go while one looks. */
export function readIfThere(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
