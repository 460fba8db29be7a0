/**
 * Starts tslab as this project's kernel: in the project's root whatever the notebook's folder, so that cells import
 * "./src/...". What differs from plain tslab, and why:
 *
 * - Sources run through tsx, as on the command line. tslab alone compiles every imported file itself, with its own
 *   TypeScript and without `strict`, and checks all of them in each import cell.
 * - Cells are checked under the project's own rules (strict, modern resolution), the sources they import only as far as
 *   their types are needed; `npm run check` checks the sources.
 * - A source edited while the kernel runs is loaded anew by the next cell that imports it.
 * - A failed cell answers with Jupyter's own error message (tslab writes to stderr), so that tools see the failure; it
 *   names the cell's lines. A mistake that the caller can mend (`UserError`) shows as its sentence, without a stack.
 * - A cell cannot end the kernel, and Jupyter's request to end it is met at once.
 */
import { realpathSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { cellCompiler } from "./cellCompiler.mjs";
import { errorContent, printed } from "./cellErrors.mjs";
import { nameCells } from "./cellLines.mjs";
import { importHints } from "./importHints.mjs";
import { keptViews } from "./keptViews.mjs";
import { isSource, loadSources, reloadChangedSources } from "./sources.mjs";

/** For 200 ms after a failure tslab drops what arrives. */
const TSLAB_DROPS_MS = 210;

const here = path.dirname(realpathSync(fileURLToPath(import.meta.url)));
const root = path.resolve(here, "..", "..", "..", "..");
// Before the change of folder: they may be given relative to where Jupyter was started.
for (const name of ["AUSCULT_DATA", "AUSCULT_CACHE", "AUSCULT_MLRUNS"])
  if (process.env[name]) process.env[name] = path.resolve(process.env[name]);
const connectionFile = path.resolve(process.argv[2] ?? "");
process.chdir(root);
process.env.AUSCULT_ROOT = root;
process.env.TF_CPP_MIN_LOG_LEVEL ??= "3";

const require = createRequire(path.join(root, "package.json"));
const inTslab = createRequire(require.resolve("tslab/dist/main.js"));
loadSources(root, require);
const { cacheFolder } = require("./src/node/paths.ts");
const { nearest } = require("./src/suite/nearest.ts");
const hint = importHints(root, nearest);

const compilerFile = inTslab.resolve("@tslab/typescript-for-tslab");
const ts = inTslab(compilerFile);
const { compiler, readDocumentation } = cellCompiler(ts, keptViews(ts, cacheFolder()), (file) => isSource(root, file));
inTslab.cache[compilerFile].exports = compiler;

const { JupyterHandlerImpl, ZmqServer } = inTslab("./jupyter.js");
let kernel;
reloadChangedSources(root, require, JupyterHandlerImpl.prototype);
inspectWithDocumentation(JupyterHandlerImpl.prototype);
nameCells(() => kernel.execCount);
// tslab takes `console.error` when it starts, to report failed cells; the cells themselves get the real one.
const failure = [];
const print = console.error;
console.error = (...values) => failure.push(values);
answerCells(ZmqServer.prototype);
endOnlyWhenAsked(ZmqServer.prototype);
inTslab("./main.js").startKernel({ configPath: connectionFile, enableFindLocal: false });
console.error = print;
tellStrayErrors();

/** Shift-Tab on a name of a package: its comments are read when they are asked for. */
function inspectWithDocumentation(handler) {
  const inspectAt = handler.handleInspect;
  handler.handleInspect = function (request) {
    let answer = inspectAt.call(this, request);
    if (readDocumentation()) answer = inspectAt.call(this, request);
    // tslab writes "{@link name}" on lines of its own.
    for (const [type, text] of Object.entries(answer.data))
      answer.data[type] = text.replace(/\n\{@link \n([^\n]*)\n\}\n/g, "$1");
    return answer;
  };
}

/**
 * Carries out cells one after the other, says which one runs, and sends a failure as Jupyter's `error` message. A failure drops the
 * cells that wait. Its reply comes when those that a busy kernel had not read yet have arrived, so no later cell is lost.
 */
function answerCells(server) {
  const publish = server.publishStatus;
  let running;
  let turn = Promise.resolve();
  let failures = 0;
  // tslab says "busy" when a cell arrives and "idle" when it is done, so that with several waiting the kernel seems idle.
  server.publishStatus = function (status, parent) {
    if (parent.header.msg_type === "execute_request") return;
    publish.call(this, status, parent);
    if (status === "idle" && running) publish.call(this, "busy", running);
  };
  server.handleExecute = function (socket, request) {
    const failuresBefore = failures;
    const send = (type, content, target) => {
      const message = request.createReply();
      message.header.msg_type = type;
      message.content = content;
      message.signAndSend(this.connInfo.key, target);
    };
    const next = turn.then(async () => {
      running = request;
      publish.call(this, "busy", request);
      let answer = { status: "aborted" };
      if (failures === failuresBefore) answer = await answerCell(this, request.content, send);
      if (answer.status === "error") {
        await new Promise((resolve) => setTimeout(resolve, TSLAB_DROPS_MS));
        if (request.content.stop_on_error !== false) failures += 1;
      }
      send("execute_reply", answer, socket);
      running = undefined;
      publish.call(this, "idle", request);
    });
    turn = next.catch(() => {});
    return next;
  };
}

async function answerCell(server, content, send) {
  kernel = server.handler;
  const answer = await kernel.handleExecute(
    content,
    (name, text) => send("stream", { name, text }, server.iopub),
    (data, update) => send(update ? "update_display_data" : "display_data", data, server.iopub),
  );
  const said = failure.splice(0);
  if (answer.status !== "error") return answer;
  const error = errorContent(said, content.code, hint);
  send("error", error, server.iopub);
  return { ...answer, ...error };
}

/** `process.exit` in a cell would take all of its results along; Jupyter's own request, or its death, waits for nothing. */
function endOnlyWhenAsked(server) {
  const exit = process.exit;
  process.exit = () => {
    throw new Error(
      "process.exit() would end the kernel. To stop a cell, throw an error; to end the kernel, use the menu.",
    );
  };
  const close = server.close;
  server.close = function () {
    close.call(this);
    // The answer leaves first; what a cell left running does not hold the process.
    setTimeout(exit, 500, 0).unref();
  };
  const jupyter = process.ppid;
  if (process.env.JPY_PARENT_PID === String(jupyter))
    setInterval(() => process.ppid !== jupyter && exit(0), 2000).unref();
}

/** Errors that no cell waits for are told below the cell that ran last. */
function tellStrayErrors() {
  const tell = (what) => (thrown) => {
    const text = thrown?.name === "UserError" ? thrown.message : printed(thrown);
    process.stderr.write(`${what}: ${text}\n`);
  };
  process
    .removeAllListeners("unhandledRejection")
    .on("unhandledRejection", tell("A promise failed that no cell awaits"));
  process.removeAllListeners("uncaughtException").on("uncaughtException", tell("An error outside of any cell"));
}
