import { existsSync } from "node:fs";
import path from "node:path";
import { projectRoot } from "../node/paths.js";
import { UserError } from "../userError.js";

/**
 * The Python of the tools to compare with: AUSCULT_REFERENCE_PYTHON, else the project's reference environment.
 *
 * @param packages that it must have, for the message
 * @throws UserError where it is not there
 */
export function referencePython(packages: string): string {
  const python = process.env.AUSCULT_REFERENCE_PYTHON ?? path.join(projectRoot(), ".venv-reference", "bin", "python");
  if (existsSync(python)) return python;
  throw new UserError(
    `no ${python}: the tools to compare with are not installed. \`npm run setup:reference\` installs them (7 GB), or AUSCULT_REFERENCE_PYTHON names a Python that has ${packages}`,
  );
}
