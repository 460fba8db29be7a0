import { randomBytes } from "node:crypto";
import { userInfo } from "node:os";
import path from "node:path";
import { gitTags } from "./gitRevision.js";

/** The program that runs, relative to the working folder where it lies below it. */
function programName(): string {
  const file = process.argv[1];
  if (!file) return "<console>";
  const inside = path.relative(process.cwd(), file);
  return inside.startsWith("..") || path.isAbsolute(inside) ? file : inside.split(path.sep).join("/");
}

/** Who ran what, in the tags of MLflow's own clients; the Git revision is that of the program's folder. */
export function sourceTags(options: { username?: string; git: boolean }): Record<string, string> {
  const tags: Record<string, string> = { "mlflow.source.name": programName(), "mlflow.source.type": "LOCAL" };
  try {
    tags["mlflow.user"] = options.username ?? userInfo().username;
  } catch {
    // A container may have no name for its user.
  }
  return options.git ? { ...tags, ...gitTags(process.argv[1] ? path.dirname(process.argv[1]) : ".") } : tags;
}

/** The name of a run that was given none: program, time, and four digits against equal ones. */
export function generatedRunName(): string {
  const program = path.parse(process.argv[1] ?? "").name || "run";
  const time = new Date().toISOString().slice(0, 19).replace(/[-:]/g, "").replace("T", "-");
  return `${program.slice(0, 100)}-${time}-${randomBytes(2).toString("hex")}`;
}
