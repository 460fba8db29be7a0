import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { hostname, tmpdir } from "node:os";
import path from "node:path";

/**
 * A real Slurm of this machine: a controller and daemons of two nodes with one processor each, as processes that are ended by their ids.
 * Needs Debian's `slurm-wlm`, and root; installs nothing.
 */
export class SlurmCluster {
  readonly folder = mkdtempSync(path.join(tmpdir(), "auscult-slurm-"));
  readonly env: NodeJS.ProcessEnv = { SLURM_CONF: path.join(this.folder, "slurm.conf") };
  readonly nodes = ["n1", "n2"];
  private controller: ChildProcess | undefined;
  private readonly daemons = new Map<string, ChildProcess>();

  /** Why there can be none here; undefined where there can. */
  static problem(): string | undefined {
    for (const program of ["slurmctld", "slurmd", "sbatch", "squeue"])
      if (!pathOf(program)) return `there is no ${program}: apt-get install slurm-wlm`;
    return process.getuid?.() === 0 ? undefined : "a cluster of one machine is started by root alone";
  }

  async start(): Promise<void> {
    for (const name of ["state", "log", ...this.nodes]) mkdirSync(path.join(this.folder, name));
    const [port, ...ports] = await freePorts(1 + this.nodes.length);
    const host = hostname().split(".")[0];
    const lines = [
      "ClusterName=auscult",
      `SlurmctldHost=${host}(127.0.0.1)`,
      "SlurmUser=root",
      "SlurmdUser=root",
      // One machine, one user: nobody to be told from another.
      "AuthType=auth/none",
      "CredType=cred/none",
      `SlurmctldPort=${port}`,
      `SlurmctldPidFile=${this.folder}/slurmctld.pid`,
      `SlurmdPidFile=${this.folder}/%n/slurmd.pid`,
      `StateSaveLocation=${this.folder}/state`,
      `SlurmdSpoolDir=${this.folder}/%n`,
      "ProctrackType=proctrack/linuxproc",
      "TaskPlugin=task/none",
      "MpiDefault=none",
      "SelectType=select/cons_tres",
      "SelectTypeParameters=CR_CPU",
      "ReturnToService=2",
      "SchedulerParameters=sched_interval=2,bf_interval=5",
      "SlurmdTimeout=10",
      "KillWait=10",
      "MinJobAge=300",
      "JobAcctGatherType=jobacct_gather/none",
      "AccountingStorageType=accounting_storage/none",
      "JobRequeue=1",
      ...this.nodes.map(
        (name, i) => `NodeName=${name} NodeHostname=${host} NodeAddr=127.0.0.1 Port=${ports[i]} CPUs=1 RealMemory=8000`,
      ),
      // As on a cluster of several machines; this one is never there.
      "NodeName=far NodeHostname=far NodeAddr=127.0.0.1 Port=1 CPUs=1 State=DOWN",
      "PartitionName=far Nodes=far MaxTime=INFINITE State=UP",
      `PartitionName=main Nodes=${this.nodes.join(",")} Default=YES MaxTime=INFINITE State=UP`,
    ];
    writeFileSync(path.join(this.folder, "slurm.conf"), `${lines.join("\n")}\n`);
    await this.startController();
    for (const name of this.nodes) this.startNode(name);
    await this.until(
      () => /^2$/m.test(this.ask("sinfo", "-h", "-p", "main", "-t", "idle", "-o", "%D")),
      "two idle nodes",
    );
  }

  async startController(): Promise<void> {
    this.controller = this.launch("slurmctld", ["-D"], "slurmctld");
    await this.until(() => this.ask("scontrol", "ping").includes("UP"), "a controller that answers");
  }

  async killController(): Promise<void> {
    await killed(this.controller);
  }

  startNode(name: string): void {
    this.daemons.set(name, this.launch("slurmd", ["-D", "-N", name], name));
  }

  /** The daemon and all that runs below it, at once, as when the power fails. */
  async killNode(name: string): Promise<void> {
    const daemon = this.daemons.get(name);
    const below = [...descendants(daemon!.pid!), ...this.steps(name)];
    await killed(daemon);
    for (const pid of below.flatMap((one) => [one, ...descendants(one)])) killIfThere(pid);
  }

  /** What a program of Slurm's prints; empty where it fails. */
  ask(program: string, ...args: string[]): string {
    try {
      return execFileSync(program, args, {
        env: { ...process.env, ...this.env },
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      });
    } catch {
      return "";
    }
  }

  async until(isSo: () => boolean, what: string, seconds = 60): Promise<void> {
    for (const until = Date.now() + 1000 * seconds; !isSo(); ) {
      if (Date.now() > until) throw new Error(`waited ${seconds} s for ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }

  async stop(): Promise<void> {
    for (const name of this.daemons.keys()) await this.killNode(name);
    await this.killController();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Processes of a node's tasks: they are children of a daemon that has let them go. */
  private steps(name: string): number[] {
    const all = execFileSync("ps", ["-eo", "pid=,args="], { encoding: "utf8" }).split("\n");
    const found: number[] = [];
    for (const line of all) {
      const [, pid, args] = /^\s*(\d+) (.*)$/.exec(line) ?? [];
      if (!args?.startsWith("slurmstepd: [")) continue;
      const job = /\[(\d+)/.exec(args)![1]!;
      const node = this.ask("scontrol", "-o", "show", "job", job).match(/ NodeList=(\S+)/)?.[1];
      if (node === undefined || node === name) found.push(Number(pid));
    }
    return found;
  }

  private launch(program: string, args: string[], log: string): ChildProcess {
    const output = openSync(path.join(this.folder, "log", `${log}.log`), "a");
    return spawn(program, args, { env: { ...process.env, ...this.env }, stdio: ["ignore", output, output] });
  }
}

function pathOf(program: string): string | undefined {
  const folders = [...(process.env.PATH ?? "").split(":"), "/usr/sbin", "/sbin"];
  return folders.map((folder) => path.join(folder, program)).find((file) => existsSync(file));
}

async function killed(child: ChildProcess | undefined): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await gone;
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended by itself.
  }
}

/** Of a process, however deep. */
function descendants(pid: number): number[] {
  const all = execFileSync("ps", ["-eo", "pid=,ppid="], { encoding: "utf8" })
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number) as [number, number]);
  const below = (parent: number): number[] =>
    all.filter(([, of]) => of === parent).flatMap(([child]) => [child, ...below(child)]);
  return below(pid);
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
