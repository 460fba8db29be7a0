import path from "node:path";
import type { Submission } from "./submission.js";

/**
 * The one script of a submission's array: checks that the node sees the shared folder, sets up what is missing there, and starts the task
 * whose number is the script's argument plus the array's index. A node that is lost, and a time limit that is reached, lead back to the
 * queue; what is done is not done again. What is told to the shell is told to the task, which saves and ends.
 */
export function slurmScript(submission: Submission): string {
  const { id, folder, token, project, mlruns, cache, tracking, resources } = submission;
  const { threads, gpus = 0, engine, memoryGb, time, partition, account, sbatch = [] } = resources;
  const directives = [
    `--job-name=${slurmName(id)}`,
    "--ntasks=1",
    `--cpus-per-task=${threads}`,
    ...(gpus > 0 ? [`--gres=gpu:${gpus}`] : []),
    ...(memoryGb !== undefined ? [`--mem=${Math.round(memoryGb * 1024)}M`] : []),
    ...(time !== undefined ? [`--time=${time}`] : []),
    ...(partition !== undefined ? [`--partition=${partition}`] : []),
    ...(account !== undefined ? [`--account=${account}`] : []),
    "--requeue",
    "--open-mode=append",
    `--signal=B:USR1@${WARNING_SECONDS}`,
    `--output=${path.join(folder, "logs", "%A_%a.log")}`,
    ...sbatch,
  ];
  const variables = [
    `AUSCULT_ROOT=${quoted(project)} AUSCULT_MLRUNS=${quoted(mlruns)}`,
    ...(cache === undefined ? [] : [`AUSCULT_CACHE=${quoted(cache)}`]),
    ...(engine === undefined ? [] : [`AUSCULT_ENGINE=${engine}`]),
    // Some clusters show all devices to a task that has asked for none.
    ...(gpus === 0 ? ["CUDA_VISIBLE_DEVICES="] : []),
    ...(tracking === undefined ? [] : [`MLFLOW_TRACKING_URI=${quoted(tracking)}`]),
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell fills it in
    'AUSCULT_PLACE="slurm ${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID"',
  ];
  return `#!/bin/bash
${directives.map((one) => `#SBATCH ${one}`).join("\n")}

folder=${quoted(folder)}
index=$(($1 + SLURM_ARRAY_TASK_ID))
if [ "$(cat "$folder/token" 2>/dev/null)" != ${token} ]; then
  echo "auscult: $(hostname) does not see $folder as it was written: is it shared with this node, at this path?" >&2
  exit ${NOT_SHARED}
fi
cd ${quoted(project)} || exit ${NOT_SHARED}
${variables.map((one) => `export ${one}`).join("\n")}
node=${quoted(process.execPath)}
[ -x "$node" ] || node=node
rm -f "$folder/exits/$index"
"$node" scripts/setup.mjs && {
  "$node" scripts/auscult.mjs placed "$folder" "$index" &
  task=$!
  trap 'kill -TERM $task 2>/dev/null' TERM
  trap 'late=1; kill -TERM $task 2>/dev/null' USR1
  while wait $task; code=$?; kill -0 $task 2>/dev/null; do :; done
  (exit $code)
}
code=$?
echo "$code $(hostname)" > "$folder/exits/$index"
if [ "\${late:-0}" = 1 ] && [ $code -ge 128 ]; then
  echo "auscult: the time limit is near; queued again"
  trap - TERM USR1
  scontrol requeue "\${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID" && sleep ${WARNING_SECONDS}
fi
exit $code
`;
}

/** By which the queue is asked for a submission's tasks. */
export function slurmName(id: string): string {
  return `auscult-${id}`;
}

/** A step, an evaluation of a small set and a checkpoint take no longer. */
const WARNING_SECONDS = 120;
/** Exit code of a task whose node does not see the shared folder. */
export const NOT_SHARED = 3;

/** For a shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
