import { constants, existsSync } from "node:fs";
import { access } from "node:fs/promises";
import path from "node:path";
import { isFolder } from "../../datasets/files.js";
import { UserError } from "../../userError.js";

/** Python's `json.dumps(dict(entries), ensure_ascii=False, indent=4)`. */
export function challengeJson(entries: readonly (readonly [name: string, label: string])[]): string {
  const lines = entries.map(([name, label]) => `    ${JSON.stringify(name)}: ${JSON.stringify(label)}`);
  return `{\n${lines.join(",\n")}\n}`;
}

/** Throws UserError for a name that no output can have and for a place that may not be written to; makes nothing. */
export async function requireOutput(out: string): Promise<void> {
  if (/\.wav$/i.test(out)) throw new UserError(`${out}: the output is JSON and must not end with .wav`);
  if (isFolder(out)) throw new UserError(`${out} is a folder; expected the name of the JSON file to write`);
  let above = path.dirname(path.resolve(out));
  while (!existsSync(above)) above = path.dirname(above);
  if (!isFolder(above)) throw new UserError(`${out} cannot be written: ${above} is no folder`);
  await access(above, constants.W_OK).catch((error: Error) => {
    throw new UserError(`${out} cannot be written (${error.message}); name a place that you may write to`);
  });
}
