import path from "node:path";
import { createInterface } from "node:readline/promises";
import { Command, InvalidArgumentError } from "commander";
import { Stopped, Unavailable } from "../../datasets/fetch/failures.js";
import { type FetchResult, fetchDataset } from "../../datasets/fetch/fetchDataset.js";
import { fetchTerms } from "../../datasets/fetch/fetchTerms.js";
import type { FetchSource } from "../../datasets/fetch/source.js";
import { fetchSource, fromMirror } from "../../datasets/fetch/sources.js";
import { dataFolder } from "../../node/paths.js";
import { UserError } from "../../userError.js";
import { stopSignal } from "../stopSignal.js";
import { transferLine } from "../transferLine.js";

interface Options {
  data?: string;
  from?: string;
  only?: string[];
  digest?: [string, string][];
  yes?: boolean;
  json?: boolean;
}

const OTHER_WAY =
  "If a browser or another machine can get the files, put them into a folder under their names and give it with --from FOLDER.";

/** `auscult data fetch NAME`. */
export function dataFetchCommand(): Command {
  return new Command("fetch")
    .description("download a data set from its publisher; what is there already is verified, what broke off goes on")
    .argument("<name>", "icbhi or sprsound")
    .option("--data <dir>", "folder to which NAME/ is written (default: AUSCULT_DATA, else data/)")
    .option("--from <address>", "a mirror, or a folder into which the publisher's files were downloaded by other means")
    .option("--only <part>", "recordings or lists (icbhi), 2022 or 2023 (sprsound); may repeat", collect)
    .option("--digest <file=sha256>", "refuse a downloaded file with another digest; may repeat", collectDigest)
    .option("-y, --yes", "do not ask after the terms were shown")
    .option("--json", "print what is in place as JSON")
    .addHelpText(
      "after",
      `
Examples:
  npx auscult data fetch sprsound --data ~/recordings
  npx auscult data fetch icbhi --only lists
  npx auscult data fetch icbhi --from ~/Downloads   # holds ICBHI_final_database.zip and the lists`,
    )
    .action(fetchCommand);
}

async function fetchCommand(name: string, options: Options): Promise<void> {
  const publisher = fetchSource(name);
  const parts = options.only ?? Object.keys(publisher.parts);
  refuseUnknown(publisher, options);
  const source = options.from === undefined ? publisher : fromMirror(publisher, options.from);
  const progress = transferLine();
  process.stderr.write(`${fetchTerms(publisher, parts)}\n`);
  try {
    const result = await fetchDataset(source, path.join(dataFolder(options.data), name), {
      parts,
      digests: Object.fromEntries(options.digest ?? []),
      signal: stopSignal(),
      onProgress: progress.show,
      say: progress.say,
      ...(process.stdin.isTTY && !options.yes && { agree }),
    });
    progress.end();
    process.stdout.write(options.json ? `${JSON.stringify(result)}\n` : shown(result));
  } catch (error) {
    progress.end();
    if (error instanceof Unavailable && options.from === undefined) {
      throw new UserError(`${error.message}\n${OTHER_WAY}`, error.exitCode);
    }
    if (!(error instanceof Stopped)) throw error;
    process.stderr.write(`auscult: ${error.message}. The same command goes on from there.\n`);
    process.exitCode = 130;
  }
}

function refuseUnknown({ name, parts, files }: FetchSource, { only = [], digest = [] }: Options): void {
  const unknown = only.find((part) => !Object.hasOwn(parts, part));
  if (unknown !== undefined) {
    throw new UserError(`--only ${unknown}: ${name} has the parts ${Object.keys(parts).join(", ")}`);
  }
  const names = files.map((file) => file.name);
  const stray = digest.find(([file]) => !names.includes(file));
  if (stray) throw new UserError(`--digest ${stray[0]}: ${name} has the files ${names.join(", ")}`);
}

/** Yes unless the answer begins with n; Ctrl-C and the end of input are a no. */
async function agree(): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const gone = new Promise<string>((resolve) => terminal.once("close", () => resolve("no")));
    return !/^\s*n/i.test(await Promise.race([terminal.question("Download under these terms? [Y/n] "), gone]));
  } finally {
    terminal.close();
  }
}

function shown({ folder, files, bytes, digest, fetched, missing, replaced }: FetchResult): string {
  const what = fetched.length === 0 ? "all there and as it was fetched" : `downloaded ${fetched.join(", ")}`;
  const lines = [
    `${folder}: ${what}; ${files.toLocaleString("en")} files, ${(bytes / 1e6).toFixed(0)} MB, digest ${digest}`,
    ...missing.map(({ file, why }) => `missing: ${file}. ${why}`),
    ...(replaced.length > 0
      ? [`${replaced.length} files had other content; they are under ${path.join(folder, "replaced")}`]
      : []),
  ];
  return `${lines.join("\n")}\n`;
}

const collect = (value: string, before: string[] = []) => [...before, value];

function collectDigest(text: string, before: [string, string][] = []): [string, string][] {
  const [, file, sha256] = /^(.+)=([0-9a-f]{64})$/i.exec(text) ?? [];
  if (file === undefined || sha256 === undefined) {
    throw new InvalidArgumentError("FILE=SHA256 is needed, the digest as 64 hexadecimal digits.");
  }
  return [...before, [file, sha256]];
}
