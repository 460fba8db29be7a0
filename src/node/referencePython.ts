import { existsSync } from "node:fs";
import path from "node:path";
import { UserError } from "../userError.js";
import { projectRoot } from "./paths.js";

/**
 * The Python of the reference environment: AUSCULT_REFERENCE_PYTHON, else the one that `npm run setup:reference` makes.
 *
 * @param packages that it must have, for the message
 * @param why it is needed, for the message
 * @throws UserError where it is not there
 */
export function referencePython(packages: string, why = "the tools to compare with are not installed"): string {
  const python = process.env.AUSCULT_REFERENCE_PYTHON ?? path.join(projectRoot(), ".venv-reference", "bin", "python");
  if (existsSync(python)) return python;
  throw new UserError(
    `no ${python}: ${why}. \`npm run setup:reference\` installs them (7 GB), or AUSCULT_REFERENCE_PYTHON names a Python that has ${packages}`,
  );
}
