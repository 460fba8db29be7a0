import { entryState } from "../reporting/entryState.js";
import { entrySection } from "./entrySection.js";
import { markdownList, markdownTable, plain } from "./markdown.js";
import type { EntryOfPage, PageModel } from "./pageModel.js";
import { runsSection } from "./runsSection.js";

/** The command that writes the pages. */
export const PAGES_COMMAND = "npx auscult results pages";

/** What a decision changes, in words. */
const CHANGES: Record<string, string> = { headline: "the headline numbers", table: "single tables", little: "little" };

/** The page of a paper as GitHub's Markdown: what it says, what ran, what differs. The same registry and results give the same text. */
export function paperPage({ facts, entries, decisions, runs }: PageModel): string {
  const { paper, title, citation, summary, notebook, system, differs, leftOut } = facts;
  const parts = [
    `<!-- Made by \`${PAGES_COMMAND}\` from experiments/${paper}/ and experiments/ambiguities.ts: change those, not this page. -->`,
    `# ${title}`,
    `${plain(citation)}.`,
    summary,
    `The notebook [${notebook}](../../notebooks/${notebook}.ipynb) goes through it live.`,
    "## What the paper says",
    ...system.map(({ part, text }) => `### ${part}\n\n${text}`),
    "## What there is",
    overview(entries),
    "## What ran",
    runsSection(runs),
    "## What differs from the paper, and why",
    markdownTable(
      ["what", "why"],
      differs.map(({ what, why }) => [what, why]),
    ),
    "## Tables and figures",
    ...entries.map(entrySection),
    "## Decisions",
    "What print leaves open or answers twice, and how it is decided here.",
    decisionTable(decisions, entries),
    "## What is not built, and what is left out",
    markdownList([...notBuilt(entries), ...leftOut]),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function overview(entries: readonly EntryOfPage[]): string {
  const lines = entries.map(({ entry, model }) => [
    `[${plain(entry.title)}](#${anchor(entry.title)})`,
    `\`${entry.id}\``,
    entry.kind,
    plain(entryState(model)),
  ]);
  return markdownTable(["entry", "id", "kind", "state"], lines);
}

/** GitHub's address of a heading. */
function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replace(/\s/g, "-");
}

function decisionTable(decisions: PageModel["decisions"], entries: readonly EntryOfPage[]): string {
  const lines = decisions.map(({ number, question, decision, severity }) => [
    String(number),
    plain(question),
    plain(decision),
    CHANGES[severity] ?? severity,
    entries.flatMap(({ entry }) => (entry.ambiguities.includes(number) ? [entry.id.split("/")[1]!] : [])).join(", "),
  ]);
  return markdownTable([{ right: "" }, "question", "decision", "it changes", "bears on"], lines);
}

function notBuilt(entries: readonly EntryOfPage[]): string[] {
  return entries.flatMap(({ entry }) => {
    const names = entry.rows.filter(({ state }) => state === "not built").map(({ name }) => plain(name));
    if (names.length === 0) return [];
    return [`${plain(entry.title)}: ${names.length === entry.rows.length ? "all of it" : names.join("; ")}.`];
  });
}
