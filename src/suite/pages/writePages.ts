import path from "node:path";
import { writeFileAtomic } from "../../node/atomicFile.js";
import { projectRoot } from "../../node/paths.js";
import { papersWithFacts } from "../registry.js";
import { pageModel } from "./pageModel.js";
import { paperPage } from "./paperPage.js";

/** `docs/papers/<paper>.md`. */
export function pageFile(paper: string): string {
  return path.join(projectRoot(), "docs", "papers", `${paper}.md`);
}

/**
 * Writes the pages of papers from the registry and the committed results. Answers the files, relative to the project.
 * @param papers their folders in `experiments/`; none: all that have facts
 * @throws UserError for a paper that has none
 */
export async function writePages(papers: readonly string[], warn: (message: string) => void): Promise<string[]> {
  const files: string[] = [];
  for (const paper of papers.length > 0 ? papers : papersWithFacts()) {
    writeFileAtomic(pageFile(paper), paperPage(await pageModel(paper, warn)));
    files.push(path.relative(projectRoot(), pageFile(paper)));
  }
  return files;
}
