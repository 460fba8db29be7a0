import { readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { hostname } from "node:os";
import path from "node:path";
import { writeFileSynced, writeJsonAtomic } from "../../node/atomicFile.js";
import type { Submission } from "./submission.js";

/** What a node tells of itself to those who watch: `nodes/<host>.json` of the submission. */
export interface NodeReport {
  host: string;
  /** How far its clock is ahead of the shared folder's. */
  clockAheadSeconds: number;
  at: string;
}

/** Tells that this node is at work on a submission. Never throws: a run needs nothing of it. */
export function reportNode({ folder }: Submission): void {
  try {
    const report: NodeReport = {
      host: hostname(),
      clockAheadSeconds: clockAheadSeconds(path.join(folder, "nodes")),
      at: new Date().toISOString(),
    };
    writeJsonAtomic(path.join(folder, "nodes", `${report.host}.json`), report);
  } catch {
    // Such as on a full disk.
  }
}

/** Sentences on nodes whose clocks are far from the shared folder's. */
export function clockWarnings({ folder }: Submission): string[] {
  return readReports(path.join(folder, "nodes"))
    .filter(({ clockAheadSeconds }) => Math.abs(clockAheadSeconds) > NOTABLE_SECONDS)
    .map(({ host, clockAheadSeconds: ahead }) => {
      const how = `${Math.round(Math.abs(ahead))} s ${ahead > 0 ? "ahead of" : "behind"}`;
      return `the clock of ${host} is ${how} that of the shared folder: times in MLflow are off by that; who has a run is told by the folder's clock, and no result depends on either`;
    });
}

/** Differences below are those of a network and of caches. */
const NOTABLE_SECONDS = 10;

function readReports(folder: string): NodeReport[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(".json"))
      .map((name) => JSON.parse(readFileSync(path.join(folder, name), "utf8")) as NodeReport);
  } catch {
    return [];
  }
}

/** By a file that is made there now. */
function clockAheadSeconds(folder: string): number {
  const file = path.join(folder, `.${hostname()}.${process.pid}.clock.tmp`);
  try {
    const before = Date.now();
    writeFileSynced(file, "");
    return Math.round(((before + Date.now()) / 2 - statSync(file).mtimeMs) / 10) / 100;
  } finally {
    rmSync(file, { force: true });
  }
}
