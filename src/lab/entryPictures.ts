import { findExperiment } from "../suite/registry.js";
import { figureOfPicture } from "../suite/reporting/pictureFigure.js";
import { picturesOf } from "../suite/reporting/pictures.js";
import { reportModel } from "../suite/reporting/report.js";
import { allRecords, type RunRecord } from "../suite/runRecord.js";
import { show } from "./display.js";

/**
 * Shows the pictures that an experiment's entry consists of, as its report has them.
 * @param experiment such as "cycleguardian/fig11"
 * @param records whose; where not told, those of all runs of this machine and the committed ones
 */
export async function showEntryPictures(
  experiment: string,
  records: readonly RunRecord[] = allRecords((warning) => console.warn(warning)),
): Promise<void> {
  const entry = await findExperiment(experiment);
  for (const picture of picturesOf(entry, records, reportModel(entry, records)).pictures ?? [])
    show(figureOfPicture(picture));
}
