import { parseArgs } from "node:util";
import { MlflowClient } from "./client.js";
import { followSpool } from "./follow.js";
import { Sender } from "./sender.js";

const usage = `mlflow-js-client sync FOLDER...      sends what spools hold to MLFLOW_TRACKING_URI
mlflow-js-client follow FOLDER       sends a growing spool until standard input is closed (any byte before: in order)

  --files DIR           what the paths of artefacts are relative to (the folder above the spool's)
  --locks DIR           where processes lock the making of parent runs
  --address-file FILE   follow: a JSON file {uri, server} that says where the server is now
  --drain-ms N          follow: how long the last sending may take (10000)

The result is one line of JSON on standard output.`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      files: { type: "string" },
      locks: { type: "string" },
      "address-file": { type: "string" },
      "drain-ms": { type: "string" },
      help: { type: "boolean" },
    },
  });
  const [command, ...folders] = positionals;
  const shared = { filesFolder: values.files, lockFolder: values.locks };
  if (values.help) {
    console.log(usage);
    return 0;
  }
  if (command === "sync" && folders.length > 0) {
    const client = new MlflowClient();
    let failed = false;
    for (const folder of folders) {
      const result = await new Sender({ ...shared, folder, client }).send();
      console.log(JSON.stringify({ folder, ...result }));
      failed ||= result.problem !== undefined;
    }
    return failed ? 1 : 0;
  }
  if (command === "follow" && folders.length === 1) {
    // Ctrl-C is meant for the writer. Its end, whatever its cause, closes the standard input of this process.
    process.on("SIGINT", () => {});
    const drainMs = values["drain-ms"] === undefined ? 10_000 : Number(values["drain-ms"]);
    const ended = new Promise<void>((resolve) => {
      let orderly = false;
      const end = (): void => {
        // A killed writer closes its pipe before it is seen to be dead: half a second later its run is marked as killed.
        setTimeout(resolve, orderly ? 0 : 500);
        // A request that hangs must not keep this process.
        setTimeout(() => process.exit(1), drainMs + 5_000).unref();
      };
      process.stdin.on("data", () => {
        orderly = true;
      });
      process.stdin.once("close", end);
    });
    const addressFile = values["address-file"];
    const result = await followSpool({ ...shared, folder: folders[0]!, addressFile, drainMs, ended });
    // Nobody may be listening any more.
    process.stdout.on("error", () => {});
    console.log(JSON.stringify(result));
    return result.problem === undefined ? 0 : 1;
  }
  console.error(usage);
  return 2;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: Error) => {
    console.error(error.message);
    process.exitCode = error.name === "MlflowValidationError" ? 2 : 1;
  },
);
