import { pathBelow } from "./files.js";
import type { Problem } from "./problem.js";

/** Problems in the order found, their files named from the root of the data set. */
export class ProblemList {
  private readonly root: string;
  private readonly problems: Problem[] = [];
  private readonly gathered = new Map<string, Problem>();

  constructor(root: string) {
    this.root = root;
  }

  /** One problem of one file. */
  add(file: string, what: string, severity: Problem["severity"], line?: number): void {
    this.problems.push({ file: pathBelow(this.root, file), ...(line === undefined ? {} : { line }), what, severity });
  }

  /** A problem that many files may have: told once, at the first of them, with a count. */
  gather(file: string, what: string, severity: Problem["severity"]): void {
    const known = this.gathered.get(what);
    if (known) {
      known.count = (known.count ?? 1) + 1;
      return;
    }
    const problem: Problem = { file: pathBelow(this.root, file), what, severity, count: 1 };
    this.gathered.set(what, problem);
    this.problems.push(problem);
  }

  /** A problem that these files have, told once, at the first of them; nothing where there is no file. */
  addOf(files: readonly string[], what: string, severity: Problem["severity"]): void {
    const places = files.map((file) => pathBelow(this.root, file));
    const [file] = places;
    if (file === undefined) return;
    this.problems.push({ file, what, severity, count: places.length, ...(places.length > 1 ? { files: places } : {}) });
  }

  list(): Problem[] {
    return this.problems;
  }
}

/** The same note about several files told once, at the first of them, with a count; all else as it is. */
export function gatherNotes(problems: readonly Problem[]): Problem[] {
  const first = new Map<string, Problem>();
  return problems.flatMap((problem) => {
    if (problem.severity !== "note" || problem.count !== undefined) return [problem];
    const known = first.get(problem.what);
    if (known) {
      known.count = (known.count ?? 1) + 1;
      return [];
    }
    const kept = { ...problem };
    first.set(problem.what, kept);
    return [kept];
  });
}
