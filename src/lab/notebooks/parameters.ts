import { nearest } from "../../suite/nearest.js";
import { UserError } from "../../userError.js";
import { type Declaration, letDeclarations } from "./letDeclarations.js";
import { type Cell, cellText, type Notebook } from "./notebook.js";
import { describeType, NotOfType, readValue } from "./parameterTypes.js";

/** The parameters of a notebook: what its cell tagged `parameters` declares by `let name: type = default;`, in order. */
export function parametersOf(notebook: Notebook): Declaration[] {
  const cell = parametersCell(notebook);
  return cell ? letDeclarations(cellText(cell)) : [];
}

/**
 * A copy of the notebook with one more cell after its parameters, which assigns the given values. Assignments keep the
 * declared types, so the kernel's type check refuses what the notebook does not allow and is not seen here.
 * @param assignments such as "epochs=3", see `readValue` for how the value is written
 * Throws `UserError` for a name that the notebook does not declare, a value of another type and a name given twice.
 */
export function withParameters(notebook: Notebook, assignments: readonly string[]): Notebook {
  if (assignments.length === 0) return notebook;
  const values = parameterValues(notebook, assignments);
  const lines = Object.entries(values).map(([name, value]) => `  ${name} = ${JSON.stringify(value)};`);
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

/** All parameters of a notebook as TypeScript's literals: the given values, else the defaults. Throws as `withParameters` does. */
export function parameterTexts(notebook: Notebook, assignments: readonly string[]): Record<string, string> {
  const given = Object.entries(parameterValues(notebook, assignments));
  return Object.fromEntries([
    ...parametersOf(notebook).map(({ name, literal }) => [name, literal]),
    ...given.map(([name, value]) => [name, String(JSON.stringify(value))]),
  ]);
}

/** The values that assignments give to a notebook's parameters, by name. */
function parameterValues(notebook: Notebook, assignments: readonly string[]): Record<string, unknown> {
  const parameters = parametersOf(notebook);
  const values: Record<string, unknown> = {};
  for (const assignment of assignments) {
    const at = assignment.indexOf("=");
    const name = assignment.slice(0, Math.max(at, 0)).trim();
    if (at < 1) throw new UserError(`-p ${assignment} is not of the form name=value.`);
    const parameter = parameters.find((one) => one.name === name);
    if (!parameter) throw new UserError(unknown(name, parameters));
    if (name in values)
      throw new UserError(`-p ${name} is given twice. All values of a list stand in one: -p ${name}=first,second`);
    values[name] = valueFor(parameter, assignment.slice(at + 1));
  }
  return values;
}

function valueFor({ name, type, literal }: Declaration, text: string): unknown {
  try {
    return readValue(text, type);
  } catch (error) {
    if (!(error instanceof NotOfType)) throw error;
    throw new UserError(`-p ${name}=${text}: ${error.message}. The default is ${literal}.`);
  }
}

function unknown(name: string, parameters: readonly Declaration[]): string {
  if (parameters.length === 0) return `-p ${name}: this notebook takes no parameters.`;
  const names = parameters.map((one) => one.name);
  const lines = parameters.map((one) => `  ${one.name}=${one.literal}  ${describeType(one.type)}`);
  return `-p ${name}: this notebook has no such parameter${nearest(name, names)}. It has:\n${lines.join("\n")}`;
}

function parametersCell(notebook: Notebook): Cell | undefined {
  return notebook.cells.find((cell) => cell.cell_type === "code" && cell.metadata.tags?.includes("parameters"));
}
