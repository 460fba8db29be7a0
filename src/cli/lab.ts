import path from "node:path";
import { Command } from "commander";
import { endLab, runningPlace, startKernel } from "../lab/labPlace.js";
import { findNotebook, notebookNames } from "../lab/notebooks/notebook.js";
import { labUrl, startLab } from "../lab/startLab.js";
import { openBrowser } from "../node/openBrowser.js";
import { projectRoot } from "../node/paths.js";
import { UserError } from "../userError.js";
import { portFrom } from "./portFrom.js";

interface LabCommandOptions {
  port?: number;
  stop?: boolean;
  browser: boolean;
  verbose?: boolean;
  json?: boolean;
}

/** `auscult lab`: JupyterLab with this project's kernel. */
export function labCommand(): Command {
  return new Command("lab")
    .description("open JupyterLab with the TypeScript kernel; Ctrl-C ends it")
    .argument("[notebook]", "the notebook to open (default: the first one)")
    .option("--port <port>", "port on 127.0.0.1 (default: that of last time, or a free one)", portFrom(1))
    .option("--stop", "end the JupyterLab that runs, with its kernels")
    .option("--no-browser", "do not open a browser")
    .option("--verbose", "show what Jupyter says")
    .option("--json", "print the address as JSON")
    .addHelpText(
      "after",
      `
Examples:
  npx auscult lab
  npx auscult lab --port 8888 --no-browser
  npx auscult lab --stop

The address holds a token, kept in mlruns/lab: an open page reconnects after the next start. Where JupyterLab runs already,
its address is printed again.`,
    )
    .action((notebook: string | undefined, options: LabCommandOptions) =>
      options.stop ? stop(options) : open(notebook, options),
    );
}

async function open(notebook: string | undefined, options: LabCommandOptions): Promise<void> {
  const start = belowRoot(notebook);
  const print = (url: string, running: boolean, text: string) => {
    process.stdout.write(options.json ? `${JSON.stringify({ url, running })}\n` : `JupyterLab: ${url}\n${text}\n`);
    if (options.browser) openBrowser(url);
  };
  const running = await runningPlace();
  if (running) {
    if (options.port !== undefined && options.port !== running.port)
      throw new UserError(
        `--port ${options.port}: JupyterLab runs already, on port ${running.port}. End it first: npx auscult lab --stop`,
      );
    return print(labUrl(running, start), true, "It runs already. To end it: npx auscult lab --stop");
  }
  const lab = await startLab({
    port: options.port,
    log: options.verbose ? (text) => process.stderr.write(text) : undefined,
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => lab.stop());
  print(labUrl(lab.place, start), false, "Ctrl-C ends it.");
  if (start !== undefined) await startKernel(lab.place, start);
  process.exitCode = (await lab.ended) === 0 ? 0 : 1;
}

async function stop(options: LabCommandOptions): Promise<void> {
  const running = await runningPlace();
  if (running) await endLab(running);
  if (options.json) process.stdout.write(`${JSON.stringify({ stopped: running !== undefined })}\n`);
  else process.stderr.write(running ? "JupyterLab was ended.\n" : "No JupyterLab of this project runs.\n");
}

/** The notebook's path as JupyterLab knows it. Throws `UserError` for one that is not in the project's folder. */
function belowRoot(notebook: string | undefined): string | undefined {
  const name = notebook ?? notebookNames()[0];
  if (name === undefined) return undefined;
  const file = path.relative(projectRoot(), findNotebook(name));
  if (!file.startsWith("..")) return file;
  throw new UserError(
    `${name} is outside of ${projectRoot()}, the folder that JupyterLab shows. Copy it to notebooks/.`,
  );
}
