import { existsSync } from "node:fs";
import path from "node:path";
import { projectRoot } from "../node/paths.js";
import { UserError } from "../userError.js";

/** A program of the project's own Python environment. Throws `UserError` when the set-up was not done. */
export function pythonProgram(name: "python" | "jupyter"): string {
  const program = path.join(projectRoot(), ".venv", "bin", name);
  if (existsSync(program)) return program;
  throw new UserError(`${program} is missing. Run \`npm run setup\` in the project's folder, then try again.`, 1);
}

/**
 * The environment in which Jupyter finds this project's kernel and settings, beside those of the user, and in which the
 * kernel runs on the Node that runs now.
 */
export function jupyterEnvironment(base: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const root = projectRoot();
  const before = (first: string, rest: string | undefined) => (rest ? first + path.delimiter + rest : first);
  return {
    ...base,
    JUPYTER_PATH: before(path.join(root, "scripts", "jupyter"), base.JUPYTER_PATH),
    JUPYTER_CONFIG_PATH: before(path.join(root, "scripts", "jupyter", "config"), base.JUPYTER_CONFIG_PATH),
    PATH: before(path.dirname(process.execPath), base.PATH),
    AUSCULT_ROOT: root,
    // They may be relative to where the command was typed; the kernel runs elsewhere.
    ...Object.fromEntries(
      ["AUSCULT_DATA", "AUSCULT_CACHE", "AUSCULT_MLRUNS"].flatMap((name) =>
        base[name] ? [[name, path.resolve(base[name])]] : [],
      ),
    ),
  };
}
