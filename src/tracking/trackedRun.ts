import { readFileSync } from "node:fs";
import path from "node:path";

/** The folder of a run's spool. */
export function trackingFolder(runFolder: string): string {
  return path.join(runFolder, "tracking");
}

/** What a tracker knows of a run: undefined until it was sent there. */
export function trackedRun(runFolder: string): { runId: string; experimentId: string } | undefined {
  try {
    const sent = JSON.parse(readFileSync(path.join(trackingFolder(runFolder), "sent.json"), "utf8")) as {
      servers: Record<string, { runId?: string; experimentId?: string; time: number }>;
    };
    const latest = Object.values(sent.servers)
      .filter((state) => state.runId !== undefined)
      .sort((a, b) => b.time - a.time)[0];
    return latest && { runId: latest.runId!, experimentId: latest.experimentId! };
  } catch {
    return undefined;
  }
}
