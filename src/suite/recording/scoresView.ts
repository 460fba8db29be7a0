import { savedView } from "../../tracking/savedView.js";
import { scoresViewId } from "../../tracking/trackerPage.js";

/** The view that `auscult ui` opens: the trainings without the rows above them, and the scores of each. */
export function scoresView(): Record<string, string> {
  const columns = [
    { kind: "metrics", key: "summary/score", width: 125 },
    { kind: "metrics", key: "summary/scoreLow", width: 145 },
    { kind: "metrics", key: "summary/scoreHigh", width: 150 },
    { kind: "metrics", key: "summary/se", width: 100 },
    { kind: "metrics", key: "summary/sp", width: 100 },
    { kind: "tags", key: "task", width: 65 },
    { kind: "tags", key: "protocol", width: 90 },
    { kind: "tags", key: "profile", width: 80 },
    { kind: "tags", key: "seed", width: 65 },
  ] as const;
  return savedView(scoresViewId, "Scores", { search: "tags.seed != ''", columns });
}
