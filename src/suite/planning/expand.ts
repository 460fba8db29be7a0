import type { Protocol } from "../../datasets/split.js";
import { UserError } from "../../userError.js";
import type { ExperimentEntry, ExperimentRow } from "../entry.js";
import { nearest } from "../nearest.js";
import { requireChoice } from "./requireChoice.js";

/** Which runs were asked for; all of what is not said. */
export interface AskedCells {
  rows?: readonly string[];
  tasks?: readonly string[];
  folds?: readonly string[];
  protocols?: readonly Protocol[];
  seeds?: readonly number[];
}

/** One run of an experiment, before its settings. */
export interface RunCell {
  experiment: string;
  row: string;
  task: string;
  fold?: string;
  protocol: Protocol;
  seed: number;
}

/**
 * Expands an entry into runs, each once: rows x tasks x folds x protocols x seeds. A row that stands on another's runs asks for those.
 *
 * @param others entries that rows refer to, by id
 * Throws UserError for what the entry does not have, with what it has.
 */
export function expand(
  entry: ExperimentEntry,
  asked: AskedCells,
  others: ReadonlyMap<string, ExperimentEntry> = new Map(),
): RunCell[] {
  const { seeds = [0] } = asked;
  for (const seed of seeds)
    if (!Number.isSafeInteger(seed) || seed < 0)
      throw new UserError(`--seed ${seed}: must be a whole number, 0 or more`);
  const rows = rowsOf(entry, asked.rows);
  for (const task of asked.tasks ?? []) requireChoice("--task", task, entry.tasks, entry.id, "task");
  for (const fold of asked.folds ?? []) requireChoice("--fold", fold, entry.folds ?? [], entry.id, "fold");
  const usual = entry.protocols.includes("honest") ? (["honest"] as const) : entry.protocols.slice(0, 1);
  const protocols = asked.protocols ?? usual;
  for (const protocol of protocols) requireChoice("--protocol", protocol, entry.protocols, entry.id, "protocol");

  const cells = new Map<string, RunCell>();
  for (const row of rows) {
    const home = homeOf(entry, row, others);
    for (const task of within(asked.tasks ?? entry.tasks, home.task, asked.tasks)) {
      for (const fold of within(asked.folds ?? entry.folds ?? [undefined], home.fold, asked.folds)) {
        for (const protocol of protocols) {
          for (const seed of seeds) {
            const cell = {
              experiment: home.experiment,
              row: home.row,
              task,
              ...(fold !== undefined && { fold }),
              protocol,
              seed,
            };
            cells.set(JSON.stringify(cell), cell);
          }
        }
      }
    }
  }
  return [...cells.values()];
}

/** What the row stands on where it names a task or fold, unless something else was asked for. */
function within<T>(all: readonly T[], home: T | undefined, asked: readonly T[] | undefined): readonly T[] {
  if (home === undefined) return all;
  return asked === undefined || asked.includes(home) ? [home] : [];
}

function rowsOf(entry: ExperimentEntry, asked: readonly string[] | undefined): ExperimentRow[] {
  const built = entry.rows.filter(({ state }) => state === "built");
  if (asked === undefined) return built;
  const names = entry.rows.map(({ name }) => name);
  const has = built.length > 0 ? `built: ${built.map(({ name }) => `"${name}"`).join(", ")}` : "none of its rows is";
  return asked.map((name) => {
    const row = entry.rows.find((one) => one.name === name);
    if (!row)
      throw new UserError(
        `--row "${name}": ${entry.id} has no such row${nearest(name, names)}; it has ${names.map((one) => `"${one}"`).join(", ")}`,
      );
    if (row.state === "built") return row;
    if (row.state === "not built") throw new UserError(`--row "${name}" of ${entry.id} is not built yet; ${has}`);
    const what =
      row.state === "literature" ? "a constant that the paper quotes" : "counted from annotations, not trained";
    throw new UserError(`--row "${name}" of ${entry.id} is ${what}: there is nothing to run; ${has}`);
  });
}

/** Whose runs a row stands on, followed to the end. Throws an Error for a reference that leads nowhere: the entry is wrong. */
export function homeOf(
  entry: ExperimentEntry,
  row: ExperimentRow,
  others: ReadonlyMap<string, ExperimentEntry>,
): { experiment: string; row: string; task?: string; fold?: string } {
  let at = { entry, row };
  let cell: { task?: string; fold?: string } = {};
  for (let steps = 0; at.row.runs; steps++) {
    const { experiment = at.entry.id, row: name = at.row.name, task, fold } = at.row.runs;
    cell = { ...(task !== undefined && { task }), ...(fold !== undefined && { fold }), ...cell };
    const isItself = experiment === at.entry.id && name === at.row.name;
    if (isItself) break;
    const next = experiment === entry.id ? entry : others.get(experiment);
    const found = next?.rows.find((one) => one.name === name);
    if (!next || !found || steps > 10)
      throw new Error(
        `${entry.id}, row "${row.name}": there is no row "${name}" of ${experiment} whose runs it could have`,
      );
    at = { entry: next, row: found };
  }
  return { experiment: at.entry.id, row: at.row.name, ...cell };
}
