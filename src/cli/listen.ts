import path from "node:path";
import { Command } from "commander";
import { openBrowser } from "../node/openBrowser.js";
import { UserError } from "../userError.js";
import { pageFiles } from "../web/server/bundlePage.js";
import { modelFiles } from "../web/server/modelFiles.js";
import { type Served, serve } from "../web/server/serve.js";
import type { Site } from "../web/server/site.js";
import { writeSite } from "../web/server/writeSite.js";
import { portFrom } from "./portFrom.js";

interface ListenOptions {
  model: string;
  port?: number;
  open: boolean;
  build?: string;
  json?: boolean;
}

/** `auscult listen`: the page that listens, on this machine alone. */
export function listenCommand(): Command {
  return new Command("listen")
    .description("open the page that listens: microphone or WAV files, answers as they come; Ctrl-C ends it")
    .requiredOption("--model <dir>", "folder of an exported model (`auscult export`)")
    .option("--port <port>", "port on 127.0.0.1 (default: 8417, or a free one where it is taken)", portFrom(0))
    .option("--no-open", "do not open a browser")
    .option("--build <out>", "write the page with the model as files for any static server instead, and end")
    .option("--json", "print the address, or the folder, as JSON")
    .addHelpText(
      "after",
      `
Examples:
  npx auscult export --run supcon-sprs-table3_cnn_11 exported/
  npx auscult listen --model exported/
  npx auscult listen --model exported/ --build site/

Recordings stay in the browser: the page asks nothing of any other machine, and the server is reached from this one only.
The model is a research result and not a medical device.`,
    )
    .action((options: ListenOptions) => listen(options));
}

async function listen({ model, port, open, build, json }: ListenOptions): Promise<void> {
  if (build !== undefined && port !== undefined)
    throw new UserError("--port is for serving; --build only writes files");
  const files = await modelFiles(path.resolve(model));
  const site: Site = new Map([...(await pageFiles()), ...files]);
  if (build !== undefined) {
    const folder = path.resolve(build);
    const written = { folder, ...writeSite(site, folder) };
    process.stdout.write(json ? `${JSON.stringify(written)}\n` : `${folder}: ${written.files} files\n`);
    return;
  }
  const served = await serve(site, port);
  const ended = untilStopped(served);
  process.stdout.write(json ? `${JSON.stringify({ url: served.url })}\n` : `${served.url}\nCtrl-C ends it.\n`);
  if (open && !json) openBrowser(served.url);
  await ended;
}

function untilStopped(served: Served): Promise<void> {
  return new Promise((resolve) => {
    const stop = () => void served.close().then(resolve);
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, stop);
  });
}
