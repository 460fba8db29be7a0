import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { mlrunsFolder } from "../../node/paths.js";
import { isDone } from "../running/doneMarker.js";
import { readPlan } from "../runPlan.js";

/** The run folders of this machine, as they were when this was made, found by what they hold. */
export class RunFolders {
  private readonly runs = path.join(mlrunsFolder(), "runs");
  private readonly byDigits = new Map<string, string[]>();

  constructor() {
    if (!existsSync(this.runs)) return;
    for (const name of readdirSync(this.runs)) {
      const digits = name.slice(name.lastIndexOf("_") + 1);
      const before = this.byDigits.get(digits);
      if (before) before.push(name);
      else this.byDigits.set(digits, [name]);
    }
  }

  /**
   * The id of a run with this signature: `name` followed by its first digits, unless the run was done, or else begun, under the name of
   * another experiment or row.
   */
  idOf(signature: string, name: string): string {
    const digits = signature.slice(0, 8);
    const own = `${name}_${digits}`;
    const others = this.byDigits.get(digits) ?? [];
    if (others.length === 0 || others.includes(own)) return own;
    const same = others.filter((id) => this.signatureIn(id) === signature);
    return same.find((id) => isDone(path.join(this.runs, id))) ?? same[0] ?? own;
  }

  folderOf(id: string): string {
    return path.join(this.runs, id);
  }

  /** A damaged folder is nobody's: whoever asks for that run by its own name hears of it. */
  private signatureIn(id: string): string | undefined {
    try {
      return readPlan(this.folderOf(id))?.signature;
    } catch {
      return undefined;
    }
  }
}
