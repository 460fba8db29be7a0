import { Command } from "commander";
import { openBrowser } from "../node/openBrowser.js";
import { mlrunsFolder } from "../node/paths.js";
import { ensureServer, stopServer, uiAddress } from "../tracking/localServer.js";
import { describeSync, syncAll } from "../tracking/sync.js";

/** `auscult ui`: the tracking server's page. */
export function uiCommand(): Command {
  return new Command("ui")
    .description("send what waits to be sent, and open the tracking server's page; --stop stops the local server")
    .argument("[experiment]", "the experiment whose runs to show (default: the list of experiments)")
    .option("--stop", "stop the local server; runs stay where they are")
    .option("--no-browser", "print the address only")
    .option("--json", "print the address and what was sent as JSON")
    .addHelpText("after", "\nExample:\n  npx auscult ui supcon-sprs/table3")
    .action(
      async (
        experiment: string | undefined,
        options: { stop?: boolean; browser: boolean; json?: boolean },
      ): Promise<void> => {
        const mlruns = mlrunsFolder();
        if (options.stop) {
          const stopped = await stopServer({ mlrunsFolder: mlruns });
          if (options.json) process.stdout.write(`${JSON.stringify({ stopped })}\n`);
          else
            process.stderr.write(stopped ? "The tracking server was stopped.\n" : "No local tracking server runs.\n");
          return;
        }
        process.stderr.write("Looking for the tracking server (starting it takes some seconds) ...\n");
        const server = await ensureServer({ mlrunsFolder: mlruns });
        const synced = await syncAll(mlruns);
        if (synced.runs.length > 0) process.stderr.write(`${describeSync(synced)}\n`);
        const address = await uiAddress(server.uri, experiment);
        const { startedNow, pid } = server;
        const { sent, pending, rejected, problem } = synced;
        if (options.json)
          process.stdout.write(
            `${JSON.stringify({ address, startedNow, pid, sync: { sent, pending, rejected, problem } })}\n`,
          );
        else process.stdout.write(`${address}\n`);
        if (options.browser && !options.json) openBrowser(address);
      },
    );
}
