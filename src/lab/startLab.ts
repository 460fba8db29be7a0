import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createServer } from "node:net";
import { projectRoot } from "../node/paths.js";
import { UserError } from "../userError.js";
import { jupyterEnvironment, pythonProgram } from "./jupyter.js";

/** A running JupyterLab. */
export interface Lab {
  /** With the token: whoever has it may run programs as this user. */
  url: string;
  /** Settles with the exit code when the server has ended, for whatever reason. */
  ended: Promise<number>;
  /** Ends the server and its kernels. */
  stop(): void;
}

/** What `startLab` may be told; all of it optional. */
export interface LabOptions {
  /** A free one is looked for when it is left out. */
  port?: number;
  /** Below the project's root, shown first: such as "notebooks/first-look.ipynb". */
  start?: string;
  /** How long to wait for the server's first answer. */
  timeoutSeconds?: number;
  /** What Jupyter says, line by line or in pieces. */
  log?: (text: string) => void;
}

/**
 * Starts JupyterLab on this machine's own address, with a fresh token, and settles when it answers.
 * Throws `UserError` when the port is taken, the set-up is missing, or no answer came in time.
 */
export async function startLab(options: LabOptions = {}): Promise<Lab> {
  const port = await freePort(options.port ?? 0);
  const token = randomBytes(24).toString("hex");
  const program = pythonProgram("jupyter");
  // A group of its own: Ctrl-C in the terminal would make Jupyter ask whether one is sure.
  const child = spawn(program, ["lab", ...labArguments(port, options.start)], {
    cwd: projectRoot(),
    env: { ...jupyterEnvironment(), JUPYTER_TOKEN: token },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      said.push(text);
      if (said.length > 200) said.shift();
      options.log?.(text);
    });
  const ended = new Promise<number>((resolve) => {
    child.on("error", () => resolve(1));
    child.on("exit", (code) => resolve(code ?? 1));
  });
  const lab = { url: labUrl(port, token, options.start), ended, stop: () => stopGroup(child) };
  const answered = await waitForAnswer(port, child, options.timeoutSeconds ?? 60);
  if (!answered) {
    lab.stop();
    throw new UserError(`JupyterLab did not start. It said:\n${said.join("").trim()}`, 1);
  }
  return lab;
}

function labArguments(port: number, start?: string): string[] {
  return [
    "--ServerApp.ip=127.0.0.1",
    `--ServerApp.port=${port}`,
    "--ServerApp.port_retries=0",
    `--ServerApp.root_dir=${projectRoot()}`,
    "--ServerApp.open_browser=False",
    "--LabApp.extension_manager=readonly",
    `--LabApp.default_url=${start ? `/lab/tree/${start}` : "/lab"}`,
    ...(process.getuid?.() === 0 ? ["--allow-root"] : []),
  ];
}

function labUrl(port: number, token: string, start?: string): string {
  return `http://127.0.0.1:${port}${start ? `/lab/tree/${start}` : "/lab"}?token=${token}`;
}

/** `wanted`, or any free port for 0. Throws `UserError` when it is taken. */
function freePort(wanted: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", () =>
      reject(new UserError(`--port ${wanted} cannot be used: it is taken. Leave it out to get a free one.`)),
    );
    server.listen(wanted, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

async function waitForAnswer(port: number, child: ChildProcess, timeoutSeconds: number): Promise<boolean> {
  const until = Date.now() + timeoutSeconds * 1000;
  while (child.exitCode === null && child.pid !== undefined && Date.now() < until) {
    try {
      if ((await fetch(`http://127.0.0.1:${port}/api`)).ok) return true;
    } catch {
      // Not there yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return false;
}

function stopGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(child.pid, "SIGTERM");
  } catch {
    // It ended between the question and the signal.
  }
}
