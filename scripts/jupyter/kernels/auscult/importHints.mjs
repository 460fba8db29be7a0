import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/**
 * What may help with the compiler's complaint about an import or a name.
 * @param {string} root the project's folder
 * @param {(wrong: string, known: string[]) => string} nearest " (did you mean ...?)" or ""
 * @returns {(message: string) => string | undefined}
 */
export function importHints(root, nearest) {
  return (message) => {
    const missing = /^Cannot find module '(.+)' or its/.exec(message)?.[1];
    if (missing?.startsWith(".")) return wrongPath(root, missing, nearest);
    if (missing) return `No package "${missing}" is installed in this project.`;
    const name =
      /has no exported member '(\w+)'/.exec(message)?.[1] ?? /^Cannot find name '(\w+)'\.$/.exec(message)?.[1];
    return name && exporters(root, name);
  };
}

function wrongPath(root, missing, nearest) {
  const files = sources(root);
  const base = path.basename(missing).replace(/\.[jt]s$/, "");
  const named = files.filter((file) => path.basename(file) === base);
  const near = named.length > 0 ? ` (did you mean ${quoted(named)}?)` : nearest(missing, files);
  return `Imports in cells start at the project's folder, wherever the notebook lies: "./src/..."${near}`;
}

/** The sources that export a name. */
function exporters(root, name) {
  const declared = new RegExp(
    `^export (async function|function|const|class|abstract class|interface|type) ${name}\\b`,
    "m",
  );
  const files = sources(root).filter((file) => declared.test(readFileSync(path.join(root, `${file}.ts`), "utf8")));
  return files.length > 0 ? `It can be imported: import { ${name} } from ${quoted(files)};` : undefined;
}

/** As a cell imports them: "./src/audio/wav". */
function sources(root) {
  return readdirSync(path.join(root, "src"), { recursive: true })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => `./src/${file.slice(0, -".ts".length)}`);
}

function quoted(files) {
  return files
    .slice(0, 3)
    .map((file) => `"${file}"`)
    .join(" or ");
}
