import { savedView } from "../tracking/savedView.js";
import { scoresViewId } from "../tracking/trackerPage.js";

/** The view that `auscult ui` opens: each run's scores beside the printed one's name, and what was run. */
export function scoresView(): Record<string, string> {
  return savedView(scoresViewId, "Scores", [
    { kind: "metrics", key: "summary/score", width: 125 },
    { kind: "metrics", key: "summary/scoreLow", width: 145 },
    { kind: "metrics", key: "summary/scoreHigh", width: 150 },
    { kind: "metrics", key: "summary/se", width: 110 },
    { kind: "metrics", key: "summary/sp", width: 110 },
    { kind: "metrics", key: "summary/chosenEpoch", width: 170 },
    { kind: "tags", key: "task", width: 65 },
    { kind: "tags", key: "protocol", width: 90 },
    { kind: "tags", key: "profile", width: 80 },
    { kind: "tags", key: "seed", width: 65 },
  ]);
}
