/** A column of MLflow's table of runs, and its width in pixels. */
export interface ViewColumn {
  kind: "metrics" | "params" | "tags";
  key: string;
  width: number;
}

const prefix = "mlflow.sharedViewState.";

/** The tag of an experiment by which MLflow's page knows a saved view. */
export function savedViewTag(id: string): string {
  return `${prefix}${id}`;
}

/**
 * A view of an experiment's runs as MLflow's page saves it (3.17, in tags of the experiment; "Views" lists it): the runs that a
 * search finds, by name, with these columns, the first of them leftmost.
 * @param id stands in the page's address as `viewStateShareKey`
 */
export function savedView(
  id: string,
  name: string,
  { search, columns }: { search: string; columns: readonly ViewColumn[] },
): Record<string, string> {
  const runName = "attributes.`Run Name`";
  const keys = columns.map(({ kind, key }) => `${kind}.\`${key}\``);
  const state = {
    // By any other key than the time the page folds nothing away.
    ...{ orderByKey: "tags.`mlflow.runName`", orderByAsc: true, searchFilter: search, startTime: "ALL" },
    ...{ lifecycleFilter: "Active", modelVersionFilter: "All Runs", datasetsFilter: [] },
    // Of how many runs the charts have a line.
    runsHiddenMode: "FIRST_20_RUNS",
    selectedColumns: keys,
    columnOrder: [runName, "runDateAndNestInfo", ...keys, "duration"],
    columnWidths: { [runName]: 340, ...Object.fromEntries(columns.map(({ width }, at) => [keys[at], width])) },
  };
  // The same text for each run, so that the tag never changes.
  const time = Date.UTC(2024, 0);
  return {
    [savedViewTag(id)]: JSON.stringify({ name, createdAt: time, updatedAt: time, state: JSON.stringify(state) }),
  };
}
