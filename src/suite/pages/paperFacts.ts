/**
 * The type of `experiments/<paper>/paper.ts`: what a paper's page says that no entry holds, written by hand. Texts are Markdown, formulas
 * in GitHub's form (`$...$`, and ```` ```math ````).
 */
export interface PaperFacts {
  /** The folder's name, such as "supcon-sprs". */
  paper: string;
  /** In a few words, for the page's heading. */
  title: string;
  citation: string;
  /** What the paper set out to do and what it prints of it, in two or three sentences. */
  summary: string;
  /** The notebook that goes through it, such as "6-supcon". */
  notebook: string;
  /** What it built, by part. */
  system: readonly { part: string; text: string }[];
  /** Where our runs are not the paper's, and why; budgets, missing data and open decisions are told from the runs and the registry. */
  differs: readonly { what: string; why: string }[];
  /** What of the paper is left out here, and why; rows that are not built are told from the registry. */
  leftOut: readonly string[];
}
