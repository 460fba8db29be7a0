import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createServer } from "node:net";
import path from "node:path";
import { projectRoot } from "../node/paths.js";
import { UserError } from "../userError.js";
import { jupyterEnvironment, pythonProgram } from "./jupyter.js";
import { keepPlace, keptPlace, type LabPlace, labFolder, runningPlace, takesToken } from "./labPlace.js";

/** A running JupyterLab. */
export interface Lab {
  place: LabPlace;
  /** Settles with the exit code when the server has ended, for whatever reason. */
  ended: Promise<number>;
  /** Ends the server and its kernels in order. */
  stop(): void;
}

/** What `startLab` may be told; all of it optional. */
export interface LabOptions {
  /** Left out: the one of last time, or another one when that is taken. */
  port?: number;
  /** How long to wait for the server's first answer. */
  timeoutSeconds?: number;
  /** What Jupyter says, line by line or in pieces. */
  log?: (text: string) => void;
}

/**
 * Starts JupyterLab on this machine's own address, with the port and the token of last time, and settles when it answers.
 * Throws `UserError` when one runs already, the port is taken, the set-up is missing, or no answer came in time.
 */
export async function startLab(options: LabOptions = {}): Promise<Lab> {
  const program = pythonProgram("jupyter");
  if (await runningPlace()) throw new UserError("This project's JupyterLab runs already.", 1);
  const kept = keptPlace();
  const place = {
    port: await choosePort(options.port, kept?.port),
    token: kept?.token ?? randomBytes(24).toString("hex"),
  };
  // A group of its own: Ctrl-C in the terminal would make Jupyter ask whether one is sure.
  const child = spawn(program, ["lab", ...labArguments(place.port)], {
    cwd: projectRoot(),
    env: { ...jupyterEnvironment(), JUPYTER_TOKEN: place.token },
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
  const lab = { place, ended, stop: () => terminate(child) };
  if (!(await waitForAnswer(place, child, options.timeoutSeconds ?? 60))) {
    lab.stop();
    throw new UserError(
      `JupyterLab did not start; \`npm run setup\` mends what is missing. It said:\n${said.join("").trim()}`,
      1,
    );
  }
  keepPlace(place);
  return lab;
}

/** The address of a page: with the token, which the browser then keeps. @param notebook its path below the project's folder */
export function labUrl({ port, token }: LabPlace, notebook?: string): string {
  const page = notebook === undefined ? "" : `/tree/${notebook.split(path.sep).map(encodeURIComponent).join("/")}`;
  return `http://127.0.0.1:${port}/lab${page}?token=${token}`;
}

function labArguments(port: number): string[] {
  return [
    "--ServerApp.ip=127.0.0.1",
    `--ServerApp.port=${port}`,
    "--ServerApp.port_retries=0",
    `--ServerApp.root_dir=${projectRoot()}`,
    `--ServerApp.preferred_dir=${path.join(projectRoot(), "notebooks")}`,
    "--ServerApp.open_browser=False",
    // The notebooks' own kernel alone, so that no dialog offers Python for them.
    "--MultiKernelManager.default_kernel_name=auscult",
    "--KernelSpecManager.allowed_kernelspecs={'auscult'}",
    "--KernelSpecManager.ensure_native_kernel=False",
    "--LabApp.extension_manager=readonly",
    // The open documents of this project, not those of the user's other ones.
    `--LabApp.workspaces_dir=${path.join(labFolder(), "workspaces")}`,
    ...(process.getuid?.() === 0 ? ["--allow-root"] : []),
  ];
}

/** `wanted`, or `last`, or any free port. Throws `UserError` when `wanted` is taken. */
async function choosePort(wanted: number | undefined, last: number | undefined): Promise<number> {
  if (wanted === undefined) return (last !== undefined && (await freePort(last))) || ((await freePort(0)) as number);
  if (await freePort(wanted)) return wanted;
  throw new UserError(`--port ${wanted} cannot be used: it is taken. Leave it out to get a free one.`);
}

/** `wanted`, or any for 0; `undefined` when it is taken. */
function freePort(wanted: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.on("error", () => resolve(undefined));
    server.listen(wanted, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

async function waitForAnswer(place: LabPlace, child: ChildProcess, timeoutSeconds: number): Promise<boolean> {
  const until = Date.now() + timeoutSeconds * 1000;
  while (child.exitCode === null && child.pid !== undefined && Date.now() < until) {
    if (await takesToken(place)) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}

function terminate(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(child.pid, "SIGTERM");
  } catch {
    // It ended between the question and the signal.
  }
}
