import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { UserError } from "../../userError.js";
import { SECURITY_HEADERS } from "./headers.js";
import type { Site } from "./site.js";

/**
 * Writes a site as files for any static server, beside its place and then renamed. `_headers` holds the headers in the form that several
 * hosts read; others are told them by their own configuration.
 * @throws UserError for a folder that holds something
 */
export function writeSite(site: Site, folder: string): { files: number } {
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw new UserError(`${folder}: not empty; name a new folder, or empty it first`);
  const beside = `${path.resolve(folder)}.${process.pid}.tmp`;
  try {
    for (const [name, file] of site) {
      const place = path.join(beside, name);
      mkdirSync(path.dirname(place), { recursive: true });
      if ("content" in file) writeFileSync(place, file.content);
      else copyFileSync(file.file, place);
    }
    const lines = Object.entries(SECURITY_HEADERS).map(([name, value]) => `  ${name}: ${value}\n`);
    writeFileSync(path.join(beside, "_headers"), `/*\n${lines.join("")}`);
    rmSync(folder, { recursive: true, force: true });
    renameSync(beside, folder);
  } catch (error) {
    rmSync(beside, { recursive: true, force: true });
    throw error;
  }
  return { files: site.size + 1 };
}
