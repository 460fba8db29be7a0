import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { MlflowValidationError } from "./errors.js";

/** Where MLflow's Python client keeps a user's name and password: `~/.mlflow/credentials`. There is no variable for another place. */
export function credentialsFilePath(environment: Record<string, string | undefined> = process.env): string {
  return path.join(environment.HOME || homedir(), ".mlflow", "credentials");
}

/**
 * `mlflow_tracking_username` and `mlflow_tracking_password` of the section `[mlflow]`, read as Python's `configparser` reads
 * them (`=` or `:`, comments with `#` or `;` on lines of their own, `[DEFAULT]` behind every section, `%%` for `%`). Nothing
 * when there is no such file or section. Throws `MlflowValidationError` for what `configparser` refuses; lines are named by
 * their number and never shown.
 */
export function readCredentialsFile(file: string): { username?: string; password?: string } {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return {};
    throw new MlflowValidationError(file, `it cannot be read (${code})`);
  }
  const sections = parse(file, text);
  const section = sections.get("mlflow");
  if (!section) return {};
  const value = (name: string): string | undefined => {
    const raw = section.get(name) ?? sections.get("DEFAULT")?.get(name);
    return raw === undefined || raw === "" ? undefined : interpolated(file, name, raw);
  };
  return { username: value("mlflow_tracking_username"), password: value("mlflow_tracking_password") };
}

function parse(file: string, text: string): Map<string, Map<string, string>> {
  const sections = new Map<string, Map<string, string>>();
  let section: Map<string, string> | undefined;
  let depth = 0;
  let inside = false;
  for (const [index, line] of text.split(/\r\n|\r|\n/).entries()) {
    const refuse = (why: string): never => {
      throw new MlflowValidationError(file, `line ${index + 1} ${why}`);
    };
    if (line.trim() === "" || /^\s*[#;]/.test(line)) continue;
    const header = /^\[(.+)\]/.exec(line);
    if (header) {
      const name = header[1]!;
      if (name !== "DEFAULT" && sections.has(name)) refuse(`opens section [${name}] a second time`);
      section = sections.get(name) ?? new Map();
      sections.set(name, section);
      inside = false;
      continue;
    }
    // A line that is further in than the one before it would go on with that value.
    const indent = line.length - line.trimStart().length;
    const pair = /^([^=:]+?)\s*[=:]\s*(.*)$/.exec(line.trim());
    if (!pair || (inside && indent > depth))
      return refuse('is not understood; right is such as "mlflow_tracking_username = ann"');
    if (!section) return refuse('stands before a section; the first line must be "[mlflow]"');
    const key = pair[1]!.toLowerCase();
    if (section.has(key)) refuse(`gives ${key} a second time`);
    section.set(key, pair[2]!.trim());
    depth = indent;
    inside = true;
  }
  return sections;
}

/** `configparser` reads "%" as the start of a reference. */
function interpolated(file: string, name: string, raw: string): string {
  if (/%/.test(raw.replaceAll("%%", "")))
    throw new MlflowValidationError(file, `${name} holds a single "%", which must be written "%%"`);
  return raw.replaceAll("%%", "%");
}
