/** How the project's sources are loaded for cells: through tsx, as on the command line, and anew when they were edited. */
import { statSync } from "node:fs";
import Module from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

/**
 * @param {string} root the project's folder
 * @param {NodeJS.Require} require of a file in it
 */
export function loadSources(root, require) {
  require("tsx/cjs/api").register();
  acceptJsSuffix(root);
  importThroughTsx(root);
}

/** Whether a file is a source of the project. */
export function isSource(root, file) {
  return file.startsWith(root + path.sep) && !file.includes(`${path.sep}node_modules${path.sep}`);
}

/** In a cell, too, "./src/x.js" means the source x.ts; tsx knows that only of imports written in a .ts file. */
function acceptJsSuffix(root) {
  const resolve = Module._resolveFilename;
  Module._resolveFilename = (request, parent, ...rest) => {
    const fromCell = parent?.filename === path.join(root, "src.js");
    return resolve(fromCell && /^\.{1,2}\/.*\.js$/.test(request) ? request.slice(0, -3) : request, parent, ...rest);
  };
}

/** `import("./x.js")` in a source: without this, Node's own loader gets it, which knows no TypeScript and keeps copies of its own. */
function importThroughTsx(root) {
  const compile = Module.prototype._compile;
  Module.prototype._compile = function (code, file, ...rest) {
    const ours = isSource(root, file) ? code.replace(/\bimport\(/g, "globalThis.__auscultImport(require, ") : code;
    return compile.call(this, ours, file, ...rest);
  };
  globalThis.__auscultImport = async (requireThere, specifier) => {
    const text = String(specifier);
    if (text.startsWith("file:")) return requireThere(fileURLToPath(text));
    return text.startsWith(".") ? requireThere(text) : import(text);
  };
}

/** Before each cell: when a loaded source has changed on disk, all of them are forgotten, so that the next import loads them. */
export function reloadChangedSources(root, require, handler) {
  const execute = handler.handleExecuteImpl;
  /** Loaded files and when each was last changed as of its loading. */
  const loaded = new Map();
  const modified = (file) => statSync(file.split("?")[0], { throwIfNoEntry: false })?.mtimeMs;
  handler.handleExecuteImpl = async function (...args) {
    if ([...loaded].some(([file, before]) => modified(file) !== before)) {
      for (const file of loaded.keys()) delete require.cache[file];
      loaded.clear();
    }
    try {
      return await execute.apply(this, args);
    } finally {
      for (const file of Object.keys(require.cache))
        if (isSource(root, file) && !loaded.has(file)) loaded.set(file, modified(file));
    }
  };
}
