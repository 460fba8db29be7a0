/** What a worker thread of `src/node/workers/` starts with: the TypeScript loader, then its program. */
import path from "node:path";
import { pathToFileURL } from "node:url";
import { workerData } from "node:worker_threads";
import { register } from "tsx/esm/api";

register();
await import(pathToFileURL(path.join(process.env.AUSCULT_ROOT, workerData.program)).href);
