import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { notebookNames } from "../../../src/lab/notebooks/notebook.js";
import { pageModel } from "../../../src/suite/pages/pageModel.js";
import { PAGES_COMMAND, paperPage } from "../../../src/suite/pages/paperPage.js";
import { pageFile } from "../../../src/suite/pages/writePages.js";
import { paperFacts, papersWithFacts } from "../../../src/suite/registry.js";

describe.each(papersWithFacts())("the page of %s", (paper) => {
  test("is what the registry and the committed results give", async () => {
    const file = pageFile(paper);
    const made = paperPage(await pageModel(paper, () => {}));
    const kept = existsSync(file) ? readFileSync(file, "utf8") : "";
    expect(kept, `docs/papers/${paper}.md is out of date: \`${PAGES_COMMAND}\` writes it anew`).toBe(made);
  });

  test("names its own folder, and every table has as many cells in each line as its heading", async () => {
    const page = paperPage(await pageModel(paper, () => {}));
    const facts = await paperFacts(paper);
    expect(facts.paper).toBe(paper);
    expect(notebookNames()).toContain(facts.notebook);
    const cells = (line: string) => line.replaceAll("\\|", "").split("|").length;
    const tables = page.split("\n\n").filter((part) => part.startsWith("| "));
    expect(tables.length).toBeGreaterThan(5);
    for (const table of tables) expect(new Set(table.split("\n").map(cells)).size, table).toBe(1);
  });
});
