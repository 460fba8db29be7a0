import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Ambiguity } from "../../experiments/ambiguities.js";
import { projectRoot } from "../node/paths.js";
import type { Paper } from "../papers/paper.js";
import { UserError } from "../userError.js";
import type { ExperimentEntry } from "./entry.js";
import { nearest } from "./nearest.js";
import type { PaperFacts } from "./pages/paperFacts.js";

/** What is said of a paper as a whole, beside its entries. */
const FACTS_FILE = "paper.ts";

const folder = () => path.join(projectRoot(), "experiments");

/** The ids of all entries, from the files that are there: `experiments/<paper>/<entry>.ts`. */
export function experimentIds(): string[] {
  return readdirSync(folder(), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap((paper) =>
      readdirSync(path.join(folder(), paper.name))
        .filter((file) => file.endsWith(".ts") && file !== FACTS_FILE)
        .map((file) => `${paper.name}/${file.slice(0, -3)}`),
    )
    .sort((a, b) => placeOf(a).localeCompare(placeOf(b), "en", { numeric: true }));
}

/** Papers by name; of each the tables, then figures, then what else it prints, counts in the text last. */
function placeOf(id: string): string {
  const [paper, name] = id.split("/") as [string, string];
  const kinds = [/^table/, /^fig/, /^(?!text-counts)/];
  const kind = kinds.findIndex((one) => one.test(name));
  return `${paper} ${kind < 0 ? kinds.length : kind} ${name}`;
}

/** One entry. Throws UserError with the nearest names for an id that is not there. */
export async function findExperiment(id: string): Promise<ExperimentEntry> {
  const ids = experimentIds();
  if (!ids.includes(id)) {
    throw new UserError(`experiment "${id}" is not known${nearest(id, ids)}; \`npx auscult list\` shows all`);
  }
  return loadEntry(id);
}

async function loadEntry(id: string): Promise<ExperimentEntry> {
  const file = path.join(folder(), `${id}.ts`);
  const { entry } = (await import(pathToFileURL(file).href)) as { entry: ExperimentEntry };
  if (entry.id !== id) throw new Error(`${file}: its entry is called ${entry.id}`);
  return entry;
}

/** All entries, in the order of their ids. */
export function allExperiments(): Promise<ExperimentEntry[]> {
  return Promise.all(experimentIds().map(loadEntry));
}

/** The decided ambiguities, by number. */
export async function decidedAmbiguities(): Promise<readonly Ambiguity[]> {
  const file = path.join(folder(), "ambiguities.ts");
  return ((await import(pathToFileURL(file).href)) as { AMBIGUITIES: readonly Ambiguity[] }).AMBIGUITIES;
}

/** The papers whose folder holds facts for a page, by name. */
export function papersWithFacts(): string[] {
  return readdirSync(folder())
    .filter((name) => existsSync(path.join(folder(), name, FACTS_FILE)))
    .sort();
}

/** What `experiments/<paper>/paper.ts` says. Throws UserError for a paper that has none. */
export async function paperFacts(paper: string): Promise<PaperFacts> {
  const known = papersWithFacts();
  if (!known.includes(paper)) {
    throw new UserError(
      `there are no facts for a page of "${paper}"${nearest(paper, known)}; there are of ${known.join(", ")}`,
    );
  }
  const file = path.join(folder(), paper, FACTS_FILE);
  return ((await import(pathToFileURL(file).href)) as { facts: PaperFacts }).facts;
}

/** The code of a paper: `src/papers/<id in camel case>/index.ts`. */
export async function findPaper(id: string): Promise<Paper> {
  const name = id.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  const file = path.join(projectRoot(), "src", "papers", name, "index.ts");
  const { paper } = (await import(pathToFileURL(file).href)) as { paper: Paper };
  return paper;
}
