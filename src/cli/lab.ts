import { Command, InvalidArgumentError } from "commander";
import { startLab } from "../lab/startLab.js";
import { openBrowser } from "../node/openBrowser.js";

/** `auscult lab`: JupyterLab with this project's kernel. */
export function labCommand(): Command {
  return new Command("lab")
    .description("open JupyterLab with the TypeScript kernel; Ctrl-C ends it")
    .argument("[notebook]", "the notebook to open", "first-look")
    .option("--port <port>", "port on 127.0.0.1 (default: a free one)", parsePort)
    .option("--no-browser", "do not open a browser")
    .option("--verbose", "show what Jupyter says")
    .option("--json", "print the address as JSON")
    .addHelpText("after", "\nExample:\n  npx auscult lab --port 8888 --no-browser")
    .action(
      async (notebook: string, options: { port?: number; browser: boolean; verbose?: boolean; json?: boolean }) => {
        const lab = await startLab({
          port: options.port,
          start: `notebooks/${notebook.replace(/\.ipynb$/, "")}.ipynb`,
          log: options.verbose ? (text) => process.stderr.write(text) : undefined,
        });
        for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => lab.stop());
        if (options.json) process.stdout.write(`${JSON.stringify({ url: lab.url })}\n`);
        else process.stdout.write(`JupyterLab: ${lab.url}\nCtrl-C ends it.\n`);
        if (options.browser) openBrowser(lab.url);
        process.exitCode = (await lab.ended) === 0 ? 0 : 1;
      },
    );
}

function parsePort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1 && port <= 65535) return port;
  throw new InvalidArgumentError("A whole number from 1 to 65535 is needed.");
}
