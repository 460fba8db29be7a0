import path from "node:path";
import { recordingsOrMadeUp } from "../datasets/demo/recordingsOrMadeUp.js";
import { writeFileAtomic } from "../node/atomicFile.js";
import { dataFolder } from "../node/paths.js";
import type { Profile } from "../papers/paper.js";
import { ensureServer } from "../tracking/localServer.js";
import { describeSync, syncAll } from "../tracking/sync.js";
import { trackedRun } from "../tracking/trackedRun.js";
import { listAddress, runAddress } from "../tracking/trackerPage.js";
import type { ProgressReport } from "../training/workMeter.js";
import { UserError } from "../userError.js";
import { findExperiment } from "./registry.js";
import { plotlyScript, reportModel } from "./reporting/report.js";
import { renderReport } from "./reporting/reportPage.js";
import { runExperiments } from "./runExperiments.js";
import { allRecords } from "./runRecord.js";

export interface FirstRunOptions {
  profile: Profile;
  /** The folder that holds `sprsound/`; found as usual when it is not given. */
  data?: string;
  mlruns: string;
  signal: AbortSignal;
  onProgress(report: ProgressReport): void;
  say(message: string): void;
}

const EXPERIMENT = "supcon-sprs/table3";

/**
 * One cell of one table, from whatever is on the machine: recordings where they are found, else made-up sounds. Ends with a table, a
 * report page and a tracked run; tracking that cannot be had is said and does not fail the run.
 */
export async function firstRun(options: FirstRunOptions): Promise<{ table: string; report: string; tracking: string }> {
  const { say } = options;
  const { dataDir, instead } = recordingsOrMadeUp(options.data);
  if (instead) {
    say(
      `No recordings in ${dataFolder()}: using made-up breath sounds. (Point AUSCULT_DATA at a folder that holds sprsound/ for the real ones.)`,
    );
  }

  const { tables, failed, runs, exitCode } = await runExperiments({
    ids: [EXPERIMENT],
    plan: { rows: ["ResNet 18"], tasks: ["11"], protocols: ["honest"], profile: options.profile, dataDir },
    dryRun: false,
    signal: options.signal,
    onProgress: options.onProgress,
    say,
  });
  if (failed > 0) throw new UserError(runs.find((run) => run.state === "failed")!.error!, exitCode);

  const report = path.join(options.mlruns, "report.html");
  const model = reportModel(await findExperiment(EXPERIMENT), allRecords(say));
  writeFileAtomic(report, renderReport(model, { plotlyScript: plotlyScript() }));

  return { table: tables[0]!.text, report, tracking: await trackedAt(runs[0]!.folder, options) };
}

async function trackedAt(runFolder: string, { mlruns, say }: FirstRunOptions): Promise<string> {
  try {
    const server = await ensureServer({ mlrunsFolder: mlruns, say });
    const sent = await syncAll(mlruns);
    const run = trackedRun(runFolder);
    const address = run ? runAddress(server.uri, run) : listAddress(server.uri);
    return sent.problem ? `${address} (${describeSync(sent)})` : address;
  } catch (error) {
    return `not sent: ${(error as Error).message.split("\n")[0]}; \`npx auscult ui\` sends it later`;
  }
}
