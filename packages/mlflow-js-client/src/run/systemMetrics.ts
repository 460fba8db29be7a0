import { execFile } from "node:child_process";
import { readFileSync, statfsSync } from "node:fs";
import { cpus, freemem, totalmem } from "node:os";
import path from "node:path";

/** One sample: names as MLflow's Python client has them, without the prefix `system/`. */
export type SystemSample = Record<string, number>;

interface Counters {
  timeMs: number;
  idleMs: number;
  totalMs: number;
  processMs: number;
}

function processorTimes(): { idleMs: number; totalMs: number } {
  let idleMs = 0;
  let totalMs = 0;
  for (const { times } of cpus()) {
    idleMs += times.idle;
    totalMs += times.user + times.nice + times.sys + times.idle + times.irq;
  }
  return { idleMs, totalMs };
}

function counters(): Counters {
  const { user, system } = process.cpuUsage();
  return { timeMs: performance.now(), ...processorTimes(), processMs: (user + system) / 1000 };
}

/** Bytes in use and in all; what the kernel can take back at once counts as free, as psutil counts it. */
function memory(): { used: number; total: number } {
  const total = totalmem();
  try {
    const available = /^MemAvailable:\s+(\d+) kB/m.exec(readFileSync("/proc/meminfo", "utf8"));
    if (available) return { used: total - Number(available[1]) * 1024, total };
  } catch {
    // Not Linux.
  }
  return { used: total - freemem(), total };
}

/** Bytes received and sent since the machine started, over all interfaces; undefined where /proc does not say. */
export function networkBytes(text?: string): { received: number; sent: number } | undefined {
  let received = 0;
  let sent = 0;
  try {
    for (const line of (text ?? readFileSync("/proc/net/dev", "utf8")).split("\n").slice(2)) {
      const fields = line
        .slice(line.indexOf(":") + 1)
        .trim()
        .split(/\s+/);
      if (fields.length < 9) continue;
      received += Number(fields[0]);
      sent += Number(fields[8]);
    }
    return { received, sent };
  } catch {
    return undefined;
  }
}

const gpuQuery = "memory.used,memory.total,utilization.gpu,power.draw,enforced.power.limit";

/** What `nvidia-smi --query-gpu=... --format=csv,noheader,nounits` printed, one GPU per line; memory there is in MiB. */
export function gpuSample(text: string): SystemSample {
  const sample: SystemSample = {};
  for (const [index, line] of text.trim().split("\n").entries()) {
    const [used, total, utilization, watts, limit] = line.split(",").map((field) => Number.parseFloat(field));
    const put = (name: string, value: number): void => {
      if (Number.isFinite(value)) sample[`gpu_${index}_${name}`] = value;
    };
    put("memory_usage_percentage", (used! / total!) * 100);
    put("memory_usage_megabytes", (used! * 1024 * 1024) / 1e6);
    put("utilization_percentage", utilization!);
    put("power_usage_watts", watts!);
    put("power_usage_percentage", (watts! / limit!) * 100);
  }
  return sample;
}

/** Reads the state of the machine and of this process; what a platform does not tell is left out. */
export class SystemSampler {
  #before = counters();
  readonly #network = networkBytes();
  #gpu = true;

  /** Processor use since the last call, in percent of all processors. */
  sample(): SystemSample {
    const before = this.#before;
    const now = counters();
    this.#before = now;
    const totalMs = now.totalMs - before.totalMs;
    const { used, total } = memory();
    const sample: SystemSample = {
      system_memory_usage_megabytes: used / 1e6,
      system_memory_usage_percentage: (used / total) * 100,
      process_memory_usage_megabytes: process.memoryUsage.rss() / 1e6,
      process_cpu_utilization_percentage:
        ((now.processMs - before.processMs) / Math.max(1, now.timeMs - before.timeMs) / cpus().length) * 100,
    };
    if (totalMs > 0) sample.cpu_utilization_percentage = (1 - (now.idleMs - before.idleMs) / totalMs) * 100;
    try {
      const disk = statfsSync(path.parse(process.cwd()).root);
      const usedBlocks = disk.blocks - disk.bfree;
      sample.disk_usage_percentage = (usedBlocks / (usedBlocks + disk.bavail)) * 100;
      sample.disk_usage_megabytes = (usedBlocks * disk.bsize) / 1e6;
      sample.disk_available_megabytes = (disk.bavail * disk.bsize) / 1e6;
    } catch {
      // A file system that does not tell.
    }
    const network = this.#network && networkBytes();
    if (network) {
      sample.network_receive_megabytes = (network.received - this.#network!.received) / 1e6;
      sample.network_transmit_megabytes = (network.sent - this.#network!.sent) / 1e6;
    }
    return sample;
  }

  /** What `nvidia-smi` says; empty where there is none, which is asked once. */
  async gpus(): Promise<SystemSample> {
    if (!this.#gpu) return {};
    return new Promise((resolve) => {
      const args = [`--query-gpu=${gpuQuery}`, "--format=csv,noheader,nounits"];
      const child = execFile("nvidia-smi", args, { timeout: 5_000 }, (error, stdout) => {
        if (error && (error as NodeJS.ErrnoException).code === "ENOENT") this.#gpu = false;
        resolve(error ? {} : gpuSample(stdout));
      });
      child.unref();
    });
  }
}

export interface SystemMetricsOptions {
  /** Seconds between samples; 10 unless given. */
  intervalSeconds?: number;
  /** How many samples are averaged to one point; 1 unless given. */
  samplesBeforeLogging?: number;
  /** Of several machines that report to one run, this one: the names become `system/<node>/...`. */
  nodeId?: string;
  /** The first step; 0 unless given. */
  firstStep?: number;
}

/** What the Python client's variables say: `MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL`, `_SAMPLES_BEFORE_LOGGING`, `_NODE_ID`. */
export function systemMetricsOptions(environment: Record<string, string | undefined>): SystemMetricsOptions {
  const positive = (text: string | undefined): number | undefined => (Number(text) > 0 ? Number(text) : undefined);
  return {
    intervalSeconds: positive(environment.MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL),
    samplesBeforeLogging: positive(environment.MLFLOW_SYSTEM_METRICS_SAMPLES_BEFORE_LOGGING),
    nodeId: environment.MLFLOW_SYSTEM_METRICS_NODE_ID || undefined,
  };
}

/**
 * Samples at an interval and gives averages, rounded to a tenth, to `log` under names such as
 * `system/cpu_utilization_percentage`, with steps 0, 1, 2 ... What goes wrong meanwhile is told to
 * `onFault`, once. The timer keeps no process alive. Answers how to stop.
 */
export function watchSystem(
  log: (values: Record<string, number>, step: number) => void,
  options: SystemMetricsOptions = {},
  onFault: (error: Error) => void = () => {},
): () => void {
  const sampler = new SystemSampler();
  const prefix = options.nodeId ? `system/${options.nodeId}/` : "system/";
  const wanted = Math.max(1, Math.round(options.samplesBeforeLogging ?? 1));
  let step = options.firstStep ?? 0;
  let samples: SystemSample[] = [];
  let stopped = false;
  let told = false;
  const tick = async (): Promise<void> => {
    samples.push({ ...sampler.sample(), ...(await sampler.gpus()) });
    if (stopped || samples.length < wanted) return;
    const values = Object.fromEntries(Object.entries(averaged(samples)).map(([name, value]) => [prefix + name, value]));
    samples = [];
    log(values, step++);
  };
  const guarded = (): void => {
    tick().catch((error: Error) => {
      if (!told) onFault(error);
      told = true;
    });
  };
  const timer = setInterval(guarded, (options.intervalSeconds ?? 10) * 1000);
  timer.unref();
  return () => {
    stopped = true;
    clearInterval(timer);
  };
}

/** Means rounded to a tenth; the network's counts, which only grow, are the last ones. */
export function averaged(samples: readonly SystemSample[]): SystemSample {
  const names = new Set(samples.flatMap((sample) => Object.keys(sample)));
  const mean: SystemSample = {};
  for (const name of names) {
    const values = samples.map((sample) => sample[name]).filter((value) => value !== undefined);
    mean[name] = name.startsWith("network_")
      ? values.at(-1)!
      : Math.round((values.reduce((sum, value) => sum + value, 0) / values.length) * 10) / 10;
  }
  return mean;
}

/** Whether `MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING` says so. */
export function systemMetricsWanted(environment: Record<string, string | undefined>): boolean {
  return /^(true|1)$/i.test(environment.MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING ?? "");
}
