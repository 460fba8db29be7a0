// Logs without a server, as on a machine without a network, and sends it later; `npx mlflow-js-client sync` does the same.
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createMlflow, syncSpools } from "mlflow-js-client";

const folder = mkdtempSync(path.join(tmpdir(), "offline-runs-"));
const offline = createMlflow({ sending: "none", folder });
await offline.withRun({ experiment: "examples", name: "logged offline" }, (run) => {
  for (let step = 0; step < 100; step++) run.logMetric("sine", Math.sin(step / 10), step);
});

const [spool] = await syncSpools({ folders: [folder] });
console.log(`${spool.sent} records sent, ${spool.pending} wait`);
