/**
 * Starts tslab as this project's kernel: in the project's root whatever the notebook's folder, so that cells import
 * "./src/...". What differs from plain tslab, and why:
 *
 * - Sources run through tsx, as on the command line. tslab alone compiles every imported file itself, with its own
 *   TypeScript and without `strict`, and checks all of them in each import cell.
 * - Cells are checked under the project's own rules (strict, modern resolution), the sources they import only as far as
 *   their types are needed; `npm run check` checks the sources.
 * - A source edited while the kernel runs is loaded anew by the next cell that imports it.
 * - A failed cell answers with Jupyter's own error message (tslab writes to stderr), so that tools see the failure, and a
 *   mistake that the caller can mend (`UserError`) shows as its sentence, without a stack.
 */
import { realpathSync, statSync } from "node:fs";
import Module, { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { format, inspect } from "node:util";
import { cellCompiler } from "./cellCompiler.mjs";
import { keptViews } from "./keptViews.mjs";

const here = path.dirname(realpathSync(fileURLToPath(import.meta.url)));
const root = path.resolve(here, "..", "..", "..", "..");
// Before the change of folder: it may be given relative to where Jupyter was started.
const dataFolder = process.env.AUSCULT_DATA && path.resolve(process.env.AUSCULT_DATA);
const connectionFile = path.resolve(process.argv[2] ?? "");
process.chdir(root);
process.env.AUSCULT_ROOT = root;
if (dataFolder) process.env.AUSCULT_DATA = dataFolder;
process.env.TF_CPP_MIN_LOG_LEVEL ??= "3";

const require = createRequire(path.join(root, "package.json"));
const inTslab = createRequire(require.resolve("tslab/dist/main.js"));

require("tsx/cjs/api").register();
const { cacheFolder } = require("./src/node/paths.ts");
const ts = inTslab("@tslab/typescript-for-tslab");
const { compiler, readDocumentation } = cellCompiler(ts, keptViews(ts, cacheFolder()), isOurs);
inTslab.cache[inTslab.resolve("@tslab/typescript-for-tslab")].exports = compiler;
acceptJsSuffix();
importThroughTsx();
const { JupyterHandlerImpl, ZmqServer } = inTslab("./jupyter.js");
reloadChangedSources(JupyterHandlerImpl.prototype);
inspectWithDocumentation(JupyterHandlerImpl.prototype);
// tslab takes `console.error` when it starts, to report failed cells; the cells themselves get the real one.
const failure = [];
const print = console.error;
console.error = (...values) => failure.push(values);
answerErrors(ZmqServer.prototype, failure);
inTslab("./main.js").startKernel({ configPath: connectionFile, enableFindLocal: false });
console.error = print;

/** In a cell, too, "./src/x.js" means the source x.ts; tsx knows that only of imports written in a .ts file. */
function acceptJsSuffix() {
  const resolve = Module._resolveFilename;
  Module._resolveFilename = (request, parent, ...rest) => {
    const fromCell = parent?.filename === path.join(root, "src.js");
    return resolve(fromCell && /^\.{1,2}\/.*\.js$/.test(request) ? request.slice(0, -3) : request, parent, ...rest);
  };
}

/** `import("./x.js")` in a source: without this, Node's own loader gets it, which knows no TypeScript and keeps copies of its own. */
function importThroughTsx() {
  const compile = Module.prototype._compile;
  Module.prototype._compile = function (code, file, ...rest) {
    const ours = isOurs(file) ? code.replace(/\bimport\(/g, "globalThis.__auscultImport(require, ") : code;
    return compile.call(this, ours, file, ...rest);
  };
  globalThis.__auscultImport = async (requireThere, specifier) => {
    const text = String(specifier);
    if (text.startsWith("file:")) return requireThere(fileURLToPath(text));
    return text.startsWith(".") ? requireThere(text) : import(text);
  };
}

/** Whether a file is a source of this project. */
function isOurs(file) {
  return file.startsWith(root + path.sep) && !file.includes(`${path.sep}node_modules${path.sep}`);
}

/** Before each cell: when a loaded source has changed on disk, all of them are forgotten, so that the next import loads them. */
function reloadChangedSources(handler) {
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
      for (const file of Object.keys(require.cache).filter(isOurs))
        if (!loaded.has(file)) loaded.set(file, modified(file));
    }
  };
}

/** Shift-Tab on a name of a package: its comments are read when they are asked for. */
function inspectWithDocumentation(handler) {
  const inspectAt = handler.handleInspect;
  handler.handleInspect = function (request) {
    const answer = inspectAt.call(this, request);
    return readDocumentation() ? inspectAt.call(this, request) : answer;
  };
}

/** Sends what a cell's failure said as Jupyter's `error` message. `failure`: argument lists of `console.error` calls. */
function answerErrors(server, failure) {
  server.handleExecute = async function (socket, request) {
    const send = (type, content, target) => {
      const message = request.createReply();
      message.header.msg_type = type;
      message.content = content;
      message.signAndSend(this.connInfo.key, target);
    };
    const answer = await this.handler.handleExecute(
      request.content,
      (name, text) => send("stream", { name, text }, this.iopub),
      (data, update) => send(update ? "update_display_data" : "display_data", data, this.iopub),
    );
    const said = failure.splice(0);
    if (answer.status === "abort") answer.status = "aborted";
    if (answer.status === "error") {
      const error = errorContent(said);
      Object.assign(answer, error);
      send("error", error, this.iopub);
    }
    send("execute_reply", answer, socket);
  };
}

/** A thrown value, or the compiler's complaints about a cell, in the fields of Jupyter's messages. */
function errorContent(said) {
  const thrown = said.length === 1 && said[0].length === 1 ? said[0][0] : undefined;
  if (thrown === undefined) {
    const lines = said.map((values) => format(...values));
    return { ename: "CompileError", evalue: lines.join("\n"), traceback: lines };
  }
  if (/^Interrupted async|interrupted by `SIGINT`/.test(thrown?.message ?? ""))
    return { ename: "Interrupted", evalue: "", traceback: ["Interrupted."] };
  const ename = thrown?.name ?? typeof thrown;
  const evalue = String(thrown?.message ?? thrown);
  if (ename === "UserError" || ename === "Interrupted") return { ename, evalue, traceback: [evalue] };
  if (typeof thrown?.stack === "string")
    thrown.stack = thrown.stack.replace(/\n +at [^\n]*(node_modules\/tslab|kernel\.mjs|node:)[^\n]*/g, "");
  return { ename, evalue, traceback: [inspect(thrown, { colors: true })] };
}
