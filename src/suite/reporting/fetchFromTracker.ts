import { openTracker } from "../../tracking/openTracker.js";
import { allSummaries } from "../summaries.js";
import { chosenIds } from "./reportModels.js";
import { fetchTrackedRecords } from "./trackedRecords.js";

/** Opens the tracking server and fetches the records that only it has. @param ids as a report is asked for them */
export async function fetchFromTracker(ids: readonly string[], warn: (message: string) => void): Promise<string[]> {
  const chosen = chosenIds(ids);
  const { client } = await openTracker({ say: warn });
  const known = new Set(allSummaries(warn).map(({ runId }) => runId));
  return fetchTrackedRecords({ client, ids: chosen, known, warn });
}
