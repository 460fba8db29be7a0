import path from "node:path";
import type { RayJobRequest } from "./rayJobs.js";
import { NOT_SHARED } from "./slurmScript.js";
import type { Submission } from "./submission.js";

/** By which Ray knows the job of a submission. */
export function rayJobName(id: string): string {
  return `auscult-${id}`;
}

/** The program that places a submission's tasks, as the head finds it. */
export function rayDriver({ project }: Pick<Submission, "project">): string {
  return path.join(project, "scripts", "python", "rayDriver.py");
}

/**
 * The one job of a submission: on the head, checks that it sees the shared folder, then becomes the driver. Ray does not put its own Python
 * on the path of a job; the head's raylet, which the job's parent names in its environment, was told which one starts workers.
 */
export function rayJob(submission: Submission): RayJobRequest {
  const { id, folder, token } = submission;
  const driver = [rayDriver(submission), folder, path.dirname(process.execPath)].map(quoted).join(" ");
  const own = "s/.*--python_worker_command=\\([^ ]*\\) .*/\\1/p";
  const hasRay = "import importlib.util, sys; sys.exit(importlib.util.find_spec(\"ray\") is None)"; // biome-ignore format: one line of Python
  return {
    submission_id: rayJobName(id),
    metadata: { project: "auscult" },
    entrypoint: `if [ "$(cat ${quoted(path.join(folder, "token"))} 2>/dev/null)" != ${token} ]; then
  echo "auscult: $(hostname), the head of Ray, does not see "${quoted(folder)}" as it was written: is it shared with it, at this path?" >&2
  exit ${NOT_SHARED}
fi
raylet=$(tr '\\0' '\\n' 2>/dev/null </proc/$PPID/environ | sed -n 's/^RAY_RAYLET_PID=//p')
own=$(tr '\\0' ' ' 2>/dev/null </proc/$raylet/cmdline | sed -n '${own}')
for python in "$own" python3 python; do
  "$python" -c '${hasRay}' 2>/dev/null && exec "$python" ${driver}
done
echo "auscult: $(hostname), the head of Ray, has no python on its path that has Ray" >&2
exit 1`,
  };
}

/** For a shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
