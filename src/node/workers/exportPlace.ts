import path from "node:path";
import { pathToFileURL } from "node:url";
import { projectRoot } from "../paths.js";

/** Something that a module of this project exports. Functions cannot be sent to a worker: it is told where to find them. */
export interface ExportPlace {
  /** The module, from the project's folder, such as "src/node/featureStore/buildProgram.ts". */
  file: string;
  /** Under which it exports it. */
  name: string;
  /** Of a function that makes it: what to call it with. */
  args?: readonly unknown[];
}

/** For workers, whose loader takes TypeScript by its path. @throws Error when there is no such export */
export async function loadExport<T>({ file, name, args }: ExportPlace): Promise<T> {
  const module = (await import(pathToFileURL(path.resolve(projectRoot(), file)).href)) as Record<string, unknown>;
  if (module[name] === undefined) throw new Error(`${file} exports no ${name}`);
  const found = module[name];
  return (args ? (found as (...args: readonly unknown[]) => T)(...args) : found) as T;
}
