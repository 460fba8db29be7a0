import { existsSync } from "node:fs";
import path from "node:path";
import { projectRoot } from "../node/paths.js";
import { UserError } from "../userError.js";

/** The Python environment of the project: `AUSCULT_VENV`, else `.venv` in the project root. It need not exist. */
export function pythonEnvironment(): string {
  return path.resolve(process.env.AUSCULT_VENV || path.join(projectRoot(), ".venv"));
}

/** MLflow's program in that environment; undefined when it is not installed. */
export function findMlflow(): string | undefined {
  const [folder, name] = process.platform === "win32" ? ["Scripts", "mlflow.exe"] : ["bin", "mlflow"];
  const file = path.join(pythonEnvironment(), folder!, name!);
  return existsSync(file) ? file : undefined;
}

/** MLflow's program. Throws `UserError` that says how to get it. */
export function requireMlflow(): string {
  const file = findMlflow();
  if (file) return file;
  throw new UserError(
    `MLflow is not installed in ${pythonEnvironment()}: run \`npm run setup\`, or set MLFLOW_TRACKING_URI to a server that runs elsewhere`,
    1,
  );
}
