import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { freePort } from "../../packages/mlflow-js-client/test/support.js";
import { type RayJob, RayJobs, type RayNode } from "../../src/suite/placement/rayJobs.js";

/** Below Ray's own cap for the least of an object store. */
const STORE_BYTES = 80_000_000;

/**
 * A real Ray of this machine: a head that carries out nothing and workers with one processor each, as processes that are ended by their
 * ids (`ray stop` would end all that bear the name). Needs `pip install 'ray[default]==2.60.0'`; installs nothing.
 */
export class RayCluster {
  // Short: the path of a socket in it must not exceed 107 bytes.
  readonly folder = mkdtempSync(path.join(tmpdir(), "r-"));
  private readonly groups = new Map<string, number>();
  private port = 0;
  private heads = 0;
  private dashboardPort = 0;

  /** Why there can be none here; undefined where there can. */
  static problem(): string | undefined {
    return rayProgram()
      ? undefined
      : "there is no ray: `python3 -m venv ray-env && ray-env/bin/pip install 'ray[default]==2.60.0'`, then AUSCULT_RAY_BIN=$PWD/ray-env/bin";
  }

  get address(): string {
    return `http://127.0.0.1:${this.dashboardPort}`;
  }

  get jobs(): RayJobs {
    return new RayJobs(this.address);
  }

  /** Starts the head, or starts it anew at the same ports: it has forgotten all, workers included. */
  async startHead(): Promise<void> {
    if (this.port === 0) [this.port, this.dashboardPort] = [await freePort(), await freePort()];
    await this.start("head", [
      ...["--head", `--port=${this.port}`, "--dashboard-host=127.0.0.1", `--dashboard-port=${this.dashboardPort}`],
      ...[`--ray-client-server-port=${await freePort()}`, "--num-cpus=0"],
      // One of its own: by what the last one left, `ray start` takes workers of this machine for a head that still runs.
      `--temp-dir=${path.join(this.folder, String(this.heads++))}`,
    ]);
    await this.until(async () => (await this.jobs.nodes().catch(() => [])).length > 0, "a head that answers");
  }

  async startWorker(name: string): Promise<void> {
    await this.start(name, [`--address=127.0.0.1:${this.port}`, "--num-cpus=1"]);
  }

  /** Those that the head takes for alive and that carry out something. */
  async workers(): Promise<RayNode[]> {
    const nodes = await this.jobs.nodes().catch(() => []);
    return nodes.filter(({ state, resources_total }) => state === "ALIVE" && (resources_total.CPU ?? 0) > 0);
  }

  /** A node's processes and all below them, at once, as when the power fails. */
  async killNode(name: string): Promise<void> {
    const pids = this.processesOf(name);
    for (const pid of pids) killIfThere(pid);
    await this.until(() => this.processesOf(name).length === 0, `${name} without processes`);
  }

  /** Ray's own processes of a node, and nothing that they started. */
  async killRay(name: string): Promise<void> {
    const group = this.groups.get(name);
    for (const { pid, pgid } of processes()) if (pgid === group) killIfThere(pid);
  }

  /** The node that a process of Ray belongs to. */
  nodeOf(pid: number): string | undefined {
    const { pgid } = processes().find((one) => one.pid === pid) ?? {};
    return [...this.groups].find(([, group]) => group === pgid)?.[0];
  }

  /** Whether a node's raylet has ended, and with it what it had; helpers of its own may outlive it. */
  hasEnded(name: string): boolean {
    const group = this.groups.get(name);
    return !processes().some(({ pgid, args }) => pgid === group && args.includes("/raylet/raylet "));
  }

  async job(id: string): Promise<RayJob | undefined> {
    return this.jobs.job(`auscult-${id}`);
  }

  async until(isSo: () => boolean | Promise<boolean>, what: string, seconds = 60): Promise<void> {
    for (const until = Date.now() + 1000 * seconds; !(await isSo()); ) {
      if (Date.now() > until) throw new Error(`waited ${seconds} s for ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }

  async stop(): Promise<void> {
    for (const name of this.groups.keys()) await this.killNode(name);
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** `ray start` leaves processes behind that are a group of its number; those that they start have groups of their own. */
  private async start(name: string, args: readonly string[]): Promise<void> {
    const log = path.join(this.folder, `${name}.log`);
    const output = openSync(log, "a");
    const ports = ["--min-worker-port=0", "--max-worker-port=0", `--dashboard-agent-listen-port=${await freePort()}`];
    const started: ChildProcess = spawn(
      rayProgram()!,
      ["start", ...args, ...ports, `--object-store-memory=${STORE_BYTES}`, "--disable-usage-stats"],
      {
        detached: true,
        stdio: ["ignore", output, output],
        env: { ...process.env, RAY_USAGE_STATS_ENABLED: "0", RAY_ADDRESS: undefined },
      },
    );
    if (started.pid !== undefined) this.groups.set(name, started.pid);
    const code = await new Promise((resolve) => {
      started.once("error", resolve);
      started.once("exit", resolve);
    });
    if (code !== 0) throw new Error(`ray start ${args.join(" ")}: ${code}\n${readFileSync(log, "utf8").slice(-2000)}`);
  }

  private processesOf(name: string): number[] {
    const group = this.groups.get(name);
    const all = processes();
    const found = new Set(all.filter(({ pgid }) => pgid === group).map(({ pid }) => pid));
    for (let before = -1; before < found.size; ) {
      before = found.size;
      for (const { pid, ppid } of all) if (found.has(ppid)) found.add(pid);
    }
    return [...found];
  }
}

function rayProgram(): string | undefined {
  const folders = [process.env.AUSCULT_RAY_BIN ?? [], (process.env.PATH ?? "").split(":")].flat();
  return folders.map((folder) => path.join(folder, "ray")).find((file) => existsSync(file));
}

/** That run; one that has ended and was not asked for its code is gone. */
export function processes(): { pid: number; ppid: number; pgid: number; args: string }[] {
  const text = execFileSync("ps", ["-eo", "pid=,ppid=,pgid=,stat=,args="], { encoding: "utf8", maxBuffer: 2 ** 26 });
  return text.split("\n").flatMap((line) => {
    const [, pid, ppid, pgid, state, args] = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    if (pid === undefined || state!.startsWith("Z")) return [];
    return [{ pid: Number(pid), ppid: Number(ppid), pgid: Number(pgid), args: args! }];
  });
}

export function killIfThere(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended by itself.
  }
}
