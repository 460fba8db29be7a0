import { UserError } from "../userError.js";
import { type Cell, cellText, type Notebook } from "./notebook.js";

/** A parameter that a notebook declares: `let name: type = default;` in its cell tagged `parameters`. */
export interface Parameter {
  name: string;
  /** The default, as written. */
  literal: string;
}

const declaration = /^\s*let\s+([A-Za-z_$][\w$]*)\s*(?::[^=]*)?=\s*(.*?);?\s*(?:\/\/.*)?$/;

/** The parameters of a notebook, in order; none when no cell is tagged `parameters`. */
export function parametersOf(notebook: Notebook): Parameter[] {
  const cell = parametersCell(notebook);
  if (!cell) return [];
  return cellText(cell)
    .split("\n")
    .flatMap((line) => {
      const match = declaration.exec(line);
      return match ? [{ name: match[1]!, literal: match[2]! }] : [];
    });
}

/**
 * A copy of the notebook with one more cell after its parameters, which assigns the given values. Assignments keep the
 * declared types, so the kernel's type check refuses what the notebook does not allow.
 * @param assignments such as "epochs=3"; a value is read as what the default is: text, number, boolean, else JSON
 * Throws `UserError` for a name that the notebook does not declare and for a value of another kind.
 */
export function withParameters(notebook: Notebook, assignments: readonly string[]): Notebook {
  if (assignments.length === 0) return notebook;
  const parameters = parametersOf(notebook);
  const lines = assignments.map((assignment) => {
    const at = assignment.indexOf("=");
    const name = assignment.slice(0, Math.max(at, 0)).trim();
    if (at < 1) throw new UserError(`-p ${assignment} is not of the form name=value.`);
    const parameter = parameters.find((one) => one.name === name);
    if (!parameter)
      throw new UserError(
        parameters.length === 0
          ? `-p ${name}: this notebook takes no parameters.`
          : `-p ${name}: this notebook has no such parameter. It has: ${parameters.map((one) => `${one.name} (${one.literal})`).join(", ")}.`,
      );
    return `  ${name} = ${literalLike(parameter, assignment.slice(at + 1))};`;
  });
  const injected: Cell = {
    cell_type: "code",
    id: "injected-parameters",
    metadata: { tags: ["injected-parameters"] },
    execution_count: null,
    outputs: [],
    // A block, since the kernel prints the value of a last expression.
    source: `{\n${lines.join("\n")}\n}`,
  };
  const at = notebook.cells.indexOf(parametersCell(notebook)!) + 1;
  return { ...notebook, cells: [...notebook.cells.slice(0, at), injected, ...notebook.cells.slice(at)] };
}

function parametersCell(notebook: Notebook): Cell | undefined {
  return notebook.cells.find((cell) => cell.cell_type === "code" && cell.metadata.tags?.includes("parameters"));
}

/** `value` as a TypeScript literal of the same kind as the parameter's default. */
function literalLike({ name, literal }: Parameter, value: string): string {
  const refuse = (right: string) =>
    new UserError(`-p ${name}=${value}: ${right} is needed here (the default is ${literal}).`);
  if (/^["'`]/.test(literal)) return JSON.stringify(value);
  if (/^(true|false)$/.test(literal)) {
    if (value === "true" || value === "false") return value;
    throw refuse("true or false");
  }
  if (/^[-+.\d]/.test(literal)) {
    if (value.trim() !== "" && Number.isFinite(Number(value))) return String(Number(value));
    throw refuse("a number");
  }
  try {
    return JSON.stringify(JSON.parse(value));
  } catch {
    throw refuse("JSON");
  }
}
